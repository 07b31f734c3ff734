"""The sixteen coloured and four colourless tokens of the founding task, as text and as arrays."""

from dataclasses import dataclass

import numpy as np

SHAPES = "▲■●◆"
COLOURS = "rgby"
SHAPE_NAMES = ("triangle", "square", "circle", "diamond")
COLOUR_NAMES = ("red", "green", "blue", "yellow")
ABSENT = -1  # no code: codes count from 0

TOKENS = tuple(shape + colour for shape in SHAPES for colour in ("", *COLOURS))
"""All twenty tokens; a token's code is its position here."""

SHAPE_OF = np.repeat(np.arange(4, dtype=np.int8), 5)
"""int8 (20,): shape of each token code, as a position in SHAPES."""

COLOUR_OF = np.tile(np.arange(-1, 4, dtype=np.int8), 4)
"""int8 (20,): colour of each token code, as a position in COLOURS; -1 where the token has none."""


@dataclass(frozen=True)
class SymbolRows:
    """Sequences as arrays: `shapes` and `colours` int8 (n, L), -1 beyond the row and where a token has no colour;
    `lengths` int64 (n,)."""

    shapes: np.ndarray
    colours: np.ndarray
    lengths: np.ndarray


def rows_from_codes(codes: np.ndarray, lengths: np.ndarray) -> SymbolRows:
    """Rows from token codes int8 (n, L); what lies at or beyond a row's length is ignored."""
    inside = np.arange(codes.shape[1]) < lengths[:, None]
    safe = np.where(inside, codes, 0)
    absent = np.int8(ABSENT)
    return SymbolRows(
        np.where(inside, SHAPE_OF[safe], absent), np.where(inside, COLOUR_OF[safe], absent), lengths.astype(np.int64)
    )


def distinct_counts(values: np.ndarray) -> np.ndarray:
    """int64 (n,): how many of the four shapes (or colours) occur in each row of `values` (n, L)."""
    return np.stack([(values == value).any(axis=1) for value in range(4)]).sum(axis=0)
