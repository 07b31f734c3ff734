"""Embedding tables and positions that do not fit the data."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from brittlestar.testing.alphabets import words
from brittlestar.testing.clean_tables import table_case, vectors_of
from brittlestar.testing.planted import Fault, Planted, Subject, some, token_counts
from brittlestar.testing.sources import uniform

DIM = 16


def misaligned(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of the rows of a table that fits its tokens is dealt out anew among them."""
    tokens, vectors = vectors_of(subject.case, DIM, random)
    chosen = some(len(tokens), dose, random)
    vectors[chosen] = vectors[np.roll(chosen, int(random.integers(1, max(len(chosen), 2))))]
    return Planted(table_case(subject.case, tokens, vectors), {})


def unused(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The table has rows for tokens that no split has: a share of all its rows."""
    tokens, vectors = vectors_of(subject.case, DIM, random)
    many = round(len(tokens) * dose / (1 - dose))
    more = [word for word in words(many + len(tokens), random) if word not in set(tokens)][:many]
    noise = vectors[random.integers(0, len(tokens), len(more))] + random.normal(0, 0.3, (len(more), DIM))
    return Planted(table_case(subject.case, [*tokens, *more], np.concatenate([vectors, noise])), {})


def collapsed(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of the rows is one vector with a little noise."""
    tokens, vectors = vectors_of(subject.case, DIM, random)
    chosen = some(len(tokens), dose, random)
    vectors[chosen] = vectors[0] + random.normal(0, 0.01, (len(chosen), DIM))
    return Planted(table_case(subject.case, tokens, vectors), {})


def exploding(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Norms grow with frequency to the power of the dose."""
    tokens, vectors = vectors_of(subject.case, DIM, random)
    counts = token_counts(subject.split("train"))
    frequency = np.asarray([counts[token] for token in tokens], np.float64)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled = vectors * (frequency / np.median(frequency))[:, None] ** dose
    return Planted(table_case(subject.case, tokens, scaled), {})


def frozen(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The study freezes random vectors."""
    settings = {"model.embedding.mode": "frozen-random"} if dose else {}
    return Planted(replace(subject.case, settings=settings), {})


def without_positions(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A transformer without positions for a task that is nothing but order."""
    settings = {"model.family": "transformer", "model.positions": "false", "variants": "{}"} if dose else {}
    return Planted(replace(subject.case, settings=settings), {})


TABLE = {
    "alphabet": "words",
    "size": [60, 200],
    "source": ["word classes", "markov"],
    "lengths": uniform(12, 24),
    "rows": 3_000,
    "rule": ["majority", "marker"],
}

FAULTS = (
    Fault("embedding.misaligned", "rows dealt out anew", "of table rows", (0.1, 0.3, 0.6, 1.0), 0.6, misaligned, TABLE),
    Fault("embedding.unused", "rows without a token", "of table rows", (0.1, 0.3, 0.6, 0.9), 0.6, unused, TABLE),
    Fault("embedding.collapsed", "rows nearly equal", "of table rows", (0.1, 0.3, 0.6, 1.0), 0.6, collapsed, TABLE),
    Fault(
        "embedding.exploding",
        "norms grow with frequency",
        "as exponent",
        (0.1, 0.3, 0.6, 1.0),
        0.6,
        exploding,
        {**TABLE, "source": ["zipf", "topics"]},
    ),
    Fault("embedding.frozen", "random vectors frozen", "", (1.0,), 1.0, frozen, {}),
    Fault(
        "position.missing",
        "transformer without positions",
        "",
        (1.0,),
        1.0,
        without_positions,
        {"rule": ["neighbours", "one position", "order"], "n_classes": 2, "lengths": uniform(12, 20)},
    ),
)
