"""Studies that reports of the eleventh set are of."""

from __future__ import annotations

STUDIES = {
    "tides": """name: tides
data: {path: water}
model:
  family: lstm
  hidden: 28
  layers: 1
  bidirectional: true
  pooling: last
  embedding: {dim: 20, scale: 0.3}
  dropout: {embedding: 0.15, head: 0.35}
training:
  epochs: 5
  batch_size: 25
  learning_rate: 4e-3
  weight_decay: 1e-3
  clip: 5.0
  schedule: {kind: step, every: 2, gamma: 0.3}
  early_stopping: {patience: 3}
seeds: [10, 20, 30]
probes: {suite: none}
""",
    "looms": """name: looms
data: {path: cloth}
model:
  family: transformer
  hidden: 24
  heads: 3
  positions: false
  pooling: attention
  embedding: {dim: 24}
  dropout: {encoder: 0.1, head: 0.1}
training:
  epochs: 3
  batch_size: 48
  optimiser: adamw
  learning_rate: 1.5e-3
  weight_decay: 0.02
  label_smoothing: 0.08
  schedule: {kind: cosine, warmup: 1}
  selection: {metric: macro_f1}
seeds: 2
probes: {suite: none}
""",
    "petals": """name: petals
data: {path: garden, tokens: characters, train_rows: 400}
model:
  family: mean
  embedding: {dim: 40, mode: frozen-random}
training:
  epochs: 4
  batch_size: 16
  optimiser: sgd
  learning_rate: 0.2
  momentum: 0.95
  clip: null
  class_weights: {rose: 2.0, fern: 0.5}
  selection: {split: train}
streams: {init: fixed}
seeds: [3, 7]
probes: {suite: none}
""",
    "gears": """name: gears
data: {path: workshop, train_without: leaks}
model:
  own: "gears:fit"
  params: {learning_rate: 0.4, rounds: 80, l2: 1e-3, ngram: 2, buckets: 128}
seeds: 6
probes: {suite: none}
""",
}
"""600, 480, 400 (of 700) and 300 rows: 24, 10 and 25 steps an epoch of the first three; the fourth has no batches."""
CODE = '''"""Softmax regression on hashed n-grams of tokens, by gradient descent on all rows at once."""

import zlib

import numpy as np


def fit(train, dev, seed, learning_rate=0.1, rounds=50, l2=0.0, ngram=1, buckets=64):
    random = np.random.default_rng(seed)
    classes = sorted(set(train.labels))

    def count(rows):
        table = np.zeros((len(rows), buckets))
        for number, row in enumerate(rows):
            for size in range(1, ngram + 1):
                for start in range(len(row) - size + 1):
                    table[number, zlib.crc32(" ".join(row[start : start + size]).encode()) % buckets] += 1
        return table

    counts = count(train.tokens)
    wanted = np.array([[float(label == one) for one in classes] for label in train.labels])
    weights = random.normal(0, 0.01, (buckets, len(classes)))
    for _ in range(rounds):
        slope = counts.T @ (softmax(counts @ weights) - wanted) / len(wanted)
        weights -= learning_rate * (slope + l2 * weights)
    return lambda rows: softmax(count(rows) @ weights)


def softmax(scores):
    raised = np.exp(scores - scores.max(1, keepdims=True))
    return raised / raised.sum(1, keepdims=True)
'''
"""The model of the fourth study, in a file `gears.py`."""
