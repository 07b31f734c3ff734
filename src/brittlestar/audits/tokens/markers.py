"""Tokens by which other tools write padding, an unknown token and pieces of words, and a surplus of unknown ones."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from brittlestar.audits.dataset import bag, chosen, holding
from brittlestar.audits.shifts.chance import Shares, drift
from brittlestar.audits.shifts.judging import SURE
from brittlestar.audits.shifts.rows import Comparison

_NAME = re.compile(
    r"(?:[<\[{(|@#$%⟨]|__?|<\||\u2581<)(?P<inner>[A-Za-z][A-Za-z _-]*)\d*(?:[>\]})|@#$%⟩]|__?|\|>)|(?P<bare>[A-Z]+)"
)
PADDING_NAMES = frozenset({"pad", "padding", "blank", "null"})
UNKNOWN_NAMES = frozenset({"unk", "unknown", "oov", "rare", "mask", "masked"})
_BARE_PADDING = frozenset({"PAD", "PADDING"})
_BARE_UNKNOWN = frozenset({"UNK", "OOV", "UNKNOWN"})
PIECES = ("▁", "##", "Ġ", "@@", "</w>", "<w>", "Ċ", "_")
"""Marks that say whether a piece starts or goes on with a word."""


def padding_codes(tokens: Sequence[str]) -> np.ndarray:
    """int64: the tokens that are written as padding: `<pad>`, `[PAD]`, `PAD`, `__padding__`, …"""
    return _codes(tokens, PADDING_NAMES, _BARE_PADDING)


def unknown_codes(tokens: Sequence[str]) -> np.ndarray:
    """int64: the tokens that are written as unknown or masked: `<unk>`, `[UNK]`, `UNK`, `<oov>`, `[MASK]`, …"""
    return _codes(tokens, UNKNOWN_NAMES, _BARE_UNKNOWN)


def _codes(tokens: Sequence[str], names: frozenset[str], bare: frozenset[str]) -> np.ndarray:
    found: list[int] = []
    for code, token in enumerate(tokens):
        match = _NAME.fullmatch(token) if 3 <= len(token) <= 16 else None
        if match and (match["inner"].strip("_- ").lower() in names if match["inner"] else token in bare):
            found.append(code)
    return np.asarray(found, np.int64)


LEAST_OF_TOKENS = 0.01
LEAST_OF_ROWS = 0.02
"""As `shift.vocabulary` asks of tokens unseen in train."""
LEAST_RATIO = 3.0
"""As `token.unknown` asks of unseen tokens: convention."""


@dataclass(frozen=True)
class Surplus:
    """Tokens written as unknown: `codes` int64; their shares of all tokens and of rows that hold one, in train and in
    the split; `p`, two-sided, of the shares of tokens over units."""

    codes: np.ndarray
    tokens: tuple[float, float]
    rows: tuple[float, float]
    p: float

    @property
    def far_more(self) -> bool:
        """Whether the split has far more of them, surely."""
        shares = ((*self.tokens, LEAST_OF_TOKENS), (*self.rows, LEAST_OF_ROWS))
        far = any(here - train >= least and here >= LEAST_RATIO * train for train, here, least in shares)
        return far and self.p <= SURE

    def as_json(self, split: str) -> dict[str, Any]:
        """Shares and test as JSON values."""
        return {
            "share_of_tokens": {"train": self.tokens[0], split: self.tokens[1]},
            "share_of_rows": {"train": self.rows[0], split: self.rows[1]},
            "p_of_surplus": self.p,
        }


def find_surplus(comparison: Comparison) -> Surplus | None:
    """Of one split beside train; None where it has no such token."""
    dataset, whole = comparison.dataset, comparison.whole
    codes = unknown_codes(dataset.tokens)
    wanted = chosen(codes, len(dataset.tokens))
    if not wanted[whole.codes].any():
        return None
    first, second = (
        Shares.of(
            sparse.csr_matrix(bag(side.rows, len(dataset.tokens))[:, codes].sum(axis=1)), side.rows.lengths, side.units
        )
        for side in (comparison.train, comparison.other)
    )
    tokens, tokens_here = (float(wanted[one.codes].mean()) if len(one.codes) else 0.0 for one in (dataset.train, whole))
    both = (dataset.train, dataset.splits[whole.name])
    rows, rows_here = (len(holding(one, wanted)) / max(one.n_rows, 1) for one in both)
    return Surplus(codes, (tokens, tokens_here), (rows, rows_here), float(drift(first, second).p[0]))
