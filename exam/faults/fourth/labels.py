"""Labels that are wrong or at odds: templates, batches, scales, keyword rules, columns and guidelines."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from exam.cases import Row, Split
from exam.faults.fourth.crafts import knitting, recipes
from exam.faults.fourth.drawing import fourth, in_split
from exam.faults.fourth.records import tickets
from exam.faults.fourth.signals import weather
from exam.faults.third.drawing import fresh
from exam.planted import Planted, Subject, ids, some, token_counts


def _other(label: str, names: tuple[str, ...], random: np.random.Generator) -> str:
    """Another class, each as likely."""
    rest = [name for name in names if name != label]
    return rest[random.integers(len(rest))]


def _unfilled(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Customers sent a template without filling it in, one of four for all queues: a share of the train rows is one of
    four sequences, under whatever label its ticket has."""
    train = subject.split("train")
    at = some(train.n_rows, dose, random)
    templates = fresh(subject, "template", 4, random).rows
    rows = {int(i): templates[random.integers(4)] for i in at}
    planted = in_split(subject, "train", rows)
    return replace(planted, rows={"train": ids(train, at)})


def _rerouted(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A recipe that was moved to another kind of dish stayed under the old one as well, up to three times, as the move
    was tried again: the dose counts every row of such a recipe."""
    train = subject.split("train")
    n = round(dose * train.n_rows)
    free = random.permutation(train.n_rows).tolist()
    rows: dict[int, Row] = {}
    labels: dict[int, str] = {}
    taken: list[int] = []
    while len(taken) < n:
        first = free.pop()
        moved = _other(train.labels[first], subject.names, random)
        copies = [free.pop() for _ in range(1 + int(random.integers(3)))]
        for k, copy in enumerate(copies):
            rows[copy] = train.rows[first]
            labels[copy] = train.labels[first] if k % 2 else moved
        taken += [first, *copies]
    planted = in_split(subject, "train", rows, labels)
    return replace(planted, rows={"train": ids(train, sorted(taken))})


def _slipped(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Annotators entered the number of a class, and a share of them counted from 0 and not from 1: their train rows
    have the next class, the last one stays as it is."""
    train = subject.split("train")
    labels: dict[int, str] = {}
    for i in some(train.n_rows, dose, random).tolist():
        labels[i] = subject.names[min(subject.names.index(train.labels[i]) + 1, len(subject.names) - 1)]
    return in_split(subject, "train", {}, labels)


def _batched(split: Split, name: str, random: np.random.Generator) -> Split:
    """The split with the batches, of about a hundred rows each, in which its labels were given as its groups."""
    many = max(2, split.n_rows // 100)
    return replace(
        split, groups=tuple(f"{name}-batch-{k + 1}" for k in random.integers(0, many, split.n_rows).tolist())
    )


def _batch(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Labels were given in batches; in one batch of train the file of answers belonged to another batch, so that a
    share of its labels is wrong."""
    case = subject.case
    for name, split in case.splits.items():
        case = case.with_split(name, _batched(split, name, random))
    train = case.splits["train"]
    assert train.groups is not None
    batch = sorted({*train.groups})[0]
    labels = {
        i: _other(label, subject.names, random)
        for i, (label, group) in enumerate(zip(train.labels, train.groups, strict=True))
        if group == batch and random.random() < dose
    }
    return Planted(case.with_split("train", train.with_labels(labels)), {"slice": batch})


def _long_rows(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Annotators saw the first screen of a log only: the labels of a share of the longest third of train are wrong."""
    train = subject.split("train")
    limit = sorted(len(row) for row in train.rows)[2 * train.n_rows // 3]
    labels = {
        i: _other(label, subject.names, random)
        for i, (row, label) in enumerate(zip(train.rows, train.labels, strict=True))
        if len(row) > limit and random.random() < dose
    }
    return in_split(subject, "train", {}, labels)


def _keyword(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The first labels came from a list of keywords: a share of the train rows with one certain word have
    the label of that word, whatever else they say, as nobody took it off the list when it became a common one."""
    train = subject.split("train")
    shares = {token: sum(token in row for row in train.rows) / train.n_rows for token in [*token_counts(train)][:60]}
    fitting = [token for token, share in shares.items() if 0.15 <= share <= 0.35]
    if not fitting:
        raise ValueError("no word is in a fitting share of the rows")
    word = fitting[random.integers(len(fitting))]
    named = subject.names[random.integers(len(subject.names))]
    labels = {i: named for i, row in enumerate(train.rows) if word in row and random.random() < dose}
    return replace(in_split(subject, "train", {}, labels), place={"slice": word})


def _upside_down(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A part of dev's labels, in one piece, was pasted back from a sheet that had been turned upside down."""
    dev = subject.split("dev")
    n = round(dose * dev.n_rows)
    start = int(random.integers(dev.n_rows - n + 1))
    labels = {start + k: dev.labels[start + n - 1 - k] for k in range(n)}
    return in_split(subject, "dev", {}, labels)


def _guideline(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A new guideline sends a share of one class to another one, and nobody applied it to train and dev: the labels of
    test follow it."""
    first, second = (subject.names[k] for k in random.choice(len(subject.names), 2, replace=False).tolist())
    test = subject.split("test")
    theirs = [i for i, label in enumerate(test.labels) if label == first]
    labels = {theirs[k]: second for k in some(len(theirs), dose, random).tolist()}
    planted = in_split(subject, "test", {}, labels)
    return replace(planted, place={"split": "test", "class": (first, second)})


LABELS = (
    fourth(
        "label.conflict",
        "a template that was not filled in",
        "share of train rows",
        (0.005, 0.05, 0.1, 0.2),
        0.05,
        _unfilled,
        tickets,
    ),
    fourth(
        "label.conflict", "moved and still there", "share of train rows", (0.01, 0.1, 0.2, 0.4), 0.1, _rerouted, recipes
    ),
    fourth(
        "label.noise",
        "counted from 0",
        "share of train rows",
        (0.03, 0.25, 0.35, 0.45),
        0.25,
        _slipped,
        knitting,
        rows=4_000,
    ),
    fourth(
        "label.noise",
        "answers of another batch",
        "share of the batch",
        (0.1, 0.6, 0.8),
        0.6,
        _batch,
        tickets,
        rows=3_000,
    ),
    fourth(
        "label.noise",
        "long rows read in part",
        "share of the longest third",
        (0.05, 0.4, 0.5, 0.6),
        0.4,
        _long_rows,
        recipes,
        rows=4_000,
        classes=3,
    ),
    fourth(
        "label.noise",
        "a keyword rule",
        "share of the word's rows",
        (0.05, 0.4, 0.5, 0.6),
        0.4,
        _keyword,
        tickets,
        rows=4_000,
    ),
    fourth(
        "label.noise",
        "a column upside down",
        "share of dev rows",
        (0.04, 0.35, 0.5, 0.8),
        0.35,
        _upside_down,
        weather,
        rows=4_000,
    ),
    fourth(
        "label.noise",
        "a guideline in test alone",
        "share of one class",
        (0.04, 0.35, 0.5, 0.7),
        0.35,
        _guideline,
        weather,
        rows=4_000,
        classes=4,
    ),
)
