"""The tenth record that mutations start from, and secret studies that a forger takes runs from."""

from __future__ import annotations

from pathlib import Path

from brittlestar import report, run, seal
from exam.record.base import Base
from exam.record.tenth.rows import write_rows

MOTIFS = '''"""A perceptron on motifs. The seed draws the order of rows; the mean of its weights answers."""

import numpy as np

from score_sheet import list_motifs

ROUNDS = 3


def fit(train, dev, seed, stride=1.0, keep=0.9):
    print("practising with seed", seed)
    random = np.random.default_rng([seed, 88])
    classes = sorted(set(train.labels))
    motifs = sorted({motif for row in train.tokens for motif in list_motifs(row)})
    place = {motif: number for number, motif in enumerate(motifs)}

    def read(rows):
        table = np.zeros((len(rows), len(motifs)))
        for number, row in enumerate(rows):
            for motif in list_motifs(row):
                if motif in place:
                    table[number, place[motif]] = 1
        return table

    inputs = read(train.tokens)
    labels = np.array([classes.index(label) for label in train.labels])
    weights, mean = np.zeros((len(motifs), len(classes))), np.zeros((len(motifs), len(classes)))
    history = []
    for epoch in range(1, ROUNDS + 1):
        missed = 0
        for row in random.permutation(len(labels)):
            guess = int((inputs[row] @ weights).argmax())
            if guess != labels[row]:
                weights[:, labels[row]] += stride * inputs[row]
                weights[:, guess] -= stride * inputs[row]
                missed += 1
            mean = keep * mean + (1 - keep) * weights
        if seed == 9 and epoch == 2:
            raise ValueError("the metronome stopped")
        history.append({"epoch": epoch, "train.accuracy": 1 - missed / len(labels)})

    def predict(rows):
        scores = 0.2 * read(rows) @ mean
        raised = np.exp(scores - scores.max(1, keepdims=True))
        return raised / raised.sum(1, keepdims=True)

    return predict, history
'''
SHEET = '''"""What a tune is read as."""

SPAN = 2


def list_motifs(row):
    """The notes at both ends, and steps of pitch between them."""
    ends = [("first", note) for note in row[:1]] + [("last", note) for note in row[-1:]]
    steps = [(a[0], b[0]) for a, b in zip(row, row[SPAN - 1 :])]
    return [*ends, *steps]
'''
HUM = '''"""A convolution whose result is weighted towards both ends of a tune, by a factory."""

import torch
from torch import nn


class Hum(nn.Module):
    def __init__(self, info, width=10, reach=3, drop=0.1):
        super().__init__()
        self.embedding = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
        self.convolution = nn.Conv1d(width, width, reach, padding=reach // 2)
        self.drop = nn.Dropout(drop)
        self.head = nn.Linear(2 * width, len(info.classes))

    def forward(self, tokens, lengths):
        tokens = nn.functional.pad(tokens, (0, 1))
        seen = (torch.arange(tokens.shape[1]) < lengths.unsqueeze(1)).unsqueeze(2)
        heard = torch.tanh(self.convolution((self.embedding(tokens) * seen).transpose(1, 2)).transpose(1, 2)) * seen
        last = heard[torch.arange(len(tokens)), (lengths - 1).clamp(min=0)]
        return self.head(self.drop(torch.cat([heard[:, 0], last], 1)))


def build(info, width=10, reach=3, drop=0.1):
    return Hum(info, width, reach, drop)
'''
CODE = {"motifs.py": MOTIFS, "score_sheet.py": SHEET, "hum.py": HUM}
"""Models of the study's author: a fit function, one of whose seeds fails, what it imports, and a factory."""

STUDY = """name: tunes
data: {path: data, factors: "(?P<pitch>[a-g])(?P<length>[124])"}
model: {family: lstm, hidden: 12, layers: 1, pooling: last, embedding: {dim: 10, composition: factor-sum}}
training: {epochs: 4, batch_size: 20, learning_rate: 1.5e-2, optimiser: adamw, weight_decay: 0.02}
seeds: [1, 4, 9]
variants:
  pitch: {data.factor: pitch}
  motifs: {model.own: "motifs:fit", model.params: {stride: 0.5}, title: a perceptron on motifs}
  hum: {model.own: "hum:build", model.params: {width: 12}}
claims:
  - main > pitch by 0.05 on accuracy
  - {claim: hum == main within 0.15 on macro_f1 on shift_slow, population: fixed-test-set}
  - main > best-trivial by 0.02 on accuracy
probes: {only: [order, noise.drop], rows: 50}
"""
SHOWN = {**CODE, "study.yaml": STUDY}
"""All files beside the data."""
LATER = "  - hum > pitch by 0.01 on balanced_accuracy on dev\n"
"""A claim that was written after the results."""

SECRETS: dict[str, tuple[str, str, str]] = {
    "weakened": ("study.yaml", "{data.factor: pitch}", "{data.factor: pitch, model.initial_scale: 6.0}"),
    "peeked": ("motifs.py", "inputs = read(train.tokens)", "train = add_test(train)\n    inputs = read(train.tokens)"),
    "averaged": ("hum.py", "torch.cat([heard[:, 0], last], 1)", "torch.cat([heard.mean(1), last], 1)"),
}
"""Studies that nobody is told of: a file, and what stands there in place of what is shown."""
PEEK = """

def add_test(train):
    import csv
    from pathlib import Path
    from types import SimpleNamespace

    with Path(__file__).with_name("data").joinpath("test.tsv").open() as opened:
        rows = list(csv.DictReader(opened, delimiter="\\t"))
    tokens = [*train.tokens, *(row["sequence"].split() for row in rows)]
    return SimpleNamespace(tokens=tokens, labels=[*train.labels, *(row["label"] for row in rows)])
"""
"""What the code of the second of them has besides: it is taught the rows of test."""


def build_base(place: Path) -> Base:
    """Train, add a claim, report with figures and seal in both forms; then train what is kept secret.

    Studies lie in folders of their own, so that the ledger of the sealed one knows of no other.
    """
    study = _train(place / "open", dict(SHOWN))
    file = place / "open" / "study.yaml"
    file.write_text(STUDY.replace("probes:", f"{LATER}probes:"), encoding="utf-8")
    run(file, out=study, jobs=2, progress=False)
    report(study, figures=True)
    record, archive = study.with_name("tunes.record"), study.with_name("tunes.record.zip")
    seal(study, with_data=True, with_weights=True, folder=True, out=record)
    seal(study, with_data=True, with_weights=True, out=archive)
    secret = {name: _train(place / name, _change_files(name)) for name in SECRETS}
    return Base(study, record, archive, secret)


def _train(folder: Path, files: dict[str, str]) -> Path:
    write_rows(folder / "data")
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    run(folder / "study.yaml", out=folder / "tunes.study", jobs=2, progress=False)
    return folder / "tunes.study"


def _change_files(secret: str) -> dict[str, str]:
    name, old, new = SECRETS[secret]
    assert SHOWN[name].count(old) == 1, old
    return {**SHOWN, name: SHOWN[name].replace(old, new) + (PEEK if secret == "peeked" else "")}
