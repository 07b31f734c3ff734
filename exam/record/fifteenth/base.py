"""The fifteenth record that mutations start from, and secret studies that a forger takes runs from."""

from __future__ import annotations

from pathlib import Path

from brittlestar import report, run, seal
from exam.record.base import Base
from exam.record.fifteenth.rows import write_rows

WINDOWS = '''"""Convolutions over stitches, by a factory."""

import torch
from torch import nn

from windows_parts import take_most


class Net(nn.Module):
    def __init__(self, info, width=10, reach=3):
        super().__init__()
        self.embedding = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
        self.windows = nn.Conv1d(width, width, reach, padding=reach)
        self.head = nn.Linear(width, len(info.classes))

    def forward(self, tokens, lengths):
        tokens = nn.functional.pad(tokens, (0, 1))
        seen = (torch.arange(tokens.shape[1]) < lengths.unsqueeze(1)).unsqueeze(1)
        told = self.windows(self.embedding(tokens).transpose(1, 2) * seen)
        return self.head(take_most(told.tanh()))


build = Net
'''
PARTS = '''"""From windows to one vector a row."""


def take_most(told):
    return told.amax(2)
'''
TREES = '''"""Trees on stitches and pairs of stitches, as a pipeline."""

from sklearn.ensemble import ExtraTreesClassifier
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.pipeline import Pipeline

model = Pipeline(
    [
        ("counts", CountVectorizer(token_pattern=r"\\S+", lowercase=False, ngram_range=(1, 2))),
        ("trees", ExtraTreesClassifier(n_estimators=15, max_depth=5)),
    ]
)
'''
KIN = '''"""The labels of the rows that share most stitches, of a part of the rows that the seed draws."""

from collections import Counter

import numpy as np

SHARE = 0.7


def fit(train, dev, seed, kin=7):
    random = np.random.default_rng(seed)
    classes = sorted(set(train.labels))
    chosen = np.flatnonzero(random.random(len(train.labels)) < SHARE)
    kept = [(Counter(train.tokens[row]), classes.index(train.labels[row])) for row in chosen]
    print("rows kept:", len(kept))
    if len(kept) < 160:
        print("warning: fewer rows than neighbours need")
    if seed == 8:
        raise FloatingPointError("distances overflow")

    def predict(rows):
        shares = np.empty((len(rows), len(classes)))
        for number, row in enumerate(rows):
            counts = Counter(row)
            near = sorted(kept, key=lambda one: (-(one[0] & counts).total() / max(1, one[0].total()), one[1]))
            votes = np.full(len(classes), 0.5)
            for _, label in near[:kin]:
                votes[label] += 1
            shares[number] = votes / votes.sum()
        return shares

    return predict
'''
CODE = {"windows.py": WINDOWS, "windows_parts.py": PARTS, "trees.py": TREES, "kin.py": KIN}
"""Models of the study's author: a factory and what it imports, an estimator, and a fit function that fails once."""

STUDY = """name: knit
data: {path: data}
model: {family: lstm, hidden: 12, layers: 2, pooling: last, embedding: {dim: 10}, dropout: {encoder: 0.1, head: 0.3}}
training: {epochs: 4, batch_size: 30, learning_rate: 1e-2, optimiser: adamw, weight_decay: 0.05}
seeds: [1, 4, 8]
variants:
  flat: {model.family: mean}
  windows: {model.own: "windows:build", model.params: {width: 8}}
  trees: {model.own: "trees:model", model.params: {trees__n_estimators: 12}}
  kin: {model.own: "kin:fit", model.params: {kin: 5}}
claims:
  - main > flat by 0.05 on accuracy
  - {claim: windows == flat within 0.1 on macro_f1, population: fixed-test-set}
  - main > main@test by -0.05 on accuracy on shift_wide
  - trees > best-trivial by 0.01 on accuracy
probes: {only: [order, noise], rows: 50}
"""

SECRETS: dict[str, tuple[tuple[str, str], ...]] = {
    "weighted": (("learning_rate: 1e-2,", "learning_rate: 1e-2, class_weights: balanced,"),),
    "undropped": (("head: 0.3", "head: 0.0"),),
    "lucky": (("seeds: [1, 4, 8]", "seeds: [11, 12, 13, 14]"),),
    "coded": (),
}
"""Studies that nobody is told of, by what their study files have in place of what is shown."""
OTHER_CODE: dict[str, tuple[tuple[str, str, str], ...]] = {
    "coded": (
        ("windows_parts.py", "told.amax(2)", "told.amax(2) + told.mean(2)"),
        ("trees.py", "max_depth=5", "max_depth=None"),
        ("kin.py", "if seed == 8:", "if seed < 0:"),
    ),
}
"""Code of one of them: files, and what stands there in place of what is shown."""


SEEDS = (1, 4, 8)


def build_base(place: Path) -> Base:
    """Train, report with figures and seal in a new folder, in both forms; then train what is kept secret.

    Studies lie in folders of their own, so that the ledger of the sealed one knows of no other.
    """
    study = _train(place / "open", STUDY, CODE)
    report(study, figures=True)
    record, archive = study.with_name("knit.record"), study.with_name("knit.record.zip")
    seal(study, with_data=True, folder=True, out=record)
    seal(study, with_data=True, out=archive)
    secret = {name: _train(place / name, _change_study(name), _change_code(name)) for name in SECRETS}
    return Base(study, record, archive, secret)


def _train(folder: Path, study: str, code: dict[str, str]) -> Path:
    write_rows(folder / "data")
    for name, text in code.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "study.yaml").write_text(study, encoding="utf-8")
    run(folder / "study.yaml", out=folder / "knit.study", jobs=2, progress=False)
    return folder / "knit.study"


def _change_study(secret: str) -> str:
    text = STUDY
    for old, new in SECRETS[secret]:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def _change_code(secret: str) -> dict[str, str]:
    code = dict(CODE)
    for name, old, new in OTHER_CODE.get(secret, ()):
        assert code[name].count(old) == 1, old
        code[name] = code[name].replace(old, new)
    return code
