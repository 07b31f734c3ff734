"""Second opinions on a claim, which rest on other assumptions than a t interval does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brittlestar.core.seeds import generator

EXACT_SEEDS = 16
DRAWS = 10_000
AT_ONCE = 4_000_000
"""Signs that are drawn at once: 32 MB."""


@dataclass(frozen=True)
class Opinions:
    """`sign_flip`: one-sided p-value, towards the verdict, of the mean distance from the threshold when signs are as
    likely either way (exact up to 16 seeds); `above`: share of seeds on the side of the verdict, ties counting half;
    `superiority`: probability that a run of the variant beats a run of the other, over all pairs of runs."""

    sign_flip: float
    above: float
    superiority: float


def sign_flip(distances: np.ndarray) -> float:
    """P-value of a mean as large as that of `distances`, float64 (n,), if each sign were a coin (Fisher 1935): all
    2^n assignments up to 16, beyond that (1 + k) / (1 + 10,000) of random ones."""
    n = len(distances)
    observed = float(distances.sum())
    slack = 1e-9 * max(float(np.abs(distances).sum()), 1e-300)
    if n <= EXACT_SEEDS:
        sums = np.zeros(1)
        for distance in distances.tolist():  # every sum of n signed distances
            sums = np.concatenate([sums + distance, sums - distance])
        return float((sums >= observed - slack).mean())
    random = generator(0, "sign-flip", n)
    parts = np.array_split(np.arange(DRAWS), -(-DRAWS * n // AT_ONCE))
    sums = [(1 - 2 * random.integers(0, 2, (len(part), n))) @ distances for part in parts]
    return float((1 + (np.concatenate(sums) >= observed - slack).sum()) / (1 + DRAWS))


def share_above(distances: np.ndarray) -> float:
    """Share of `distances` above 0, those that are 0 counting half."""
    return float((distances > 0).mean() + 0.5 * (distances == 0).mean())


def superiority(first: np.ndarray, second: np.ndarray) -> float:
    """Probability that one of `first` exceeds one of `second`, ties counting half (Mann and Whitney 1947)."""
    ordered = np.sort(second)
    below, upto = np.searchsorted(ordered, first, side="left"), np.searchsorted(ordered, first, side="right")
    return float((below + upto).sum() / (2 * len(first) * len(second)))
