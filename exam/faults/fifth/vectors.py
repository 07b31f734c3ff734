"""Vectors of what tokens stand beside, in whole numbers, so that they are the same on every machine."""

from __future__ import annotations

import numpy as np

from exam.faults.drawing import with_table
from exam.planted import Subject, token_counts

DIMENSION = 48
LEVELS = 8
STRANGERS = 30


def indexed(subject: Subject, random: np.random.Generator) -> dict[str, np.ndarray]:
    """A vector int64 (DIMENSION,) for each token of train, the most frequent first: random indexing (Kanerva et al.
    2000) of neighbours up to two tokens away, each weighed by how often it doubles what chance gives."""
    train = subject.split("train")
    margins = token_counts(train)
    tokens = [*margins]
    code = {token: k for k, token in enumerate(tokens)}
    beside = np.zeros((len(tokens), len(tokens)), np.int64)
    for row in train.rows:
        codes = [code[token] for token in row]
        for step in (1, 2):
            np.add.at(beside, (codes[:-step], codes[step:]), 1)
            np.add.at(beside, (codes[step:], codes[:-step]), 1)
    counts = beside.sum(axis=1)
    expected = np.outer(counts, counts)
    doubled = [(beside * counts.sum() >= 2**k * expected) & (beside > 1) for k in range(LEVELS)]
    weights = np.sum(doubled, axis=0, dtype=np.int64)
    signs = 2 * random.integers(0, 2, (len(tokens), DIMENSION)) - 1
    table = 100 * (weights @ signs) + random.integers(-60, 61, (len(tokens), DIMENSION))
    return dict(zip(tokens, table, strict=True))


def with_strangers(subject: Subject, random: np.random.Generator) -> Subject:
    """The subject with a healthy table, which also has words that this folder lacks."""
    table = indexed(subject, random)
    known = [*table]
    for k in range(STRANGERS):
        one, two = (table[known[j]] for j in random.choice(len(known), 2, replace=False).tolist())
        table[f"{known[k % len(known)]}{known[-1 - k % len(known)]}"] = (one + two) // 2
    return with_table(subject, table)
