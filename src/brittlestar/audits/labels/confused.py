"""Which classes contradictions are about: one answered for another, or two that are taken for each other."""

from __future__ import annotations

import numpy as np
from scipy.stats import binom

from brittlestar.audits.labels.look import LARGEST_P
from brittlestar.audits.labels.reading import Reading

FEWEST = 10
MOSTLY = 0.5
MOSTLY_OF_TWO = 0.85
BOTH_WAYS = 0.6
EITHER_WAY = 0.15
BEYOND = 1.5
"""Chosen, not measured: errors, their shares that make a pair the story, and how far beyond uniform noise they are."""

Pairs = tuple[tuple[int, int], ...]
"""None, one (answer, label), or two that are each other's reverse, the one with more errors first."""


def pairs_in_excess(reading: Reading, suspect: np.ndarray, reference: np.ndarray) -> Pairs:
    """The pairs that most of the suspect rows' contradictions beyond the reference's are of."""
    n = reading.models.pool.n_classes
    found: list[np.ndarray] = []
    for rows in (suspect & reading.sound, reference & reading.sound):
        cells = reading.predicted[rows] * n + reading.models.pool.rows.labels[rows]
        found.append(np.bincount(cells, minlength=n * n).reshape(n, n).astype(np.float64))
    each, of = (table.sum(axis=1) for table in found)
    excess = found[0] - found[1] / np.maximum(of, 1)[:, None] * each[:, None]
    np.fill_diagonal(excess, 0.0)
    return leading_pairs(np.maximum(excess, 0.0), each, float(excess.sum()))


def leading_pairs(errors: np.ndarray, each: np.ndarray, net: float) -> Pairs:
    """The pair that holds half of `net` errors (.85 with two classes), or a pair and its reverse that together hold .6
    and each .15; all far more than uniform noise gives them. `errors` float64 (C, C) by answer and label; `each`
    float64 (C,): rows of each answer."""
    n, total = len(each), float(errors.sum())
    if total < FEWEST or net <= 0:
        return ()
    answer, label = (int(k) for k in np.unravel_index(int(errors.argmax()), errors.shape))
    chance = np.minimum(BEYOND * each / max(each.sum(), 1) / (n - 1), 0.8)
    beyond = binom.sf(np.floor(errors) - 1, np.ceil(total), chance[:, None]) < LARGEST_P
    there, back = float(errors[answer, label]), float(errors[label, answer])
    if not beyond[answer, label]:
        return ()
    if n > 2 and there + back >= BOTH_WAYS * net and back >= EITHER_WAY * net and beyond[label, answer]:
        return ((answer, label), (label, answer))
    return ((answer, label),) if there >= (MOSTLY if n > 2 else MOSTLY_OF_TWO) * net else ()
