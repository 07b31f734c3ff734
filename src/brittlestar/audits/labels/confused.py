"""Which classes errors of a model are about: one answered for another, or two that are taken for each other."""

from __future__ import annotations

import numpy as np
from scipy.stats import binom

from brittlestar.audits.labels.reading import Reading

FEWEST = 10
MOSTLY = 0.5
MOSTLY_OF_TWO = 0.85
BOTH_WAYS = 0.6
EITHER_WAY = 0.15
BEYOND = 1.5
LARGEST_P = 1e-4

Pairs = tuple[tuple[int, int], ...]
"""None, one (answer, label), or two that are each other's reverse, the one with more errors first."""


def pairs_of_errors(reading: Reading, rows: np.ndarray) -> tuple[Pairs, float]:
    """The pairs that most errors on the rows are of, and their share of the rows with these answers."""
    table, each = _confusions(reading, rows)
    found = leading_pairs(table, each, float(table.sum()))
    if not found:
        return (), 0.0
    return found, float(sum(table[pair] for pair in found) / sum(each[answer] for answer, _ in found))


def pairs_in_excess(reading: Reading, suspect: np.ndarray, reference: np.ndarray) -> Pairs:
    """The pairs that most of the suspect rows' contradictions beyond the reference's are of."""
    table, each = _confusions(reading, suspect & reading.sound)
    base, of = _confusions(reading, reference & reading.sound)
    excess = table - base / np.maximum(of, 1)[:, None] * each[:, None]
    return leading_pairs(np.maximum(excess, 0.0), each, float(excess.sum()))


def leading_pairs(errors: np.ndarray, each: np.ndarray, net: float) -> Pairs:
    """The pair that holds half of `net` errors (.85 with two classes), or a pair and its reverse that together hold .6
    and each .15; all far more than uniform noise gives them. `errors` float64 (C, C) by answer and label; `each`
    float64 (C,): rows of each answer."""
    n, total = len(each), float(errors.sum())
    if total < FEWEST or net <= 0:
        return ()
    answer, label = (int(k) for k in np.unravel_index(int(errors.argmax()), errors.shape))

    def beyond(answer: int, label: int) -> bool:
        uniform = float(each[answer] / max(each.sum(), 1) / (n - 1))
        chance = min(BEYOND * uniform, 0.8)
        return bool(binom.sf(np.floor(errors[answer, label]) - 1, np.ceil(total), chance) < LARGEST_P)

    there, back = float(errors[answer, label]), float(errors[label, answer])
    if not beyond(answer, label):
        return ()
    if n > 2 and there + back >= BOTH_WAYS * net and back >= EITHER_WAY * net and beyond(label, answer):
        return ((answer, label), (label, answer))
    return ((answer, label),) if there >= (MOSTLY if n > 2 else MOSTLY_OF_TWO) * net else ()


def _confusions(reading: Reading, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Errors float64 (C, C) by answer and label, and float64 (C,) rows of each answer."""
    n = reading.models.pool.n_classes
    answers = reading.models.answers[reading.models.best].predicted[rows]
    labels = reading.models.pool.rows.labels[rows]
    table = np.bincount(answers * n + labels, minlength=n * n).reshape(n, n).astype(np.float64)
    each = table.sum(axis=1)
    np.fill_diagonal(table, 0.0)
    return table, each
