"""Studies that reports of the sixteenth set are of, and complete correct reports of them."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

STUDIES = {
    "tides": """name: tides
data: {path: data}
model:
  family: gru
  hidden: 24
  bidirectional: true
  pooling: max
  embedding: {dim: 20}
  dropout: {embedding: 0.05, encoder: 0.15, head: 0.3}
training:
  epochs: 8
  batch_size: 24
  optimiser: adamw
  learning_rate: 4e-3
  weight_decay: 0.02
  schedule: {kind: cosine, warmup: 1}
  class_weights: {ebb: 0.5, flood: 1.5, slack: 3}
  clip: 0.75
  early_stopping: {metric: macro_f1, patience: 3}
  selection: {metric: macro_f1}
seeds: [5, 17, 29]
probes: {suite: none}
""",
    "lantern": """name: lantern
data: {path: data, tokens: characters}
model: {family: transformer, hidden: 32, heads: 8, layers: 3, dropout: {encoder: 0.1, head: 0.1}}
training:
  epochs: 6
  learning_rate: 6e-4
  label_smoothing: 0.08
  schedule: {kind: step, every: 2, gamma: 0.3}
seeds: 2
probes: {suite: none}
""",
    "gravel": """name: gravel
data: {path: data, train_rows: 800}
model: {family: mean, embedding: {dim: 40, scale: 0.1}}
training:
  epochs: 5
  batch_size: 16
  optimiser: sgd
  learning_rate: 0.4
  momentum: 0.85
  weight_decay: 3e-5
  schedule: {warmup: 0.5}
  class_weights: balanced
  clip: null
  selection: {metric: accuracy}
seeds: [101, 102, 103, 104]
probes: {suite: none}
""",
    "quill": """name: quill
data: {path: data}
model: {own: "quill:make", params: {filters: 24, window: 5, drop: 0.35}}
training:
  epochs: 9
  batch_size: 48
  learning_rate: 2e-3
  weight_decay: 1e-4
  clip: 5.0
  early_stopping: {patience: 2}
seeds: 3
probes: {suite: none}
""",
    "mortar": """name: mortar
data: {path: data, train_rows: 600}
model: {own: "mortar:fit", params: {rounds: 45, pull: 0.6, ridge: 0.002}}
seeds: [8, 9]
probes: {suite: none}
""",
    "heron": """name: heron
data: {path: data}
model: {pooling: last, embedding: {mode: frozen-random}}
training: {epochs: 4, batch_size: 32, learning_rate: 2e-3}
probes: {suite: none}
""",
}
"""960 rows: 40, 15, 50, 20 and 30 steps an epoch where there are steps; the third and the fifth read a part of them."""

QUILL_CODE = '''"""Filters over windows of tokens."""

import torch
from torch import nn


class Filters(nn.Module):
    def __init__(self, info, filters=16, window=3, drop=0.1):
        super().__init__()
        self.table = nn.Embedding(info.vocabulary_size, filters, padding_idx=info.pad_id)
        self.filters = nn.Conv1d(filters, filters, window, padding=window // 2)
        self.drop = nn.Dropout(drop)
        self.out = nn.Linear(filters, len(info.classes))

    def forward(self, tokens, lengths):
        tokens = nn.functional.pad(tokens, (0, 1))
        seen = (torch.arange(tokens.shape[1]) < lengths.unsqueeze(1)).unsqueeze(2)
        found = self.filters((self.table(tokens) * seen).transpose(1, 2)).transpose(1, 2).relu() * seen
        return self.out(self.drop(found.amax(1)))


def make(info, **params):
    return Filters(info, **params)
'''
MORTAR_CODE = '''"""Softmax regression on counts of tokens, with all rows in each round."""

import numpy as np


def fit(train, dev, seed, rounds=20, pull=0.3, ridge=0.0):
    words = sorted({word for row in train.tokens for word in row})
    classes = sorted(set(train.labels))

    def count(rows):
        return np.array([[row.count(word) / max(len(row), 1) for word in words] for row in rows])

    shares = count(train.tokens)
    wanted = np.array([[float(label == one) for one in classes] for label in train.labels])
    weights = np.random.default_rng(seed).normal(0, 0.1, (len(words), len(classes)))
    for _ in range(rounds):
        weights -= pull * (shares.T @ (softmax(shares @ weights) - wanted) / len(wanted) + ridge * weights)
    return lambda rows: softmax(count(rows) @ weights)


def softmax(scores):
    raised = np.exp(scores - scores.max(1, keepdims=True))
    return raised / raised.sum(1, keepdims=True)
'''
CODE = {"quill.py": QUILL_CODE, "mortar.py": MORTAR_CODE}
"""A factory and a fit function of the studies' author."""

