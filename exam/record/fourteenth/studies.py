"""Studies that reports of the fourteenth set are of, and the data and the code that they read."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

STUDIES = {
    "osprey": """name: osprey
data: {path: data}
model:
  family: lstm
  hidden: 36
  layers: 2
  bidirectional: true
  pooling: last
  embedding: {dim: 24}
  dropout: {encoder: 0.3, head: 0.3}
training:
  epochs: 5
  batch_size: 40
  learning_rate: 4e-3
  weight_decay: 1e-5
  label_smoothing: 0.05
  clip: 5.0
  schedule: {kind: cosine, warmup: 1}
  early_stopping: {metric: macro_f1, patience: 3}
  selection: {metric: macro_f1}
seeds: [1, 2, 3]
probes: {suite: none}
""",
    "lichen": """name: lichen
data: {path: data}
model:
  family: transformer
  hidden: 48
  heads: 6
  layers: 3
  pooling: max
  embedding: {dim: 16}
  dropout: {embedding: 0.1, encoder: 0.1, head: 0.1}
training:
  epochs: 6
  batch_size: 32
  optimiser: adamw
  learning_rate: 6e-4
  weight_decay: 0.02
  class_weights: balanced
  clip: null
  schedule: {kind: step, every: 2, gamma: 0.5}
seeds: [42, 43]
variants:
  shallow: {model.layers: 1}
probes: {suite: none}
""",
    "tern": """name: tern
data: {path: data, train_rows: 1280}
model: {own: "tern:build", params: {channels: 24, kernel: 5, depth: 2}}
training:
  epochs: 4
  batch_size: 64
  optimiser: sgd
  learning_rate: 0.1
  momentum: 0.9
  weight_decay: 5e-4
  class_weights: {equal: 3}
  clip: 2.5
  schedule: {warmup: 0.5}
  selection: {metric: accuracy}
seeds: [2024, 2025, 2026]
probes: {suite: none}
""",
    "moss": """name: moss
data: {path: data}
model: {family: mean, embedding: {dim: 40, mode: frozen-random}, dropout: {head: 0.5}}
training:
  epochs: 8
  batch_size: 100
  learning_rate: 0.01
  early_stopping: {patience: 2}
seeds: 4
probes: {suite: none}
""",
    "wren": """name: wren
data: {path: data, tokens: characters, train_rows: 800}
model: {family: gru, hidden: 40, layers: 1, pooling: attention, dropout: {head: 0.25}}
training:
  epochs: 3
  batch_size: 16
  optimiser: adamw
  learning_rate: 2e-3
  weight_decay: 0.1
  clip: 0.5
seeds: [5, 6]
probes: {suite: none}
""",
    "finch": """name: finch
data: {path: data, train_rows: 1000}
model: {own: "finch:fit"}
seeds: [0, 10, 20]
probes: {suite: none}
""",
}
"""1,600 rows: 40 and 50 steps an epoch of the first two; 20 of 1,280 rows, 16 of all, and 50 of 800 rows."""
CODE = {
    "tern": '''"""Convolutions over tokens, one above the other."""

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, info, channels=16, kernel=3, depth=1, drop=0.1):
        super().__init__()
        self.embedding = nn.Embedding(info.vocabulary_size, channels, padding_idx=info.pad_id)
        self.layers = nn.ModuleList(
            nn.Conv1d(channels, channels, kernel, padding=kernel // 2) for _ in range(depth)
        )
        self.drop = nn.Dropout(drop)
        self.head = nn.Linear(channels, len(info.classes))

    def forward(self, tokens, lengths):
        tokens = nn.functional.pad(tokens, (0, 1))
        seen = (torch.arange(tokens.shape[1]) < lengths.unsqueeze(1)).unsqueeze(1)
        states = self.embedding(tokens).transpose(1, 2) * seen
        for layer in self.layers:
            states = layer(states).relu() * seen
        return self.head(self.drop(states.amax(2)))


build = Net
''',
    "finch": '''"""Softmax regression on counts of tokens, by gradient descent."""

import numpy as np


def fit(train, dev, seed):
    random = np.random.default_rng(seed)
    words = sorted({word for row in train.tokens for word in row})
    place = {word: number for number, word in enumerate(words)}
    classes = sorted(set(train.labels))

    def count(rows):
        table = np.zeros((len(rows), len(words)))
        for number, row in enumerate(rows):
            for word in row:
                if word in place:
                    table[number, place[word]] += 1
        return table

    counts = count(train.tokens)
    wanted = np.array([[float(label == one) for one in classes] for label in train.labels])
    weights = random.normal(0, 0.1, (len(words), len(classes)))
    for _ in range(150):
        weights -= 0.3 * counts.T @ (softmax(counts @ weights) - wanted) / len(wanted)
    return lambda rows: softmax(count(rows) @ weights)


def softmax(scores):
    raised = np.exp(scores - scores.max(1, keepdims=True))
    return raised / raised.sum(1, keepdims=True)
''',
}


def write_code(folder: Path) -> None:
    """The modules of own models, beside the studies."""
    for name, text in CODE.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")


def write_syllables(folder: Path) -> None:
    """Syllables between spaces, with three labels: more of one than of another, fewer, or equally many."""
    folder.mkdir(parents=True)
    random = np.random.default_rng(1405)
    syllables = ["ba", "ku", "lo", "mi", "ne", "po", "ra", "su", "ti", "ve"]
    for split, rows in {"train": 1600, "dev": 160, "test": 160}.items():
        with (folder / f"{split}.csv").open("w", encoding="utf-8", newline="") as opened:
            writer = csv.writer(opened, lineterminator="\n")
            writer.writerow(("id", "sequence", "label"))
            for number in range(rows):
                row = [*random.choice(syllables, int(random.integers(6, 13)))]
                more = row.count("ba") + row.count("ku") - row.count("lo") - row.count("mi")
                label = "more" if more > 0 else "fewer" if more < 0 else "equal"
                writer.writerow((f"{split}-{number}", " ".join(row), label))
