"""Labels and rows that are at odds, rare, misnamed, repeated, cut or in order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from exam.cases import Row
from exam.faults.drawing import in_split
from exam.faults.fifth.codes import hoists, pages
from exam.faults.fifth.planting import fifth
from exam.faults.fifth.texts import announcements, bulletins, verses, villages
from exam.planted import Planted, Subject, ids, some


def _twice_filed(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of the train rows are pairs of one announcement that was filed under two matters."""
    train = subject.split("train")
    mixed = random.permutation(train.n_rows).tolist()[: 2 * round(dose * train.n_rows / 2)]
    rows: dict[int, Row] = {}
    labels: dict[int, str] = {}
    for one, two in zip(mixed[::2], mixed[1::2], strict=True):
        others = [name for name in subject.names if name != train.labels[one]]
        rows[two], labels[two] = train.rows[one], others[random.integers(len(others))]
    return replace(in_split(subject, "train", rows, labels), rows={"train": ids(train, sorted(mixed))})


def _rare(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Few villages of one region were ever listed: in every split the largest class has that many times the rows."""
    rare = subject.names[random.integers(len(subject.names))]
    case = subject.case
    for name, split in case.splits.items():
        counts = {other: split.labels.count(other) for other in subject.names}
        kept = max(1, round(max(counts.values()) / dose))
        theirs = [i for i, label in enumerate(split.labels) if label == rare][:kept]
        rest = [i for i, label in enumerate(split.labels) if label != rare]
        case = case.with_split(name, split.take(sorted([*theirs, *rest])))
    return Planted(case, {"split": "train"})


def _capitals(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of the test rows has the name of its class in capitals, which train never writes."""
    test = subject.split("test")
    at = some(test.n_rows, dose, random).tolist()
    changed = in_split(subject, "test", {}, {i: test.labels[i].upper() for i in at})
    return replace(changed, rows={"test": ids(test, at)})


def _drill(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of train is from drills, in which the same sixteen messages are sent again and again."""
    train = subject.split("train")
    at = some(train.n_rows, dose, random).tolist()
    drills = random.choice(train.n_rows, 16, replace=False).tolist()
    sent = [drills[k] for k in random.integers(0, 16, len(at)).tolist()]
    rows = {i: train.rows[k] for i, k in zip(at, sent, strict=True)}
    return in_split(subject, "train", rows, {i: train.labels[k] for i, k in zip(at, sent, strict=True)})


def _cut(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Pages of test were cut at one number of tokens, which that share of them exceeds."""
    test = subject.split("test")
    limit = sorted(len(row) for row in test.rows)[round((1 - dose) * (test.n_rows - 1))]
    return in_split(subject, "test", {i: row[:limit] for i, row in enumerate(test.rows)})


def _in_order(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of train, at its start, is in the order of its classes."""
    train = subject.split("train")
    n = round(dose * train.n_rows)
    start = sorted(range(n), key=lambda i: train.labels[i])
    return Planted(subject.case.with_split("train", train.take([*start, *range(n, train.n_rows)])), {"split": "train"})


CLASSES = (
    fifth("label.conflict", "filed twice", "share of train rows", (0.08, 0.25), _twice_filed, announcements),
    fifth("label.imbalance", "few villages of a region", "rows for each", (20, 40), _rare, villages, rows=6_000),
    fifth("label.missing", "names in capitals", "share of test rows", (0.1, 0.6), _capitals, bulletins),
    fifth("data.duplicates", "drills", "share of train rows", (0.5, 0.8), _drill, hoists),
    fifth("data.truncation", "pages cut", "share of test rows", (0.4, 0.7), _cut, pages),
    fifth("data.sorted", "in order of classes", "share of train rows", (0.7, 1.0), _in_order, verses),
)
