"""Leaks, planted by changing rows of test."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from exam.cases import Row, Split
from exam.clean.sources import heavy, uniform
from exam.planted import Fault, Planted, Subject, ids, some, token_counts

LONG = {"lengths": uniform(14, 30)}


def _replaced(split: Split, positions: np.ndarray, source: Split, sources: np.ndarray) -> Split:
    """Rows of another split, with their labels, in the place of some rows."""
    pairs = list(zip(positions.tolist(), sources.tolist(), strict=True))
    changed = split.with_rows({to: source.rows[at] for to, at in pairs})
    return changed.with_labels({to: source.labels[at] for to, at in pairs})


def exact(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows of test give way to copies of train rows."""
    train, test = subject.split("train"), subject.split("test")
    chosen = some(test.n_rows, dose, random)
    leaked = _replaced(test, chosen, train, random.choice(train.n_rows, len(chosen), replace=False))
    return Planted(subject.case.with_split("test", leaked), {"split": "test"}, {"test": ids(test, chosen)})


def near(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows of test give way to copies of train rows with one or two tokens exchanged."""
    train, test = subject.split("train"), subject.split("test")
    chosen = some(test.n_rows, dose, random)
    leaked = _replaced(test, chosen, train, random.choice(train.n_rows, len(chosen), replace=False))
    pool = list(token_counts(train))
    leaked = leaked.with_rows({k: edited(leaked.rows[k], pool, int(random.integers(1, 3)), random) for k in chosen})
    return Planted(subject.case.with_split("test", leaked), {"split": "test"}, {"test": ids(test, chosen)})


def edited(row: Row, pool: list[str], many: int, random: np.random.Generator) -> Row:
    """The row with some tokens exchanged for others."""
    changed = list(row)
    for place in random.choice(len(row), many, replace=False):
        others = [token for token in pool if token != changed[place]]
        changed[place] = others[random.integers(len(others))]
    return tuple(changed)


def group(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Groups that do not cross, but for some rows of test that carry a group of train."""
    case = subject.case
    names = [f"author {number}" for number in random.permutation(100_000)]
    for name, split in case.splits.items():
        own = [names.pop() for _ in range(max(4, split.n_rows // 6))]
        groups = tuple(own[k] for k in random.integers(0, len(own), split.n_rows))
        case = case.with_split(name, replace(split, groups=groups))
    test, known = case.splits["test"], case.splits["train"].groups or ()
    chosen = some(test.n_rows, dose, random)
    groups = list(test.groups or ())
    for k in chosen.tolist():
        groups[k] = known[random.integers(len(known))]
    case = case.with_split("test", replace(test, groups=tuple(groups)))
    return Planted(case, {"split": "test"}, {"test": ids(test, chosen)})


def selection(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows of test give way to copies of dev rows."""
    dev, test = subject.split("dev"), subject.split("test")
    chosen = some(test.n_rows, dose, random)
    sources = random.choice(dev.n_rows, len(chosen), replace=False)
    leaked = _replaced(test, chosen, dev, sources)
    rows = {"test": ids(test, chosen), "dev": ids(dev, sources)}
    return Planted(subject.case.with_split("test", leaked), {"split": ("dev", "test")}, rows)


def preprocess(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rare words become the unknown token, but what is rare was counted on train and test together: a share of the
    words that test has and train lacks is kept there."""
    train, test = subject.split("train"), subject.split("test")
    in_train, in_test = token_counts(train), token_counts(test)
    new = [token for token in in_test if token not in in_train]
    if len(new) < 20:
        raise ValueError("test has too few words of its own")
    kept = {new[k] for k in some(len(new), dose, random)}
    known = {token for token, count in in_train.items() if count > 1}
    case = subject.case
    for name, split in case.splits.items():
        allowed = known | (kept if name == "test" else set())
        rows = tuple(tuple(token if token in allowed else "<unk>" for token in row) for row in split.rows)
        case = case.with_split(name, replace(split, rows=rows))
    return Planted(case, {"split": "test"})


WORDS = {
    "alphabet": ["words", "words with capitals"],
    "size": [3_000, 5_000],
    "source": ["zipf", "topics"],
    "rule": ["majority", "marker"],
    "n_classes": 2,
    "lengths": heavy(18, 0.4, 10),
}

FAULTS = (
    Fault("leak.exact", "copies of train", "of test rows", (0.002, 0.005, 0.01, 0.03, 0.1, 0.3), 0.03, exact, LONG),
    Fault(
        "leak.near",
        "one or two tokens exchanged",
        "of test rows",
        (0.005, 0.01, 0.03, 0.1, 0.3),
        0.03,
        near,
        {
            **LONG,
            "size": [12, 20, 60, 200],
            "source": ["zipf", "markov", "word classes"],
            "alphabet": ["everything", "words", "letters", "log keys"],
        },
    ),
    Fault("leak.group", "rows with a group of train", "of test rows", (0.005, 0.01, 0.03, 0.1, 0.3), 0.03, group, LONG),
    Fault("leak.selection", "copies of dev", "of test rows", (0.005, 0.01, 0.03, 0.1, 0.3), 0.03, selection, LONG),
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
