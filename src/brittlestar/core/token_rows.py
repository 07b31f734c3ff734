"""Rows of tokens of different lengths, stored end to end. No loop over rows or tokens."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from brittlestar.core.large_arrays import AT_ONCE, collect


@dataclass(frozen=True)
class TokenRows:
    """`codes` int32 (n_tokens,), row i being codes[offsets[i]:offsets[i + 1]]; `offsets` int64 (n_rows + 1,).

    What a code stands for, and what else is known of a row, is told by the records that extend this one."""

    codes: np.ndarray
    offsets: np.ndarray

    @cached_property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.offsets) - 1

    @cached_property
    def lengths(self) -> np.ndarray:
        """int64 (n_rows,): tokens in each row."""
        return np.diff(self.offsets)

    @property
    def owners(self) -> np.ndarray:
        """int64 (n_tokens,): the row of each token."""
        return row_of_token(self.offsets)

    @property
    def places(self) -> np.ndarray:
        """int64 (n_tokens,): where each token stands in its row, from 0."""
        return np.arange(len(self.codes), dtype=np.int64) - np.repeat(self.offsets[:-1], self.lengths)

    def tokens_of(self, row: int) -> np.ndarray:
        """int32: the codes of one row."""
        return self.codes[self.offsets[row] : self.offsets[row + 1]]

    def take_tokens(self, rows: np.ndarray) -> "TokenRows":
        """The rows `rows` int (n,), in this order and as often as they are named: their tokens and nothing else."""
        return TokenRows(*take(self.codes, self.offsets, rows))


def take(tokens: np.ndarray, offsets: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The given rows, in the given order and as often as they are named.

    `tokens` (n_tokens,), `offsets` int64 (n_rows + 1,), `rows` int (n_taken,). Returns tokens and offsets of the
    taken rows.
    """
    lengths = offsets[rows + 1] - offsets[rows]
    taken = offsets_of(lengths)
    if taken[-1] <= AT_ONCE:
        return tokens[_places(offsets, rows, lengths)], taken
    parts = (tokens[_places(offsets, rows[part], lengths[part])] for part in row_blocks(taken))
    return collect(parts, tokens.dtype), taken


def _places(offsets: np.ndarray, rows: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """int64: where the tokens of the given rows stand, row after row."""
    ends = np.cumsum(lengths)
    return np.arange(lengths.sum(), dtype=np.int64) + np.repeat(offsets[rows] - (ends - lengths), lengths)


def row_blocks(offsets: np.ndarray) -> Iterator[slice]:
    """Slices that cover all rows, each of about four million tokens, or of one row that is longer."""
    bounds = np.searchsorted(offsets[:-1], np.arange(0, max(int(offsets[-1]), 1), AT_ONCE)).tolist()
    return (slice(a, b) for a, b in pairwise([*bounds, len(offsets) - 1]) if a < b)


def sum_rows(values: np.ndarray, codes: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """float64 (n_rows,): the sum over each row's tokens of `values` (lexicon,), by code."""
    sums = np.zeros(len(offsets) - 1)
    for block in row_blocks(offsets):
        bounds = offsets[block.start : block.stop + 1]
        owner = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
        sums[block] = np.bincount(owner, values[codes[bounds[0] : bounds[-1]]], minlength=len(bounds) - 1)
    return sums


def stack_tokens(parts: Sequence[TokenRows]) -> tuple[np.ndarray, np.ndarray]:
    """Tokens and offsets of all rows, part after part."""
    lengths = np.concatenate([part.lengths for part in parts])
    return np.concatenate([part.codes for part in parts]), offsets_of(lengths)


def offsets_of(lengths: np.ndarray) -> np.ndarray:
    """int64 (n_rows + 1,): where each row of the given lengths starts, and where the last one ends."""
    offsets = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return offsets


def row_of_token(offsets: np.ndarray) -> np.ndarray:
    """int64 (n_tokens,): the row that each token belongs to."""
    return np.repeat(np.arange(len(offsets) - 1, dtype=np.int64), np.diff(offsets))
