"""Leaks and shifts, planted a second way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from exam.cases import Row, split_of
from exam.clean.sources import Lengths
from exam.clean.tables import table_case, vectors_of
from exam.faults.second.subjects import any_subject, expressions, names, sessions
from exam.planted import Fault, Planted, Subject, ids, some, token_counts

DEV = {"split": "dev"}


def into_train(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows of dev were added to train, in random places."""
    train, dev = subject.split("train"), subject.split("dev")
    chosen = some(dev.n_rows, dose, random)
    both = train.added(dev.take(chosen)).shuffled(random)
    return Planted(subject.case.with_split("train", both), DEV, {"dev": ids(dev, chosen)})


def windows(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows of dev are windows of train's parents: a train row less its first two tokens, and going on for two."""
    train, dev = subject.split("train"), subject.split("dev")
    chosen = some(dev.n_rows, dose, random)
    tokens = list(token_counts(train))
    rows: dict[int, Row] = {}
    labels: dict[int, str] = {}
    for k, at in zip(chosen.tolist(), random.choice(train.n_rows, len(chosen), replace=False).tolist(), strict=True):
        more = [tokens[j] for j in random.integers(0, min(len(tokens), 8), 2)]
        rows[k], labels[k] = (*train.rows[at][2:], *more), train.labels[at]
    return Planted(
        subject.case.with_split("dev", dev.with_rows(rows).with_labels(labels)), DEV, {"dev": ids(dev, chosen)}
    )


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
    return Planted(case.with_split("dev", replace(dev, groups=tuple(own))), DEV, {"dev": ids(dev, chosen)})


def same_file(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of test is dev again, under ids of its own and in another order; at 1 one file serves as both."""
    dev, test = subject.split("dev"), subject.split("test")
    chosen = some(dev.n_rows, dose, random)
    again = split_of("again", dev.take(chosen).rows, dev.take(chosen).labels, random)
    kept = test.take(np.arange(test.n_rows - min(test.n_rows, len(chosen))))
    mixed = kept.added(again).shuffled(random)
    rows = {"test": frozenset(again.ids), "dev": ids(dev, chosen)}
    return Planted(subject.case.with_split("test", mixed), {"split": ("dev", "test")}, rows)


def table_of_all(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The embedding table was made from the tokens of all splits: it knows a share of dev's own tokens."""
    dev = subject.split("dev")
    new = [f"name{k}" for k in range(40)]
    rows = {
        k: (*dev.rows[k][:3], new[int(random.integers(40))], *dev.rows[k][3:])
        for k in some(dev.n_rows, 0.5, random).tolist()
    }
    case = subject.case.with_split("dev", dev.with_rows(rows))
    tokens, vectors = vectors_of(case, 12, random)
    known = [new[k] for k in some(40, dose, random).tolist()]
    more = vectors[random.integers(0, len(tokens), len(known))] + random.normal(0, 0.3, (len(known), 12))
    return Planted(table_case(case, [*tokens, *known], np.concatenate([vectors, more])), DEV)


def one_class_left_out(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows of one class are taken out of dev until its share has fallen by the dose."""
    dev = subject.split("dev")
    labels = np.asarray(dev.labels)
    first = np.flatnonzero(labels == subject.names[0])
    share = len(first) / dev.n_rows
    if dose >= share:
        raise ValueError("the class has not so many rows")
    wanted = round((share - dose) / (1 - share + dose) * (dev.n_rows - len(first)))
    kept = np.sort(
        np.concatenate([random.choice(first, wanted, replace=False), np.flatnonzero(labels != labels[first[0]])])
    )
    return Planted(subject.case.with_split("dev", dev.take(kept)), DEV)


def cut_short(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows of dev are drawn anew, shorter by a share of their length."""

    def shorter(n: int, random: np.random.Generator) -> np.ndarray:
        return np.maximum(np.rint(subject.task.lengths(n, random) * (1 - dose)), 4).astype(np.int64)

    lengths: Lengths = shorter
    dev = subject.split("dev")
    return Planted(subject.case.with_split("dev", subject.fresh("d", dev.n_rows, random, lengths)), DEV)


def dialect(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Some tokens have another spelling in dev, until they are a share of its tokens."""
    dev = subject.split("dev")
    counts = token_counts(dev)
    names = list(counts)
    total, renamed = sum(counts.values()), dict[str, str]()
    for k in random.permutation(len(names)).tolist():
        if sum(counts[name] for name in renamed) >= dose * total:
            break
        if counts[names[k]] <= 0.1 * total:
            renamed[names[k]] = f"{names[k]}ish"
    return Planted(subject.case.with_split("dev", dev.mapped(tokens=renamed)), DEV)


def selected(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Dev is the rows, of many drawn, that hold most of three frequent tokens: the share of rows given up for it."""
    dev = subject.split("dev")
    many = subject.fresh("d", round(dev.n_rows / (1 - dose)), random)
    chosen = set(list(token_counts(dev))[1:4])
    score = np.asarray([sum(token in chosen for token in row) / len(row) for row in many.rows])
    best = np.argsort(-score, kind="stable")[: dev.n_rows]
    return Planted(subject.case.with_split("dev", many.take(np.sort(best))), DEV)


def backwards(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows of dev stand backwards, as a reversed direction of reading gives them."""
    dev = subject.split("dev")
    rows = {k: dev.rows[k][::-1] for k in some(dev.n_rows, dose, random).tolist()}
    return Planted(subject.case.with_split("dev", dev.with_rows(rows)), DEV)


def new_primitive(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A frequent key is in train only as a row of its own; in rows of dev it stands among others."""
    train, dev = subject.split("train"), subject.split("dev")
    alone = some(train.n_rows, 0.1, random).tolist()
    train = train.with_rows(dict.fromkeys(alone, ("leap",))).with_labels(dict.fromkeys(alone, subject.names[0]))
    rows: dict[int, Row] = {}
    for k in some(dev.n_rows, dose, random).tolist():
        place = int(random.integers(len(dev.rows[k])))
        rows[k] = (*dev.rows[k][:place], "leap", *dev.rows[k][place + 1 :])
    return Planted(subject.case.with_split("train", train).with_split("dev", dev.with_rows(rows)), DEV)


FAULTS = (
    Fault(
        "leak.exact",
        "second: dev in train",
        "of dev rows",
        (0.004, 0.015, 0.04, 0.15, 0.5),
        0.04,
        into_train,
        subjects=any_subject,
    ),
    Fault(
        "leak.near",
        "second: overlapping windows",
        "of dev rows",
        (0.015, 0.04, 0.15, 0.5),
        0.04,
        windows,
        subjects=sessions,
    ),
    Fault(
        "leak.group",
        "second: dealt out by row",
        "of dev rows",
        (0.015, 0.04, 0.15, 0.5),
        0.04,
        dealt_by_row,
        subjects=any_subject,
    ),
    Fault(
        "leak.selection",
        "second: one file as both",
        "of dev rows",
        (0.04, 0.25, 1.0),
        0.04,
        same_file,
        subjects=any_subject,
    ),
    Fault(
        "leak.preprocess",
        "second: table of all splits",
        "of dev's own tokens",
        (0.2, 0.75, 1.0),
        0.75,
        table_of_all,
        subjects=sessions,
    ),
    Fault(
        "shift.label",
        "second: rows of a class left out",
        "of dev rows",
        (0.03, 0.08, 0.15, 0.25),
        0.25,
        one_class_left_out,
        subjects=any_subject,
    ),
    Fault(
        "shift.length",
        "second: shorter rows",
        "of the length",
        (0.03, 0.08, 0.15, 0.35),
        0.35,
        cut_short,
        subjects=any_subject,
    ),
    Fault(
        "shift.vocabulary",
        "second: other spellings",
        "of dev tokens",
        (0.02, 0.15, 0.3),
        0.15,
        dialect,
        subjects=any_subject,
    ),
    Fault(
        "shift.composition",
        "second: rows rich in three tokens",
        "of rows given up",
        (0.2, 0.5, 0.8),
        0.8,
        selected,
        subjects=sessions,
    ),
    Fault("shift.order", "second: backwards", "of dev rows", (0.15, 0.4, 0.7, 1.0), 0.7, backwards, subjects=names),
    Fault(
        "shift.order",
        "second: expressions backwards",
        "of dev rows",
        (0.15, 0.4, 0.7, 1.0),
        0.7,
        backwards,
        subjects=expressions,
    ),
    Fault(
        "shift.combination",
        "second: a key known alone only",
        "of dev rows",
        (0.05, 0.15, 0.5),
        0.15,
        new_primitive,
        subjects=sessions,
    ),
)