TIDES = {
    "model": "GRU",
    "hidden size": "24",
    "number of layers": "2",
    "bidirectional": "true",
    "pooling": "max",
    "embedding dim": "20",
    "embedding dropout": "0.05",
    "model.dropout.encoder": "0.15",
    "model.dropout.head": "0.3",
    "epochs": "8",
    "batch size": "24",
    "optimizer": "AdamW",
    "learning rate": "4e-3",
    "weight decay": "0.02",
    "schedule": "cosine",
    "warmup epochs": "1",
    "class_weights.ebb": "0.5",
    "class_weights.flood": "1.5",
    "class_weights.slack": "3",
    "gradient clipping": "0.75",
    "early stopping patience": "3",
    "early stopping metric": "macro_f1",
    "selection metric": "macro_f1",
    "seeds": "5, 17, 29",
}
LANTERN = {
    "tokens": "characters",
    "model": "transformer",
    "hidden size": "32",
    "attention heads": "8",
    "layers": "3",
    "dropout": "0.1",
    "epochs": "6",
    "learning rate": "6e-4",
    "label smoothing": "0.08",
    "schedule": "step",
    "training.schedule.every": "2",
    "training.schedule.gamma": "0.3",
    "seeds": "0, 1",
}
GRAVEL = {
    "model.family": "mean",
    "training rows": "800",
    "embedding dim": "40",
    "model.embedding.scale": "0.1",
    "epochs": "5",
    "batch size": "16",
    "optimizer": "SGD",
    "learning rate": "0.4",
    "momentum": "0.85",
    "weight decay": "3e-5",
    "warmup epochs": "0.5",
    "class weights": "balanced",
    "gradient clipping": "none",
    "selection metric": "accuracy",
    "seeds": "101, 102, 103, 104",
}
QUILL = {
    "model.own": "quill:make",
    "filters": "24",
    "window": "5",
    "drop": "0.35",
    "epochs": "9",
    "batch size": "48",
    "learning rate": "2e-3",
    "weight decay": "1e-4",
    "gradient clipping": "5.0",
    "early stopping patience": "2",
    "seeds": "0, 1, 2",
}
MORTAR = {
    "model.own": "mortar:fit",
    "rounds": "45",
    "pull": "0.6",
    "ridge": "0.002",
    "training rows": "600",
    "seeds": "8, 9",
}
HERON = {
    "model.embedding.mode": "frozen-random",
    "pooling": "last",
    "epochs": "4",
    "batch size": "32",
    "learning rate": "2e-3",
}


def write_rows(folder: Path) -> None:
    """Levels of water in four heights, with three labels by how the first and the last of them differ."""
    folder.mkdir(parents=True)
    random = np.random.default_rng(1616)
    for split, rows in {"train": 960, "dev": 120, "test": 120}.items():
        with (folder / f"{split}.csv").open("w", encoding="utf-8", newline="") as opened:
            writer = csv.writer(opened, lineterminator="\n")
            writer.writerow(("id", "sequence", "label"))
            for number in range(rows):
                levels = [*random.choice(list("abcd"), size=int(random.integers(4, 10)))]
                label = "slack" if levels[0] == levels[-1] else "flood" if levels[0] < levels[-1] else "ebb"
                writer.writerow((f"{split}-{number}", " ".join(levels), label))
