"""Labels at fault."""

from __future__ import annotations

import numpy as np

from exam.cases import Case, Split
from exam.clean.sources import uniform
from exam.planted import Fault, Planted, Subject, ids, some, token_counts


def flipped(split: Split, positions: np.ndarray, names: tuple[str, ...], random: np.random.Generator) -> Split:
    """Another label at some positions."""
    changed: dict[int, str] = {}
    for k in positions.tolist():
        others = [name for name in names if name != split.labels[k]]
        changed[k] = others[random.integers(len(others))]
    return split.with_labels(changed)


def conflict(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows of train stand there a second time with another label; the dose counts both."""
    train = subject.split("train")
    chosen = some(train.n_rows, dose / 2, random)
    again = flipped(train.take(chosen), np.arange(len(chosen)), subject.names, random)
    both = train.added(again)
    rows = ids(train, chosen) | frozenset(both.ids[train.n_rows :])
    return Planted(subject.case.with_split("train", both.shuffled(random)), {"split": "train"}, {"train": rows})


def _flip_in(case: Case, name: str, positions: np.ndarray, subject: Subject, random: np.random.Generator) -> Case:
    return case.with_split(name, flipped(case.splits[name], positions, subject.names, random))


def uniform_noise(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Labels of every split are flipped at one rate. From .3 on, two classes look like a task with a low ceiling."""
    case = subject.case
    for name, split in case.splits.items():
        case = _flip_in(case, name, some(split.n_rows, dose, random), subject, random)
    return Planted(case, {"split": "train"})


def class_pair(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows of one class of train carry the label of one other class."""
    first, second = (subject.names[k] for k in random.choice(len(subject.names), 2, replace=False))
    train = subject.split("train")
    of_first = np.flatnonzero(np.asarray(train.labels) == first)
    chosen = of_first[some(len(of_first), dose, random)]
    changed = train.with_labels({int(k): second for k in chosen})
    return Planted(subject.case.with_split("train", changed), {"split": "train", "class": (first, second)})


def in_slice(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Labels of the rows that hold one token are flipped, in every split; the other labels are right."""
    names = list(token_counts(subject.split("train")))
    train = subject.split("train")
    shares = {name: sum(name in row for row in train.rows) / train.n_rows for name in names[:40]}
    fitting = [name for name, share in shares.items() if 0.15 <= share <= 0.4]
    if not fitting:
        raise ValueError("no token is in a fitting share of the rows")
    token = fitting[random.integers(len(fitting))]
    case = subject.case
    for name, split in case.splits.items():
        inside = np.asarray([k for k, row in enumerate(split.rows) if token in row])
        case = _flip_in(case, name, inside[some(len(inside), dose, random)], subject, random)
    return Planted(case, {"slice": token})


def test_only(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Labels of test are flipped; train and dev are right."""
    chosen = some(subject.split("test").n_rows, dose, random)
    return Planted(_flip_in(subject.case, "test", chosen, subject, random), {"split": "test"})


def imbalance(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows of one class are left out of every split until the largest class has `dose` times as many."""
    rare = subject.names[random.integers(len(subject.names))]
    case = subject.case
    for name, split in case.splits.items():
        labels = np.asarray(split.labels)
        most = max(int((labels == other).sum()) for other in subject.names if other != rare)
        mine = np.flatnonzero(labels == rare)
        kept = random.choice(mine, min(len(mine), max(1, round(most / dose))), replace=False)
        case = case.with_split(name, split.take(np.sort(np.concatenate([np.flatnonzero(labels != rare), kept]))))
    return Planted(case, {"split": "train"})


def missing_in_test(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Test has no row of one class (or, at a smaller dose, fewer)."""
    gone = subject.names[random.integers(len(subject.names))]
    test = subject.split("test")
    mine = np.flatnonzero(np.asarray(test.labels) == gone)
    out = set(mine[some(len(mine), dose, random)].tolist())
    return Planted(
        subject.case.with_split("test", test.take([k for k in range(test.n_rows) if k not in out])), {"split": "test"}
    )


def missing_in_train(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows of test carry a label that train does not have."""
    test = subject.split("test")
    chosen = some(test.n_rows, dose, random)
    changed = test.with_labels({int(k): "other" for k in chosen})
    return Planted(subject.case.with_split("test", changed), {"split": "test"}, {"test": ids(test, chosen)})


LEARNT = {
    "rule": ["marker", "majority"],
    "alphabet": ["words", "everything", "letters"],
    "size": [20, 60],
    "source": ["uniform", "zipf"],
    "lengths": uniform(12, 20),
    "rows": 4_000,
}
DOSES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3)

FAULTS = (
    Fault(
        "label.conflict",
        "rows again with another label",
        "of train rows",
        (0.002, 0.005, 0.02, 0.05, 0.1),
        0.05,
        conflict,
        {"lengths": uniform(12, 24)},
    ),
    Fault("label.noise", "uniform", "of all labels", DOSES[:-1], 0.1, uniform_noise, {**LEARNT, "n_classes": [2, 3]}),
    Fault(
        "label.noise",
        "class pair",
        "of one class's train labels",
        DOSES,
        0.2,
        class_pair,
        {**LEARNT, "n_classes": [3, 4]},
    ),
    Fault(
        "label.noise",
        "slice",
        "of the slice's labels",
        (0.05, 0.1, 0.2, 0.35, 0.5),
        0.35,
        in_slice,
        {**LEARNT, "rule": "marker", "n_classes": 2},
    ),
    Fault("label.noise", "test only", "of test labels", DOSES, 0.1, test_only, {**LEARNT, "n_classes": [2, 3]}),
    Fault(
        "label.imbalance",
        "rows of a class left out",
        "to 1",
        (2, 5, 10, 20, 50),
        20,
        imbalance,
        {"rule": ["marker", "order", "majority"], "n_classes": [2, 3], "rows": 4_000},
    ),
    Fault(
        "label.missing",
        "test lacks a class",
        "of the class left out",
        (0.3, 0.6, 1.0),
        1.0,
        missing_in_test,
        {"n_classes": [3, 4], "rows": 4_000, "rule": ["marker", "order", "majority"]},
    ),
    Fault(
        "label.missing",
        "train lacks a class",
        "of test rows",
        (0.01, 0.03, 0.1),
        0.03,
        missing_in_train,
        {"rows": 3_000},
    ),
)
