"""Evaluation rows of another kind: another season, customer, desk or organism, longer sessions, other word order."""

from __future__ import annotations

import numpy as np

from exam.cases import Row
from exam.faults.third.drawing import fresh, task_of
from exam.faults.third.language import sentences, shell, words
from exam.faults.third.records import clicks, visits
from exam.faults.third.signals import peptides
from exam.planted import Fault, Planted, Subject, some, token_counts


def _label(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Test comes from another month, in which one class makes up that much more of the rows."""
    task = task_of(subject)
    grown = int(random.integers(task.n_classes))
    rest = 1 - task.shares[grown]
    if rest <= dose:
        raise ValueError("the class cannot grow by so much")
    shares = np.asarray([share * (1 - dose / rest) for share in task.shares])
    shares[grown] = task.shares[grown] + dose
    test = fresh(subject, "test", subject.split("test").n_rows, random, shares=shares)
    return Planted(subject.case.with_split("test", test), {"split": "test"})


def _length_longer(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Test is from after the session timeout was raised: its sessions are longer by that share."""

    def longer(n: int, random: np.random.Generator) -> np.ndarray:
        return np.rint(task_of(subject).lengths(n, random) * (1 + dose)).astype(np.int64)

    test = fresh(subject, "test", subject.split("test").n_rows, random, lengths=longer)
    return Planted(subject.case.with_split("test", test), {"split": "test"})


def _length_curated(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The rows of dev were picked by hand, and long ones were passed over: so many of the rows longer than the median
    of train gave way to rows that are not."""
    train, dev = subject.split("train"), subject.split("dev")
    middle = sorted(len(row) for row in train.rows)[train.n_rows // 2]
    pool = fresh(subject, "dev", 3 * dev.n_rows, random)
    short = [i for i, row in enumerate(pool.rows) if len(row) <= middle]
    rows: dict[int, Row] = {}
    labels: dict[int, str] = {}
    for i, row in enumerate(dev.rows):
        if len(row) > middle and random.random() < dose:
            if not short:
                raise ValueError("too few short rows")
            other = short.pop()
            rows[i], labels[i] = pool.rows[other], pool.labels[other]
    return Planted(subject.case.with_split("dev", dev.with_rows(rows).with_labels(labels)), {"split": "dev"})


def _vocabulary_season(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Test is from another season: so many of the nouns, which are what news is about, have given way to new ones."""
    uses = task_of(subject).uses
    nouns = sorted(token for token, use in uses.items() if use.startswith("noun"))
    at = some(len(nouns), dose, random).tolist()
    new = words(len(at), {*uses}, random, capital=True)
    names = {nouns[k]: word for k, word in zip(at, new, strict=True)}
    return Planted(subject.case.with_split("test", subject.split("test").mapped(tokens=names)), {"split": "test"})


def _vocabulary_revision(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Dev is from the year after a revision that split so many of the codes into two finer ones."""
    uses = task_of(subject).uses
    codes = sorted(token for token, use in uses.items() if use.startswith("code"))
    split = {codes[k] for k in some(len(codes), dose, random).tolist()}
    dev = subject.split("dev")
    rows = {
        i: [token + "ab"[random.integers(2)] if token in split else token for token in row]
        for i, row in enumerate(dev.rows)
    }
    return Planted(subject.case.with_split("dev", dev.with_rows(rows)), {"split": "dev"})


def _composition_desk(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Dev was written at another desk, whose house style prefers the other of two words that are used alike: within
    each part of speech some of the most frequent words change with those of less frequent ones."""
    uses = task_of(subject).uses
    ranked: dict[str, list[str]] = {}
    for token in token_counts(subject.split("train")):
        ranked.setdefault(uses[token], []).append(token)
    other: dict[str, str] = {}
    for tokens in ranked.values():
        half = min(10, len(tokens) // 2)
        for first, second in zip(tokens[:half], tokens[half : 2 * half], strict=True):
            other |= {first: second, second: first}
    dev = subject.split("dev")
    rows = {
        i: [other[token] if token in other and random.random() < dose else token for token in row]
        for i, row in enumerate(dev.rows)
    }
    return Planted(subject.case.with_split("dev", dev.with_rows(rows)), {"split": "dev"})


def _composition_organism(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The peptides of test are of another organism, in which five amino acids have mutated into five others in that
    share of the places where they stood."""
    letters = [str(letter) for letter in random.permutation(list("ACDEFGHIKLMNPQRSTVWY")).tolist()]
    becomes = dict(zip(letters[:5], letters[5:10], strict=True))
    test = subject.split("test")
    rows = {
        i: [becomes[token] if token in becomes and random.random() < dose else token for token in row]
        for i, row in enumerate(test.rows)
    }
    return Planted(subject.case.with_split("test", test.with_rows(rows)), {"split": "test"})


def _order_articles(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of the test rows was written by people who put the article behind its noun, with the same words."""
    uses = task_of(subject).uses
    test = subject.split("test")
    rows: dict[int, Row] = {}
    for i in some(test.n_rows, dose, random).tolist():
        row = [*test.rows[i]]
        for here in range(len(row) - 1):
            kinds = (uses[row[here]].split()[0], uses[row[here + 1]].split()[0])
            if kinds in (("determiner", "noun"), ("determiner", "adjective")):
                row[here], row[here + 1] = row[here + 1], row[here]
        rows[i] = tuple(row)
    return Planted(subject.case.with_split("test", test.with_rows(rows)), {"split": "test"})


def _order_newest_first(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """In a share of the dev rows the log shows the clicks of each minute, three to five, with the newest first."""
    dev = subject.split("dev")
    rows: dict[int, Row] = {}
    for i in some(dev.n_rows, dose, random).tolist():
        row = [dev.rows[i][0]]
        rest = [*dev.rows[i][1:]]
        while rest:
            n = int(random.integers(3, 6))
            row += rest[:n][::-1]
            rest = rest[n:]
        rows[i] = tuple(row)
    return Planted(subject.case.with_split("dev", dev.with_rows(rows)), {"split": "dev"})


SHIFTS = (
    Fault(
        "shift.label",
        "third: a class grew until test was collected",
        "gain in class share",
        (0.04, 0.1, 0.2, 0.35),
        0.2,
        _label,
        given={"rows": 4_000},
        subjects=shell,
    ),
    Fault(
        "shift.length",
        "third: longer sessions after a new timeout",
        "gain in length",
        (0.1, 0.5, 1.0, 2.0),
        0.5,
        _length_longer,
        subjects=clicks,
    ),
    Fault(
        "shift.length",
        "third: long rows passed over by hand",
        "share of long dev rows",
        (0.15, 0.6, 0.8, 1.0),
        0.6,
        _length_curated,
        subjects=sentences,
    ),
    Fault(
        "shift.vocabulary",
        "third: news of another season",
        "share of nouns",
        (0.1, 0.3, 0.6, 1.0),
        0.6,
        _vocabulary_season,
        subjects=sentences,
    ),
    Fault(
        "shift.vocabulary",
        "third: codes split by a revision",
        "share of codes",
        (0.05, 0.3, 0.5, 0.8),
        0.3,
        _vocabulary_revision,
        subjects=visits,
    ),
    Fault(
        "shift.composition",
        "third: house style of another desk",
        "share of occurrences",
        (0.05, 0.3, 0.6, 1.0),
        0.6,
        _composition_desk,
        subjects=sentences,
    ),
    Fault(
        "shift.composition",
        "third: another organism",
        "share of occurrences",
        (0.05, 0.3, 0.5, 0.8),
        0.3,
        _composition_organism,
        subjects=peptides,
    ),
    Fault(
        "shift.order",
        "third: articles behind their nouns",
        "share of test rows",
        (0.05, 0.3, 0.6, 1.0),
        0.6,
        _order_articles,
        subjects=sentences,
    ),
    Fault(
        "shift.order",
        "third: newest clicks first",
        "share of dev rows",
        (0.05, 0.5, 0.8, 1.0),
        0.5,
        _order_newest_first,
        subjects=clicks,
    ),
)
