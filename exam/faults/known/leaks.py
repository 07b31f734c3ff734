"""Rows of evaluation splits that train knows: copies, edited copies, windows, groups, and a filter over all splits."""

from dataclasses import replace

import numpy as np

from exam.cases import Row, Split
from exam.clean.sources import heavy, uniform
from exam.faults.drawing import everywhere
from exam.planted import Fault, Planted, Subject, ids, some, token_counts


def oversampled(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
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


def _replaced(split: Split, positions: np.ndarray, source: Split, sources: np.ndarray) -> Split:
    """Rows of another split, with their labels, in the place of some rows."""
    pairs = list(zip(positions.tolist(), sources.tolist(), strict=True))
    changed = split.with_rows({to: source.rows[at] for to, at in pairs})
    return changed.with_labels({to: source.labels[at] for to, at in pairs})


def near(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows of test give way to copies of train rows with one or two tokens exchanged."""
    train, test = subject.split("train"), subject.split("test")
    chosen = some(test.n_rows, dose, random)
    leaked = _replaced(test, chosen, train, random.choice(train.n_rows, len(chosen), replace=False))
    pool = list(token_counts(train))
    leaked = leaked.with_rows({k: _edited(leaked.rows[k], pool, int(random.integers(1, 3)), random) for k in chosen})
    return Planted(subject.case.with_split("test", leaked), {"split": "test"}, {"test": ids(test, chosen)})


def _edited(row: Row, pool: list[str], many: int, random: np.random.Generator) -> Row:
    changed = list(row)
    for place in random.choice(len(row), many, replace=False):
        others = [token for token in pool if token != changed[place]]
        changed[place] = others[random.integers(len(others))]
    return tuple(changed)


def windows(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows of dev are windows of train's parents: a train row less its first two tokens, and going on for two."""
    train, dev = subject.split("train"), subject.split("dev")
    chosen = some(dev.n_rows, dose, random)
    leaked = _replaced(dev, chosen, train, random.choice(train.n_rows, len(chosen), replace=False))
    tokens = list(token_counts(train))[:8]
    rows: dict[int, Row] = {}
    for k in chosen.tolist():
        rows[k] = (*leaked.rows[k][2:], *(tokens[j] for j in random.integers(0, len(tokens), 2)))
    return Planted(subject.case.with_split("dev", leaked.with_rows(rows)), {"split": "dev"}, {"dev": ids(dev, chosen)})


def two_collectors(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Two collectors listen over a network that loses or repeats single events: what one of them saw went to train,
    what the other saw of the same incident to dev."""
    train, dev = subject.split("train"), subject.split("dev")
    chosen = some(dev.n_rows, dose, random)
    leaked = _replaced(dev, chosen, train, random.choice(train.n_rows, len(chosen), replace=False))
    leaked = leaked.with_rows({k: _stuttered(leaked.rows[k], random) for k in chosen.tolist()})
    return Planted(subject.case.with_split("dev", leaked), {"split": "dev"}, {"dev": ids(dev, chosen)})


def _stuttered(row: Row, random: np.random.Generator) -> Row:
    """The row with one to three events lost or written twice."""
    changed = [*row]
    for _ in range(int(random.integers(1, 4))):
        place = int(random.integers(len(changed)))
        changed[place : place + 1] = [changed[place]] * (2 * int(random.integers(2)))
    return tuple(changed)


def dealt_by_row(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Customers have about eight rows each, all in one split, but a share of dev's rows was dealt out row by row."""
    case, number = subject.case, 0
    for name, split in case.splits.items():
        each = np.sort(random.integers(0, max(split.n_rows // 8, 2), split.n_rows)) + number
        number = int(each[-1]) + 1
        groups = tuple(f"customer {7 * k + 3}" for k in random.permutation(each).tolist())
        case = case.with_split(name, replace(split, groups=groups))
    dev, train = case.splits["dev"], case.splits["train"]
    chosen = some(dev.n_rows, dose, random)
    own, theirs = list(dev.groups or ()), train.groups or ()
    for k in chosen.tolist():
        own[k] = theirs[int(random.integers(len(theirs)))]
    case = case.with_split("dev", replace(dev, groups=tuple(own)))
    return Planted(case, {"split": "dev"}, {"dev": ids(dev, chosen)})


def with_replacement(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Dev and test were drawn from one pool, and what had been drawn for dev was put back: a share of test, in random
    places, is in dev too."""
    dev, test = subject.split("dev"), subject.split("test")
    at = some(test.n_rows, dose, random)
    there = random.choice(dev.n_rows, len(at), replace=False)
    crossed = {"test": ids(test, at), "dev": ids(dev, there)}
    case = subject.case.with_split("test", _replaced(test, at, dev, there))
    return Planted(case, {"split": ("dev", "test")}, crossed)


def preprocess(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rare words become the unknown token, but what is rare was counted on train and test together: a share of the
    words that test has and train lacks is kept there."""
    in_train, in_test = (token_counts(subject.split(name)) for name in ("train", "test"))
    new = [token for token in in_test if token not in in_train]
    if len(new) < 20:
        raise ValueError("test has too few words of its own")
    kept = {new[k] for k in some(len(new), dose, random)}
    known = {token for token, count in in_train.items() if count > 1}
    in_both = known | kept
    test = subject.split("test")
    case = everywhere(subject.case, lambda row, _: tuple(token if token in known else "<unk>" for token in row))
    rows = tuple(tuple(token if token in in_both else "<unk>" for token in row) for row in test.rows)
    return Planted(case.with_split("test", replace(test, rows=rows)), {"split": "test"})


LONG = {"lengths": uniform(14, 30)}
KEYS = {**LONG, "alphabet": "log keys", "size": [20, 60], "source": ["zipf", "word classes"]}
MIXED = {
    **LONG,
    "size": [12, 20, 60, 200],
    "source": ["zipf", "markov", "word classes"],
    "alphabet": ["everything", "words", "letters", "log keys"],
}
WORDS = {
    "alphabet": ["words", "words with capitals"],
    "size": [3_000, 5_000],
    "source": ["zipf", "topics"],
    "rule": ["majority", "marker"],
    "n_classes": 2,
    "lengths": heavy(18, 0.4, 10),
}
OF_TEST, OF_DEV = "of test rows", "of dev rows"
LEAKS = (
    Fault("leak.exact", "oversampled before the split", OF_TEST, (0.03, 0.1, 0.2, 0.4), 0.1, oversampled, LONG),
    Fault("leak.near", "one or two tokens exchanged", OF_TEST, (0.005, 0.01, 0.03, 0.1, 0.3), 0.03, near, MIXED),
    Fault("leak.near", "overlapping windows", OF_DEV, (0.015, 0.04, 0.15, 0.5), 0.04, windows, KEYS),
    Fault("leak.near", "two collectors of events", OF_DEV, (0.02, 0.1, 0.2, 0.4), 0.1, two_collectors, KEYS),
    Fault("leak.group", "dealt out by row", OF_DEV, (0.015, 0.04, 0.15, 0.5), 0.04, dealt_by_row, LONG),
    Fault("leak.selection", "drawn with replacement", OF_TEST, (0.02, 0.15, 0.3, 0.6), 0.15, with_replacement, LONG),
    Fault(
        "leak.preprocess",
        "frequency filter over all splits",
        "of test's own words kept",
        (0.1, 0.3, 0.6, 1.0),
        0.6,
        preprocess,
        WORDS,
    ),
)
