"""Classes that are rare or absent: hardly logged, newer than train, spelled in another way, ended."""

from __future__ import annotations

import numpy as np

from exam.cases import split_of
from exam.faults.third.drawing import fresh, task_of
from exam.faults.third.language import sentences, shell
from exam.faults.third.records import clicks
from exam.planted import Fault, Planted, Subject, ids, some


def _imbalance(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """One class was hardly logged anywhere: the largest class has that many times its rows, in every split."""
    task = task_of(subject)
    rare = int(random.integers(task.n_classes))
    shares = np.asarray(task.shares)
    shares[rare] = max(share for k, share in enumerate(task.shares) if k != rare) / dose
    parts = [subject.split(name).n_rows for name in subject.case.splits]
    drawn = fresh(subject, "row", sum(parts), random, shares=shares)
    case = subject.case
    for name, n, end in zip(subject.case.splits, parts, np.cumsum(parts).tolist(), strict=True):
        part = drawn.take(range(end - n, end))
        case = case.with_split(name, split_of(name, part.rows, part.labels, random))
    if any(subject.names[rare] not in split.labels for split in case.splits.values()):
        raise ValueError("the class went missing")
    return Planted(case, {"split": "train"})


def _missing_new(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A purpose that train was collected too early for makes up a share of the test rows: one of the classes was
    taken out of train and dev."""
    task = task_of(subject)
    new = subject.names[int(random.integers(task.n_classes))]
    case = subject.case
    for name in ("train", "dev"):
        split = subject.split(name)
        case = case.with_split(name, split.take([i for i, label in enumerate(split.labels) if label != new]))
    test = subject.split("test")
    theirs = [i for i, label in enumerate(test.labels) if label == new]
    others = [i for i, label in enumerate(test.labels) if label != new]
    n = round(dose * len(others) / (1 - dose))
    if n > len(theirs) or n < 2:
        raise ValueError("test has too few rows of the class")
    kept = test.take(sorted(others + theirs[:n]))
    unseen = [i for i, label in enumerate(kept.labels) if label == new]
    return Planted(case.with_split("test", kept), {"split": "test"}, {"test": ids(kept, unseen)})


def _missing_renamed(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The export of test spells one class in another way in a share of its rows, which makes a class of its own."""
    test = subject.split("test")
    old = subject.names[int(random.integers(len(subject.names)))]
    theirs = [i for i, label in enumerate(test.labels) if label == old]
    at = [theirs[k] for k in some(len(theirs), dose, random).tolist()]
    renamed = test.with_labels({i: old.capitalize() for i in at})
    return Planted(subject.case.with_split("test", renamed), {"split": "test"}, {"test": ids(test, at)})


def _missing_ended(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A class that makes up a share of train and test had ended when dev was collected."""
    task = task_of(subject)
    ended = int(random.integers(task.n_classes))
    shares = np.asarray(task.shares)
    shares[ended] = dose * (1 - task.shares[ended]) / (1 - dose)
    case = subject.case
    for name in ("train", "test"):
        case = case.with_split(name, fresh(subject, name, subject.split(name).n_rows, random, shares=shares))
    if subject.names[ended] not in case.splits["test"].labels:
        raise ValueError("the class went missing in test too")
    shares[ended] = 0
    case = case.with_split("dev", fresh(subject, "dev", subject.split("dev").n_rows, random, shares=shares))
    return Planted(case, {"split": "dev"})


CLASSES = (
    Fault(
        "label.imbalance",
        "third: a class that was hardly logged",
        "rows of the largest class per row of the smallest",
        (4, 50, 75, 100),
        50,
        _imbalance,
        given={"rows": 5_000},
        subjects=clicks,
    ),
    Fault(
        "label.missing",
        "third: a class newer than train",
        "share of test rows",
        (0.02, 0.05, 0.1),
        0.05,
        _missing_new,
        given={"classes": 5},
        subjects=sentences,
    ),
    Fault(
        "label.missing",
        "third: a class spelled in another way",
        "share of the class in test",
        (0.1, 0.4, 0.7, 1.0),
        0.4,
        _missing_renamed,
        subjects=shell,
    ),
    Fault(
        "label.missing",
        "third: a class that had ended",
        "share of train and test rows",
        (0.01, 0.05, 0.1, 0.15),
        0.05,
        _missing_ended,
        subjects=shell,
    ),
)
