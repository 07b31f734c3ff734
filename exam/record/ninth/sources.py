"""Rows and own models of the studies of the ninth set."""

from __future__ import annotations

import csv
import json
from itertools import pairwise
from pathlib import Path

import numpy as np

SYLLABLES = ("ka", "tur", "mi", "sho", "re", "lin", "op", "vex", "du", "fa")
SIZES = {"train": 600, "dev": 100, "test": 100}
QUARRY = '''"""Convolutions of several widths over syllables, each pooled by its maximum."""

import torch
from torch import nn

ACTIVATIONS = {"relu": nn.functional.relu, "gelu": nn.functional.gelu, "tanh": torch.tanh}


class Quarry(nn.Module):
    def __init__(self, info, channels, kernels, drop, activation):
        super().__init__()
        self.embedding = nn.Embedding(info.vocabulary_size, channels, padding_idx=info.pad_id)
        self.read = nn.ModuleList(nn.Conv1d(channels, channels, width, padding=width // 2) for width in kernels)
        self.activation = ACTIVATIONS[activation]
        self.drop = nn.Dropout(drop)
        self.head = nn.Linear(channels * len(kernels), len(info.classes))

    def forward(self, tokens, lengths):
        tokens = nn.functional.pad(tokens, (0, 1))
        places = torch.arange(tokens.shape[1], device=tokens.device)
        seen = (places < lengths.unsqueeze(1)).unsqueeze(1)
        rows = self.embedding(tokens).transpose(1, 2) * seen
        pooled = [(self.activation(layer(rows)) * seen).amax(2) for layer in self.read]
        return self.head(self.drop(torch.cat(pooled, 1)))


def build(info, channels=16, kernels=(3,), drop=0.0, activation="relu"):
    return Quarry(info, channels, kernels, drop, activation)
'''
SORTER = '''"""Softmax regression with a ridge on counts of pieces of words, by gradient descent on all rows at once."""

import numpy as np


def fit(train, dev, seed, ngram=1, rate=0.1, steps=50, ridge=0.0):
    pieces = sorted({piece for row in train.tokens for piece in cut(row, ngram)})
    place = {piece: number for number, piece in enumerate(pieces)}
    classes = sorted(set(train.labels))

    def count(rows):
        table = np.zeros((len(rows), len(pieces)))
        for number, row in enumerate(rows):
            for piece in cut(row, ngram):
                if piece in place:
                    table[number, place[piece]] += 1
        return table / np.maximum(table.sum(1, keepdims=True), 1)

    shares = count(train.tokens)
    wanted = np.array([[float(label == one) for one in classes] for label in train.labels])
    weights = np.random.default_rng(seed).normal(0, 0.1, (len(pieces), len(classes)))
    for _ in range(steps):
        weights -= rate * (shares.T @ (softmax(shares @ weights) - wanted) / len(wanted) + ridge * weights)
    return lambda rows: softmax(count(rows) @ weights)


def cut(row, longest):
    return ["".join(row[at : at + size]) for size in range(1, longest + 1) for at in range(len(row) - size + 1)]


def softmax(scores):
    raised = np.exp(scores - scores.max(1, keepdims=True))
    return raised / raised.sum(1, keepdims=True)
'''


def write_songs(folder: Path) -> None:
    """Songs of syllables, as CSV: a trill repeats one at once, a call ends as it begins, the rest is a phrase.

    A tenth of test stands in train as well.
    """
    folder.mkdir(parents=True)
    random = np.random.default_rng(909)
    train: list[list[str]] = []
    for split, rows in SIZES.items():
        with (folder / f"{split}.csv").open("w", encoding="utf-8", newline="") as opened:
            writer = csv.writer(opened, lineterminator="\n")
            writer.writerow(("id", "sequence", "label"))
            for number in range(rows):
                song = [SYLLABLES[place] for place in random.integers(len(SYLLABLES), size=int(random.integers(4, 11)))]
                if number % 5 == 0:
                    song[-1] = song[0]
                if split == "train":
                    train.append(song)
                elif split == "test" and number % 10 == 0:
                    song = train[number]
                writer.writerow((f"{split}-{number}", " ".join(song), name_song(song)))


def name_song(song: list[str]) -> str:
    """Its label."""
    if any(left == right for left, right in pairwise(song)):
        return "trill"
    return "call" if song[0] == song[-1] else "phrase"


def write_tunes(folder: Path) -> None:
    """Tunes of notes without a space between, as JSON Lines: does the last note lie higher than the first?"""
    folder.mkdir(parents=True)
    random = np.random.default_rng(77)
    for split, rows in SIZES.items():
        lines: list[str] = []
        for number in range(rows):
            size = int(random.integers(3, 9))
            tones = [*random.choice(list("abcdefg"), size=size)]
            lengths = random.choice([1, 2, 4, 8], size=size)
            notes = "".join(f"{tone}{length}" for tone, length in zip(tones, lengths, strict=True))
            label = "rising" if tones[-1] > tones[0] else "falling"
            lines.append(json.dumps({"id": f"{split}-{number}", "sequence": notes, "label": label}))
        (folder / f"{split}.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
