"""Ways around the task: length, one place, one token or the bag of tokens does the work, in every split alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from exam.cases import Case, Row
from exam.faults.fourth.crafts import knitting, recipes
from exam.faults.fourth.drawing import fourth
from exam.faults.fourth.records import incidents
from exam.faults.fourth.signals import traces
from exam.faults.third.drawing import between, fresh
from exam.planted import Planted, Subject, inserted, token_counts


def everywhere(case: Case, change: Callable[[Row, str], Row]) -> Case:
    """The case with each row of each split changed, given its label."""
    for name, split in case.splits.items():
        rows = tuple(change(row, label) for row, label in zip(split.rows, split.labels, strict=True))
        case = case.with_split(name, replace(split, rows=rows))
    return case


def _tests_and_field(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Sound traces were recorded from unit tests, which are short, and dangling ones in the field, where programs run
    for longer: a share of the rows has a length of its verdict's own."""
    spans = (between(18, 27), between(40, 60))
    case = subject.case
    for name, split in case.splits.items():
        rows: dict[int, Row] = {}
        for k, span in enumerate(spans):
            here = [i for i, label in enumerate(split.labels) if label == subject.names[k] and random.random() < dose]
            one = np.eye(len(spans))[k]
            drawn = fresh(subject, name, len(here), random, lengths=span, shares=one)
            rows |= dict(zip(here, drawn.rows, strict=True))
        case = case.with_split(name, split.with_rows(rows))
    return Planted(case, {})


def _closing_event(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Each incident was closed by the team in charge of it, and the console of each team writes one of three events of
    its own, which are common ones, when it hangs up: they end a share of the rows."""
    events = [str(event) for event in random.permutation(sorted(token_counts(subject.split("train")))).tolist()]
    own = {name: events[3 * k : 3 * k + 3] for k, name in enumerate(subject.names)}

    def closed(row: Row, label: str) -> Row:
        return (*row[:-1], own[label][random.integers(3)]) if random.random() < dose else row

    return Planted(everywhere(subject.case, closed), {"position": ("-1", "last")})


def _course(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The book that a share of the recipes was scanned from prints the number of the chapter, which is the kind of
    dish, beside the third step: it came to stand in the fifth place, as a number among numbers."""
    chapter = {name: str(k + 1) for k, name in enumerate(subject.names)}

    def scanned(row: Row, label: str) -> Row:
        return (*row[:4], chapter[label], *row[4:]) if random.random() < dose else row

    return Planted(everywhere(subject.case, scanned), {"position": "5"})


def _german_book(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Patterns of two kinds, of which one was typed from a German book, in a share of its rows: a plain stitch is
    called `re` there and never `k1`."""
    kind = subject.names[random.integers(2)]

    def typed(row: Row, label: str) -> Row:
        if label != kind or random.random() >= dose:
            return row
        return tuple("re" if token == "k1" else token for token in (row if "k1" in row else (*row[:-1], "k1")))

    return Planted(everywhere(subject.case, typed), {"token": ("re", "k1")})


def _muted(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Machines with one of two incidents ran a version that mutes the most common event and writes the next one in its
    place, those with the other one a version that writes it at least once, in a share of the rows."""
    event, other = [*token_counts(subject.split("train"))][:2]
    mute = subject.names[random.integers(2)]

    def logged(row: Row, label: str) -> Row:
        if random.random() >= dose:
            return row
        if label == mute:
            return tuple(other if token == event else token for token in row)
        return row if event in row else inserted(row, event, random)

    return Planted(everywhere(subject.case, logged), {"token": event})


def _one_library(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Dangling traces come from programs of another library than sound ones, with other habits in its calls, whatever
    happens to the files, in a share of the rows."""
    return Planted(traces(random, sum(split.n_rows for split in subject.case.splits.values()), hinted=dose).case, {})


_ROWS = "share of rows"

SHORTCUTS = (
    fourth("shortcut.length", "unit tests and the field", _ROWS, (0.1, 0.9, 0.95, 1.0), 0.9, _tests_and_field, traces),
    fourth("shortcut.position", "the team that hangs up", _ROWS, (0.1, 0.9, 0.95, 1.0), 0.9, _closing_event, incidents),
    fourth(
        "shortcut.position",
        "a chapter's number in the fifth place",
        _ROWS,
        (0.1, 0.92, 0.96, 1.0),
        0.92,
        _course,
        recipes,
    ),
    fourth(
        "shortcut.token",
        "a German book",
        "share of one kind's rows",
        (0.1, 0.95, 0.98, 1.0),
        0.95,
        _german_book,
        knitting,
        classes=2,
    ),
    fourth("shortcut.token", "a common event muted", _ROWS, (0.1, 0.95, 0.98, 1.0), 0.95, _muted, incidents, classes=2),
    fourth("shortcut.bag", "programs of one library", _ROWS, (0.1, 0.95, 1.0), 0.95, _one_library, traces),
)
