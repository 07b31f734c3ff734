"""Embedding tables that do not fit their tokens, and models that do not fit their rows."""

from __future__ import annotations

from itertools import pairwise
from math import isqrt

import numpy as np

from exam.faults.fourth.crafts import recipes
from exam.faults.fourth.data import half_width
from exam.faults.fourth.drawing import DIMENSION, fourth, in_split, vectors, with_model, with_table
from exam.faults.fourth.records import tickets
from exam.faults.fourth.signals import traces, weather
from exam.faults.third.drawing import fresh
from exam.planted import Planted, Subject, some, token_counts

SHARDS = 40


def worded(random: np.random.Generator, rows: int | None = None) -> Subject:
    """Recipes or tickets, whose words have known uses."""
    return (recipes, tickets)[int(random.integers(2))](random, rows)


def _by_name(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Vectors were saved in the order of the words' names, but words are listed by how frequent they are, from a place
    on that this share of the occurrences lies behind."""
    table = vectors(subject, random)
    counts = token_counts(subject.split("train"))
    total = sum(counts.get(token, 0) for token in table)
    words, before, seen = [*table], 0, 0
    while seen < (1 - dose) * total:
        seen += counts.get(words[before], 0)
        before += 1
    named = sorted(words[before:])
    table |= dict(zip(words[before:], [table[word] for word in named], strict=True))
    return Planted(with_table(subject, table).case, {})


def _shards(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The table was saved in shards, by name, and put together in the order in which they had arrived: a share of the
    forty shards has the vectors of another one."""
    table = vectors(subject, random)
    words = sorted(table)
    size = len(words) // SHARDS
    moved = random.permutation(SHARDS)[: round(dose * SHARDS)].tolist()
    put = dict(table)
    for one, two in pairwise([*moved, moved[0]]):
        for k in range(size):
            put[words[size * one + k]] = table[words[size * two + k]]
    return Planted(with_table(subject, put).case, {})


def _keys_at_half_width(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The table was made from old mails, in which kana are at half width: a share of its rows is reached by no word of
    the folder, and these words have no row."""
    table = vectors(subject, random)
    narrow = {int(k) for k in some(len(table), dose, random)}
    keyed = {half_width(word) if k in narrow else word: row for k, (word, row) in enumerate(table.items())}
    return Planted(with_table(subject, keyed).case, {})


def _few_levels(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The table was not centred before it was compressed to few levels, of that size: what is left of a vector is
    nearly the mean of all, and a trace of the training that followed."""
    step = round(1_000 * dose)
    mean = random.integers(2_000, 6_001, DIMENSION) * (2 * random.integers(0, 2, DIMENSION) - 1)
    table = {
        word: mean + step * ((row + step // 2) // step) + random.integers(-20, 21, DIMENSION)
        for word, row in vectors(subject, random).items()
    }
    return Planted(with_table(subject, table).case, {})


def _random_walk(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Without decay each update moved a vector a bit, hither and thither: vectors grow with the root of how often their
    word occurs, by that much, in a direction that means nothing."""
    counts = token_counts(subject.split("train"))
    table: dict[str, np.ndarray] = {}
    for word, row in vectors(subject, random).items():
        way = 2 * random.integers(0, 2, DIMENSION) - 1
        table[word] = row + round(1_000 * dose) * isqrt(counts.get(word, 0)) * way
    return Planted(with_table(subject, table).case, {})


def _frozen(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Vectors were to be trained, but the switch for it stayed off, and they are random: the fewer numbers each has,
    the less can be read from them."""
    settings = {"embedding__mode": "frozen-random", "embedding__dim": str(round(1 / dose))}
    return Planted(with_model(subject.case, family="lstm", **settings), {})


def _no_positions(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Whether a file is used after it was closed is told by nothing but order, in a share of the rows; positions were
    left out of the transformer."""
    ordered = traces(random, sum(split.n_rows for split in subject.case.splits.values()), hinted=1 - dose)
    return Planted(with_model(ordered.case, family="transformer", positions="false"), {})


def _more_reports(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Since stations report twice an hour, a share of the test rows is longer than anything that the transformer was
    trained on."""
    longest = max(len(row) for row in subject.split("train").rows)
    test = subject.split("test")
    at = some(test.n_rows, dose, random).tolist()
    longer = fresh(
        subject, "test", len(at), random, lengths=lambda n, random: random.integers(longest + 2, 2 * longest, n)
    )
    planted = in_split(
        subject, "test", dict(zip(at, longer.rows, strict=True)), dict(zip(at, longer.labels, strict=True))
    )
    return Planted(with_model(planted.case, family="transformer"), {"split": "test"})


_TABLE = "share of the table"

TABLES = (
    fourth(
        "embedding.misaligned",
        "saved by name, listed by count",
        "share of occurrences",
        (0.02, 0.7, 0.9, 1.0),
        0.7,
        _by_name,
        worded,
    ),
    fourth("embedding.misaligned", "shards as they arrived", _TABLE, (0.05, 0.6, 0.8, 1.0), 0.6, _shards, worded),
    fourth("embedding.unused", "keys at half width", _TABLE, (0.05, 0.5, 0.8, 1.0), 0.5, _keys_at_half_width, tickets),
    fourth("embedding.collapsed", "few levels", "size of a level", (0.5, 7.5, 10), 7.5, _few_levels, worded),
    fourth(
        "embedding.exploding",
        "a walk with each update",
        "per root of the count",
        (0.02, 1, 2, 4),
        1,
        _random_walk,
        worded,
    ),
    fourth(
        "embedding.frozen",
        "a switch that stayed off",
        "1 / numbers per vector",
        (1 / 24, 1 / 12, 1 / 6),
        1 / 24,
        _frozen,
        worded,
    ),
    fourth(
        "position.missing",
        "use after close without positions",
        "share of rows told by order",
        (0.1, 0.7, 0.85, 1.0),
        0.7,
        _no_positions,
        traces,
    ),
    fourth(
        "position.overflow",
        "stations report twice an hour",
        "share of test rows",
        (0.01, 0.15, 0.4, 1.0),
        0.15,
        _more_reports,
        weather,
    ),
)
