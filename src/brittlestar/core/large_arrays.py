"""Arrays that are too large to be copied whole: looked up and counted block by block."""

from collections.abc import Iterator

import numpy as np

AT_ONCE = 1 << 22  # budget: entries that are looked at together, 32 MB where they are 64 bits wide


def blocks(n: int, at_once: int) -> Iterator[slice]:
    """Slices that cover `n` entries, `at_once` each."""
    return (slice(start, min(start + at_once, n)) for start in range(0, n, at_once))


def look_up(table: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """`table[codes]`, block by block: `codes` int (n,), a result of `table`'s type."""
    found = np.empty(len(codes), table.dtype)
    for part in blocks(len(codes), AT_ONCE):
        found[part] = table[codes[part]]
    return found


def count(codes: np.ndarray, n: int) -> np.ndarray:
    """int64 (n,): how often each of 0 … n - 1 occurs in `codes`, int, none of them n or more."""
    counts = np.zeros(n, np.int64)
    for part in blocks(len(codes), AT_ONCE):
        counts += np.bincount(codes[part], minlength=n)
    return counts


def are_in(values: np.ndarray, among: np.ndarray) -> np.ndarray:
    """bool (n,): which of `values` (n,) occur in `among`: as `np.isin`, but `values` are looked up block by block and
    never sorted."""
    distinct, found = np.unique(among), np.zeros(len(values), np.bool_)
    for part in blocks(len(values), AT_ONCE) if len(distinct) else ():
        nearest = np.minimum(np.searchsorted(distinct, values[part]), len(distinct) - 1)
        found[part] = distinct[nearest] == values[part]
    return found
