"""Padding that is written into sequences as tokens: which token, at which end of which rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from brittlestar.audits.holding import chosen, row_at
from brittlestar.audits.material import Material, Rows
from brittlestar.audits.tokens.markers import padding_codes

SHORTEST = 4
RUN = 3
LEAST_ROWS = 0.2
FEWEST_LENGTHS = 3
INSIDE = 0.1
OTHERS = 0.05


@dataclass(frozen=True)
class Sides:
    """One split: rows with padding at the start alone, at the end alone, at both, and somewhere inside (bool each,
    (n_rows,)); a row of nothing but padding counts as padded at the end."""

    start: np.ndarray
    end: np.ndarray
    both: np.ndarray
    inside: np.ndarray

    @property
    def padded(self) -> np.ndarray:
        """bool (n_rows,): any padding."""
        return self.start | self.end | self.both | self.inside


@dataclass(frozen=True)
class Padding:
    """`codes` int64 are the tokens that pad; `named` where their name says so (`<pad>`), else they were found by their
    runs; `real` is the share of rows that also hold such a token inside; `splits` are the sides of each split."""

    codes: np.ndarray
    named: bool
    real: float
    splits: Mapping[str, Sides]


def written_padding(material: Material) -> Padding | None:
    """The padding that the splits hold as tokens, or None.

    A name such as `<pad>` or `[PAD]` decides. Otherwise, where all rows of train have one length, a token is padding
    when at least 20 % of the rows end (or start) with three or more of it, in runs of at least three different
    lengths, while hardly any other token (5 % of rows together) does that, and at most 10 % of its own runs elsewhere
    are as long.
    """
    codes = padding_codes(material.tokens)
    if len(codes):
        return Padding(codes, True, 0.0, _sides(material, codes))
    code = _unnamed(material.train, len(material.tokens))
    if code is None:
        return None
    codes = np.asarray([code])
    splits = _sides(material, codes)
    return Padding(codes, False, float(splits["train"].inside.mean()), splits)


def _sides(material: Material, codes: np.ndarray) -> dict[str, Sides]:
    wanted = chosen(codes, len(material.tokens))
    return {name: sides_of(rows, wanted) for name, rows in material.splits.items()}


def sides_of(rows: Rows, wanted: np.ndarray) -> Sides:
    """Where each row is padded; `wanted` bool (n_tokens,) says which tokens pad."""
    n = rows.n_rows
    pads = wanted[rows.codes]
    real = np.flatnonzero(~pads)
    count = np.bincount(row_at(rows, np.flatnonzero(pads)), minlength=n)
    row = row_at(rows, real)
    first_of, last_of = np.full(n, -1), np.full(n, -1)
    new = np.flatnonzero(np.diff(row, prepend=-1))
    first_of[row[new]] = real[new]
    ends = np.append(new[1:], len(real)) - 1 if len(new) else new
    last_of[row[new]] = real[ends]
    has_real = first_of >= 0
    leading = np.where(has_real, first_of - rows.offsets[:-1], 0)
    trailing = np.where(has_real, rows.offsets[1:] - 1 - last_of, count)
    return Sides(
        (leading > 0) & (trailing == 0),
        (trailing > 0) & (leading == 0),
        (leading > 0) & (trailing > 0),
        count > leading + trailing,
    )


def _unnamed(rows: Rows, n_tokens: int) -> int | None:
    """The code of a token without a telling name that fills rows of one length up, or None."""
    lengths = rows.lengths
    if not len(lengths) or lengths.min() != lengths.max() or lengths[0] < SHORTEST:
        return None
    grid = rows.codes.reshape(len(lengths), int(lengths[0]))
    for table in (grid[:, ::-1], grid):
        same = np.cumprod(table == table[:, :1], axis=1, dtype=np.int8).sum(axis=1)
        long = same >= RUN
        by_token = np.bincount(table[long, 0], minlength=n_tokens)
        code = int(by_token.argmax())
        mine = long & (table[:, 0] == code)
        if mine.mean() < LEAST_ROWS or (by_token.sum() - by_token[code]) > OTHERS * len(lengths):
            continue
        if len(np.unique(same[mine])) < FEWEST_LENGTHS:
            continue
        if _long_runs_inside(table, np.where(table[:, 0] == code, same, 0), code) <= INSIDE:
            return code
    return None


def _long_runs_inside(table: np.ndarray, skipped: np.ndarray, code: int) -> float:
    """Among runs of the token that do not touch the padded end, the share of three and more."""
    inside = (table == code) & (np.arange(table.shape[1]) >= skipped[:, None])
    starts = inside & ~np.pad(inside, ((0, 0), (1, 0)))[:, :-1]
    long = starts[:, : -RUN + 1].copy()
    for step in range(1, RUN):
        long &= inside[:, step : table.shape[1] - RUN + 1 + step]
    return float(long.sum() / max(starts.sum(), 1))
