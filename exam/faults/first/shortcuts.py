"""Shortcuts through tasks that need order: what a class is given beside its rule, in every split alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from exam.cases import Row
from exam.clean.sources import uniform
from exam.planted import Fault, Planted, Subject, inserted, token_counts


def _everywhere(
    subject: Subject, dose: float, random: np.random.Generator, change: Callable[[Row, int], Row]
) -> Planted:
    """A share of the rows of every split is changed by what their class gives."""
    case = subject.case
    for name, split in case.splits.items():
        hit = random.random(split.n_rows) < dose
        rows = tuple(
            change(row, subject.names.index(label)) if touched else row
            for row, label, touched in zip(split.rows, split.labels, hit.tolist(), strict=True)
        )
        case = case.with_split(name, replace(split, rows=rows))
    return Planted(case, {})


def length(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows of the second class go on for longer, with tokens of other rows."""
    train = subject.split("train")

    def change(row: Row, label: int) -> Row:
        more = train.rows[random.integers(train.n_rows)]
        return row + more if label == 1 else row

    return _everywhere(subject, dose, random, change)


def position(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """One place of the row holds the token of its class, tokens that stand elsewhere in all rows."""
    names = list(token_counts(subject.split("train")))[:8]
    chosen = [names[k] for k in random.choice(len(names), len(subject.names), replace=False)]
    place = int(random.integers(1, 10))

    def change(row: Row, label: int) -> Row:
        return (*row[:place], chosen[label], *row[place + 1 :])

    planted = _everywhere(subject, dose, random, change)
    return Planted(planted.case, {"position": str(place + 1)})


def marker(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows of the second class hold one new token somewhere."""
    planted = _everywhere(subject, dose, random, lambda row, label: inserted(row, "@id", random) if label == 1 else row)
    return Planted(planted.case, {"token": "@id"})


def bag(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows hold four of twelve words of their class."""

    def change(row: Row, label: int) -> Row:
        for k in random.choice(12, 4, replace=False):
            row = inserted(row, f"w{label}{k}", random)
        return row

    return _everywhere(subject, dose, random, change)


ORDERED = {
    "rule": ["order", "neighbours"],
    "n_classes": 2,
    "lengths": uniform(12, 20),
    "size": [20, 60],
    "alphabet": ["letters", "words", "everything"],
    "source": ["uniform", "zipf", "word classes"],
}
PARITY = {**ORDERED, "rule": ["order"]}

FAULTS = (
    Fault("shortcut.length", "one class is longer", "of rows", (0.1, 0.3, 0.5, 0.8, 1.0), 0.8, length, ORDERED),
    Fault(
        "shortcut.position",
        "a token per class at one place",
        "of rows",
        (0.1, 0.3, 0.5, 0.8, 1.0),
        0.8,
        position,
        ORDERED,
    ),
    Fault("shortcut.token", "a token of one class", "of rows", (0.1, 0.3, 0.5, 0.8, 1.0), 0.8, marker, ORDERED),
    Fault("shortcut.bag", "words of each class", "of rows", (0.3, 0.6, 0.9, 1.0), 1.0, bag, PARITY),
)
