"""Shifts of test, drawn anew under other shares and lengths or written into its rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from exam.cases import Row, Split
from exam.clean.sources import Lengths, heavy, uniform
from exam.planted import Fault, Planted, Subject, some, token_counts

TEST = {"split": "test"}
READ_ANYWHERE = ["majority", "marker", "order", "neighbours"]


def label(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Test is drawn anew with a share of its rows moved from one class to another."""
    test = subject.split("test")
    shares = np.full(subject.task.n_classes, 1 / subject.task.n_classes)
    if dose >= shares[0]:
        raise ValueError("the class has not so many rows")
    shares[0] += dose
    shares[1] -= dose
    return Planted(subject.case.with_split("test", subject.fresh("t", test.n_rows, random, shares=shares)), TEST)


def length(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Test is drawn anew with rows that are longer by a share of their length."""

    def longer(n: int, random: np.random.Generator) -> np.ndarray:
        drawn = subject.task.lengths(n, random) * (1 + dose)
        return np.floor(drawn + random.random(n)).astype(np.int64)

    lengths: Lengths = longer
    test = subject.split("test")
    return Planted(subject.case.with_split("test", subject.fresh("t", test.n_rows, random, lengths)), TEST)


def vocabulary(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Occurrences of tokens in test become new words that train does not have."""
    test = subject.split("test")
    new = [f"new{number}" for number in range(30)]
    rows = [
        tuple(new[random.integers(len(new))] if draw < dose else token for token, draw in zip(row, draws, strict=True))
        for row, draws in ((row, random.random(len(row))) for row in test.rows)
    ]
    return Planted(subject.case.with_split("test", replace(test, rows=tuple(rows))), TEST)


def composition(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Occurrences of any token in test become one of two frequent tokens of train."""
    test = subject.split("test")
    frequent = list(token_counts(subject.split("train")))[:6]
    chosen = [frequent[k] for k in random.choice(len(frequent), 2, replace=False)]
    rows = [
        tuple(chosen[random.integers(2)] if draw < dose else token for token, draw in zip(row, draws, strict=True))
        for row, draws in ((row, random.random(len(row))) for row in test.rows)
    ]
    return Planted(subject.case.with_split("test", replace(test, rows=tuple(rows))), TEST)


def order(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows of test have their tokens in random order."""
    test = subject.split("test")
    chosen = some(test.n_rows, dose, random).tolist()
    mixed = {k: tuple(test.rows[k][j] for j in random.permutation(len(test.rows[k]))) for k in chosen}
    return Planted(subject.case.with_split("test", test.with_rows(mixed)), TEST)


def pair(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Two frequent tokens never meet in a row of train or dev; in a share of test's rows they do."""
    names = list(token_counts(subject.split("train")))
    first, second = (names[k] for k in random.choice(min(len(names), 8), 2, replace=False))
    case = subject.case
    for name, split in case.splits.items():
        apart = [k for k, row in enumerate(split.rows) if not {first, second} <= set(row)]
        if len(apart) < 0.4 * split.n_rows:
            raise ValueError("the two are in most rows")
        case = case.with_split(name, split.take(apart))
    test = case.splits["test"]
    for token in (first, second):
        if sum(token in row for row in case.splits["train"].rows) < 0.1 * case.splits["train"].n_rows:
            raise ValueError("a part is rare in train")
    chosen = some(test.n_rows, dose, random).tolist()
    together = {k: _with_both(test.rows[k], first, second, random) for k in chosen}
    return Planted(case.with_split("test", test.with_rows(together)), TEST)


def _with_both(row: Row, first: str, second: str, random: np.random.Generator) -> Row:
    changed = list(row)
    places = random.choice(len(row), 2, replace=False)
    changed[places[0]], changed[places[1]] = first, second
    return tuple(changed)


def factors(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """One shape never has one colour in train or dev, though both are frequent there; in a share of test's rows one
    token does."""
    names = sorted(token_counts(subject.split("train")))
    shapes, colours = sorted({name[0] for name in names}), sorted({name[1] for name in names})
    if min(len(shapes), len(colours)) < 3:
        raise ValueError("too few shapes and colours")
    shape, colour = shapes[random.integers(len(shapes))], colours[random.integers(len(colours))]
    others = [shape + other for other in colours if other != colour]
    case = subject.case
    for name, split in case.splits.items():
        case = case.with_split(name, _without(split, shape + colour, others, random))
    test = case.splits["test"]
    chosen = some(test.n_rows, dose, random).tolist()
    rows: dict[int, Row] = {}
    for k in chosen:
        place = int(random.integers(len(test.rows[k])))
        rows[k] = (*test.rows[k][:place], shape + colour, *test.rows[k][place + 1 :])
    return Planted(case.with_split("test", test.with_rows(rows)), TEST)


def _without(split: Split, token: str, others: list[str], random: np.random.Generator) -> Split:
    rows = tuple(
        tuple(others[random.integers(len(others))] if one == token else one for one in row) for row in split.rows
    )
    return replace(split, rows=rows)


MARKOV = {
    "source": "markov",
    "size": [8, 12, 20],
    "alphabet": ["letters", "everything", "log keys"],
    "rule": ["majority", "last token"],
    "lengths": uniform(14, 30),
    "n_classes": 2,
}
WORDY = {
    "alphabet": ["words", "everything"],
    "rule": READ_ANYWHERE,
    "lengths": uniform(12, 24),
    "source": ["zipf", "word classes", "uniform"],
}

FAULTS = (
    Fault(
        "shift.label",
        "rows of one class are another's",
        "of test rows moved",
        (0.02, 0.05, 0.1, 0.2, 0.3),
        0.2,
        label,
        {"rule": READ_ANYWHERE, "n_classes": [2, 3], "rows": 4_000},
    ),
    Fault(
        "shift.length",
        "longer rows",
        "of the length added",
        (0.02, 0.05, 0.1, 0.25, 0.5),
        0.25,
        length,
        {"rule": READ_ANYWHERE, "lengths": heavy(18, 0.4, 10)},
    ),
    Fault(
        "shift.vocabulary", "thirty new words", "of test tokens", (0.002, 0.01, 0.03, 0.1, 0.2), 0.1, vocabulary, WORDY
    ),
    Fault(
        "shift.composition",
        "two tokens more frequent",
        "of test tokens",
        (0.01, 0.03, 0.1, 0.2, 0.4),
        0.2,
        composition,
        {**WORDY, "size": [12, 20, 60]},
    ),
    Fault("shift.order", "shuffled rows", "of test rows", (0.05, 0.1, 0.25, 0.5, 1.0), 0.5, order, MARKOV),
    Fault(
        "shift.combination",
        "two tokens in one row",
        "of test rows",
        (0.01, 0.03, 0.1, 0.3),
        0.1,
        pair,
        {
            "alphabet": ["words", "letters", "log keys"],
            "size": [20, 60],
            "source": "zipf",
            "rule": ["marker", "order"],
            "lengths": uniform(8, 14),
            "n_classes": 2,
            "rows": 4_000,
        },
    ),
    Fault(
        "shift.combination",
        "shape and colour",
        "of test rows",
        (0.01, 0.03, 0.1, 0.3),
        0.1,
        factors,
        {
            "alphabet": "symbols",
            "size": [16, 25, 36],
            "source": ["uniform", "zipf"],
            "rule": ["majority"],
            "n_classes": 2,
            "lengths": uniform(10, 16),
        },
    ),
)
