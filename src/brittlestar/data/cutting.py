"""Components cut into stretches along an order: time, or length."""

from dataclasses import dataclass

import numpy as np

from brittlestar.core.errors import InputError
from brittlestar.data.tables import format_count


@dataclass(frozen=True)
class Cut:
    """`part` int64 (n_components,), from 0 in the order of values; `starts` (n_parts - 1,): the value at which each
    part but the first begins; `moved` bool (n_rows,): rows that stand in an earlier part than their own value says,
    because a row that they are joined to does."""

    part: np.ndarray
    starts: np.ndarray
    moved: np.ndarray


def cut_components(values: np.ndarray, component: np.ndarray, shares: np.ndarray, what: str) -> Cut:
    """Cut components, ordered by their smallest value, into parts with these shares of the rows.

    `values` (n_rows,) of any type that sorts; `shares` float64 (n_parts,) summing to 1. Rows of one value are never
    parted by a cut, so a part is as near to its share as ties and components allow, and never empty. Raises InputError
    where there are fewer values than parts; `what` names the order (`time`).
    """
    first = _smallest(values, component)
    sizes = np.bincount(component)
    distinct, place = np.unique(first, return_inverse=True)
    below = np.concatenate([[0], np.cumsum(np.bincount(place.reshape(-1), weights=sizes))])
    targets = np.cumsum(shares)[:-1] * len(values)
    if len(distinct) < len(shares):
        told = f"only {format_count(len(distinct), 'stretch', 'stretches')} of {what} can be parted from one another"
        hint = f"rows of one {what} and rows that belong together are never parted; split by random"
        raise InputError(f"{told}, and {len(shares)} parts are asked for", f"--by {what}", hint)
    cuts = np.abs(below[:, None] - targets[None, :]).argmin(axis=0)
    for place_of, nearest in enumerate(cuts.tolist()):  # every part gets one value at least
        least = int(cuts[place_of - 1]) + 1 if place_of else 1
        cuts[place_of] = min(max(nearest, least), len(distinct) - (len(cuts) - place_of))
    starts = distinct[cuts]
    part = np.searchsorted(starts, first, side="right")
    own = np.searchsorted(starts, values, side="right")
    return Cut(part.astype(np.int64), starts, part[component] < own)


def _smallest(values: np.ndarray, component: np.ndarray) -> np.ndarray:
    """The smallest value of each component."""
    order = np.lexsort((values, component))
    return values[order][np.flatnonzero(np.diff(component[order], prepend=-1))]
