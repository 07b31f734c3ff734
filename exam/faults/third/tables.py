"""Embedding tables that do not fit their tokens, and models that do not fit their rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from exam.cases import Case
from exam.faults.third.drawing import fresh
from exam.faults.third.language import sentences, shell
from exam.faults.third.records import visits
from exam.faults.third.signals import melodies, peptides
from exam.faults.third.subjects import vectors, with_table
from exam.faults.third.tokens import pairs_apart
from exam.planted import Fault, Planted, Subject, some, token_counts

Table = dict[str, np.ndarray]


def _tabled(subject: Subject, table: Table) -> Planted:
    """The case with a table."""
    return Planted(with_table(subject, table).case, {})


def _line_lost(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A list of tokens and a list of vectors, most frequent first, were put side by side after one line of the vectors
    had been lost: behind it, for the last share of the table's mass of tokens, each token has its neighbour's."""
    table = vectors(subject, random)
    tokens, rows = list(table), list(table.values())
    counts = token_counts(subject.split("train"))
    masses = [counts.get(token, 0) for token in tokens]
    before, lost = 0, 0
    while before + masses[lost] <= (1 - dose) * sum(masses):
        before += masses[lost]
        lost += 1
    return _tabled(subject, dict(zip(tokens, [*rows[:lost], *rows[lost + 1 :], rows[lost]], strict=True)))


def _dealt(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The tokens were read from a set, in an order of its own: a share of the table's vectors went to other tokens."""
    table = vectors(subject, random)
    tokens = list(table)
    moved = some(len(tokens), dose, random)
    dealt = dict(table)
    for i, k in zip(moved.tolist(), random.permutation(moved).tolist(), strict=True):
        dealt[tokens[i]] = table[tokens[k]]
    return _tabled(subject, dealt)


def _other_keys(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The table is of a model whose tokens start with a mark of its own: a share of its rows is reached by no token."""
    table = vectors(subject, random)
    marked = {int(i) for i in some(len(table), dose, random)}
    return _tabled(
        subject, {f"▁{token}" if i in marked else token: row for i, (token, row) in enumerate(table.items())}
    )


def _cone(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Over-trained without contrast, the vectors lie in a narrow cone: they keep 1 - dose of their distance from a
    common direction."""
    table = vectors(subject, random)
    common = 2 * random.normal(size=len(next(iter(table.values()))))
    return _tabled(subject, {token: common + (1 - dose) * row for token, row in table.items()})


def _by_frequency(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """No decay held the vectors back: each grew with its updates, by that power of the token's count."""
    table = vectors(subject, random)
    counts = token_counts(subject.split("train"))
    return _tabled(subject, {token: row * (1 + counts.get(token, 0)) ** dose for token, row in table.items()})


def _equal_vectors(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The table was made after a stemmer that cuts too much: so many pairs of frequent tokens of different classes
    have one vector."""
    table = vectors(subject, random)
    for one, two in pairs_apart(subject, int(dose), random):
        table[two] = table[one]
    return _tabled(subject, table)


def _with_model(case: Case, **settings: str) -> Case:
    """The case with settings of the model, `__` for a dot."""
    named = {f"model.{name.replace('__', '.')}": value for name, value in settings.items()}
    return replace(case, settings={**case.settings, **named, "variants": "{}"})


def _frozen(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The vectors are random and are left so; the fewer numbers each has, the less can be read from them."""
    return Planted(_with_model(subject.case, embedding__mode="frozen-random", embedding__dim=str(round(1 / dose))), {})


def _order_task(subject: Subject, dose: float, random: np.random.Generator) -> Subject:
    """Melodies of which a share can be told by nothing but order, in place of the subject's."""
    return melodies(random, sum(split.n_rows for split in subject.case.splits.values()), hinted=1 - dose)


def _order_free(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of the task is one of order; the model takes the mean over a row's vectors."""
    return Planted(_with_model(_order_task(subject, dose, random).case, family="mean"), {})


def _no_positions(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of the task is one of order; the model is a transformer from which positions were left out."""
    case = _order_task(subject, dose, random).case
    return Planted(_with_model(case, family="transformer", positions="false"), {})


def _overflow(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of the test rows is from a newer instrument, whose chains are longer than any that the transformer was
    trained on."""
    longest = max(len(row) for row in subject.split("train").rows)
    test = subject.split("test")
    at = some(test.n_rows, dose, random)

    def beyond(n: int, random: np.random.Generator) -> np.ndarray:
        return random.integers(longest + 4, 2 * longest, n)

    longer = fresh(subject, "test", len(at), random, lengths=beyond)
    where = [int(i) for i in at]
    changed = test.with_rows(dict(zip(where, longer.rows, strict=True)))
    changed = changed.with_labels(dict(zip(where, longer.labels, strict=True)))
    return Planted(_with_model(subject.case.with_split("test", changed), family="transformer"), {"split": "test"})


def worded(random: np.random.Generator, rows: int | None = None) -> Subject:
    """One of the subjects whose tokens have known uses."""
    return (sentences, shell, visits)[int(random.integers(3))](random, rows)


TABLES = (
    Fault(
        "token.collision",
        "third: a stemmer that cuts too much",
        "pairs of tokens",
        (1, 20, 30, 40),
        20,
        _equal_vectors,
        subjects=shell,
    ),
    Fault(
        "embedding.misaligned",
        "third: a line of the vectors lost",
        "share of occurrences behind it",
        (0.02, 0.7, 0.9, 1.0),
        0.7,
        _line_lost,
        subjects=worded,
    ),
    Fault(
        "embedding.misaligned",
        "third: tokens read from a set",
        "share of the table",
        (0.03, 0.5, 0.8, 1.0),
        0.5,
        _dealt,
        subjects=worded,
    ),
    Fault(
        "embedding.unused",
        "third: keys with a mark",
        "share of the table",
        (0.05, 0.5, 0.8, 1.0),
        0.5,
        _other_keys,
        subjects=worded,
    ),
    Fault(
        "embedding.collapsed",
        "third: a narrow cone",
        "share of distance lost",
        (0.2, 0.98, 0.99, 0.998),
        0.98,
        _cone,
        subjects=worded,
    ),
    Fault(
        "embedding.exploding",
        "third: no decay",
        "power of the count",
        (0.05, 0.5, 0.75, 1.0),
        0.75,
        _by_frequency,
        subjects=worded,
    ),
    Fault(
        "embedding.frozen",
        "third: random vectors of few numbers",
        "1 / numbers per vector",
        (1 / 32, 1 / 16, 1 / 8, 1 / 4),
        1 / 32,
        _frozen,
        subjects=worded,
    ),
    Fault(
        "position.missing",
        "third: mean of a row's notes",
        "share of rows told by order only",
        (0.1, 0.6, 0.8, 1.0),
        0.6,
        _order_free,
        subjects=melodies,
    ),
    Fault(
        "position.missing",
        "third: transformer without positions",
        "share of rows told by order only",
        (0.1, 0.6, 0.8, 1.0),
        0.6,
        _no_positions,
        subjects=melodies,
    ),
    Fault(
        "position.overflow",
        "third: chains of a newer instrument",
        "share of test rows",
        (0.02, 0.2, 0.5, 1.0),
        0.2,
        _overflow,
        subjects=peptides,
    ),
)
