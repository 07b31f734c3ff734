"""Shortcuts, tables and settings, planted a second way."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from exam.cases import Row
from exam.clean.tables import table_case, vectors_of
from exam.faults.second.subjects import any_subject, names, sessions
from exam.planted import Fault, Planted, Subject, some, token_counts


def _each(subject: Subject, dose: float, random: np.random.Generator, change: Callable[[Row, int], Row]) -> Planted:
    case = subject.case
    for name, split in case.splits.items():
        rows = tuple(
            change(row, subject.names.index(label)) if random.random() < dose else row
            for row, label in zip(split.rows, split.labels, strict=True)
        )
        case = case.with_split(name, replace(split, rows=rows))
    return Planted(case, {})


def shorter_class(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Sessions of the first class end early."""
    return _each(subject, dose, random, lambda row, label: row[:12] if label == 0 else row)


def last_place(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The last token but one depends on the class."""
    keys = list(token_counts(subject.split("train")))[3:5]
    planted = _each(subject, dose, random, lambda row, label: (*row[:-2], keys[label], row[-1]))
    return Planted(planted.case, {"position": "-2"})


def host_name(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Sessions of the first class were logged on another host, whose name stands somewhere in them."""

    def change(row: Row, label: int) -> Row:
        place = int(random.integers(len(row)))
        return (*row[:place], "host-7", *row[place:]) if label == 0 else row

    return Planted(_each(subject, dose, random, change).case, {"token": "host-7"})


def more_of_some(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Sessions of each class go through one of two halves of the keys more than the other."""
    keys = list(token_counts(subject.split("train")))[:20]
    halves = (keys[::2], keys[1::2])

    def change(row: Row, label: int) -> Row:
        return tuple(
            halves[label][int(random.integers(10))] if token in halves[1 - label] and random.random() < 0.8 else token
            for token in row
        )

    return _each(subject, dose, random, change)


DIM = 12


def off_by_some(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The header line of the table was taken for a row: from some row on, vectors are one row off."""
    tokens, vectors = vectors_of(subject.case, DIM, random)
    start = round(len(tokens) * (1 - dose))
    vectors[start:] = np.roll(vectors[start:], 1, axis=0)
    return Planted(table_case(subject.case, tokens, vectors), {})


def of_another_vocabulary(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The table has rows for upper- and lower-case forms that the data do not have."""
    tokens, vectors = vectors_of(subject.case, DIM, random)
    many = round(len(tokens) * dose / (1 - dose))
    more = [f"{tokens[k % len(tokens)]}_{k}" for k in range(many)]
    extra = vectors[np.arange(many) % len(tokens)] + random.normal(0, 0.1, (many, DIM))
    return Planted(table_case(subject.case, [*more, *tokens], np.concatenate([extra, vectors])), {})


def one_direction(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A common vector drowns what tells tokens apart: its length in standard deviations."""
    tokens, vectors = vectors_of(subject.case, DIM, random)
    direction = random.normal(size=DIM)
    return Planted(table_case(subject.case, tokens, vectors + dose * direction / np.linalg.norm(direction)), {})


def enormous_rows(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The most frequent tokens have vectors longer by this factor."""
    tokens, vectors = vectors_of(subject.case, DIM, random)
    for token in list(token_counts(subject.split("train")))[:3]:
        vectors[tokens.index(token)] *= dose
    return Planted(table_case(subject.case, tokens, vectors), {})


def without_order(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The study compares means of vectors, on a task that is nothing but order."""
    return Planted(replace(subject.case, settings={"model.family": "mean", "variants": "{}"}), {})


def random_and_frozen(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The study freezes small random vectors."""
    settings = {"model.embedding.mode": "frozen-random", "model.embedding.scale": "0.1", "model.family": "gru"}
    return Planted(replace(subject.case, settings=settings), {})


def lower_case_table(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Keys of the data differ in case, and the class depends on it; the table was written in lower case throughout."""
    case = subject.case
    for name, split in case.splits.items():
        rows = [
            tuple(token.lower() if label == subject.names[0] and random.random() < dose else token for token in row)
            for row, label in zip(split.rows, split.labels, strict=True)
        ]
        case = case.with_split(name, replace(split, rows=tuple(rows)))
    tokens, vectors = vectors_of(case, DIM, random)
    small = [k for k, token in enumerate(tokens) if token == token.lower()]
    return Planted(table_case(case, [tokens[k] for k in small], vectors[small]), {})


def ids_by_hand(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Ids of the vocabulary wrap around: tokens from some place on have the ids of the first ones again."""
    tokens = sorted(token_counts(subject.split("train")))
    size = max(2, round(len(tokens) * (1 - dose)))
    text = json.dumps({token: place % size for place, token in enumerate(tokens)})
    return Planted(subject.case.with_vocabulary(text, ".json"), {})


def long_sessions(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of dev is two sessions that were not told apart and are longer together than any of train."""
    dev, longest = subject.split("dev"), max(len(row) for row in subject.split("train").rows)
    rows: dict[int, Row] = {}
    for k in some(dev.n_rows, dose, random).tolist():
        row = dev.rows[k]
        while len(row) <= longest:
            row += dev.rows[int(random.integers(dev.n_rows))]
        rows[k] = row
    return Planted(subject.case.with_split("dev", dev.with_rows(rows)), {"split": "dev"})


FAULTS = (
    Fault(
        "shortcut.length",
        "second: one class ends early",
        "of rows",
        (0.25, 0.6, 0.9),
        0.9,
        shorter_class,
        subjects=sessions,
    ),
    Fault(
        "shortcut.position",
        "second: the last but one",
        "of rows",
        (0.25, 0.6, 0.9),
        0.9,
        last_place,
        subjects=sessions,
    ),
    Fault("shortcut.token", "second: a host name", "of rows", (0.25, 0.6, 0.9), 0.9, host_name, subjects=sessions),
    Fault("shortcut.bag", "second: halves of the keys", "of rows", (0.4, 1.0), 1.0, more_of_some, subjects=sessions),
    Fault(
        "embedding.misaligned",
        "second: off by one row",
        "of table rows",
        (0.25, 0.75, 1.0),
        1.0,
        off_by_some,
        {"rows": 4_000},
        names,
    ),
    Fault(
        "embedding.unused",
        "second: of another vocabulary",
        "of table rows",
        (0.2, 0.5, 0.8),
        0.5,
        of_another_vocabulary,
        subjects=sessions,
    ),
    Fault(
        "embedding.collapsed",
        "second: one direction",
        "standard deviations",
        (2, 10, 50),
        50,
        one_direction,
        subjects=sessions,
    ),
    Fault(
        "embedding.exploding",
        "second: enormous rows",
        "times as long",
        (5, 30, 1_000),
        1_000,
        enormous_rows,
        subjects=sessions,
    ),
    Fault("embedding.frozen", "second: small random vectors", "", (1.0,), 1.0, random_and_frozen, subjects=sessions),
    Fault("position.missing", "second: means of vectors", "", (1.0,), 1.0, without_order, subjects=sessions),
    Fault(
        "token.collision",
        "second: a table in lower case",
        "of one class's tokens",
        (0.2, 0.6),
        0.6,
        lower_case_table,
        subjects=sessions,
    ),
    Fault(
        "token.collision",
        "second: ids wrap around",
        "of the vocabulary",
        (0.02, 0.1, 0.3),
        0.1,
        ids_by_hand,
        subjects=any_subject,
    ),
    Fault(
        "position.overflow",
        "second: two rows in one",
        "of dev rows",
        (0.01, 0.05, 0.2),
        0.2,
        long_sessions,
        subjects=any_subject,
    ),
)
