"""Rows as sparse counts of simple features, in columns that train decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from brittlestar.audits.dataset import Rows
from brittlestar.data.rows import row_of_token

MOST_COLUMNS = 1 << 18
MOST_POSITIONS = 64


@dataclass(frozen=True)
class Keys:
    """One feature per occurrence: `keys` int64 (n,), `row` int64 (n,) says in which row."""

    keys: np.ndarray
    row: np.ndarray


Feature = Callable[[Rows], Keys]
"""What a row is made of. Equal keys are the same feature in every split."""


def tokens(rows: Rows) -> Keys:
    """Every token."""
    return Keys(rows.codes.astype(np.int64), row_of_token(rows.offsets))


def values_of(values: np.ndarray) -> Feature:
    """The value of one factor in every token; `values` int32 (n_tokens,), tokens with value 0 are left out."""

    def feature(rows: Rows) -> Keys:
        value = values[rows.codes].astype(np.int64)
        has = value > 0
        return Keys(value[has], row_of_token(rows.offsets)[has])

    return feature


def bigrams(rows: Rows) -> Keys:
    """Every pair of neighbours."""
    row = row_of_token(rows.offsets)
    inner = row[:-1] == row[1:]
    codes = rows.codes.astype(np.int64)
    return Keys((codes[:-1] << 32 | codes[1:])[inner], row[:-1][inner])


def placed_tokens(rows: Rows) -> Keys:
    """Every token with its position; positions from 63 on are one."""
    row = row_of_token(rows.offsets)
    position = np.arange(len(rows.codes)) - rows.offsets[:-1][row]
    return Keys(np.minimum(position, MOST_POSITIONS - 1) << 32 | rows.codes.astype(np.int64), row)


def at_position(position: int) -> Feature:
    """The token at one position, from 0, or from the end where it is negative (-1 is the last)."""

    def feature(rows: Rows) -> Keys:
        lengths = rows.lengths
        place = position if position >= 0 else lengths + position
        has = np.flatnonzero((lengths > place) & (place >= 0))
        at = rows.offsets[:-1] + place
        return Keys(rows.codes[at[has]].astype(np.int64), has)

    return feature


def length(rows: Rows) -> Keys:
    """The length of the row: exact up to 32, in steps of an eighth of an octave above."""
    lengths = rows.lengths
    coarse = 32 + np.floor(8 * np.log2(np.maximum(lengths, 32) / 32)).astype(np.int64)
    return Keys(np.where(lengths <= 32, lengths, coarse), np.arange(rows.n_rows))


@dataclass(frozen=True)
class Columns:
    """The columns of a feature: `keys` int64, sorted; what train never shows has none."""

    feature: Feature
    keys: np.ndarray

    @staticmethod
    def of(feature: Feature, train: Rows) -> Columns:
        """Columns for the features of train, the most frequent 262,144 of them."""
        keys, counts = np.unique(feature(train).keys, return_counts=True)
        if len(keys) > MOST_COLUMNS:
            keys = np.sort(keys[np.argsort(-counts, kind="stable")[:MOST_COLUMNS]])
        return Columns(feature, keys)

    def matrix(self, rows: Rows) -> sparse.csr_matrix:
        """Counts float32 (n_rows, n_columns)."""
        found = self.feature(rows)
        if not len(self.keys):
            return sparse.csr_matrix((rows.n_rows, 0), dtype=np.float32)
        place = np.minimum(np.searchsorted(self.keys, found.keys), len(self.keys) - 1)
        known = self.keys[place] == found.keys
        ones = np.ones(int(known.sum()), np.float32)
        cells = (ones, (found.row[known], place[known]))
        return sparse.csr_matrix(sparse.coo_matrix(cells, shape=(rows.n_rows, len(self.keys))))
