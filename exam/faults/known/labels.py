"""Labels that are wrong, at odds, rare or absent."""

from dataclasses import replace

import numpy as np

from exam.cases import Split
from exam.clean.sources import uniform
from exam.faults.drawing import in_split
from exam.planted import Fault, Planted, Subject, ids, some, token_counts


def _flipped(subject: Subject, split: Split, positions: np.ndarray, random: np.random.Generator) -> Split:
    """Another label at some positions."""
    changed: dict[int, str] = {}
    for k in positions.tolist():
        others = [name for name in subject.names if name != split.labels[k]]
        changed[k] = others[random.integers(len(others))]
    return split.with_labels(changed)


def unfilled(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """People sent a template without filling it in, one of four for all classes: a share of the train rows is one of
    four sequences, under whatever label each has."""
    train = subject.split("train")
    at = some(train.n_rows, dose, random)
    templates = subject.fresh("template", 4, random).rows
    planted = in_split(subject, "train", {int(i): templates[random.integers(4)] for i in at})
    return replace(planted, rows={"train": ids(train, at)})


def uniform_noise(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Labels of every split are flipped at one rate. From .3 on, two classes look like a task with a low ceiling."""
    case = subject.case
    for name, split in case.splits.items():
        case = case.with_split(name, _flipped(subject, split, some(split.n_rows, dose, random), random))
    return Planted(case, {"split": "train"})


def class_pair(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows of one class of train carry the label of one other class."""
    first, second = (subject.names[k] for k in random.choice(len(subject.names), 2, replace=False))
    of_first = np.flatnonzero(np.asarray(subject.split("train").labels) == first)
    chosen = of_first[some(len(of_first), dose, random)]
    planted = in_split(subject, "train", {}, {int(k): second for k in chosen})
    return replace(planted, place={"split": "train", "class": (first, second)})


def _token_in(subject: Subject, low: float, high: float, random: np.random.Generator) -> str:
    """A token that stands in a share of the train rows between two bounds."""
    train = subject.split("train")
    shares = {name: sum(name in row for row in train.rows) / train.n_rows for name in list(token_counts(train))[:60]}
    fitting = [name for name, share in shares.items() if low <= share <= high]
    if not fitting:
        raise ValueError("no token is in a fitting share of the rows")
    return fitting[random.integers(len(fitting))]


def in_slice(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Labels of the rows that hold one token are flipped, in every split; the other labels are right."""
    token, case = _token_in(subject, 0.15, 0.4, random), subject.case
    for name, split in case.splits.items():
        inside = np.asarray([k for k, row in enumerate(split.rows) if token in row])
        case = case.with_split(name, _flipped(subject, split, inside[some(len(inside), dose, random)], random))
    return Planted(case, {"slice": token})


def shifted_in_dev(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Labels of dev stand beside the wrong rows, in blocks of ten: a share of them was shifted by one row."""
    dev = subject.split("dev")
    changed = list(dev.labels)
    wrong = 0
    for start in random.permutation(np.arange(0, dev.n_rows - 10, 10)).tolist():
        if wrong >= dose * dev.n_rows:
            break
        block = changed[start : start + 10]
        changed[start : start + 10] = block[1:] + block[:1]
        wrong += sum(a != b for a, b in zip(block, changed[start : start + 10], strict=True))
    return Planted(subject.case.with_split("dev", replace(dev, labels=tuple(changed))), {"split": "dev"})


def keyword(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The first labels came from a list of keywords: a share of the train rows with one certain word have the label of
    that word, whatever else they say, as nobody took it off the list when it became a common one."""
    word = _token_in(subject, 0.15, 0.35, random)
    named = subject.names[random.integers(len(subject.names))]
    train = subject.split("train")
    labels = {i: named for i, row in enumerate(train.rows) if word in row and random.random() < dose}
    return replace(in_split(subject, "train", {}, labels), place={"slice": word})


def long_tail(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Classes shrink by one factor from the first to the last, `dose` to 1 over all, in every split."""
    case, most = subject.case, len(subject.names) - 1
    for name, split in case.splits.items():
        kept = [
            k for k, label in enumerate(split.labels) if random.random() < dose ** (-subject.names.index(label) / most)
        ]
        case = case.with_split(name, split.take(kept))
    return Planted(case, {"split": "train"})


def missing_in_test(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Test has no row of one class (or, at a smaller dose, fewer)."""
    gone = subject.names[random.integers(len(subject.names))]
    test = subject.split("test")
    mine = np.flatnonzero(np.asarray(test.labels) == gone)
    out = set(mine[some(len(mine), dose, random)].tolist())
    kept = test.take([k for k in range(test.n_rows) if k not in out])
    return Planted(subject.case.with_split("test", kept), {"split": "test"})


def renamed_class(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of one class's rows in dev has its name in another spelling."""
    dev, name = subject.split("dev"), subject.names[-1]
    mine = np.flatnonzero(np.asarray(dev.labels) == name)
    chosen = mine[some(len(mine), dose, random)]
    planted = in_split(subject, "dev", {}, {int(k): f"{name} class." for k in chosen})
    return replace(planted, rows={"dev": ids(dev, chosen)})


LEARNT = {
    "rule": ["marker", "majority"],
    "alphabet": ["words", "everything", "letters"],
    "size": [20, 60],
    "source": ["uniform", "zipf"],
    "lengths": uniform(12, 20),
    "rows": 4_000,
}
MARKED = {**LEARNT, "rule": "marker", "n_classes": 2}
CLASSES = {"n_classes": [3, 4], "rows": 4_000, "rule": ["marker", "order", "majority"]}
OF_CLASS = "of one class's train labels"
DOSES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3)
LABELS = (
    Fault("label.conflict", "template not filled in", "of train rows", (0.005, 0.05, 0.1, 0.2), 0.05, unfilled, LEARNT),
    Fault("label.noise", "uniform", "of all labels", DOSES[:-1], 0.1, uniform_noise, {**LEARNT, "n_classes": [2, 3]}),
    Fault("label.noise", "class pair", OF_CLASS, DOSES, 0.2, class_pair, {**LEARNT, "n_classes": [3, 4]}),
    Fault("label.noise", "slice", "of the slice's labels", (0.05, 0.1, 0.2, 0.35, 0.5), 0.35, in_slice, MARKED),
    Fault("label.noise", "dev shifted by a row", "of dev labels", (0.05, 0.15, 0.3), 0.15, shifted_in_dev, LEARNT),
    Fault("label.noise", "a keyword rule", "of its rows", (0.05, 0.4, 0.5, 0.6), 0.4, keyword, MARKED),
    Fault("label.imbalance", "a long tail", "to 1", (4, 15, 30), 30, long_tail, CLASSES),
    Fault("label.missing", "test lacks a class", "of the class", (0.3, 0.6, 1.0), 1.0, missing_in_test, CLASSES),
    Fault("label.missing", "another spelling", "of the class", (0.2, 0.5, 1.0), 0.5, renamed_class, CLASSES),
)
