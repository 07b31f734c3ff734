"""Rows as files have them: replayed, too few, cut, misread by another encoding or a camera, in order of time."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import numpy as np

from exam.cases import Row
from exam.faults.fourth.crafts import recipes
from exam.faults.fourth.drawing import fourth, in_split
from exam.faults.fourth.records import accounts, incidents, tickets
from exam.faults.fourth.signals import traces, weather
from exam.planted import Planted, Subject, ids, some

_HALF_WIDTH = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF66, 0xFF9E)}
_MARKS = {"\u3099": "\uff9e", "\u309a": "\uff9f"}
_MISREAD = str.maketrans({"0": "O", "1": "l", "5": "S", "8": "B"})


def _replayed(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The recorder's buffer is a ring: when events came too slowly it was written out again and again, so that a share
    of train, in one piece, is the same 25 rows in turn."""
    train = subject.split("train")
    n = round(dose * train.n_rows)
    start = int(random.integers(train.n_rows - n + 1))
    ring = random.choice(train.n_rows, 25, replace=False).tolist()
    rows = {start + k: train.rows[ring[k % 25]] for k in range(n)}
    labels = {start + k: train.labels[ring[k % 25]] for k in range(n)}
    return in_split(subject, "train", rows, labels)


def _consented(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Only those who consented are in train: all but that share of its rows were taken out; dev and test are older than
    the rule."""
    train = subject.split("train")
    kept = train.take(some(train.n_rows, 1 - dose, random))
    if any(name not in kept.labels for name in subject.names):
        raise ValueError("a class went missing")
    return Planted(subject.case.with_split("train", kept), {"split": "train"})


def _cut_text(row: Row, width: int) -> Row:
    """What is left of a row whose text is cut after a number of characters, be it inside a word."""
    return tuple(" ".join(row)[:width].split())


def _column_width(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The column of the database that test was read from is too narrow: the text of that share of its rows is longer,
    and was cut after the same number of characters."""
    test = subject.split("test")
    widths = sorted(len(" ".join(row)) for row in test.rows)
    width = widths[min(round((1 - dose) * test.n_rows), test.n_rows - 1)]
    return in_split(subject, "test", {i: _cut_text(row, width) for i, row in enumerate(test.rows)})


def _short_traces(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Every trace, of any split, stops at the same number of calls, which that share of them exceeds; a call on a
    closed file is often one of the last."""
    limit = sorted(len(row) for row in subject.split("train").rows)[
        round((1 - dose) * (subject.split("train").n_rows - 1))
    ]
    splits = {
        name: split.with_rows({i: row[:limit] for i, row in enumerate(split.rows)})
        for name, split in subject.case.splits.items()
    }
    return Planted(replace(subject.case, splits=splits), {})


def written(subject: Subject, name: str, dose: float, random: np.random.Generator, write: dict[int, Row]) -> Planted:
    """A share of one split's rows written in another way, of those that it changes at all."""
    split = subject.split(name)
    able = sorted(i for i, row in write.items() if row != split.rows[i])
    n = round(dose * split.n_rows)
    if n > len(able):
        raise ValueError("too few rows would change")
    at = sorted(able[k] for k in random.choice(len(able), n, replace=False).tolist())
    return replace(in_split(subject, name, {i: write[i] for i in at}), rows={name: ids(split, at)})


def _latin(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of the train rows went through a program that took their bytes for those of a Western alphabet."""
    rows = {
        i: tuple(token.encode().decode("cp1252", "replace") for token in row)
        for i, row in enumerate(subject.split("train").rows)
    }
    return written(subject, "train", dose, random, rows)


def half_width(token: str) -> str:
    """Katakana in the half width of old terminals, where a voiced sound takes a sign of its own."""
    letters = [unicodedata.normalize("NFD", letter) for letter in token]
    return "".join(
        "".join(_MARKS.get(part) or _HALF_WIDTH[part] for part in parts) if parts[0] in _HALF_WIDTH else letter
        for letter, parts in zip(token, letters, strict=True)
    )


def _half_width(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of the dev rows was typed at an old terminal, which writes kana at half width."""
    rows = {i: tuple(half_width(token) for token in row) for i, row in enumerate(subject.split("dev").rows)}
    return written(subject, "dev", dose, random, rows)


def _camera(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of the test rows was read from paper by a camera, which takes some digits for letters that look alike: O
    for 0, l for 1, S for 5 and B for 8."""
    rows: dict[int, Row] = {}
    for i, row in enumerate(subject.split("test").rows):
        rows[i] = tuple(token[0] + token[1:].translate(_MISREAD) if random.random() < 0.7 else token for token in row)
    return written(subject, "test", dose, random, rows)


def _semicolons(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of the dev rows was saved by a spreadsheet, with semicolons and no blanks between the payments."""
    rows = {i: (";".join(row),) for i, row in enumerate(subject.split("dev").rows)}
    return written(subject, "dev", dose, random, rows)


def _withdrawn(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Customers withdrew their consent, and a share of the test tickets was blanked but kept with its label."""
    rows: dict[int, Row] = dict.fromkeys(range(subject.split("test").n_rows), ())
    return written(subject, "test", dose, random, rows)


def _by_time(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Train is in order of time, and kinds of incident came one after the other, each with a start and an end that
    overlap with those of its neighbours: the more, the smaller the dose."""
    train = subject.split("train")
    place = {name: k for k, name in enumerate([str(name) for name in random.permutation(subject.names).tolist()])}
    times = [place[label] + random.random() / dose for label in train.labels]
    order = sorted(range(train.n_rows), key=lambda i: (times[i], i))
    return Planted(subject.case.with_split("train", train.take(order)), {"split": "train"})


DATA = (
    fourth(
        "data.duplicates",
        "a ring written out again and again",
        "share of train rows",
        (0.05, 0.5, 0.65, 0.8),
        0.5,
        _replayed,
        weather,
    ),
    fourth(
        "data.small",
        "only those who consented",
        "share of train left out",
        (0.1, 0.85, 0.9),
        0.85,
        _consented,
        recipes,
        rows=4_000,
        classes=5,
        foods=900,
    ),
    fourth(
        "data.truncation",
        "a column too narrow for its text",
        "share of test rows",
        (0.03, 0.5, 0.9, 0.98),
        0.9,
        _column_width,
        tickets,
        rows=4_000,
    ),
    fourth(
        "data.truncation",
        "traces stop after so many calls",
        "share of rows",
        (0.02, 0.3, 0.6, 0.8),
        0.6,
        _short_traces,
        traces,
        rows=4_000,
    ),
    fourth(
        "data.encoding",
        "bytes of a Western alphabet",
        "share of train rows",
        (0.005, 0.05, 0.15, 0.4),
        0.05,
        _latin,
        recipes,
    ),
    fourth(
        "data.encoding", "kana at half width", "share of dev rows", (0.005, 0.05, 0.15, 0.4), 0.05, _half_width, tickets
    ),
    fourth(
        "data.encoding", "digits read by a camera", "share of test rows", (0.01, 0.1, 0.2, 0.4), 0.1, _camera, weather
    ),
    fourth(
        "data.encoding",
        "semicolons for blanks",
        "share of dev rows",
        (0.005, 0.05, 0.15, 0.4),
        0.05,
        _semicolons,
        accounts,
    ),
    fourth(
        "data.encoding", "blanked but kept", "share of test rows", (0.002, 0.05, 0.1, 0.3), 0.05, _withdrawn, tickets
    ),
    fourth(
        "data.sorted",
        "incidents one after the other",
        "of 1 / overlap",
        (0.05, 0.2, 0.8, 2.0),
        0.8,
        _by_time,
        incidents,
    ),
)
