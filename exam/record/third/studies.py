"""Studies that reports of the third set are of, and complete correct reports of them."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

STUDIES = {
    "heron": """name: heron
data: {path: data}
model:
  family: lstm
  hidden: 36
  layers: 2
  pooling: last
  embedding: {dim: 12, mode: frozen-random}
  dropout: {embedding: 0.05, encoder: 0.15, head: 0.35}
training:
  epochs: 5
  batch_size: 24
  optimiser: adam
  learning_rate: 4e-3
  label_smoothing: 0.06
  class_weights: balanced
  clip: 0.75
  early_stopping: {metric: macro_f1, patience: 3}
  selection: {metric: macro_f1}
seeds: [13, 42, 1234]
probes: {suite: none}
""",
    "tern": """name: tern
data: {path: data}
model:
  family: transformer
  hidden: 40
  layers: 3
  heads: 5
  positions: true
  pooling: attention
  dropout: {encoder: 0.1, head: 0.25}
training:
  epochs: 8
  batch_size: 16
  optimiser: adamw
  learning_rate: 7e-4
  weight_decay: 0.02
  schedule: {kind: cosine, warmup: 0.4}
  selection: {metric: accuracy}
seeds: [101, 202]
probes: {suite: none}
""",
    "plover": """name: plover
data: {path: data, train_rows: 600}
model:
  own: "plover:fit"
  params: {n_estimators: 15, max_depth: 3, learning_rate: 0.2, subsample: 0.8}
seeds: [0, 1, 2]
probes: {suite: none}
""",
}
"""960 rows: 40 and 60 steps an epoch of the first two; the third reads 600 of them, and fits itself."""
CODE = '''"""Boosted trees on counts of tokens."""

from sklearn.ensemble import GradientBoostingClassifier
from sklearn.feature_extraction.text import CountVectorizer


def fit(train, dev, seed, n_estimators=10, max_depth=2, learning_rate=0.1, subsample=1.0):
    counts = CountVectorizer(analyzer=list).fit(train.tokens)
    trees = GradientBoostingClassifier(
        n_estimators=n_estimators,
        max_depth=max_depth,
        learning_rate=learning_rate,
        subsample=subsample,
        random_state=seed,
    ).fit(counts.transform(train.tokens), train.labels)
    return lambda rows: trees.predict_proba(counts.transform(rows))
'''

HERON = {
    "family": "LSTM",
    "hidden size": "36",
    "layers": "2",
    "pooling": "last",
    "embedding dim": "12",
    "model.embedding.mode": "frozen-random",
    "model.dropout.embedding": "0.05",
    "model.dropout.encoder": "0.15",
    "model.dropout.head": "0.35",
    "epochs": "5",
    "batch size": "24",
    "optimizer": "Adam",
    "learning rate": "0.004",
    "label smoothing": "0.06",
    "class weights": "balanced",
    "gradient clipping": "0.75",
    "training.early_stopping.metric": "macro_f1",
    "early stopping patience": "3",
    "training.selection.metric": "macro_f1",
    "seeds": "13, 42, 1234",
}
TERN = {
    "family": "transformer",
    "hidden size": "40",
    "layers": "3",
    "heads": "5",
    "model.positions": "true",
    "pooling": "attention",
    "model.dropout.encoder": "0.1",
    "model.dropout.head": "0.25",
    "epochs": "8",
    "batch size": "16",
    "optimizer": "AdamW",
    "learning rate": "0.0007",
    "weight decay": "0.02",
    "schedule": "cosine",
    "warmup epochs": "0.4",
    "training.selection.metric": "accuracy",
    "seeds": "101, 202",
}
PLOVER = {
    "training examples": "600",
    "model.own": "plover:fit",
    "model.params.n_estimators": "15",
    "model.params.max_depth": "3",
    "model.params.learning_rate": "0.2",
    "model.params.subsample": "0.8",
    "seeds": "0, 1, 2",
}


def write_calls(folder: Path) -> None:
    """Calls of birds between spaces; the label says whether the first one comes back, which is rare."""
    folder.mkdir(parents=True)
    random = np.random.default_rng(2024)
    calls = ["kek", "pip", "tew", "krr", "wit", "chak"]
    for split, rows in {"train": 960, "dev": 90, "test": 90}.items():
        with (folder / f"{split}.csv").open("w", encoding="utf-8", newline="") as opened:
            writer = csv.writer(opened, lineterminator="\n")
            writer.writerow(("id", "sequence", "label"))
            for number in range(rows):
                heard = [calls[int(one)] for one in random.integers(len(calls), size=int(random.integers(3, 9)))]
                if number % 3:
                    heard[1:] = [one if one != heard[0] else calls[calls.index(one) - 1] for one in heard[1:]]
                label = "returns" if heard[0] in heard[1:] else "leaves"
                writer.writerow((f"{split}-{number}", " ".join(heard), label))
