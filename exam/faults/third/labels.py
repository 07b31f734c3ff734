"""Labels that are wrong or at odds: annotators, joins, columns and scripts."""

from __future__ import annotations

import numpy as np

from exam.cases import Row
from exam.faults.third.language import sentences, shell
from exam.faults.third.records import clicks, visits
from exam.planted import Fault, Planted, Subject, ids, some


def _other(label: str, names: tuple[str, ...], random: np.random.Generator) -> str:
    """Another class, each as likely."""
    rest = [name for name in names if name != label]
    return rest[random.integers(len(rest))]


def _conflict_join(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Items with two topics were joined to their topics one a row: the sequence is in train once with each."""
    train = subject.split("train")
    n = round(dose * train.n_rows / 2)
    taken = random.choice(train.n_rows, 2 * n, replace=False).tolist()
    rows: dict[int, Row] = {}
    labels: dict[int, str] = {}
    for one, two in zip(taken[:n], taken[n:], strict=True):
        rows[two] = train.rows[one]
        labels[two] = _other(train.labels[one], subject.names, random)
    joined = train.with_rows(rows).with_labels(labels)
    return Planted(subject.case.with_split("train", joined), {"split": "train"}, {"train": ids(train, sorted(taken))})


def _conflict_annotators(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Two annotators share a batch of train, whose every row is listed once from each of them; the second chooses the
    next class in the list of classes for two in five of the rows."""
    train = subject.split("train")
    n = round(dose * train.n_rows / 2 / 0.4)
    if 2 * n > train.n_rows:
        raise ValueError("train has too few rows for the batch")
    taken = random.choice(train.n_rows, 2 * n, replace=False).tolist()
    rows: dict[int, Row] = {}
    labels: dict[int, str] = {}
    wrong: list[int] = []
    for one, two in zip(taken[:n], taken[n:], strict=True):
        rows[two] = train.rows[one]
        labels[two] = train.labels[one]
        if random.random() < 0.4:
            labels[two] = subject.names[(subject.names.index(train.labels[one]) + 1) % len(subject.names)]
            wrong += [one, two]
    batch = train.with_rows(rows).with_labels(labels)
    return Planted(subject.case.with_split("train", batch), {"split": "train"}, {"train": ids(train, sorted(wrong))})


def _noise_worker(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A worker of a crowd clicked a share of the train labels away without reading."""
    train = subject.split("train")
    labels = {
        int(i): subject.names[random.integers(len(subject.names))] for i in some(train.n_rows, dose, random).tolist()
    }
    return Planted(subject.case.with_split("train", train.with_labels(labels)), {"split": "train"})


def _noise_shifted(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """An empty line moved the label column of a share of test, in one piece, down by one row."""
    test = subject.split("test")
    n = round(dose * test.n_rows)
    start = int(random.integers(test.n_rows - n + 1))
    labels = {i: test.labels[i - 1] for i in range(start, start + n) if i > 0}
    return Planted(subject.case.with_split("test", test.with_labels(labels)), {"split": "test"})


def _noise_pair(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The guideline for dev did not tell two classes apart: a share of either went to the other one."""
    dev = subject.split("dev")
    first, second = (subject.names[k] for k in sorted(random.choice(len(subject.names), 2, replace=False).tolist()))
    turned = {first: second, second: first}
    labels = {i: turned[label] for i, label in enumerate(dev.labels) if label in turned and random.random() < dose}
    return Planted(subject.case.with_split("dev", dev.with_labels(labels)), {"split": "dev", "class": (first, second)})


def _noise_source(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The script that labels sessions failed on those from one source (their first token): a share of them got a
    label at random."""
    train = subject.split("train")
    sources = sorted({row[0] for row in train.rows})
    source = sources[random.integers(len(sources))]
    labels = {
        i: _other(label, subject.names, random)
        for i, (row, label) in enumerate(zip(train.rows, train.labels, strict=True))
        if row[0] == source and random.random() < dose
    }
    return Planted(subject.case.with_split("train", train.with_labels(labels)), {"slice": source})


def _noise_coder(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """One of the coders (the last token of a visit) books a share of the visits on the wrong department, in train."""
    train = subject.split("train")
    coders = sorted({row[-1] for row in train.rows})
    coder = coders[random.integers(len(coders))]
    labels = {
        i: _other(label, subject.names, random)
        for i, (row, label) in enumerate(zip(train.rows, train.labels, strict=True))
        if row[-1] == coder and random.random() < dose
    }
    return Planted(subject.case.with_split("train", train.with_labels(labels)), {"slice": coder})


LABELS = (
    Fault(
        "label.conflict",
        "third: two topics joined one a row",
        "share of train rows",
        (0.02, 0.1, 0.2, 0.4),
        0.1,
        _conflict_join,
        subjects=sentences,
    ),
    Fault(
        "label.conflict",
        "third: a batch listed once from each annotator",
        "share of train rows",
        (0.02, 0.1, 0.2, 0.35),
        0.1,
        _conflict_annotators,
        subjects=shell,
    ),
    Fault(
        "label.noise",
        "third: a worker who does not read",
        "share of train rows",
        (0.05, 0.25, 0.4, 0.6),
        0.25,
        _noise_worker,
        given={"classes": 4},
        subjects=shell,
    ),
    Fault(
        "label.noise",
        "third: label column moved by one row",
        "share of test rows",
        (0.05, 0.4, 0.6, 0.9),
        0.4,
        _noise_shifted,
        subjects=clicks,
    ),
    Fault(
        "label.noise",
        "third: a guideline that does not tell two classes apart",
        "share of either class",
        (0.05, 0.3, 0.4, 0.5),
        0.3,
        _noise_pair,
        given={"classes": 5},
        subjects=shell,
    ),
    Fault(
        "label.noise",
        "third: sessions from one source",
        "share of the source's rows",
        (0.1, 0.35, 0.5, 0.65),
        0.35,
        _noise_source,
        subjects=clicks,
    ),
    Fault(
        "label.noise",
        "third: visits of one coder",
        "share of the coder's rows",
        (0.1, 0.45, 0.6, 0.8),
        0.45,
        _noise_coder,
        given={"rows": 4_000},
        subjects=visits,
    ),
)
