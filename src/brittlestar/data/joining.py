"""Rows that must not be parted: copies, near copies and rows of one group, joined into components."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

Pairs = tuple[np.ndarray, np.ndarray]
"""Two int arrays of one length: row positions that belong together."""

NO_PAIRS: Pairs = (np.empty(0, np.int64), np.empty(0, np.int64))


@dataclass(frozen=True)
class Joined:
    """`component` int64 (n_rows,): the component of each row, from 0. Components are numbered by the smallest sequence
    hash in them, so that their numbers do not depend on the order of rows. `without_near` int64 (n_rows,): components
    by copies and groups alone; `copies` int64 (n_rows,): by copies alone, which is distinct sequences; `groups`, where
    there are any."""

    component: np.ndarray
    without_near: np.ndarray
    copies: np.ndarray
    groups: np.ndarray | None = None

    @cached_property
    def sizes(self) -> np.ndarray:
        """int64 (n_components,): rows of each component."""
        return np.bincount(self.component)

    @property
    def distinct(self) -> int:
        """Number of distinct sequences."""
        return int(self.copies.max(initial=-1)) + 1

    @property
    def n_components(self) -> int:
        """Number of components."""
        return len(self.sizes)


def join(hashes: np.ndarray, groups: np.ndarray | None = None, near: Pairs = NO_PAIRS) -> Joined:
    """Components of rows linked by equal `hashes` uint64 (n_rows,), equal `groups` int (n_rows,) or None, and the
    pairs of `near` (symmetric closure)."""
    n = len(hashes)
    of_copies = _links(hashes)
    of_groups = NO_PAIRS if groups is None else _links(groups)
    without_near = _link_rows(n, of_copies, of_groups)
    everything = _link_rows(n, of_copies, of_groups, near) if len(near[0]) else without_near
    smallest = find_smallest(hashes, everything)
    rank = np.empty(len(smallest), np.int64)
    rank[np.argsort(smallest, kind="stable")] = np.arange(len(smallest))
    copies = np.unique(hashes, return_inverse=True)[1].reshape(-1).astype(np.int64)
    return Joined(rank[everything], without_near, copies, groups)


def number_units(hashes: np.ndarray, groups: np.ndarray | None) -> np.ndarray | None:
    """int64 (n_rows,): what was drawn together, as copies and groups say; None where every row was drawn alone."""
    component = join(hashes, groups).component
    return component if len(np.unique(component)) < len(component) else None


def _links(values: np.ndarray) -> Pairs:
    """Each row and the first row of its value."""
    _, first, inverse = np.unique(values, return_index=True, return_inverse=True)
    return np.arange(len(values), dtype=np.int64), first[inverse.reshape(-1)].astype(np.int64)


def _link_rows(n: int, *pairs: Pairs) -> np.ndarray:
    left = np.concatenate([pair[0] for pair in pairs]).astype(np.int32)
    right = np.concatenate([pair[1] for pair in pairs]).astype(np.int32)
    graph = sparse.coo_matrix((np.ones(len(left), np.int8), (left, right)), shape=(n, n)).tocsr()
    return connected_components(graph, directed=False)[1].astype(np.int64)


def find_smallest(values: np.ndarray, component: np.ndarray) -> np.ndarray:
    """The smallest of `values` (n_rows,), of any type that sorts, in each component int64 (n_rows,) from 0."""
    order = np.lexsort((values, component))
    return values[order][np.flatnonzero(np.diff(component[order], prepend=-1))]
