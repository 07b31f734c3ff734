"""What one key per row tells of the classes, out of fold: how often it is right, and which class it tells best."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from brittlestar.audits.bayes import FOLDS

FEWEST_OF_CLASS = 20
"""Chosen, not measured: a class of fewer rows of train, or that fewer rows are not of, is told by nothing."""
LEAST_TRUE = 0.5
"""Derived: what speaks for a class must be right more often than not."""
MOST_CELLS = 1 << 20  # budget: 8 MB for the table of one position


@dataclass(frozen=True)
class Single:
    """`accuracy`: rows whose class the key, or its absence, tells, as a share. `label`: the class that the key tells
    best, None where it tells none of 20 rows or more and is right as often as not; `informed`: how much more often the
    key speaks for that class in its own rows than in others."""

    accuracy: float
    label: int | None
    informed: float


def singles(reads: Iterable[np.ndarray], labels: np.ndarray, folds: np.ndarray, n_classes: int) -> list[Single]:
    """One for each of several keys per row; everything is learnt in the other folds.

    Each of `reads` is int64 (n_rows,), -1 for nothing; keys must be small. Only the keys that occur most often are
    counted where keys times classes would exceed a million cells. A key speaks for a class where it is more frequent
    in the class than in the others, so that rare classes count as much as frequent ones.
    """
    rows = np.bincount(folds * n_classes + labels, minlength=FOLDS * n_classes).reshape(FOLDS, n_classes)
    most = max(1, MOST_CELLS // (FOLDS * n_classes))
    return [_single(keys, labels, folds, rows, most) for keys in reads]


def _single(keys: np.ndarray, labels: np.ndarray, folds: np.ndarray, rows: np.ndarray, most: int) -> Single:
    """Of one key; `rows` int64 (n_folds, C) are the rows of each class in each fold."""
    n_folds, n_classes = rows.shape
    if not len(labels):
        return Single(0.0, None, 0.0)
    counts = np.bincount(keys + 1)[1:]
    kept = np.flatnonzero(counts)
    if len(kept) > most:
        kept = np.argpartition(-counts, most)[:most]
    size = len(kept)
    table = np.full(len(counts) + 1, size, np.int64)
    table[kept] = np.arange(size)
    cell = (folds * (size + 1) + table[keys]) * n_classes + labels
    sums = np.bincount(cell, minlength=n_folds * (size + 1) * n_classes).reshape(n_folds, size + 1, n_classes)
    each = rows.sum(axis=0)
    left = each - rows
    others = sums.sum(axis=0) - sums
    shares = left / np.maximum(left.sum(axis=1, keepdims=True), 1)
    best = (others + shares[:, None, :]).argmax(axis=2)
    right = np.take_along_axis(sums, best[:, :, None], axis=2).sum()
    others[:, size] = 0  # no key, or one that is not counted, speaks for no class
    speaks = speaking(others, left[:, None, :])
    own = (sums * speaks).sum(axis=(0, 1))
    all_spoken = (sums.sum(axis=2, keepdims=True) * speaks).sum(axis=(0, 1))
    n = len(labels)
    informed = own / np.maximum(each, 1) - (all_spoken - own) / np.maximum(n - each, 1)
    few = np.minimum(each, n - each) < FEWEST_OF_CLASS
    informed[few | (own < LEAST_TRUE * all_spoken)] = -1.0
    label = int(informed.argmax())
    return Single(float(right / n), label if informed[label] > 0 else None, max(0.0, float(informed[label])))


def speaking(counts: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """bool, as `counts` (…, keys, C): whether a key is more frequent in rows of the class than in others; `rows`
    (…, 1, C) are the rows of each class."""
    total = counts.sum(axis=-1, keepdims=True)
    return counts * (rows.sum(axis=-1, keepdims=True) - rows) > (total - counts) * rows
