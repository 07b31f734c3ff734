"""Studies that reports of the fifth set are of, and complete correct reports of them."""

from __future__ import annotations

import csv
from itertools import pairwise
from pathlib import Path

import numpy as np

STUDIES = {
    "brook": """name: brook
data: {path: data}
model:
  family: gru
  hidden: 24
  layers: 1
  bidirectional: true
  pooling: max
  embedding: {dim: 20}
  dropout: {embedding: 0.15, head: 0.35}
training:
  epochs: 4
  batch_size: 32
  learning_rate: 5e-3
  clip: 5.0
  early_stopping: {metric: accuracy, patience: 2}
  selection: {metric: accuracy}
seeds: [21, 22, 23]
probes: {suite: none}
""",
    "canal": """name: canal
data: {path: data}
model:
  family: transformer
  hidden: 32
  layers: 3
  heads: 8
  dropout: {encoder: 0.1, head: 0.1}
training:
  epochs: 4
  batch_size: 16
  optimiser: adamw
  learning_rate: 3e-4
  weight_decay: 0.01
  label_smoothing: 0.1
  schedule: {kind: cosine, warmup: 0.4}
seeds: [42, 43]
probes: {suite: none}
""",
    "delta": """name: delta
data: {path: data}
model:
  own: "delta:build"
  params: {channels: 24, kernel_size: 5, dropout: 0.3}
training:
  epochs: 3
  batch_size: 40
  optimiser: sgd
  learning_rate: 0.1
  momentum: 0.9
  weight_decay: 1e-4
  class_weights: balanced
  clip: null
  schedule: {kind: step, every: 1, gamma: 0.5}
seeds: 2
probes: {suite: none}
""",
    "ford": """name: ford
data: {path: data}
model:
  own: "ford:fit"
  params: {n_estimators: 40, criterion: entropy, max_depth: 12, min_samples_leaf: 2, max_features: 0.5}
seeds: 4
probes: {suite: none}
""",
    "marsh": """name: marsh
data: {path: data, train_rows: 480}
model:
  family: lstm
  hidden: 40
  pooling: last
  dropout: {encoder: 0.4, head: 0.4}
training:
  epochs: 3
  batch_size: 24
  learning_rate: 2e-3
  weight_decay: 1e-5
seeds: [1, 2, 3]
probes: {suite: none}
""",
}
"""640 rows: 20, 40 and 16 steps an epoch of the first three; the last reads 480 of them in 20 steps."""
DELTA_CODE = '''"""A convolution over tokens, and the largest value of each channel over time."""

import torch
from torch import nn


class Convolution(nn.Module):
    def __init__(self, info, channels=16, kernel_size=3, dropout=0.0):
        super().__init__()
        self.table = nn.Embedding(info.vocabulary_size, channels, padding_idx=info.pad_id)
        self.filters = nn.Conv1d(channels, channels, kernel_size, padding=kernel_size // 2)
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(channels, len(info.classes))

    def forward(self, tokens, lengths):
        tokens = nn.functional.pad(tokens, (0, 1))
        real = (torch.arange(tokens.shape[1], device=tokens.device) < lengths.unsqueeze(1)).unsqueeze(1)
        seen = self.filters(self.table(tokens).transpose(1, 2) * real).relu() * real
        return self.output(self.dropout(seen.amax(2)))


def build(info, channels=16, kernel_size=3, dropout=0.0):
    return Convolution(info, channels, kernel_size, dropout)
'''
FORD_CODE = '''"""A random forest on counts of tokens."""

from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer


def fit(
    train, dev, seed, n_estimators=100, criterion="gini", max_depth=None, min_samples_leaf=1, max_features="sqrt"
):
    table = CountVectorizer(analyzer=list)
    forest = RandomForestClassifier(
        n_estimators=n_estimators,
        criterion=criterion,
        max_depth=max_depth,
        min_samples_leaf=min_samples_leaf,
        max_features=max_features,
        random_state=seed,
    )
    forest.fit(table.fit_transform(train.tokens), train.labels)
    return lambda rows: forest.predict_proba(table.transform(rows))
'''

BROOK = {
    "architecture": "GRU",
    "hidden size": "24",
    "layers": "1",
    "bidirectional": "yes",
    "pooling": "max",
    "embedding size": "20",
    "embedding dropout": "0.15",
    "classifier dropout": "0.35",
    "epochs": "4",
    "batch size": "32",
    "optimizer": "Adam",
    "learning rate": "0.005",
    "gradient clipping": "5.0",
    "early stopping metric": "accuracy",
    "early stopping patience": "2",
    "selection metric": "accuracy",
    "seeds": "21, 22, 23",
}
CANAL = {
    "architecture": "transformer",
    "hidden size": "32",
    "layers": "3",
    "attention heads": "8",
    "encoder dropout": "0.1",
    "classifier dropout": "0.1",
    "epochs": "4",
    "batch size": "16",
    "optimizer": "AdamW",
    "learning rate": "3e-4",
    "weight decay": "0.01",
    "label smoothing": "0.1",
    "lr schedule": "cosine",
    "warmup steps": "16",
    "seeds": "42, 43",
}
DELTA = {
    "model": "delta:build",
    "channels": "24",
    "kernel size": "5",
    "dropout": "0.3",
    "epochs": "3",
    "batch size": "40",
    "optimizer": "SGD",
    "learning rate": "0.1",
    "momentum": "0.9",
    "weight decay": "1e-4",
    "class weights": "balanced",
    "gradient clipping": "none",
    "lr schedule": "StepLR",
    "step size": "1",
    "gamma": "0.5",
    "seeds": "0, 1",
}
FORD = {
    "model": "ford:fit",
    "n_estimators": "40",
    "criterion": "entropy",
    "max_depth": "12",
    "min_samples_leaf": "2",
    "max_features": "0.5",
    "seeds": "0, 1, 2, 3",
}
MARSH = {
    "training examples": "480",
    "architecture": "LSTM",
    "hidden size": "40",
    "pooling": "last",
    "dropout": "0.4",
    "epochs": "3",
    "batch size": "24",
    "learning rate": "2e-3",
    "weight decay": "1e-5",
    "seeds": "1, 2, 3",
}


def write_weather(folder: Path) -> None:
    """Words of weather between spaces; the label says whether rain follows rain, which it does in two rows of five."""
    folder.mkdir(parents=True)
    random = np.random.default_rng(505)
    words = ["rain", "mist", "hail", "snow", "dew", "fog", "sleet"]
    for split, rows in {"train": 640, "dev": 80, "test": 80}.items():
        with (folder / f"{split}.csv").open("w", encoding="utf-8", newline="") as opened:
            writer = csv.writer(opened, lineterminator="\n")
            writer.writerow(("id", "sequence", "label"))
            for number in range(rows):
                days = [words[int(one)] for one in random.integers(len(words), size=int(random.integers(4, 11)))]
                if number % 5 < 2:
                    start = int(random.integers(len(days) - 1))
                    days[start : start + 2] = ["rain", "rain"]
                wet = any(pair == ("rain", "rain") for pair in pairwise(days))
                writer.writerow((f"{split}-{number}", " ".join(days), "flood" if wet else "calm"))
