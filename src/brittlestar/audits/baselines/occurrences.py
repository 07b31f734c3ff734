"""Rows as lists of columns, in the order of the tokens: what the trivial baselines' predictors count, without
sorting."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import sparse

from brittlestar.audits.dataset import AuditSplit
from brittlestar.audits.holding import row_at
from brittlestar.core.token_rows import offsets_of

NONE = -1  # convention: no key is negative
MOST_COLUMNS = 1 << 18  # budget: 2 MB of weights a class
MOST_POSITIONS = 64  # chosen, not measured: positions told apart
MOST_CELLS = 1 << 22
"""Budget: columns times classes of one model, 32 MB."""
DENSE = 1 << 23
"""Budget: up to so many possible keys a table has one cell for each, 32 MB."""
BLOCK = 1 << 20  # budget: occurrences at once


@dataclass(frozen=True)
class Occurrences:
    """`keys` int64 (n,), NONE where a row has nothing to say; those of row i are keys[offsets[i]:offsets[i + 1]].
    All lie below `space`, the same for every split. `single` says that every row has one key, NONE or not."""

    keys: np.ndarray
    offsets: np.ndarray
    space: int
    single: bool = False


Reading = Callable[[AuditSplit], Occurrences]
"""What a predictor reads in each row of a split."""


def tokens(n_tokens: int) -> Reading:
    """Every token."""
    return lambda rows: Occurrences(rows.codes, rows.offsets, n_tokens)


def factor_values(values: np.ndarray) -> Reading:
    """The value of one factor in every token; `values` int32 (n_tokens,), 0 for none."""
    keys = np.where(values > 0, values, NONE)
    space = int(values.max(initial=0)) + 1
    return lambda rows: Occurrences(keys[rows.codes], rows.offsets, space)


def bigrams(n_tokens: int) -> Reading:
    """Every token and every pair of neighbours; the row's start and its end are neighbours too."""
    edge, width = n_tokens, n_tokens + 1

    def reading(rows: AuditSplit) -> Occurrences:
        places = 2 * np.arange(len(rows.codes)) + rows.owners  # of the pair before each token; the token follows it
        offsets = 2 * rows.offsets + np.arange(rows.n_rows + 1)
        keys = np.empty(int(offsets[-1]), np.int64)
        keys[places + 1] = rows.codes + np.int64(width**2)
        before = np.full(len(rows.codes), edge, np.int64)
        before[1:] = rows.codes[:-1]
        before[rows.offsets[:-1][rows.lengths > 0]] = edge
        keys[places] = before * width + rows.codes
        last = np.full(rows.n_rows, edge, np.int64)
        has = rows.lengths > 0
        last[has] = rows.codes[rows.offsets[1:][has] - 1]
        keys[offsets[1:] - 1] = last * width + edge
        return Occurrences(keys, offsets, width**2 + n_tokens)

    return reading


def neighbours(n_tokens: int) -> Reading:
    """Every pair of neighbours: the first times `n_tokens`, and the second."""

    def reading(rows: AuditSplit) -> Occurrences:
        row = rows.owners
        keys = rows.codes[:-1].astype(np.int64) * n_tokens + rows.codes[1:]
        return Occurrences(keys[row[:-1] == row[1:]], offsets_of(np.maximum(rows.lengths - 1, 0)), n_tokens**2)

    return reading


def placed_tokens(n_tokens: int, from_end: bool = False) -> Reading:
    """Every token with its position, from the row's start or its end; positions from the 64th on are one."""

    def reading(rows: AuditSplit) -> Occurrences:
        position = np.repeat(rows.lengths, rows.lengths) - 1 - rows.places if from_end else rows.places
        keys = np.minimum(position, MOST_POSITIONS - 1) * n_tokens + rows.codes
        return Occurrences(keys, rows.offsets, n_tokens * MOST_POSITIONS)

    return reading


def one_each(keys: np.ndarray, space: int) -> Occurrences:
    """One key per row."""
    return Occurrences(keys, np.arange(len(keys) + 1), space, single=True)


def at_position(position: int, n_tokens: int) -> Reading:
    """The token at one position, counted from 1, or from -1 backwards; NONE in rows that do not reach it."""
    return lambda rows: one_each(token_at(rows, position), n_tokens)


def at_position_or_short(position: int, n_tokens: int) -> Reading:
    """The same, and `n_tokens` as the key of rows that do not reach it."""

    def reading(rows: AuditSplit) -> Occurrences:
        keys = token_at(rows, position)
        return one_each(np.where(keys == NONE, n_tokens, keys), n_tokens + 1)

    return reading


def token_at(rows: AuditSplit, position: int) -> np.ndarray:
    """int64 (n_rows,): the token at one position, counted from 1, or from -1 backwards; NONE where there is none."""
    lengths = rows.lengths
    keys = np.full(rows.n_rows, NONE, np.int64)
    reached = np.flatnonzero(lengths >= abs(position))
    start = rows.offsets[:-1][reached]
    place = start + position - 1 if position > 0 else start + lengths[reached] + position
    keys[reached] = rows.codes[place]
    return keys


def lengths(rows: AuditSplit) -> Occurrences:
    """The length: exact up to 32, in steps of an eighth of an octave above."""
    exact = rows.lengths
    coarse = 32 + np.floor(8 * np.log2(np.maximum(exact, 32) / 32)).astype(np.int64)
    return one_each(np.where(exact <= 32, exact, coarse), 32 + 8 * 64)


def presence(token: int) -> Reading:
    """Whether one token is there: 1 or 0."""

    return lambda rows: one_each(has_token(rows, token).astype(np.int64), 2)


def has_token(rows: AuditSplit, token: int) -> np.ndarray:
    """bool (n_rows,): whether one token stands in the row."""
    has = np.zeros(rows.n_rows, np.bool_)
    has[row_at(rows, np.flatnonzero(rows.codes == token))] = True
    return has


@dataclass(frozen=True)
class Columns:
    """Which keys a model counts: `table` int32 (space + 1,) is each key's column where the space is small, else the
    kept `keys`, sorted, are looked up. Column `n` is that of every other key."""

    n: int
    keys: np.ndarray
    table: np.ndarray | None

    @staticmethod
    def of(train: Occurrences, n_classes: int) -> "Columns":
        """Columns of the keys of train: the most frequent 262,144, fewer where there are very many classes."""
        most = max(1, min(MOST_COLUMNS, MOST_CELLS // max(n_classes, 1)))
        if train.space <= DENSE:
            counts = np.bincount(train.keys + 1, minlength=train.space + 1)[1:]
            keys = np.flatnonzero(counts)
            kept = _most_frequent(keys, counts[keys], most)
            table = np.full(train.space + 1, len(kept), np.int32)
            table[kept] = np.arange(len(kept), dtype=np.int32)
            return Columns(len(kept), kept, table)
        keys = np.sort(train.keys)
        keys = keys[np.searchsorted(keys, 0) :]
        first = np.flatnonzero(np.diff(keys, prepend=NONE))
        kept = _most_frequent(keys[first], np.diff(first, append=len(keys)), most)
        return Columns(len(kept), kept, None)

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


def counts_of(read: Occurrences, columns: Columns) -> sparse.csr_matrix:
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
