"""Studies that reports of the fourth set are of, and complete correct reports of them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np

STUDIES = {
    "curlew": """name: curlew
data: {path: molecules, tokens: characters}
model:
  family: gru
  hidden: 28
  layers: 2
  bidirectional: true
  pooling: max
  embedding: {dim: 20}
  dropout: {encoder: 0.25, head: 0.4}
training:
  epochs: 6
  batch_size: 30
  optimiser: sgd
  learning_rate: 0.08
  momentum: 0.85
  weight_decay: 5e-4
  schedule: {kind: step, every: 2, gamma: 0.5}
  clip: 2.5
  early_stopping: {metric: accuracy, patience: 4}
  selection: {metric: accuracy}
seeds: [7, 19, 23]
probes: {suite: none}
""",
    "godwit": """name: godwit
data: {path: brackets, train_rows: 640}
model:
  family: transformer
  hidden: 24
  layers: 2
  heads: 3
  pooling: mean
  dropout: {encoder: 0.15, head: 0.3}
training:
  epochs: 10
  batch_size: 20
  optimiser: adamw
  learning_rate: 2e-3
  weight_decay: 0.05
  schedule: {kind: cosine, warmup: 0.5}
  label_smoothing: 0.08
  clip: 0.9
  selection: {metric: macro_f1}
seeds: [11, 12]
probes: {suite: none}
""",
}
"""900 rows and 30 steps an epoch of the first; 640 of 700 rows, 32 steps an epoch and 320 in all, of the second."""

CURLEW = {
    "tokenization": "characters",
    "family": "GRU",
    "hidden size": "28",
    "layers": "2",
    "bidirectional": "true",
    "pooling": "max",
    "embedding dim": "20",
    "model.dropout.encoder": "0.25",
    "model.dropout.head": "0.4",
    "epochs": "6",
    "batch size": "30",
    "optimizer": "SGD",
    "learning rate": "0.08",
    "momentum": "0.85",
    "weight decay": "5e-4",
    "schedule": "step",
    "training.schedule.every": "2",
    "training.schedule.gamma": "0.5",
    "gradient clipping": "2.5",
    "training.early_stopping.metric": "accuracy",
    "early stopping patience": "4",
    "training.selection.metric": "accuracy",
    "seeds": "7, 19, 23",
}
GODWIT = {
    "training examples": "640",
    "family": "transformer",
    "hidden size": "24",
    "layers": "2",
    "heads": "3",
    "pooling": "mean",
    "model.dropout.encoder": "0.15",
    "model.dropout.head": "0.3",
    "epochs": "10",
    "batch size": "20",
    "optimizer": "AdamW",
    "learning rate": "0.002",
    "weight decay": "0.05",
    "schedule": "cosine",
    "warmup epochs": "0.5",
    "label smoothing": "0.08",
    "gradient clipping": "0.9",
    "training.selection.metric": "macro_f1",
    "seeds": "11, 12",
}


def write_data(place: Path) -> None:
    """A folder of strings of atoms and one of brackets."""
    random = np.random.default_rng(77)
    _write(place / "molecules", 900, lambda number: _molecule(number, random))
    _write(place / "brackets", 700, lambda number: _brackets(number, random))


def _molecule(number: int, random: np.random.Generator) -> tuple[str, str]:
    atoms = [str(one) for one in random.choice(list("CCCNOS"), size=int(random.integers(5, 13)))]
    if number % 2:
        atoms[1:3] = ["=", "O"]
    return "".join(atoms), "acid" if number % 2 else "other"


def _brackets(number: int, random: np.random.Generator) -> tuple[str, str]:
    opened = [str(one) for one in random.choice(["(", "["], size=int(random.integers(2, 7)))]
    closed = [")" if one == "(" else "]" for one in reversed(opened)]
    if number % 2:
        place = int(random.integers(len(closed)))
        closed[place] = "]" if closed[place] == ")" else ")"
    return " ".join((*opened, *closed)), "broken" if number % 2 else "closed"


def _write(folder: Path, rows: int, draw: Callable[[int], tuple[str, str]]) -> None:
    folder.mkdir(parents=True)
    for split, size in {"train": rows, "dev": 80, "test": 80}.items():
        with (folder / f"{split}.csv").open("w", encoding="utf-8", newline="") as opened:
            writer = csv.writer(opened, lineterminator="\n")
            writer.writerow(("id", "sequence", "label"))
            writer.writerows((f"{split}-{number}", *draw(number)) for number in range(size))
