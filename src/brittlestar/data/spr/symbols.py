"""The sixteen coloured and four colourless tokens of the founding task, as text and as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from brittlestar.core.errors import InputError, Problem

SHAPES = "▲■●◆"
COLOURS = "rgby"
SHAPE_NAMES = ("triangle", "square", "circle", "diamond")
COLOUR_NAMES = ("red", "green", "blue", "yellow")
ABSENT = -1  # no code: codes count from 0

TOKEN_PATTERN = "(?P<shape>[▲■●◆])(?P<colour>[rgby])?"
"""How a token decomposes, as the `data.factors` setting of a study wants it."""

TOKENS = tuple(shape + colour for shape in SHAPES for colour in ("", *COLOURS))
"""All twenty tokens; a token's code is its position here."""

SHAPE_OF = np.repeat(np.arange(4, dtype=np.int8), 5)
"""int8 (20,): shape of each token code, as a position in SHAPES."""

COLOUR_OF = np.tile(np.arange(-1, 4, dtype=np.int8), 4)
"""int8 (20,): colour of each token code, as a position in COLOURS; -1 where the token has none."""


@dataclass(frozen=True)
class Rows:
    """Sequences as arrays: `shapes` and `colours` int8 (n, L), -1 beyond the row and where a token has no colour;
    `lengths` int64 (n,)."""

    shapes: np.ndarray
    colours: np.ndarray
    lengths: np.ndarray


def rows_from_codes(codes: np.ndarray, lengths: np.ndarray) -> Rows:
    """Rows from token codes int8 (n, L); what lies at or beyond a row's length is ignored."""
    inside = np.arange(codes.shape[1]) < lengths[:, None]
    safe = np.where(inside, codes, 0)
    absent = np.int8(ABSENT)
    return Rows(
        np.where(inside, SHAPE_OF[safe], absent), np.where(inside, COLOUR_OF[safe], absent), lengths.astype(np.int64)
    )


def rows_from_tokens(sequences: Sequence[Sequence[str]]) -> Rows:
    """Rows from lists of tokens; an empty list is a row of length 0.

    Raises InputError that names the first ten tokens (by row and place, both from 1) that are not SPR tokens.
    """
    lengths = np.fromiter((len(sequence) for sequence in sequences), dtype=np.int64, count=len(sequences))
    flat = [token for sequence in sequences for token in sequence]
    code_of = {token: code for code, token in enumerate(TOKENS)}
    flat_codes = np.fromiter((code_of.get(token, -1) for token in flat), dtype=np.int8, count=len(flat))
    owners = np.repeat(np.arange(len(sequences)), lengths)
    places = np.arange(len(flat)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    unknown = np.flatnonzero(flat_codes < 0)[:10]
    if len(unknown):
        raise InputError(
            Problem(
                f"{flat[index]!r} is not a token of the SPR task",
                f"row {owners[index] + 1}, token {places[index] + 1}",
                f"a token is one of {' '.join(SHAPES)}, and then r, g, b, y or nothing",
            )
            for index in unknown.tolist()
        )
    codes = np.zeros((len(sequences), int(lengths.max(initial=0))), dtype=np.int8)
    codes[owners, places] = flat_codes
    return rows_from_codes(codes, lengths)


def distinct_counts(values: np.ndarray) -> np.ndarray:
    """int64 (n,): how many of the four shapes (or colours) occur in each row of `values` (n, L)."""
    return np.stack([(values == value).any(axis=1) for value in range(4)]).sum(axis=0)
