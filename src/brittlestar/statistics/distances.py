"""Do two groups of runs lie further apart than runs of one group do?"""

from __future__ import annotations

from typing import Any

import numpy as np


def compare_groups(distances: np.ndarray, first: int) -> tuple[float, float]:
    """(by how much the mean distance between two groups exceeds that within them, its p-value).

    `distances` float64 (n, n) is symmetric; the first `first` of the n belong together, and so do the others, each two
    or more. The p-value is that of an excess as large, if all were dealt to the groups at random: all ways up to
    10,000, beyond that so many random ones (energy statistics of Székely and Rizzo 2004, by permutation).
    """
    from scipy.stats import permutation_test

    def excess(one: np.ndarray, other: np.ndarray, axis: Any = None) -> float:
        left, right = one.astype(int), other.astype(int)
        between = distances[np.ix_(left, right)].mean()
        within = [distances[np.ix_(side, side)].sum() / (len(side) * (len(side) - 1)) for side in (left, right)]
        return float(between - np.mean(within))

    sides = np.arange(first), np.arange(first, len(distances))
    found = permutation_test(
        sides, excess, vectorized=False, permutation_type="independent", alternative="greater", n_resamples=10_000,
        rng=np.random.default_rng(0),
    )  # fmt: skip
    return float(found.statistic), float(found.pvalue)
