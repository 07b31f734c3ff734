"""Pairs of rows compared token by token, all pairs at once."""

import numpy as np

from brittlestar.core.token_rows import TokenRows

CELLS = 1 << 22  # budget: 8 MB for one block of pairs
TOKENS_AT_ONCE = 8  # budget: tokens fetched at once
FAR = np.int16(1 << 12)  # derived: above any distance that is asked for, with room for sums in 16 bits


def edit_distances(
    first: TokenRows, second: TokenRows, one: np.ndarray, other: np.ndarray, most: np.ndarray
) -> np.ndarray:
    """int64 (n_pairs,): edits (token replaced, inserted, left out; Levenshtein 1966) between row one[i] of `first` and
    row other[i] of `second`; where there are more than most[i], some number above most[i].

    Only the band of cells that `most` edits can reach is filled (Ukkonen 1985)."""
    distances = most + 1
    difference = second.lengths[other] - first.lengths[one]
    possible = np.flatnonzero(np.abs(difference) <= most)
    for band in np.unique(most[possible]).tolist():
        mine = possible[most[possible] == band]
        mine = mine[np.argsort(first.lengths[one[mine]], kind="stable")]
        most_pairs = max(1, CELLS // (TOKENS_AT_ONCE + 2 * band))
        for start in range(0, len(mine), most_pairs):
            part = mine[start : start + most_pairs]
            distances[part] = _measure_in_band(first, second, one[part], other[part], band)
    return distances


def _measure_in_band(first: TokenRows, second: TokenRows, one: np.ndarray, other: np.ndarray, band: int) -> np.ndarray:
    """Distances of pairs under one band; cell [o, i] after step s is the distance of s tokens to s + o - band."""
    length = first.lengths[one]
    end = second.lengths[other] - length + band
    cells = np.full((2 * band + 1, len(one)), FAR)
    cells[band:] = np.arange(band + 1, dtype=np.int16)[:, None]
    result = np.full(len(one), band + 1, np.int64)
    alive = np.arange(len(one))
    x = y = np.zeros((0, 0), np.int32)
    for step in range(int(length.max()) + 1):
        done = length[alive] == step
        if done.any():
            result[alive[done]] = cells[end[alive[done]], np.flatnonzero(done)]
        within = step % TOKENS_AT_ONCE
        keep = ~done & (cells.min(axis=0) <= band)
        if done.any() or not within:
            alive, cells, x, y = alive[keep], cells[:, keep], x[:, keep[: x.shape[1]]], y[:, keep[: y.shape[1]]]
        if not keep.any():
            break
        if not within:  # tokens are fetched for pairs that are still close, a block at a time
            x = _block(first, one[alive], step, TOKENS_AT_ONCE, -1)
            y = _block(second, other[alive], step - band, TOKENS_AT_ONCE + 2 * band, -2)
        changed = cells + (y[within : within + 2 * band + 1] != x[within])
        changed[:-1] = np.minimum(changed[:-1], cells[1:] + np.int16(1))
        for place in range(1, 2 * band + 1):
            np.minimum(changed[place], changed[place - 1] + np.int16(1), out=changed[place])
        cells = changed
        if band - step - 1 > 0:
            cells[: band - step - 1] = FAR
    return result


def _block(rows: TokenRows, chosen: np.ndarray, start: int, width: int, filler: int) -> np.ndarray:
    """int32 (width, n): tokens start … start + width - 1 of the chosen rows, one row a column."""
    place = np.arange(start, start + width)[:, None]
    inside = (place >= 0) & (place < rows.lengths[chosen])
    if not len(rows.codes):
        return np.full(inside.shape, filler, np.int32)
    at = np.where(inside, rows.offsets[:-1][chosen] + place, 0)
    return np.where(inside, rows.codes[at], np.int32(filler))


def shared_runs(
    first: TokenRows,
    second: TokenRows,
    one: np.ndarray,
    other: np.ndarray,
    shift: np.ndarray,
    bits: np.ndarray,
    enough: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Runs of equal tokens where token t of row one[i] lies on token t + shift[i] of row other[i].

    `bits` float64 (n_tokens of `first`,); a run counts when its tokens have at least `enough` bits together. Returns
    int64 (n_pairs,) tokens of the longest run that counts, 0 without one, and bool (n_pairs,): whether all tokens that
    lie on each other are equal."""
    begin = np.maximum(0, -shift)
    many = np.minimum(first.lengths[one], second.lengths[other] - shift) - begin
    order = np.argsort(-many, kind="stable")
    x = (first.offsets[:-1][one] + begin)[order]
    y = (second.offsets[:-1][other] + begin + shift)[order]
    shrinking = -many[order]
    run = np.zeros(len(one), np.int64)
    weight = np.zeros(len(one))
    best = np.zeros(len(one), np.int64)
    whole = np.ones(len(one), np.bool_)
    for step in range(int(many.max(initial=0))):
        alive = int(np.searchsorted(shrinking, -step, side="left"))
        equal = first.codes[x[:alive] + step] == second.codes[y[:alive] + step]
        run[:alive] = np.where(equal, run[:alive] + 1, 0)
        weight[:alive] = np.where(equal, weight[:alive] + bits[x[:alive] + step], 0)
        counted = np.where(weight[:alive] >= enough, run[:alive], 0)
        best[:alive] = np.maximum(best[:alive], counted)
        whole[:alive] &= equal
    back = np.argsort(order)
    return best[back], whole[back]
