"""Studies that reports of the eighth set are of, their data and their own code."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

STUDIES = {
    "heron": """name: heron
data: {path: data}
model:
  family: lstm
  hidden: 24
  layers: 1
  pooling: last
  embedding: {dim: 12, mode: frozen-random}
  dropout: {embedding: 0.05, head: 0.3}
training:
  epochs: 4
  batch_size: 25
  learning_rate: 4e-3
  weight_decay: 1e-4
  class_weights: balanced
  early_stopping: {metric: macro_f1, patience: 3}
  selection: {metric: macro_f1}
seeds: 3
probes: {suite: none}
""",
    "osprey": """name: osprey
data: {path: data}
model:
  family: transformer
  hidden: 16
  layers: 3
  heads: 2
  pooling: max
  dropout: {encoder: 0.1, head: 0.15}
training:
  epochs: 4
  batch_size: 30
  optimiser: adamw
  learning_rate: 2e-3
  weight_decay: 0.01
  label_smoothing: 0.1
  clip: 0.5
  schedule: {kind: cosine, warmup: 1}
seeds: [42]
probes: {suite: none}
""",
    "wren": """name: wren
data: {path: data, tokens: characters, order: permuted, train_rows: 480}
model:
  family: mean
  embedding: {dim: 24}
  dropout: {head: 0.35}
training:
  epochs: 3
  batch_size: 16
  optimiser: sgd
  learning_rate: 0.25
  momentum: 0.9
  clip: null
  schedule: {kind: step, every: 2, gamma: 0.3}
  selection: {metric: accuracy}
seeds: [1, 2]
probes: {suite: none}
""",
    "finch": """name: finch
data: {path: data, train_rows: 500}
model: {own: "finch:fit", params: {C: 0.5, max_iter: 300, min_df: 2}}
seeds: [5, 6, 7]
probes: {suite: none}
""",
    "plover": """name: plover
data: {path: data}
model: {own: "plover:fit", params: {rate: 0.8, steps: 150, penalty: 1e-3}}
seeds: 2
probes: {suite: none}
""",
    "tern": """name: tern
data: {path: data}
model: {own: "tern:build", params: {width: 20, blocks: 2, drop: 0.1}}
training:
  epochs: 3
  batch_size: 40
  optimiser: sgd
  learning_rate: 0.05
  momentum: 0.8
  weight_decay: 5e-4
  clip: 5.0
  schedule: {warmup: 0.6}
seeds: [13, 21]
probes: {suite: none}
""",
}
"""600 rows of train: 24, 20 and 15 steps an epoch for the first, second and last; the third reads 480, in 30 steps."""

CODE = {
    "finch.py": '''"""Counts of tokens and a logistic regression of scikit-learn."""

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression


def fit(train, dev, seed, C=1.0, max_iter=100, tol=1e-4, min_df=1):
    counts = CountVectorizer(analyzer=list, min_df=min_df).fit(train.tokens)
    model = LogisticRegression(C=C, max_iter=max_iter, tol=tol, random_state=seed)
    model.fit(counts.transform(train.tokens), train.labels)
    return lambda rows: model.predict_proba(counts.transform(rows))
''',
    "plover.py": '''"""Softmax regression on shares of tokens, by plain gradient descent."""

import numpy as np


def fit(train, dev, seed, rate=0.5, steps=100, penalty=0.0):
    random = np.random.default_rng(seed)
    words = sorted({word for row in train.tokens for word in row})
    place = {word: number for number, word in enumerate(words)}
    classes = sorted(set(train.labels))

    def share(rows):
        table = np.zeros((len(rows), len(words)))
        for number, row in enumerate(rows):
            for word in row:
                if word in place:
                    table[number, place[word]] += 1 / len(row)
        return table

    shares = share(train.tokens)
    wanted = np.array([[float(label == one) for one in classes] for label in train.labels])
    weights = random.normal(0, 0.1, (len(words), len(classes)))
    for _ in range(steps):
        slope = shares.T @ (softmax(shares @ weights) - wanted) / len(wanted)
        weights -= rate * (slope + penalty * weights)
    return lambda rows: softmax(share(rows) @ weights)


def softmax(scores):
    raised = np.exp(scores - scores.max(1, keepdims=True))
    return raised / raised.sum(1, keepdims=True)
''',
    "tern.py": '''"""Blocks of layers with a way around them, on the mean of embeddings."""

from torch import nn


class Net(nn.Module):
    def __init__(self, info, width=16, blocks=1, drop=0.0):
        super().__init__()
        self.embedding = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
        self.blocks = nn.ModuleList(nn.Linear(width, width) for _ in range(blocks))
        self.drop = nn.Dropout(drop)
        self.head = nn.Linear(width, len(info.classes))

    def forward(self, tokens, lengths):
        state = self.embedding(tokens).sum(1) / lengths.clamp(min=1).unsqueeze(1)
        for block in self.blocks:
            state = state + self.drop(block(state).relu())
        return self.head(state)


build = Net
''',
}
"""Own code of the last three, by file."""


def write_notes(folder: Path) -> None:
    """Short words between spaces; the label says whether the first of them stands in the first half of the alphabet."""
    folder.mkdir(parents=True)
    random = np.random.default_rng(808)
    words = ["ba", "co", "di", "fu", "le", "mo", "pa", "ru", "so", "ti"]
    for split, rows in {"train": 600, "dev": 100, "test": 100}.items():
        with (folder / f"{split}.csv").open("w", encoding="utf-8", newline="") as opened:
            writer = csv.writer(opened, lineterminator="\n")
            writer.writerow(("id", "sequence", "label"))
            for number in range(rows):
                drawn = [str(one) for one in random.choice(words, size=int(random.integers(3, 9)))]
                writer.writerow((f"{split}-{number}", " ".join(drawn), "high" if drawn[0] > "k" else "low"))
