"""Rows that cross splits: augmentation and merges before splitting, windows, crawled copies, patients, selection."""

from __future__ import annotations

import json

import numpy as np

from exam.cases import Row, Split
from exam.faults.third.drawing import fresh
from exam.faults.third.language import sentences, shell
from exam.faults.third.records import clicks, visits
from exam.faults.third.signals import machine
from exam.planted import Fault, Planted, Subject, ids, some, token_counts


def _exact_oversampled(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Classes were evened out by copying rows before the split was made: rows of test have one to three copies in
    train, in the places of other rows of their class."""
    train, test = subject.split("train"), subject.split("test")
    places = {name: [i for i, label in enumerate(train.labels) if label == name] for name in subject.names}
    free = {name: [here[k] for k in random.permutation(len(here)).tolist()] for name, here in places.items()}
    at = some(test.n_rows, dose, random)
    rows: dict[int, Row] = {}
    for i in at.tolist():
        for _ in range(int(random.integers(1, 4))):
            if not free[test.labels[i]]:
                raise ValueError("train has too few rows of a class")
            rows[free[test.labels[i]].pop()] = test.rows[i]
    return Planted(subject.case.with_split("train", train.with_rows(rows)), {"split": "test"}, {"test": ids(test, at)})


def _exact_merged(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A second export was merged into train under ids of its own; it holds a run of rows that had gone to test."""
    train, test = subject.split("train"), subject.split("test")
    n = round(dose * test.n_rows)
    start = int(random.integers(test.n_rows - n + 1))
    at = np.arange(start, start + n)
    again = test.take(at)
    late = Split(again.rows, again.labels, tuple(f"export2-{k}" for k in random.permutation(n).tolist()))
    merged = train.added(late).shuffled(random)
    return Planted(subject.case.with_split("train", merged), {"split": "test"}, {"test": ids(test, at)})


def _near_windows(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Recordings were cut into overlapping windows before the split: a test row starts some seconds after a train row
    and runs on for as long behind its end."""
    train, test = subject.split("train"), subject.split("test")
    at = some(test.n_rows, dose, random)
    parents = random.choice(train.n_rows, len(at), replace=False)
    later = fresh(subject, "later", len(at), random)
    rows: dict[int, Row] = {}
    labels: dict[int, str] = {}
    for i, parent, after in zip(at.tolist(), parents.tolist(), later.rows, strict=True):
        row = train.rows[parent]
        step = round(len(row) * float(random.uniform(0.12, 0.3)))
        rows[i] = (*row[step:], *after[:step])
        labels[i] = train.labels[parent]
    leaked = test.with_rows(rows).with_labels(labels)
    return Planted(subject.case.with_split("test", leaked), {"split": "test"}, {"test": ids(test, at)})


def _near_footer(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A crawler took the same pages twice, with another footer the second time: a test row is a train row of the same
    length but for its last two tokens and, in half of them, one token inside."""
    train, test = subject.split("train"), subject.split("test")
    long = [i for i, row in enumerate(test.rows) if len(row) >= 12]
    n = round(dose * test.n_rows)
    if n > len(long):
        raise ValueError("too few long rows")
    at = sorted(long[k] for k in random.choice(len(long), n, replace=False).tolist())
    by_length: dict[int, list[int]] = {}
    for k in random.permutation(train.n_rows).tolist():
        by_length.setdefault(len(train.rows[k]), []).append(k)
    rows: dict[int, Row] = {}
    labels: dict[int, str] = {}
    for i in at:
        same = by_length.get(len(test.rows[i]), [])
        if not same:
            raise ValueError("no train row of that length is left")
        source = same.pop()
        row = [*train.rows[source][:-2], *test.rows[i][-2:]]
        if random.random() < 0.5:
            place = int(random.integers(1, len(row) - 2))
            row[place] = test.rows[i][place]
        rows[i] = tuple(row)
        labels[i] = train.labels[source]
    leaked = test.with_rows(rows).with_labels(labels)
    return Planted(subject.case.with_split("test", leaked), {"split": "test"}, {"test": ids(test, at)})


def _group_by_visit(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Some patients of train and test were dealt by visit and not as a whole."""
    train, test = subject.split("train"), subject.split("test")
    both = train.added(test)
    assert both.groups is not None
    patients = sorted({*both.groups})
    dealt = {patients[k] for k in some(len(patients), dose, random).tolist()}
    home = [0] * train.n_rows + [1] * test.n_rows
    moving = [i for i, group in enumerate(both.groups) if group in dealt]
    for i, k in zip(moving, random.permutation(len(moving)).tolist(), strict=True):
        home[i] = 0 if moving[k] < train.n_rows else 1
    parts = [both.take([i for i, side in enumerate(home) if side == wanted]).shuffled(random) for wanted in (0, 1)]
    assert parts[0].groups is not None and parts[1].groups is not None
    known = {*parts[0].groups}
    crossed = [i for i, group in enumerate(parts[1].groups) if group in known]
    case = subject.case.with_split("train", parts[0]).with_split("test", parts[1])
    return Planted(case, {"split": "test"}, {"test": ids(parts[1], crossed)})


def _selection(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Dev was filled up from the file that test was made of."""
    dev, test = subject.split("dev"), subject.split("test")
    n = round(dose * min(dev.n_rows, test.n_rows))
    here = np.sort(random.choice(dev.n_rows, n, replace=False))
    there = random.choice(test.n_rows, n, replace=False)
    filled = dev.with_rows({int(i): test.rows[int(k)] for i, k in zip(here, there, strict=True)}).with_labels(
        {int(i): test.labels[int(k)] for i, k in zip(here, there, strict=True)}
    )
    rows = {"dev": ids(dev, here), "test": ids(test, there)}
    return Planted(subject.case.with_split("dev", filled), {"split": ("dev", "test")}, rows)


def _vocabulary_of_all(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The vocabulary was listed from train and a share of the evaluation rows, and so has words that train lacks."""
    counts = token_counts(subject.split("train"))
    for name in ("dev", "test"):
        split = subject.split(name)
        for token, count in token_counts(split.take(some(split.n_rows, dose, random))).items():
            counts[token] = counts.get(token, 0) + count
    order = sorted(counts, key=lambda token: (-counts[token], token))
    case = subject.case.with_vocabulary("\n".join(["<pad>", "<unk>", *order]) + "\n")
    return Planted(case, {})


def _filter_of_all(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The vocabulary keeps tokens seen at least four times, counted over train and a share of the evaluation rows."""
    train = token_counts(subject.split("train"))
    counts = dict(train)
    for name in ("dev", "test"):
        split = subject.split(name)
        for token, count in token_counts(split.take(some(split.n_rows, dose, random))).items():
            counts[token] = counts.get(token, 0) + count
    kept = sorted((token for token, count in counts.items() if count >= 4), key=lambda token: (-counts[token], token))
    if sum(train.get(token, 0) < 4 for token in kept) < 20:
        raise ValueError("the evaluation rows decide on too few tokens")
    numbers = {token: number for number, token in enumerate(["<pad>", "<unk>", *kept])}
    return Planted(subject.case.with_vocabulary(json.dumps(numbers, ensure_ascii=False), ".json"), {})


LEAKS = (
    Fault(
        "leak.exact",
        "third: oversampled before the split",
        "share of test rows",
        (0.03, 0.1, 0.2, 0.4),
        0.1,
        _exact_oversampled,
        subjects=sentences,
    ),
    Fault(
        "leak.exact",
        "third: a second export merged into train",
        "share of test rows",
        (0.03, 0.1, 0.25, 0.5),
        0.25,
        _exact_merged,
        subjects=shell,
    ),
    Fault(
        "leak.near",
        "third: overlapping windows of recordings",
        "share of test rows",
        (0.04, 0.1, 0.25, 0.5),
        0.25,
        _near_windows,
        subjects=machine,
    ),
    Fault(
        "leak.near",
        "third: crawled again with another footer",
        "share of test rows",
        (0.04, 0.1, 0.2, 0.4),
        0.1,
        _near_footer,
        subjects=sentences,
    ),
    Fault(
        "leak.group",
        "third: patients dealt by visit",
        "share of patients",
        (0.1, 0.3, 0.6, 1.0),
        0.6,
        _group_by_visit,
        given={"most": 5},
        subjects=visits,
    ),
    Fault(
        "leak.selection",
        "third: dev filled up from the file of test",
        "share of dev or test rows, of the fewer",
        (0.1, 0.25, 0.5, 1.0),
        0.25,
        _selection,
        subjects=clicks,
    ),
    Fault(
        "leak.preprocess",
        "third: vocabulary listed from the evaluation rows too",
        "share of dev and test rows",
        (0.2, 0.5, 0.8, 1.0),
        0.5,
        _vocabulary_of_all,
        given={"rows": 2_600},
        subjects=sentences,
    ),
    Fault(
        "leak.preprocess",
        "third: frequency filter counted over the evaluation rows too",
        "share of dev and test rows",
        (0.3, 0.6, 1.0),
        0.6,
        _filter_of_all,
        given={"rows": 3_000},
        subjects=sentences,
    ),
)
