"""Which single position and which single token the ladder shows: chosen on train alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from brittlestar.audits.features import MOST_POSITIONS
from brittlestar.audits.material import Rows
from brittlestar.audits.shortcuts.occurrences import token_at
from brittlestar.audits.shortcuts.predictor import single_accuracies

FEWEST_REACH = 0.05
"""A position is looked at where at least this share of rows reaches it."""
MOST_CELLS = 1 << 20


def position_accuracies(rows: Rows, folds: np.ndarray, n_classes: int) -> dict[int, float]:
    """Out-of-fold accuracy from the token at each position: {position: accuracy}, counted from 1 and from -1
    backwards, up to 64 either way. Positions from the end are left out where all rows have one length."""
    lengths = rows.lengths
    reach = [float((lengths >= place).mean()) if len(lengths) else 0.0 for place in range(1, MOST_POSITIONS + 1)]
    places = [place for place, share in enumerate(reach, 1) if share >= FEWEST_REACH]
    if len(lengths) and lengths.min() != lengths.max():
        places += [-place for place in places]
    codes = np.unique(rows.codes, return_inverse=True)[1]  # small keys make small tables
    small = Rows(
        rows.name, rows.ids, rows.texts, codes.reshape(-1), rows.offsets, rows.labels, rows.groups, rows.hashes
    )
    reads = (token_at(small, place) for place in places)
    found = single_accuracies(reads, rows.labels, folds, n_classes, MOST_CELLS)
    return dict(zip(places, found, strict=True))


@dataclass(frozen=True)
class Markers:
    """`best`: the token whose presence or absence predicts the class best. `marker` and `marked`: the token and class
    for which presence means that class and absence any other with fewest errors, relative to never (or always)
    naming the class; `room` is the share of those errors that it removes. None where there are no tokens."""

    best: int | None
    marker: int | None
    marked: int | None
    room: float


def markers(rows: Rows, n_classes: int) -> Markers:
    """The single tokens that tell most of these rows. Classes below half an equal share are not marked classes."""
    if not len(rows.codes) or not rows.n_rows:
        return Markers(None, None, None, 0.0)
    used, codes = np.unique(rows.codes, return_inverse=True)
    kept = used
    cells = (np.ones(len(codes), np.int32), codes.reshape(-1).astype(np.int32), rows.offsets)
    there = sparse.csr_matrix(cells, shape=(rows.n_rows, len(used)))
    there.sum_duplicates()
    there.data[:] = 1
    each = np.bincount(rows.labels, minlength=n_classes)
    # With very many classes and tokens the table is cut to the tokens that most rows have
    most = max(1, (1 << 24) // n_classes)
    if len(used) > most:
        columns = np.sort(np.argsort(-np.asarray(there.sum(axis=0)).reshape(-1), kind="stable")[:most])
        there, kept = sparse.csr_matrix(there[:, columns]), used[columns]
    ones = (np.ones(rows.n_rows, np.int32), (rows.labels, np.arange(rows.n_rows)))
    chosen = sparse.csr_matrix(ones, shape=(n_classes, rows.n_rows))
    present = np.asarray(sparse.csr_matrix(chosen @ there).todense()).T.astype(np.int64)  # (tokens, classes)
    having = present.sum(axis=1)
    right = present.max(axis=1) + (each - present).max(axis=1)
    # Rows right first; among equals the token that divides the classes best
    order = np.lexsort((-_divided(present, each), -right))
    least = 0.5 / max(int((each > 0).sum()), 1) * rows.n_rows
    base = np.minimum(each, rows.n_rows - each)
    with np.errstate(divide="ignore", invalid="ignore"):
        room = 1.0 - (each + having[:, None] - 2 * present) / base
    room[:, (each < least) | (base == 0)] = -np.inf
    place = np.unravel_index(int(room.argmax()), room.shape)
    best = float(room[place])
    if not np.isfinite(best):
        return Markers(int(kept[order[0]]), None, None, 0.0)
    return Markers(int(kept[order[0]]), int(kept[place[0]]), int(place[1]), best)


def _divided(present: np.ndarray, each: np.ndarray) -> np.ndarray:
    """float64 (n_tokens,): rows above what independence of token and class gives, summed over classes."""
    expected = present.sum(axis=1, keepdims=True) * (each / max(each.sum(), 1))
    return np.abs(present - expected).sum(axis=1)
