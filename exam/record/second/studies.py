"""Studies that reports of the second set are of, and complete correct reports of them."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

STUDIES = {
    "courier": """name: courier
data: {path: data}
model:
  family: gru
  hidden: 20
  layers: 2
  bidirectional: true
  pooling: attention
  embedding: {dim: 16}
  dropout: {embedding: 0.1, encoder: 0.25, head: 0.4}
training:
  epochs: 6
  batch_size: 50
  optimiser: adamw
  learning_rate: 2e-3
  weight_decay: 0.05
  clip: null
  schedule: {kind: step, every: 2, gamma: 0.5}
  early_stopping: {metric: accuracy, patience: 4}
  selection: {metric: macro_f1}
seeds: [11, 22, 33]
variants:
  plain: {model.bidirectional: false}
probes: {suite: none}
""",
    "pigeon": """name: pigeon
data: {path: data, tokens: characters, train_rows: 1200}
model: {family: bag}
training:
  epochs: 5
  batch_size: 20
  optimiser: sgd
  learning_rate: 0.5
  momentum: 0.8
  weight_decay: 1e-5
  label_smoothing: 0.02
  class_weights: balanced
  clip: 2.0
  schedule: {kind: cosine, warmup: 0.5}
seeds: 4
probes: {suite: none}
""",
    "kite": """name: kite
data: {path: data}
model: {own: "kite:build", params: {width: 28, kernel: 3, drop: 0.15}}
training:
  epochs: 4
  batch_size: 30
  optimiser: adamw
  learning_rate: 5e-4
  weight_decay: 0.01
  clip: 0.25
  schedule: {warmup: 1}
  selection: {metric: accuracy}
seeds: [7, 8]
probes: {suite: none}
""",
}
"""1,500 rows: 30, 60 and 50 steps an epoch; the second reads 1,200 of them."""
CODE = '''"""A convolution over tokens."""

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, info, width=16, kernel=5, drop=0.0):
        super().__init__()
        self.embedding = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
        self.convolution = nn.Conv1d(width, width, kernel, padding=kernel // 2)
        self.drop = nn.Dropout(drop)
        self.head = nn.Linear(width, len(info.classes))

    def forward(self, tokens, lengths):
        tokens = nn.functional.pad(tokens, (0, 1))
        seen = (torch.arange(tokens.shape[1]) < lengths.unsqueeze(1)).unsqueeze(2)
        read = self.convolution((self.embedding(tokens) * seen).transpose(1, 2)).transpose(1, 2).relu() * seen
        return self.head(self.drop(read.amax(1)))


build = Net
'''

COURIER = {
    "family": "GRU",
    "hidden size": "20",
    "layers": "2",
    "bidirectional": "true",
    "pooling": "attention",
    "embedding dim": "16",
    "model.dropout.embedding": "0.1",
    "model.dropout.encoder": "0.25",
    "model.dropout.head": "0.4",
    "epochs": "6",
    "batch size": "50",
    "optimizer": "AdamW",
    "learning rate": "2e-3",
    "weight decay": "0.05",
    "gradient clipping": "none",
    "training.schedule.kind": "step",
    "training.schedule.every": "2",
    "training.schedule.gamma": "0.5",
    "early stopping patience": "4",
    "training.early_stopping.metric": "accuracy",
    "training.selection.metric": "macro_f1",
    "seeds": "11, 22, 33",
}
PIGEON = {
    "family": "bag",
    "data.tokens": "characters",
    "training examples": "1200",
    "epochs": "5",
    "batch size": "20",
    "optimizer": "SGD",
    "learning rate": "0.5",
    "momentum": "0.8",
    "weight decay": "1e-5",
    "label smoothing": "0.02",
    "class weights": "balanced",
    "schedule": "cosine",
    "warmup epochs": "0.5",
    "gradient clipping": "2.0",
    "seeds": "0, 1, 2, 3",
}
KITE = {
    "model.own": "kite:build",
    "width": "28",
    "kernel": "3",
    "drop": "0.15",
    "epochs": "4",
    "batch size": "30",
    "optimizer": "AdamW",
    "learning rate": "5e-4",
    "weight decay": "0.01",
    "warmup epochs": "1",
    "gradient clipping": "0.25",
    "training.selection.metric": "accuracy",
    "seeds": "7, 8",
}


def write_letters(folder: Path) -> None:
    """Letters between spaces, with two labels that depend on which of two comes first."""
    folder.mkdir(parents=True)
    random = np.random.default_rng(77)
    for split, rows in {"train": 1500, "dev": 120, "test": 120}.items():
        with (folder / f"{split}.csv").open("w", encoding="utf-8", newline="") as opened:
            writer = csv.writer(opened, lineterminator="\n")
            writer.writerow(("id", "sequence", "label"))
            for number in range(rows):
                letters = [*random.permutation(list("abcdefgh"))[: int(random.integers(4, 9))]]
                early = [letters.index(one) if one in letters else 99 for one in "ab"]
                writer.writerow((f"{split}-{number}", " ".join(letters), "yes" if early[0] < early[1] else "no"))
