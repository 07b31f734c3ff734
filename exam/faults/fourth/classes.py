"""Classes that are rare or new: a logger that never sleeps, a reform that makes one class of two."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from exam.cases import split_of
from exam.faults.fourth.drawing import fourth, in_split
from exam.faults.fourth.records import accounts, incidents
from exam.faults.third.drawing import fresh
from exam.planted import Planted, Subject, ids, some


def _all_quiet(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A logger that never sleeps: most of every split are rows of one class, that many for each row of the rarest."""
    case = subject.case
    quiet = int(random.integers(len(subject.names)))
    shares = np.ones(len(subject.names))
    shares[quiet] = dose
    for name, split in case.splits.items():
        drawn = fresh(subject, name, split.n_rows, random, shares=shares / shares.sum())
        case = case.with_split(name, split_of(name, drawn.rows, drawn.labels, random))
    if any(name not in split.labels for name in subject.names for split in case.splits.values()):
        raise ValueError("a class went missing")
    return Planted(case, {"split": "train"})


def _joined_class(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Since a reform two classes are one, under a name of its own: a share of their test rows has the new name."""
    first, second = (subject.names[k] for k in sorted(random.choice(len(subject.names), 2, replace=False).tolist()))
    test = subject.split("test")
    theirs = [i for i, label in enumerate(test.labels) if label in (first, second)]
    at = [theirs[k] for k in some(len(theirs), dose, random).tolist()]
    planted = in_split(subject, "test", {}, dict.fromkeys(at, f"{first}-or-{second}"))
    return replace(planted, rows={"test": ids(test, at)})


CLASSES = (
    fourth(
        "label.imbalance",
        "all quiet",
        "rows of one class per row of another",
        (3, 40, 60, 80),
        40,
        _all_quiet,
        incidents,
        rows=6_000,
        classes=3,
    ),
    fourth(
        "label.missing",
        "two classes in one",
        "share of both classes in test",
        (0.02, 0.3, 0.6, 1.0),
        0.3,
        _joined_class,
        accounts,
    ),
)
