"""Studies that reports of the twelfth set are of."""

from __future__ import annotations

STUDIES = {
    "harbour": """name: harbour
data: {path: words}
model:
  family: gru
  hidden: 40
  layers: 2
  pooling: last
  embedding: {dim: 24, mode: frozen-random}
  dropout: {encoder: 0.35, head: 0.1}
training:
  epochs: 5
  batch_size: 25
  learning_rate: 4e-3
  class_weights: {gale: 3.0, calm: 0.5}
  clip: 5.0
  schedule: {kind: step, every: 3, gamma: 0.2}
  selection: {metric: balanced_accuracy}
seeds: [3, 14, 15]
probes: {suite: none}
""",
    "ferry": """name: ferry
data: {path: words, train_rows: 400}
model:
  family: transformer
  hidden: 48
  heads: 6
  layers: 3
  positions: false
  pooling: max
  dropout: {encoder: 0.1, head: 0.1}
training:
  epochs: 4
  batch_size: 16
  optimiser: adamw
  learning_rate: 7e-4
  weight_decay: 0.02
  label_smoothing: 0.05
  schedule: {kind: cosine, warmup: 1}
  early_stopping: {metric: macro_f1, patience: 3}
seeds: 2
variants:
  shallow: {model.layers: 1}
probes: {suite: none}
""",
    "abacus": """name: abacus
data: {path: joined, tokens: "regex:[nesw][0-9]"}
model: {family: mean, embedding: {dim: 20, scale: 0.4}}
training:
  epochs: 3
  batch_size: 30
  optimiser: sgd
  learning_rate: 0.3
  momentum: 0.95
  weight_decay: 2e-5
  clip: null
  class_weights: balanced
seeds: 4
streams: {order: fixed}
probes: {suite: none}
""",
    "ledger": """name: ledger
data: {path: words}
model: {own: "tally:fit", params: {rate: 0.8, rounds: 60, ridge: 0.002}}
seeds: [5, 6, 7]
probes: {suite: none}
""",
    "loom": """name: loom
data: {path: words}
model:
  own: "weave:build"
  params: {filters: 24, reach: 2, leak: 0.15}
  initial_scale: 0.8
  batch_statistics: stored
training:
  epochs: 4
  batch_size: 32
  learning_rate: 2.5e-3
  weight_decay: 3e-4
  schedule: {warmup: 0.5}
  selection: {metric: accuracy}
seeds: [41, 42]
probes: {suite: none}
""",
}
"""24, 25, 20 and 19 steps an epoch, in their order without the fourth, which has none. There are 600 rows of train, of
which the second reads 400."""

TALLY = '''"""Softmax regression on counts of runs of tokens, by gradient descent on all rows at once."""

import numpy as np


def fit(train, dev, seed, rate=0.5, rounds=40, ridge=0.0, span=2):
    random = np.random.default_rng(seed)
    places = {}
    for row in train.tokens:
        for run in list_runs(row, span):
            places.setdefault(run, len(places))
    classes = sorted(set(train.labels))

    def count(rows):
        table = np.zeros((len(rows), len(places)))
        for number, row in enumerate(rows):
            for run in list_runs(row, span):
                if run in places:
                    table[number, places[run]] += 1
        return table

    counts = count(train.tokens)
    wanted = np.array([[float(label == one) for one in classes] for label in train.labels])
    weights = random.normal(0, 0.01, (len(places), len(classes)))
    for _ in range(rounds):
        slope = counts.T @ (softmax(counts @ weights) - wanted) / len(wanted)
        weights -= rate * (slope + ridge * weights)
    return lambda rows: softmax(count(rows) @ weights)


def list_runs(row, span):
    return [tuple(row[start : start + size]) for size in range(1, span + 1) for start in range(len(row) - size + 1)]


def softmax(scores):
    raised = np.exp(scores - scores.max(1, keepdims=True))
    return raised / raised.sum(1, keepdims=True)
'''
WEAVE = '''"""A convolution over tokens with batch normalisation and a leaky rectifier."""

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, info, filters=16, reach=1, leak=0.01):
        super().__init__()
        self.embedding = nn.Embedding(info.vocabulary_size, filters, padding_idx=info.pad_id)
        self.convolution = nn.Conv1d(filters, filters, 2 * reach + 1, padding=reach)
        self.norm = nn.BatchNorm1d(filters)
        self.act = nn.LeakyReLU(leak)
        self.head = nn.Linear(filters, len(info.classes))

    def forward(self, tokens, lengths):
        tokens = nn.functional.pad(tokens, (0, 1))
        seen = (torch.arange(tokens.shape[1]) < lengths.unsqueeze(1)).unsqueeze(2)
        read = self.convolution((self.embedding(tokens) * seen).transpose(1, 2)).transpose(1, 2) * seen
        return self.head(self.act(self.norm(read.sum(1) / lengths.clamp(min=1).unsqueeze(1))))


build = Net
'''
CODE = {"tally.py": TALLY, "weave.py": WEAVE}
"""A fit function and a factory of the studies' author."""
