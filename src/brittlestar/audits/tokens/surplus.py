"""How much more often a split holds a token written as unknown, or a mask, than train does."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from brittlestar.audits.dataset import bag
from brittlestar.audits.holding import chosen, holding
from brittlestar.audits.shifts.chance import Shares, drift
from brittlestar.audits.shifts.rows import Comparison
from brittlestar.audits.shifts.saying import SURE
from brittlestar.audits.tokens.markers import unknown_codes

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
