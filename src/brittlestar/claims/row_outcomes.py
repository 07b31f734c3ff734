"""The difference that a claim is about row by row, one split after the other."""

from collections.abc import Sequence

import numpy as np

from brittlestar.claims.pairing import Member, Pair
from brittlestar.core.metrics import metric_of
from brittlestar.statistics.row_bounds import SplitRows


def read_rows(pair: Pair) -> tuple[SplitRows, ...]:
    """The difference row by row; nothing where only scores are known."""
    found = [_split_rows(pair, here) for here in pair.places]
    known = [one for one in found if one is not None]
    return tuple(known) if len(known) == len(found) else ()


def _split_rows(pair: Pair, here: Sequence[Member]) -> SplitRows | None:
    """The variants of one split; None where one of them has scores alone."""
    size = here[0].on.n_rows(here[0].arm)
    whole = [(one, one.on.table(one.arm, pair.metric)) for one in here]
    if size is None or any(table is None for _, table in whole):
        return None
    tables = {id(one): _of_runs(one, table) for one, table in whole if table is not None}
    found: list[np.ndarray] = []
    for block in pair.blocks:
        mine = [one.sign * tables[id(one)] for one in block.members if id(one) in tables]
        none = np.broadcast_to(0.0, (len(block.seeds), size))
        found.append(sum(mine[1:], mine[0]) if mine else none)
    fixed = sum((one.sign * tables[id(one)][0] for one in pair.seedless if id(one) in tables), np.zeros(size))
    signs = [one.sign for one in here]
    fraction = metric_of(pair.metric).is_share and metric_of(pair.metric).additive
    bounded = all(_is_bounded(table, fraction) for table in tables.values())
    reach = (float(-signs.count(-1)), float(signs.count(1))) if bounded else None
    return SplitRows(tuple(found), fixed, here[0].on.groups, reach, tuple(one.mean(axis=0) for one in tables.values()))


def _is_bounded(table: np.ndarray, fraction: bool) -> bool:
    """Whether outcomes can only lie between 0 and 1: those of a fraction that do, and those that are 0 or 1."""
    inside = table.min(initial=0) >= 0 and table.max(initial=1) <= 1
    return bool(inside and (fraction or np.isin(table, (0.0, 1.0)).all()))


def _of_runs(one: Member, table: np.ndarray) -> np.ndarray:
    mine = table if np.array_equal(one.picked, np.arange(len(table))) else table[one.picked]
    if not one.filled:
        return mine
    return np.concatenate([mine, np.broadcast_to(one.scores[-one.filled :, None], (one.filled, table.shape[1]))])
