"""Which keys of a reading a model counts, and how often rows have them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import sparse

from brittlestar.baselines.readings import NONE, Occurrences

MOST_COLUMNS = 1 << 18  # budget: 2 MB of weights a class
MOST_CELLS = 1 << 22
"""Budget: columns times classes of one model, 32 MB."""
DENSE = 1 << 23
"""Budget: up to so many possible keys a table has one cell for each, 32 MB."""
BLOCK = 1 << 20  # budget: occurrences at once


@dataclass(frozen=True)
class KeyColumns:
    """Which keys a model counts: `table` int32 (space + 1,) is each key's column where the space is small, else the
    kept `keys`, sorted, are looked up. Column `n` is that of every other key."""

    n: int
    keys: np.ndarray
    table: np.ndarray | None

    @staticmethod
    def of(train: Occurrences, n_classes: int) -> "KeyColumns":
        """Columns of the keys of train: the most frequent 262,144, fewer where there are very many classes."""
        most = max(1, min(MOST_COLUMNS, MOST_CELLS // max(n_classes, 1)))
        if train.space <= DENSE:
            counts = np.bincount(train.keys + 1, minlength=train.space + 1)[1:]
            keys = np.flatnonzero(counts)
            kept = _most_frequent(keys, counts[keys], most)
            table = np.full(train.space + 1, len(kept), np.int32)
            table[kept] = np.arange(len(kept), dtype=np.int32)
            return KeyColumns(len(kept), kept, table)
        keys = np.sort(train.keys)
        keys = keys[np.searchsorted(keys, 0) :]
        first = np.flatnonzero(np.diff(keys, prepend=NONE))
        kept = _most_frequent(keys[first], np.diff(first, append=len(keys)), most)
        return KeyColumns(len(kept), kept, None)

    def columns(self, keys: np.ndarray) -> np.ndarray:
        """int32 (n,): the column of each key."""
        if self.table is not None:
            return self.table[keys]  # NONE is the last cell
        place, known = pl.Series(np.arange(self.n, dtype=np.int32)), pl.Series(self.keys)
        found = np.empty(len(keys), np.int32)
        for start in range(0, len(keys), 4 * BLOCK):
            part = pl.Series(keys[start : start + 4 * BLOCK].astype(np.int64))
            places = part.replace_strict(known, place, default=self.n, return_dtype=pl.Int32)
            found[start : start + 4 * BLOCK] = places.to_numpy()
        return found


def counts_of(read: Occurrences, columns: KeyColumns) -> sparse.csr_matrix:
    """How often each row has each column: float32 (n_rows, n_columns)."""
    cells = (np.ones(len(read.keys), np.float32), columns.columns(read.keys), read.offsets)
    counts = sparse.csr_matrix(cells, shape=(len(read.offsets) - 1, columns.n + 1))
    counts.sum_duplicates()
    return sparse.csr_matrix(counts[:, :-1])


def _most_frequent(keys: np.ndarray, counts: np.ndarray, most: int) -> np.ndarray:
    """The `most` keys with the highest counts, sorted as `keys` is; on equal counts the smaller, whatever the order."""
    if len(keys) > most:
        least = np.partition(counts, len(counts) - most)[len(counts) - most]
        above = counts > least
        level = np.flatnonzero(counts == least)[: most - int(above.sum())]
        above[level] = True
        keys = keys[above]
    return keys.astype(np.int64)


def blocks(offsets: np.ndarray, n_classes: int) -> Iterator[slice]:
    """Slices of rows that hold about a million occurrences and cells of a table of logits, at least one row each."""
    n_rows = len(offsets) - 1
    most = max(1, 4 * BLOCK // max(n_classes, 1))
    start = 0
    while start < n_rows:
        stop = int(np.searchsorted(offsets, offsets[start] + BLOCK, side="right")) - 1
        stop = min(max(stop, start + 1), start + most, n_rows)
        yield slice(start, stop)
        start = stop
