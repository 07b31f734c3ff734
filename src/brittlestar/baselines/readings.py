"""What a predictor reads in rows: keys in the order of the tokens, without sorting."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from brittlestar.core.token_rows import TokenRows, offsets_of

NONE = -1  # convention: no key is negative
MOST_POSITIONS = 64  # chosen, not measured: positions told apart


@dataclass(frozen=True)
class Occurrences:
    """`keys` int64 (n,), NONE where a row has nothing to say; those of row i are keys[offsets[i]:offsets[i + 1]].
    All lie below `space`, the same for every split. `single` says that every row has one key, NONE or not."""

    keys: np.ndarray
    offsets: np.ndarray
    space: int
    single: bool = False


Reading = Callable[[TokenRows], Occurrences]
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

    def reading(rows: TokenRows) -> Occurrences:
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

    def reading(rows: TokenRows) -> Occurrences:
        row = rows.owners
        keys = rows.codes[:-1].astype(np.int64) * n_tokens + rows.codes[1:]
        return Occurrences(keys[row[:-1] == row[1:]], offsets_of(np.maximum(rows.lengths - 1, 0)), n_tokens**2)

    return reading


def placed_tokens(n_tokens: int, from_end: bool = False) -> Reading:
    """Every token with its position, from the row's start or its end; positions from the 64th on are one."""

    def reading(rows: TokenRows) -> Occurrences:
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

    def reading(rows: TokenRows) -> Occurrences:
        keys = token_at(rows, position)
        return one_each(np.where(keys == NONE, n_tokens, keys), n_tokens + 1)

    return reading


def token_at(rows: TokenRows, position: int) -> np.ndarray:
    """int64 (n_rows,): the token at one position, counted from 1, or from -1 backwards; NONE where there is none."""
    lengths = rows.lengths
    keys = np.full(rows.n_rows, NONE, np.int64)
    reached = np.flatnonzero(lengths >= abs(position))
    start = rows.offsets[:-1][reached]
    place = start + position - 1 if position > 0 else start + lengths[reached] + position
    keys[reached] = rows.codes[place]
    return keys


def lengths(rows: TokenRows) -> Occurrences:
    """The length: exact up to 32, in steps of an eighth of an octave above."""
    exact = rows.lengths
    coarse = 32 + np.floor(8 * np.log2(np.maximum(exact, 32) / 32)).astype(np.int64)
    return one_each(np.where(exact <= 32, exact, coarse), 32 + 8 * 64)


def presence(token: int) -> Reading:
    """Whether one token is there: 1 or 0."""

    return lambda rows: one_each(has_token(rows, token).astype(np.int64), 2)


def has_token(rows: TokenRows, token: int) -> np.ndarray:
    """bool (n_rows,): whether one token stands in the row."""
    has = np.zeros(rows.n_rows, np.bool_)
    has[np.searchsorted(rows.offsets, np.flatnonzero(rows.codes == token), side="right") - 1] = True
    return has


def nothing(rows: TokenRows) -> Occurrences:
    """What the majority class reads."""
    return one_each(np.full(rows.n_rows, NONE, np.int64), 1)
