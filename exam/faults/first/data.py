"""Faults of rows and of their text."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from exam.cases import Row
from exam.clean.sources import uniform
from exam.planted import Fault, Planted, Subject, ids, some, token_counts

LOOK_ALIKE = str.maketrans("aeopcx", "аеорсх")
"""Latin letters to Cyrillic ones of the same looks."""


def duplicates(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows of train give way to copies of five of its rows."""
    train = subject.split("train")
    chosen = some(train.n_rows, dose, random)
    few = random.choice(np.setdiff1d(np.arange(train.n_rows), chosen), 5, replace=False)
    pairs = [(k, int(few[random.integers(5)])) for k in chosen.tolist()]
    changed = train.with_rows({k: train.rows[at] for k, at in pairs})
    changed = changed.with_labels({k: train.labels[at] for k, at in pairs})
    return Planted(subject.case.with_split("train", changed), {"split": "train"})


def sorted_rows(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Train stands sorted by class, but for a share of rows at random places."""
    train = subject.split("train")
    names = {name: position for position, name in enumerate(subject.names)}
    key = np.asarray([names[label] for label in train.labels], np.float64)
    loose = random.random(train.n_rows) >= dose
    key[loose] = random.uniform(-0.5, len(names) - 0.5, int(loose.sum()))
    return Planted(subject.case.with_split("train", train.take(np.argsort(key, kind="stable"))), {"split": "train"})


def small(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of train is left out, so that the learning curve still rises at what is left."""
    train = subject.split("train")
    left = some(train.n_rows, 1 - dose, random)
    return Planted(subject.case.with_split("train", train.take(left)), {"split": "train"})


def _encoding(change: Callable[[Row, np.random.Generator], Row], where: str) -> Callable[..., Planted]:
    def plant(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
        split = subject.split(where)
        changed = {k: change(split.rows[k], random) for k in range(split.n_rows)}
        able = np.asarray([k for k, row in changed.items() if row != split.rows[k]])
        if len(able) < dose * split.n_rows:
            raise ValueError("too few rows can be changed")
        chosen = np.sort(random.choice(able, max(1, round(dose * split.n_rows)), replace=False))
        rows = split.with_rows({k: changed[k] for k in chosen.tolist()})
        return Planted(subject.case.with_split(where, rows), {"split": where}, {where: ids(split, chosen)})

    return plant


def decomposed(row: Row, random: np.random.Generator) -> Row:
    """Accented letters as a letter and a combining accent."""
    return tuple(unicodedata.normalize("NFD", token) for token in row)


def look_alike(row: Row, random: np.random.Generator) -> Row:
    """Latin letters as Cyrillic ones."""
    return tuple(token.translate(LOOK_ALIKE) for token in row)


def zero_width(row: Row, random: np.random.Generator) -> Row:
    """A zero-width space in one token."""
    place = int(random.integers(len(row)))
    token = row[place]
    return (*row[:place], token[:1] + "\u200b" + token[1:], *row[place + 1 :])


def emptied(row: Row, random: np.random.Generator) -> Row:
    """No token."""
    return ()


def glued(row: Row, random: np.random.Generator) -> Row:
    """Blanks between tokens got lost."""
    return ("".join(row),)


def truncation(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows of every split were cut after a number of tokens that a share of them exceeds; the last token
    decides."""
    limit = int(np.quantile([len(row) for row in subject.split("train").rows], 1 - dose))
    case = subject.case
    for name, split in case.splits.items():
        case = case.with_split(name, replace(split, rows=tuple(row[:limit] for row in split.rows)))
    return Planted(case, {})


def overflow(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows of test go on until they are longer than any row of train."""
    train, test = subject.split("train"), subject.split("test")
    longest = max(len(row) for row in train.rows)
    rows: dict[int, Row] = {}
    for k in some(test.n_rows, dose, random).tolist():
        row = test.rows[k]
        while len(row) <= longest:
            row += train.rows[random.integers(train.n_rows)]
        rows[k] = row
    return Planted(subject.case.with_split("test", test.with_rows(rows)), {"split": "test"})


def unlike(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Test was lower-cased, train was not."""
    test = subject.split("test")
    chosen = some(test.n_rows, dose, random).tolist()
    rows = test.with_rows({k: tuple(token.lower() for token in test.rows[k]) for k in chosen})
    return Planted(subject.case.with_split("test", rows), {"split": "test"})


def glued_marks(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Train has punctuation as tokens of their own; in rows of test it sticks to the word before it."""
    case = subject.case
    marks = (".", ",", ";")
    for name, split in case.splits.items():
        rows: list[Row] = []
        for row in split.rows:
            out: list[str] = []
            for token in row:
                out.append(token)
                if random.random() < 0.15:
                    out.append(marks[random.integers(3)])
            rows.append(tuple(out))
        case = case.with_split(name, replace(split, rows=tuple(rows)))
    test = case.splits["test"]
    chosen = some(test.n_rows, dose, random).tolist()
    changed: dict[int, Row] = {}
    for k in chosen:
        out = []
        for token in test.rows[k]:
            if token in marks and out:
                out[-1] += token
            else:
                out.append(token)
        changed[k] = tuple(out)
    return Planted(case.with_split("test", test.with_rows(changed)), {"split": "test"})


def unknown(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows of one class hold a name that occurs once in the whole data (an id, say), others do not: every row with
    the unknown id is of that class."""
    case, number = subject.case, iter(random.permutation(1_000_000))
    for name, split in case.splits.items():
        hit = random.random(split.n_rows) < dose
        rows = [
            (*row[: len(row) // 2], f"no{next(number)}", *row[len(row) // 2 :])
            if label == subject.names[0] and touched
            else row
            for row, label, touched in zip(split.rows, split.labels, hit.tolist(), strict=True)
        ]
        case = case.with_split(name, replace(split, rows=tuple(rows)))
    return Planted(case, {"split": "test"})


def hidden(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of the distinct words, those that tell the classes among them, were written as the unknown token in
    every split, more of them in one class."""
    case = subject.case
    for name, split in case.splits.items():
        rows = [
            tuple("<unk>" if label == subject.names[0] and random.random() < dose else token for token in row)
            for row, label in zip(split.rows, split.labels, strict=True)
        ]
        case = case.with_split(name, replace(split, rows=tuple(rows)))
    return Planted(case, {})


def _width(subject: Subject) -> int:
    return max(len(row) for split in subject.case.splits.values() for row in split.rows)


def padding_shared(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows are padded to one width with a token that is a token of the task too, a share of all real tokens."""
    pad = next(iter(token_counts(subject.split("train"))))
    width, case = _width(subject), subject.case
    for name, split in case.splits.items():
        rows = [
            tuple("0" if token == pad and random.random() < dose else token for token in row)
            + ("0",) * (width - len(row))
            for row in split.rows
        ]
        case = case.with_split(name, replace(split, rows=tuple(rows)))
    return Planted(case, {"token": "0"})


def padding_side(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Train is padded behind its rows, a share of test before them."""
    width, case = _width(subject), subject.case
    for name, split in case.splits.items():
        left = set(some(split.n_rows, dose, random).tolist() if name == "test" else [])
        rows = [
            ("<pad>",) * (width - len(row)) + row if k in left else row + ("<pad>",) * (width - len(row))
            for k, row in enumerate(split.rows)
        ]
        case = case.with_split(name, replace(split, rows=tuple(rows)))
    return Planted(case, {"split": "test"})


WORDY = {"alphabet": "words", "size": [60, 200], "lengths": uniform(10, 20)}
SHARES = (0.005, 0.02, 0.1, 0.3, 1.0)

FAULTS = (
    Fault("data.duplicates", "copies of five rows", "of train rows", (0.05, 0.1, 0.2, 0.4, 0.7), 0.4, duplicates),
    Fault("data.sorted", "sorted by class", "of rows in place", (0.25, 0.5, 0.9, 1.0), 0.9, sorted_rows),
    Fault(
        "data.small",
        "most of train left out",
        "of train left out",
        (0.5, 0.8, 0.9),
        0.9,
        small,
        {
            **WORDY,
            "size": 1_000,
            "source": ["uniform", "zipf"],
            "rule": "majority",
            "n_classes": [2, 3],
            "rows": 12_000,
        },
    ),
    Fault(
        "data.truncation",
        "cut to one length",
        "of rows cut",
        (0.02, 0.05, 0.1, 0.3, 0.5),
        0.3,
        truncation,
        {**WORDY, "rule": "last token", "lengths": uniform(10, 40), "n_classes": 2},
    ),
    Fault(
        "data.encoding",
        "decomposed accents",
        "of test rows",
        SHARES,
        0.1,
        _encoding(decomposed, "test"),
        {**WORDY, "alphabet": "accented words"},
    ),
    Fault("data.encoding", "look-alike letters", "of train rows", SHARES, 0.1, _encoding(look_alike, "train"), WORDY),
    Fault("data.encoding", "zero-width spaces", "of test rows", SHARES, 0.1, _encoding(zero_width, "test"), WORDY),
    Fault("data.encoding", "empty rows", "of test rows", SHARES[:4], 0.02, _encoding(emptied, "test"), WORDY),
    Fault("data.encoding", "separators lost", "of test rows", SHARES[:4], 0.02, _encoding(glued, "test"), WORDY),
    Fault(
        "token.mismatch",
        "test lower-cased",
        "of test rows",
        (0.02, 0.1, 0.3, 1.0),
        0.3,
        unlike,
        {"alphabet": ["words with capitals", "two cases"], "size": [20, 60], "lengths": uniform(10, 20)},
    ),
    Fault(
        "token.mismatch", "punctuation sticks to words", "of test rows", (0.02, 0.1, 0.3, 1.0), 0.3, glued_marks, WORDY
    ),
    Fault(
        "token.unknown",
        "names that occur once",
        "of one class's rows",
        (0.05, 0.1, 0.3, 0.6, 1.0),
        0.3,
        unknown,
        {**WORDY, "n_classes": 2},
    ),
    Fault(
        "token.unknown",
        "an unknown token of one class",
        "of its tokens",
        (0.005, 0.02, 0.1, 0.3),
        0.1,
        hidden,
        {**WORDY, "n_classes": 2},
    ),
    Fault(
        "token.padding",
        "padded with a real token",
        "of one token's occurrences",
        (0.1, 0.5, 1.0),
        0.5,
        padding_shared,
        {"alphabet": ["letters", "amino acids", "words"], "size": 20, "source": "zipf", "lengths": uniform(8, 30)},
    ),
    Fault(
        "position.overflow",
        "longer than train",
        "of test rows",
        (0.005, 0.02, 0.1, 0.3),
        0.1,
        overflow,
        {"lengths": uniform(8, 30)},
    ),
    Fault(
        "padding.side",
        "test padded before its rows",
        "of test rows",
        (0.02, 0.1, 0.5, 1.0),
        0.5,
        padding_side,
        {"lengths": uniform(8, 30)},
    ),
)
