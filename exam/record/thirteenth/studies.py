"""Studies that reports of the thirteenth set are of, with their data and their own models."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

STUDIES = {
    "lark": """name: lark
data: {path: calls}
model:
  family: gru
  hidden: 24
  layers: 2
  bidirectional: true
  pooling: last
  embedding: {dim: 12}
  dropout: {encoder: 0.15, head: 0.35}
training:
  epochs: 5
  batch_size: 25
  learning_rate: 4e-3
  weight_decay: 1e-5
  schedule: {kind: step, every: 2, gamma: 0.4}
  clip: 0.5
  early_stopping: {patience: 3}
seeds: [3, 14, 15]
variants:
  forward: {model.bidirectional: false}
probes: {suite: none}
""",
    "quarry": """name: quarry
data: {path: logs}
model: {family: transformer, hidden: 32, layers: 3, heads: 2, pooling: max, dropout: {encoder: 0.1, head: 0.1}}
training:
  epochs: 4
  batch_size: 20
  optimiser: adamw
  learning_rate: 5e-4
  weight_decay: 0.01
  label_smoothing: 0.1
  class_weights: {fault: 3.0}
  schedule: {kind: cosine, warmup: 1}
  selection: {metric: accuracy}
seeds: 2
probes: {suite: none}
""",
    "ledger": """name: ledger
data: {path: notes, tokens: characters, train_rows: 240}
model: {family: bag}
training:
  epochs: 5
  batch_size: 16
  optimiser: sgd
  learning_rate: 0.2
  momentum: 0.9
  weight_decay: 1e-4
  class_weights: balanced
  clip: null
seeds: 4
probes: {suite: none}
""",
    "tern": """name: tern
data: {path: calls}
model: {own: "gated:build", params: {width: 20, kernel: 3, drop: 0.25}}
training:
  epochs: 4
  batch_size: 30
  learning_rate: 2e-3
  label_smoothing: 0.05
  clip: 5.0
  early_stopping: {metric: accuracy, patience: 2}
seeds: [1, 2]
probes: {suite: none}
""",
    "crab": """name: crab
data: {path: logs}
model: {own: "grams:fit", params: {alpha: 0.3, order: 2}}
seeds: [5, 6, 7]
probes: {suite: none}
""",
}
"""300, 240 and 320 rows of train: 12 steps an epoch of the first two, 15 of the third, 10 of the fourth."""

GATED = '''"""A gated convolution over tokens."""

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, info, width=16, kernel=5, drop=0.0):
        super().__init__()
        self.embedding = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
        self.value = nn.Conv1d(width, width, kernel, padding=kernel // 2)
        self.gate = nn.Conv1d(width, width, kernel, padding=kernel // 2)
        self.drop = nn.Dropout(drop)
        self.head = nn.Linear(width, len(info.classes))

    def forward(self, tokens, lengths):
        tokens = nn.functional.pad(tokens, (0, 1))
        seen = (torch.arange(tokens.shape[1]) < lengths.unsqueeze(1)).unsqueeze(2)
        read = (self.embedding(tokens) * seen).transpose(1, 2)
        told = (self.value(read) * self.gate(read).sigmoid()).transpose(1, 2) * seen
        return self.head(self.drop(told.sum(1) / lengths.clamp(min=1).unsqueeze(1)))


build = Net
'''
GRAMS = '''"""Naive Bayes on runs of tokens, from a part of the rows that the seed draws."""

import numpy as np


def fit(train, dev, seed, alpha=1.0, order=1):
    random = np.random.default_rng(seed)
    classes = sorted(set(train.labels))
    chosen = np.flatnonzero(random.random(len(train.labels)) < 0.7)
    counts = {}
    for row in chosen:
        for gram in grams(train.tokens[row], order):
            counts.setdefault(gram, np.full(len(classes), alpha))[classes.index(train.labels[row])] += 1

    def predict(rows):
        scores = np.zeros((len(rows), len(classes)))
        for number, row in enumerate(rows):
            for gram in grams(row, order):
                if gram in counts:
                    scores[number] += np.log(counts[gram] / counts[gram].sum())
        raised = np.exp(scores - scores.max(1, keepdims=True))
        return raised / raised.sum(1, keepdims=True)

    return predict


def grams(row, order):
    return [tuple(row[place : place + size]) for size in range(1, order + 1) for place in range(len(row) - size + 1)]
'''
CODE = {"gated.py": GATED, "grams.py": GRAMS}
"""A factory, and a fit function."""


def write_calls(folder: Path) -> None:
    """Syllables of birds: an alarm has two high notes in a row, a song a trill before a whistle."""
    _write(folder, 300, 131, _draw_call)


def write_logs(folder: Path) -> None:
    """Events of machines, with few faults."""
    _write(folder, 240, 132, _draw_log)


def write_notes(folder: Path) -> None:
    """Short words of bookkeepers, of which letters are read."""
    _write(folder, 320, 133, _draw_note)


def _draw_call(random: np.random.Generator) -> tuple[str, str]:
    notes = _draw(random, ("trill", "whistle", "high", "low", "chirp"), 9)
    if ("high", "high") in pairwise(notes):
        return " ".join(notes), "alarm"
    song = "trill" in notes and "whistle" in notes[notes.index("trill") :]
    return " ".join(notes), "song" if song else "call"


def _draw_log(random: np.random.Generator) -> tuple[str, str]:
    events = _draw(random, ("start", "heat", "stall", "cool", "stop"), 8)
    fault = ("heat", "stall") in pairwise(events)
    return " ".join(events), "fault" if fault else "normal"


def _draw_note(random: np.random.Generator) -> tuple[str, str]:
    letters = "".join(_draw(random, "abcdefg", 10))
    return letters, "debit" if letters.count("a") + letters.count("b") > 2 else "credit"


def _draw(random: np.random.Generator, names: Sequence[str], below: int) -> list[str]:
    return [str(one) for one in random.choice(list(names), int(random.integers(3, below)))]


def _write(folder: Path, rows: int, seed: int, draw: Callable[[np.random.Generator], tuple[str, str]]) -> None:
    folder.mkdir(parents=True)
    random = np.random.default_rng(seed)
    for split, size in {"train": rows, "dev": 90, "test": 90}.items():
        with (folder / f"{split}.csv").open("w", encoding="utf-8", newline="") as opened:
            writer = csv.writer(opened, lineterminator="\n")
            writer.writerow(("id", "sequence", "label"))
            for number in range(size):
                writer.writerow((f"{split}-{number}", *draw(random)))
