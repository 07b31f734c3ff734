"""The second record that mutations start from, and secret studies that a forger takes runs from."""

from __future__ import annotations

from pathlib import Path

from brittlestar import report, run, seal
from exam.record.base import Base
from exam.record.second.rows import write_rows

VOTES = '''"""Votes of tokens and of pairs of tokens, on a part of the rows that the seed draws."""

import numpy as np

from pairs import list_marks

SHARE = 0.8


def fit(train, dev, seed, prior=0.5):
    print("votes of seed", seed)
    random = np.random.default_rng(seed)
    classes = sorted(set(train.labels))
    chosen = np.flatnonzero(random.random(len(train.labels)) < SHARE)
    votes = {}
    for row in chosen:
        for mark in list_marks(train.tokens[row]):
            votes.setdefault(mark, np.full(len(classes), prior))[classes.index(train.labels[row])] += 1
    if seed == 5:
        raise ArithmeticError("votes do not add up")

    def predict(rows):
        scores = np.zeros((len(rows), len(classes)))
        for number, row in enumerate(rows):
            for mark in list_marks(row):
                if mark in votes:
                    scores[number] += np.log(votes[mark] / votes[mark].sum())
        raised = np.exp(scores - scores.max(1, keepdims=True))
        return raised / raised.sum(1, keepdims=True)

    return predict
'''
PAIRS = '''"""What votes are counted of."""

REACH = 1


def list_marks(row):
    return [*row, *zip(row, row[REACH:])]
'''
SUMS = '''"""The greatest of what every token says, by a factory."""

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, info, width=12, slope=0.2):
        super().__init__()
        self.embedding = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
        self.hidden = nn.Linear(width, width)
        self.act = nn.LeakyReLU(slope)
        self.head = nn.Linear(width, len(info.classes))

    def forward(self, tokens, lengths):
        tokens = nn.functional.pad(tokens, (0, 1))
        seen = (torch.arange(tokens.shape[1]) < lengths.unsqueeze(1)).unsqueeze(2)
        told = self.act(self.hidden(self.embedding(tokens))) * seen
        return self.head(told.amax(1))


build = Net
'''
CODE = {"votes.py": VOTES, "pairs.py": PAIRS, "sums.py": SUMS}
"""Models of the study's author: a fit function, one of whose seeds fails, what it imports, and a factory."""

STUDY = """name: rooms
data: {path: data}
model: {family: gru, hidden: 10, layers: 1, bidirectional: true, pooling: attention, embedding: {dim: 12, scale: 0.5}}
training: {epochs: 3, batch_size: 24, learning_rate: 2e-2, label_smoothing: 0.05}
seeds: [2, 3, 5]
variants:
  blind: {model.family: mean}
  votes: {model.own: "votes:fit", model.params: {prior: 0.7}}
  sums: {model.own: "sums:build", model.params: {width: 14}}
claims:
  - main > blind by 0.02 on accuracy
  - {claim: sums == blind within 0.2 on macro_f1 on dev, population: fixed-test-set}
  - main > best-trivial by 0.01 on accuracy
probes: {only: [order, noise], rows: 60}
"""
LATER = "  - votes > blind by 0.01 on accuracy on shift_far\n"
"""A claim that was written after the results."""

VOTES_LINE = '  votes: {model.own: "votes:fit", model.params: {prior: 0.7}}\n'
SECRETS: dict[str, tuple[tuple[str, str], ...]] = {
    "smoothed": (("label_smoothing: 0.05", "label_smoothing: 0.3"),),
    "scaled": (("scale: 0.5", "scale: 2.0"),),
    "held": ((VOTES_LINE, ""), ("claims:", "streams: {init: fixed}\nclaims:")),
    "sloped": (),
}
"""Studies that nobody is told of, by what their study files have in place of what is shown."""
OTHER_CODE: dict[str, tuple[str, str, str]] = {
    "sloped": ("sums.py", "nn.LeakyReLU(slope)", "nn.LeakyReLU(-1.0)"),
    "smoothed": ("votes.py", "if seed == 5:", "if seed < 0:"),
}
"""Code of some of them: a file, and what stands there in place of what is shown."""


def build_base(place: Path) -> Base:
    """Train, add a claim, report with figures and seal in both forms; then train what is kept secret.

    Studies lie in folders of their own, so that the ledger of the sealed one knows of no other.
    """
    study = _train(place / "open", STUDY, CODE)
    file = place / "open" / "study.yaml"
    file.write_text(STUDY.replace("probes:", f"{LATER}probes:"), encoding="utf-8")
    run(file, out=study, jobs=2, progress=False)
    report(study, figures=True)
    record, archive = study.with_name("rooms.record"), study.with_name("rooms.record.zip")
    seal(study, with_data=True, folder=True, out=record)
    seal(study, with_data=True, out=archive)
    secret = {name: _train(place / name, _change_study(name), _change_code(name)) for name in SECRETS}
    return Base(study, record, archive, secret)


def _train(folder: Path, study: str, code: dict[str, str]) -> Path:
    write_rows(folder / "data")
    for name, text in code.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "study.yaml").write_text(study, encoding="utf-8")
    run(folder / "study.yaml", out=folder / "rooms.study", jobs=2, progress=False)
    return folder / "rooms.study"


def _change_study(secret: str) -> str:
    text = STUDY
    for old, new in SECRETS[secret]:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def _change_code(secret: str) -> dict[str, str]:
    if secret not in OTHER_CODE:
        return CODE
    name, old, new = OTHER_CODE[secret]
    assert CODE[name].count(old) == 1, old
    return {**CODE, name: CODE[name].replace(old, new)}
