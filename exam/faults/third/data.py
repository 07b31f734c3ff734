"""Rows as files have them: written twice, too few, cut by an export, badly encoded, in order of class."""

from __future__ import annotations

import unicodedata

import numpy as np

from exam.cases import Row
from exam.faults.third.language import sentences, shell
from exam.faults.third.signals import machine, melodies, peptides
from exam.planted import Fault, Planted, Subject, ids, some

_ALIKE = {"a": "а", "c": "с", "e": "е", "i": "і", "o": "о", "p": "р", "s": "ѕ", "x": "х"}
_INVISIBLE = ("\u200b", "\u200d", "\u2060", "\ufeff")


def _duplicates(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A sender that waits for an answer sends again and again: ten rows take up that share of train."""
    train = subject.split("train")
    sent = random.choice(train.n_rows, 10, replace=False).tolist()
    rows: dict[int, Row] = {}
    labels: dict[int, str] = {}
    for i in some(train.n_rows, dose, random).tolist():
        source = sent[min(int(random.geometric(0.25)) - 1, 9)]
        rows[i], labels[i] = train.rows[source], train.labels[source]
    again = train.with_rows(rows).with_labels(labels)
    return Planted(subject.case.with_split("train", again), {"split": "train"})


def _small(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The budget for annotation paid for a small part of train only."""
    train = subject.split("train")
    kept = some(train.n_rows, 1 - dose, random)
    return Planted(subject.case.with_split("train", train.take(kept)), {"split": "train"})


def _cut_end(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The export of test writes so many residues fewer than the median train row has (as a share), and drops what
    comes behind them."""
    train, test = subject.split("train"), subject.split("test")
    limit = round((1 - dose) * sorted(len(row) for row in train.rows)[train.n_rows // 2])
    rows = {i: row[:limit] for i, row in enumerate(test.rows)}
    return Planted(subject.case.with_split("test", test.with_rows(rows)), {"split": "test"})


def _cut_start(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The buffer that dev was read from holds the last events only: a share fewer than the median train row has."""
    train, dev = subject.split("train"), subject.split("dev")
    limit = round((1 - dose) * sorted(len(row) for row in train.rows)[train.n_rows // 2])
    rows = {i: row[-limit:] for i, row in enumerate(dev.rows)}
    return Planted(subject.case.with_split("dev", dev.with_rows(rows)), {"split": "dev"})


def _encoded(subject: Subject, name: str, rows: dict[int, Row]) -> Planted:
    """A case whose rows in one split were written badly; rows that came out as they were are not at fault."""
    split = subject.split(name)
    changed = {i: row for i, row in rows.items() if row != split.rows[i]}
    case = subject.case.with_split(name, split.with_rows(changed))
    return Planted(case, {"split": name}, {name: ids(split, sorted(changed))})


def _letters_alike(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Some rows of test were typed on a Cyrillic keyboard: some of their letters only look like the Latin ones."""
    test = subject.split("test")
    rows: dict[int, Row] = {}
    for i in some(test.n_rows, dose, random).tolist():
        typed = {letter for letter in _ALIKE if random.random() < 0.6}
        rows[i] = tuple("".join(_ALIKE[c] if c in typed else c for c in token) for token in test.rows[i])
    return _encoded(subject, "test", rows)


def _letters_apart(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Some rows of train came from a Mac, which writes an accent as a character of its own (NFD)."""
    train = subject.split("train")
    accented = [i for i, row in enumerate(train.rows) if any(not token.isascii() for token in row)]
    n = round(dose * train.n_rows)
    if n > len(accented):
        raise ValueError("too few rows have an accent")
    at = sorted(accented[k] for k in random.choice(len(accented), n, replace=False).tolist())
    return _encoded(
        subject, "train", {i: tuple(unicodedata.normalize("NFD", token) for token in train.rows[i]) for i in at}
    )


def _invisible(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Some rows of train were copied from a web page, with characters of no width in one to four of their tokens."""
    train = subject.split("train")
    rows: dict[int, Row] = {}
    for i in some(train.n_rows, dose, random).tolist():
        row = [*train.rows[i]]
        for place in random.choice(len(row), int(random.integers(1, 5)), replace=False).tolist():
            cut = int(random.integers(len(row[place]) + 1))
            row[place] = row[place][:cut] + _INVISIBLE[random.integers(len(_INVISIBLE))] + row[place][cut:]
        rows[i] = tuple(row)
    return _encoded(subject, "train", rows)


def _empty(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The reader of some scores gave up, and their rows in train are empty."""
    train = subject.split("train")
    return _encoded(subject, "train", dict.fromkeys(some(train.n_rows, dose, random).tolist(), ()))


def _glued(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A line-break filter ate the spaces of some rows of dev: the whole row is one token."""
    dev = subject.split("dev")
    return _encoded(subject, "dev", {i: ("".join(dev.rows[i]),) for i in some(dev.n_rows, dose, random).tolist()})


def _sorted(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Train was written one class after the other; only a rest was added to the file later, anywhere."""
    train = subject.split("train")
    place = {name: k for k, name in enumerate([str(name) for name in random.permutation(subject.names).tolist()])}
    keys = [place[label] + random.random() for label in train.labels]
    for i in some(train.n_rows, 1 - dose, random).tolist():
        keys[i] = len(place) * random.random()
    order = sorted(range(train.n_rows), key=lambda i: keys[i])
    return Planted(subject.case.with_split("train", train.take(order)), {"split": "train"})


_ROWS = "share of the split's rows"

DATA = (
    Fault(
        "data.duplicates",
        "third: ten rows sent again and again",
        "share of train rows",
        (0.05, 0.3, 0.6, 0.8),
        0.6,
        _duplicates,
        subjects=sentences,
    ),
    Fault(
        "data.small",
        "third: budget for a small part of train",
        "share of train left out",
        (0.1, 0.8, 0.85, 0.9),
        0.8,
        _small,
        given={"rows": 3_600, "classes": 4},
        subjects=sentences,
    ),
    Fault(
        "data.truncation",
        "third: export of test cut at the end",
        "share of the median length",
        (0.05, 0.4, 0.6, 0.75),
        0.4,
        _cut_end,
        subjects=peptides,
    ),
    Fault(
        "data.truncation",
        "third: buffer of dev keeps the last events",
        "share of the median length",
        (0.05, 0.6, 0.75, 0.85),
        0.6,
        _cut_start,
        subjects=machine,
    ),
    Fault(
        "data.encoding",
        "third: Cyrillic keyboard",
        _ROWS,
        (0.01, 0.05, 0.15, 0.4),
        0.05,
        _letters_alike,
        subjects=sentences,
    ),
    Fault(
        "data.encoding",
        "third: accents apart (NFD)",
        _ROWS,
        (0.01, 0.05, 0.15, 0.4),
        0.05,
        _letters_apart,
        subjects=sentences,
    ),
    Fault(
        "data.encoding",
        "third: characters of no width",
        _ROWS,
        (0.01, 0.05, 0.15, 0.4),
        0.05,
        _invisible,
        subjects=shell,
    ),
    Fault("data.encoding", "third: empty rows", _ROWS, (0.005, 0.05, 0.1, 0.3), 0.05, _empty, subjects=melodies),
    Fault("data.encoding", "third: spaces lost", _ROWS, (0.01, 0.05, 0.15, 0.4), 0.05, _glued, subjects=shell),
    Fault(
        "data.sorted",
        "third: written one class after the other",
        "share of train rows",
        (0.1, 0.7, 0.9, 1.0),
        0.7,
        _sorted,
        subjects=shell,
    ),
)
