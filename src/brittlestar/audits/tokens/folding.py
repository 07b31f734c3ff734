"""Known tokens that became other known tokens: a split in lower case, where train has both cases of every letter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from brittlestar.audits.dataset import AuditDataset, Rows
from brittlestar.data.rows import row_of_token

FEWEST_PAIRS = 4
FEWEST_EXPECTED = 5
LESS = 0.1
ALIKE = 0.9

_FOLDS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("lower case", str.lower),
    ("upper case", str.upper),
)


@dataclass(frozen=True)
class Folded:
    """`expected` occurrences of tokens that the change would alter, by their shares in train, `seen` of them here;
    `pairs` of tokens (altered by the change, and what it makes of them), and the share of `expected` in pairs that are
    rarer here (`alike`); `p` two-sided over rows, for all changes tried; `codes` of the altered tokens."""

    change: str
    expected: float
    seen: int
    pairs: int
    alike: float
    p: float
    codes: np.ndarray

    @property
    def less(self) -> float:
        """The share of expected occurrences that is missing."""
        return 1 - self.seen / self.expected

    @property
    def holds(self) -> bool:
        """Whether the effect is beyond the threshold."""
        return self.pairs >= FEWEST_PAIRS and self.less >= LESS and self.alike >= ALIKE


def folded(dataset: AuditDataset, rows: Rows, counts: Mapping[str, np.ndarray]) -> Folded | None:
    """The change that makes the most of the split's tokens rarer in favour of their counterparts.

    In train, each pair of tokens that the change maps to one another has a share of the first; occurrences here are
    compared with these shares, pair by pair, and summed over the rows.
    """
    train, here = counts["train"], counts[rows.name]
    code_of = {token: code for code, token in enumerate(dataset.tokens) if train[code]}
    found: list[Folded] = []
    for name, change in _FOLDS:
        pairs = [(code, code_of.get(change(token))) for token, code in code_of.items() if change(token) != token]
        known = np.asarray([(one, other) for one, other in pairs if other is not None], np.int64).reshape(-1, 2)
        if len(known) < FEWEST_PAIRS:
            continue
        altered, kept = known[:, 0], known[:, 1]
        share = train[altered] / (train[altered] + train[kept])
        expected = share * (here[altered] + here[kept])
        enough = expected >= FEWEST_EXPECTED
        if enough.sum() < FEWEST_PAIRS:
            continue
        value = np.zeros(len(dataset.tokens))
        np.add.at(value, altered[enough], 1.0)
        np.subtract.at(value, altered[enough], share[enough])
        np.subtract.at(value, kept[enough], share[enough])
        rarer = here[altered[enough]] < expected[enough]
        found.append(
            Folded(
                name,
                float(expected[enough].sum()),
                int(here[altered[enough]].sum()),
                int(enough.sum()),
                float(expected[enough][rarer].sum() / expected[enough].sum()),
                min(1.0, len(_FOLDS) * _p(value, rows, dataset.train)),
                altered[enough],
            )
        )
    return max(found, key=lambda one: one.less, default=None)


def _p(value: np.ndarray, rows: Rows, train: Rows) -> float:
    """Two-sided p that the mean over rows of a sum of token values is what it is in train (0)."""
    sums, own = _sums(value, rows), _sums(value, train)
    error = np.sqrt(sums.var() / max(len(sums), 1) + own.var() / max(len(own), 1))
    return float(2 * norm.sf(abs(sums.mean() - own.mean()) / max(error, 1e-12)))


def _sums(value: np.ndarray, rows: Rows) -> np.ndarray:
    return np.bincount(row_of_token(rows.offsets), value[rows.codes], minlength=rows.n_rows)
