"""What a rule of the founding task says of rows of tokens."""

from collections.abc import Sequence

import numpy as np

from brittlestar.data.spr import Rule
from brittlestar.data.spr.symbols import TOKENS, SymbolRows, rows_from_codes

TOKEN_PATTERN = "(?P<shape>[▲■●◆])(?P<colour>[rgby])?"
"""How a token decomposes, as `data.factors` wants it."""


def rows_from_tokens(sequences: Sequence[Sequence[str]]) -> SymbolRows:
    lengths = np.asarray([len(sequence) for sequence in sequences], np.int64)
    codes = np.zeros((len(sequences), int(lengths.max(initial=0))), np.int8)
    for row, sequence in enumerate(sequences):
        codes[row, : len(sequence)] = [TOKENS.index(token) for token in sequence]
    return rows_from_codes(codes, lengths)


def label_rows(rule: Rule, sequences: Sequence[Sequence[str]]) -> np.ndarray:
    """int64 (n,): 1 where the rule accepts the row, else 0."""
    rows = rows_from_tokens(sequences)
    return rule.holds(rows.shapes, rows.colours, rows.lengths).astype(np.int64)
