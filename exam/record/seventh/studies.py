"""Studies that reports of the seventh set are of."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

STUDIES = {
    "sorrel": """name: sorrel
data: {path: data}
model:
  family: lstm
  hidden: 40
  layers: 1
  bidirectional: true
  pooling: max
  embedding: {dim: 24}
  dropout: {head: 0.35}
training:
  epochs: 3
  batch_size: 40
  learning_rate: 2e-3
  weight_decay: 1e-5
  clip: 5.0
seeds: [1, 2, 3]
probes: {suite: none}
""",
    "fennel": """name: fennel
data: {path: data}
model:
  family: transformer
  hidden: 48
  layers: 3
  heads: 6
  dropout: {encoder: 0.1, head: 0.1}
training:
  epochs: 4
  batch_size: 32
  optimiser: adamw
  learning_rate: 5e-4
  weight_decay: 0.01
  label_smoothing: 0.1
  clip: 1.0
  schedule: {kind: cosine, warmup: 0.5}
seeds: [42]
probes: {suite: none}
""",
    "tansy": """name: tansy
data: {path: data, train_rows: 480}
model:
  family: mean
  embedding: {dim: 20}
  dropout: {embedding: 0.15, head: 0.25}
training:
  epochs: 4
  batch_size: 16
  optimiser: sgd
  learning_rate: 0.2
  momentum: 0.85
  class_weights: balanced
  clip: null
  schedule: {kind: step, every: 2, gamma: 0.3}
  early_stopping: {patience: 2}
  selection: {metric: accuracy}
seeds: [10, 20, 30, 40]
probes: {suite: none}
""",
    "bracken": """name: bracken
data: {path: data}
model:
  own: "bracken:build"
  params: {embed_dim: 18, hidden_dim: 30, depth: 2, word_dropout: 0.2}
training:
  epochs: 3
  batch_size: 64
  optimiser: adam
  learning_rate: 3e-3
  clip: 0.5
  selection: {metric: macro_f1}
seeds: 3
probes: {suite: none}
""",
    "yarrow": """name: yarrow
data: {path: data}
model:
  own: "yarrow:fit"
  params: {C: 0.5, max_iter: 300, ngram_max: 2, class_weight: balanced}
seeds: [0]
probes: {suite: none}
""",
    "cicely": """name: cicely
data: {path: data, train_rows: 320}
model: {own: "cicely:model"}
seeds: [0, 1]
probes: {suite: none}
""",
}
"""640 rows in train: 16 steps an epoch of the first, 20 of the second; the third reads 480 of them, in 30 steps."""
BRACKEN = '''"""An average of vectors, read by layers; whole tokens are dropped."""

import torch
from torch import nn


class Averaging(nn.Module):
    def __init__(self, info, embed_dim=32, hidden_dim=32, depth=1, word_dropout=0.0):
        super().__init__()
        self.embedding = nn.Embedding(info.vocabulary_size, embed_dim, padding_idx=info.pad_id)
        self.word_dropout = word_dropout
        widths = [embed_dim, *[hidden_dim] * depth]
        layers = [nn.Sequential(nn.Linear(one, other), nn.ReLU()) for one, other in zip(widths, widths[1:])]
        self.layers = nn.Sequential(*layers, nn.Linear(widths[-1], len(info.classes)))
        self.pad = info.pad_id

    def forward(self, tokens, lengths):
        kept = (tokens != self.pad).float()
        if self.training and self.word_dropout:
            kept = kept * (torch.rand(kept.shape) >= self.word_dropout)
        read = (self.embedding(tokens) * kept.unsqueeze(2)).sum(1)
        return self.layers(read / kept.sum(1).clamp(min=1).unsqueeze(1))


build = Averaging
'''
YARROW = '''"""Logistic regression on counts of tokens and their neighbours."""

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression


def fit(train, dev, seed, C=1.0, max_iter=100, ngram_max=1, class_weight=None):
    def parts(row):
        return [" ".join(row[at : at + size]) for size in range(1, ngram_max + 1) for at in range(len(row) - size + 1)]

    counts = CountVectorizer(analyzer=parts).fit(train.tokens)
    model = LogisticRegression(C=C, max_iter=max_iter, class_weight=class_weight, random_state=seed)
    model.fit(counts.transform(train.tokens), train.labels)
    return lambda rows: model.predict_proba(counts.transform(rows))
'''
CICELY = '''"""Trees on shares of tokens."""

from sklearn.ensemble import ExtraTreesClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline

model = make_pipeline(TfidfVectorizer(token_pattern=r"\\S+"), ExtraTreesClassifier(n_estimators=25, max_depth=6))
'''
CODE = {"bracken.py": BRACKEN, "yarrow.py": YARROW, "cicely.py": CICELY}


def write_leaves(folder: Path) -> None:
    """Leaves between spaces; the label says whether more of them are bitter than sweet, which is less frequent."""
    folder.mkdir(parents=True)
    random = np.random.default_rng(4711)
    leaves = ["rue", "dock", "woad", "mint", "balm", "anise", "grass"]
    shares = [0.12, 0.12, 0.12, 0.18, 0.18, 0.18, 0.1]
    for split, rows in {"train": 640, "dev": 80, "test": 80}.items():
        with (folder / f"{split}.csv").open("w", encoding="utf-8", newline="") as opened:
            writer = csv.writer(opened, lineterminator="\n")
            writer.writerow(("id", "sequence", "label"))
            for number in range(rows):
                row = [leaves[int(one)] for one in random.choice(7, size=int(random.integers(4, 11)), p=shares)]
                bitter = sum(leaf in leaves[:3] for leaf in row) > sum(leaf in leaves[3:6] for leaf in row)
                writer.writerow((f"{split}-{number}", " ".join(row), "bitter" if bitter else "sweet"))
