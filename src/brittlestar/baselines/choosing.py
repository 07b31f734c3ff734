"""What the length, a position or a token tells of the classes of train, and which of them are shown."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from brittlestar.baselines.bayes import FOLDS, class_sums
from brittlestar.baselines.readings import MOST_POSITIONS, token_at
from brittlestar.baselines.rows import BaselineRows

FEWEST_REACH = 0.05
"""Chosen, not measured: a position is looked at where at least this share of rows reaches it."""
MOST_MARKERS = 6  # chosen, not measured
MOST_CELLS = 1 << 22  # budget: 32 MB for a table of tokens and classes
FEWEST_OF_CLASS = 20
"""Chosen, not measured: a class of fewer rows of train, or that fewer rows are not of, is told by nothing."""
LEAST_TRUE = 0.5
"""Derived: what speaks for a class must be right more often than not."""
MOST_CELLS_OF_KEY = 1 << 20  # budget: 8 MB for the table of one position


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
    most = max(1, MOST_CELLS_OF_KEY // (FOLDS * n_classes))
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


def position_singles(rows: BaselineRows, folds: np.ndarray, n_classes: int) -> dict[int, Single]:
    """What the token at each position tells, counted from 1 and from -1 backwards, up to 64 either way. Positions
    from the end are left out where all rows have one length."""
    lengths = rows.lengths
    reach = [float((lengths >= place).mean()) if len(lengths) else 0.0 for place in range(1, MOST_POSITIONS + 1)]
    places = [place for place, share in enumerate(reach, 1) if share >= FEWEST_REACH]
    if len(lengths) and lengths.min() != lengths.max():
        places += [-place for place in places]
    codes = np.unique(rows.codes, return_inverse=True)[1]  # small keys make small tables
    small = replace(rows, codes=codes.reshape(-1))
    found = singles((token_at(small, place) for place in places), rows.labels, folds, n_classes)
    return dict(zip(places, found, strict=True))


@dataclass(frozen=True)
class Marker:
    """A token and the class that it tells best: `informed` is the share of the class's rows that have the token (or
    lack it, where that tells more) less that of other rows."""

    token: int
    label: int
    informed: float


@dataclass(frozen=True)
class Markers:
    """`best`: the token whose presence or absence is right about most rows, None where there are no tokens. `telling`:
    up to six tokens, each with the class that it tells best, best first."""

    best: int | None
    telling: tuple[Marker, ...]


def markers(rows: BaselineRows, n_classes: int) -> Markers:
    """The single tokens that tell most about these rows. Classes of fewer than 20 rows are not told, nor is a class by
    a token that is wrong about it more often than right."""
    if not len(rows.codes) or not rows.n_rows:
        return Markers(None, ())
    kept, codes = np.unique(rows.codes, return_inverse=True)
    cells = (np.ones(len(codes), np.int32), codes.reshape(-1).astype(np.int32), rows.offsets)
    there = sparse.csr_matrix(cells, shape=(rows.n_rows, len(kept)))
    there.sum_duplicates()
    there.data[:] = 1
    each = np.bincount(rows.labels, minlength=n_classes)
    most = max(1, MOST_CELLS // n_classes)
    if len(kept) > most:  # with very many classes and tokens: the tokens that most rows have
        columns = np.sort(np.argsort(-np.asarray(there.sum(axis=0)).reshape(-1), kind="stable")[:most])
        there, kept = sparse.csr_matrix(there[:, columns]), kept[columns]
    present = class_sums(there, rows.labels, n_classes).astype(np.int64)  # (tokens, classes)
    having = present.sum(axis=1, keepdims=True)
    right = present.max(axis=1) + (each - present).max(axis=1)
    # Rows right first; among equals the token that divides the classes best
    expected = having * (each / max(each.sum(), 1))
    order = np.lexsort((-np.abs(present - expected).sum(axis=1), -right))
    others = np.maximum(rows.n_rows - each, 1)
    informed = present / np.maximum(each, 1) - (having - present) / others
    lacking, own = rows.n_rows - having, each - present
    truth = np.where(informed > 0, present / np.maximum(having, 1), own / np.maximum(lacking, 1))
    informed = np.where((truth >= LEAST_TRUE) & (np.minimum(each, others) >= FEWEST_OF_CLASS), np.abs(informed), 0.0)
    label = informed.argmax(axis=1)
    height = informed[np.arange(len(kept)), label]
    telling = [
        Marker(int(kept[place]), int(label[place]), float(height[place]))
        for place in np.argsort(-height, kind="stable")[:MOST_MARKERS].tolist()
        if height[place] > 0
    ]
    return Markers(int(kept[order[0]]), tuple(telling))
