"""Rows that cross splits: pages that overlap, worked examples, rescaled recipes, repeated reads, merged accounts."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np

from exam.cases import Row, Split
from exam.faults.fourth.crafts import knitting, recipes
from exam.faults.fourth.drawing import fourth, in_split
from exam.faults.fourth.records import accounts, incidents, tickets
from exam.faults.fourth.signals import reads, weather
from exam.faults.third.drawing import fresh
from exam.planted import Planted, Subject, ids, some, token_counts


def _pages(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The archive was fetched page by page while it grew, so that its pages overlap: the first rows of dev are the last
    ones of train again, under numbers of their own."""
    train, dev = subject.split("train"), subject.split("dev")
    n = round(dose * dev.n_rows)
    rows = {i: train.rows[train.n_rows - n + i] for i in range(n)}
    labels = {i: train.labels[train.n_rows - n + i] for i in range(n)}
    leaked = in_split(subject, "dev", rows, labels)
    return replace(leaked, rows={"dev": ids(dev, list(range(n)))})


def _worked_examples(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The handbook's worked examples were added to each file: the same rows, anywhere, in train, dev and test."""
    n = round(dose * subject.split("test").n_rows)
    examples = fresh(subject, "example", n, random)
    case = subject.case
    rows: dict[str, frozenset[str]] = {}
    for name, split in subject.case.splits.items():
        named = Split(examples.rows, examples.labels, tuple(f"{name}-e{k}" for k in random.permutation(n).tolist()))
        case = case.with_split(name, split.added(named).shuffled(random))
        if name != "train":
            rows[name] = frozenset(named.ids)
    return Planted(case, {"split": ("dev", "test")}, rows)


def _replaced(subject: Subject, name: str, at: list[int], rows: list[Row], labels: list[str]) -> Planted:
    """A case in which rows of an evaluation split have come from train, changed a little."""
    leaked = in_split(subject, name, dict(zip(at, rows, strict=True)), dict(zip(at, labels, strict=True)))
    return replace(leaked, rows={name: ids(subject.split(name), at)})


def _rescaled(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Sites copy recipes from each other and recalculate them for more people: a test row is a train row in which
    up to three numbers are doubled and one word is another one."""
    train, test = subject.split("train"), subject.split("test")
    known = list(token_counts(train))
    at = some(test.n_rows, dose, random).tolist()
    sources = random.choice(train.n_rows, len(at), replace=False).tolist()
    rows: list[Row] = []
    for k in sources:
        row = [*train.rows[k]]
        for place in [i for i, token in enumerate(row) if token.isdigit()][:3]:
            row[place] = str(2 * int(row[place]))
        row[int(random.integers(2, len(row)))] = known[random.integers(len(known))]
        rows.append(tuple(row))
    return _replaced(subject, "test", at, rows, [train.labels[k] for k in sources])


def _stuttered(row: Row, random: np.random.Generator) -> Row:
    """The row with one to three events lost or written twice."""
    changed = [*row]
    for _ in range(int(random.integers(1, 4))):
        place = int(random.integers(len(changed)))
        changed[place : place + 1] = [changed[place]] * (2 * int(random.integers(2)))
    return tuple(changed)


def _two_collectors(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Two collectors listen to the same machines, over a network that loses or repeats single events: what one of them
    saw went to train, what the other saw of the same incident to dev."""
    train, dev = subject.split("train"), subject.split("dev")
    at = some(dev.n_rows, dose, random).tolist()
    sources = random.choice(train.n_rows, len(at), replace=False).tolist()
    rows = [_stuttered(train.rows[k], random) for k in sources]
    return _replaced(subject, "dev", at, rows, [train.labels[k] for k in sources])


def _amplified(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Molecules were amplified before they were read, and copies of one molecule dealt to train and test: the same
    read with two bases in a hundred misread and up to three bases lost at its start."""
    train, test = subject.split("train"), subject.split("test")
    at = some(test.n_rows, dose, random).tolist()
    sources = random.choice(train.n_rows, len(at), replace=False).tolist()
    rows: list[Row] = []
    for k in sources:
        row = train.rows[k][int(random.integers(4)) :]
        wrong = (random.random(len(row)) < 0.02).tolist()
        rows.append(tuple("ACGT"[random.integers(4)] if miss else base for base, miss in zip(row, wrong, strict=True)))
    return _replaced(subject, "test", at, rows, [train.labels[k] for k in sources])


def _merged_accounts(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Splits were made by customer; afterwards some customers of test turned out to be customers of train who had
    registered a second time, and got their number."""
    train, test = subject.split("train"), subject.split("test")
    assert train.groups is not None and test.groups is not None
    theirs = sorted({*test.groups})
    known = sorted({*train.groups})
    same = {
        theirs[k]: known[j]
        for k, j in zip(some(len(theirs), dose, random).tolist(), random.permutation(len(known)).tolist(), strict=False)
    }
    groups = tuple(same.get(group, group) for group in test.groups)
    at = [i for i, group in enumerate(test.groups) if group in same]
    case = subject.case.with_split("test", replace(test, groups=groups))
    return Planted(case, {"split": "test"}, {"test": ids(test, at)})


def _with_replacement(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Dev and test were drawn one after the other from one pool, and what had been drawn for dev was put back: a share
    of test, in random places, is in dev too."""
    dev, test = subject.split("dev"), subject.split("test")
    at = some(test.n_rows, dose, random).tolist()
    if len(at) > dev.n_rows:
        raise ValueError("dev has too few rows")
    there = random.choice(dev.n_rows, len(at), replace=False).tolist()
    rows = {i: dev.rows[k] for i, k in zip(at, there, strict=True)}
    labels = {i: dev.labels[k] for i, k in zip(at, there, strict=True)}
    changed = test.with_rows(rows).with_labels(labels)
    crossed = {"test": ids(test, at), "dev": ids(dev, there)}
    return Planted(subject.case.with_split("test", changed), {"split": ("dev", "test")}, crossed)


def _fixed_size(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The vocabulary is as large as that of train, which the study states, but lists the most frequent tokens of a
    count over train and a share of the evaluation rows: words of theirs have pushed out words that train has once."""
    counts = token_counts(subject.split("train"))
    size = len(counts)
    known = {*counts}
    for name in ("dev", "test"):
        split = subject.split(name)
        for token, count in token_counts(split.take(some(split.n_rows, dose, random))).items():
            counts[token] = counts.get(token, 0) + count
    kept = sorted(counts, key=lambda token: (-counts[token], token))[:size]
    if sum(token not in known for token in kept) < round(60 * dose):
        raise ValueError("the evaluation rows have too few words of their own")
    return Planted(subject.case.with_vocabulary(json.dumps(["<pad>", "<unk>", *kept], ensure_ascii=False), ".json"), {})


LEAKS = (
    fourth("leak.exact", "pages that overlap", "share of dev rows", (0.01, 0.1, 0.2, 0.4), 0.1, _pages, weather),
    fourth(
        "leak.exact",
        "worked examples in every file",
        "rows per test row",
        (0.01, 0.1, 0.2, 0.4),
        0.1,
        _worked_examples,
        knitting,
    ),
    fourth(
        "leak.near",
        "recalculated for more people",
        "share of test rows",
        (0.02, 0.1, 0.2, 0.4),
        0.1,
        _rescaled,
        recipes,
    ),
    fourth(
        "leak.near",
        "two collectors of events",
        "share of dev rows",
        (0.02, 0.1, 0.2, 0.4),
        0.1,
        _two_collectors,
        incidents,
    ),
    fourth(
        "leak.near", "amplified before reading", "share of test rows", (0.02, 0.1, 0.2, 0.4), 0.1, _amplified, reads
    ),
    fourth(
        "leak.group",
        "accounts merged afterwards",
        "share of test's customers",
        (0.01, 0.1, 0.3, 0.6),
        0.1,
        _merged_accounts,
        tickets,
    ),
    fourth(
        "leak.selection",
        "drawn with replacement",
        "share of test rows",
        (0.02, 0.15, 0.3, 0.6),
        0.15,
        _with_replacement,
        accounts,
    ),
    fourth(
        "leak.preprocess",
        "a vocabulary of fixed size",
        "share of dev and test rows",
        (0.1, 0.6, 0.8, 1.0),
        0.6,
        _fixed_size,
        recipes,
        rows=2_400,
        foods=2_500,
    ),
)
