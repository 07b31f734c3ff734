"""Which single position and which single tokens are shown: chosen on train alone."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from brittlestar.audits.dataset import AuditSplit
from brittlestar.audits.shortcuts.occurrences import MOST_POSITIONS, token_at
from brittlestar.audits.shortcuts.occurrences import lengths as of_lengths
from brittlestar.audits.shortcuts.singles import FEWEST_OF_CLASS, LEAST_TRUE, Single, singles

FEWEST_REACH = 0.05
"""Chosen, not measured: a position is looked at where at least this share of rows reaches it."""
MOST_MARKERS = 6  # chosen, not measured
MOST_CELLS = 1 << 22  # budget: 32 MB for a table of tokens and classes


def length_single(rows: AuditSplit, folds: np.ndarray, n_classes: int) -> Single:
    """What the length alone tells of train's rows."""
    return singles([of_lengths(rows).keys], rows.labels, folds, n_classes)[0]


def position_singles(rows: AuditSplit, folds: np.ndarray, n_classes: int) -> dict[int, Single]:
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


def markers(rows: AuditSplit, n_classes: int) -> Markers:
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
    ones = (np.ones(rows.n_rows, np.int32), (rows.labels, np.arange(rows.n_rows)))
    chosen = sparse.csr_matrix(ones, shape=(n_classes, rows.n_rows))
    present = np.asarray(sparse.csr_matrix(chosen @ there).todense()).T.astype(np.int64)  # (tokens, classes)
    having = present.sum(axis=1, keepdims=True)
    right = present.max(axis=1) + (each - present).max(axis=1)
    # Rows right first; among equals the token that divides the classes best
    order = np.lexsort((-_measure_excess(present, each), -right))
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


def _measure_excess(present: np.ndarray, each: np.ndarray) -> np.ndarray:
    """float64 (n_tokens,): rows above what independence of token and class gives, summed over classes."""
    expected = present.sum(axis=1, keepdims=True) * (each / max(each.sum(), 1))
    return np.abs(present - expected).sum(axis=1)
