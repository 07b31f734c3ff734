"""Shares within rows: rows carry the evidence, and a long one weighs no more than a short one."""

from __future__ import annotations

import numpy as np

from brittlestar.audits.dataset import AuditSplit
from brittlestar.audits.holding import row_at


def shares_of_rows(rows: AuditSplit, places: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """float64 (rows with any of the places,): the share of a row's `places` (int64 in `rows.codes`) that is `chosen`
    (bool, one for each place)."""
    row = row_at(rows, places)
    of = np.bincount(row, minlength=rows.n_rows)
    have = np.bincount(row, chosen, minlength=rows.n_rows)
    return have[of > 0] / of[of > 0]


def mean_above(shares: np.ndarray, chance: float) -> float:
    """A bound on the probability that independent shares in [0, 1] with an expectation of at most `chance` have a mean
    as high as these: exp(-n KL(mean, chance)), theorem 1 of Hoeffding (1963). 1 where the mean is not above it."""
    n = len(shares)
    mean = float(shares.mean()) if n else 0.0
    if mean <= chance:
        return 1.0
    if chance <= 0:
        return 0.0
    rest = (1 - mean) * np.log((1 - mean) / (1 - chance)) if mean < 1 else 0.0
    return float(np.exp(-n * (mean * np.log(mean / chance) + rest)))
