"""What needs no distribution: tests by chance signs and chance sides, and how often one value exceeds another."""

from itertools import combinations
from math import comb
from typing import Any

import numpy as np

from brittlestar.core.seeds import generator

EXACT_SEEDS = 16  # budget: 2^16 sign patterns
DRAWS = 10_000  # p = .05 is met to .0022 (binomial standard error)
BLOCK_CELLS = 4_000_000
"""Signs, or places, that are drawn at once."""


def find_sign_flip_p(distances: np.ndarray) -> float:
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
    reached = 0
    for many in _blocks(n):
        bits = np.unpackbits(random.integers(0, 256, (many, -(-n // 8)), np.uint8), axis=1, count=n)
        sums = observed - 2 * (bits @ distances)
        reached += int((sums >= observed - slack).sum())
    return (1 + reached) / (1 + DRAWS)


def find_permutation_p(first: np.ndarray, second: np.ndarray) -> float:
    """P-value of means as far apart as those of `first` and `second`, first the larger, if their values were dealt to
    both sides at random (Fisher 1935): all ways up to 10,000, beyond that (1 + k) / (1 + 10,000) of random ones."""
    both, n = np.concatenate([first, second]), len(first)
    observed = float(first.sum())
    slack = 1e-9 * max(float(np.abs(both).sum()), 1e-300)
    if comb(len(both), n) <= DRAWS:
        sums = np.asarray([both[list(chosen)].sum() for chosen in combinations(range(len(both)), n)])
        return float((sums >= observed - slack).mean())
    random = generator(0, "permutation", n, len(second))
    reached = 0
    for many in _blocks(len(both)):
        dealt = random.permuted(np.broadcast_to(both, (many, len(both))), axis=1)[:, :n]
        reached += int((dealt.sum(axis=1) >= observed - slack).sum())
    return (1 + reached) / (1 + DRAWS)


def find_share_above(distances: np.ndarray) -> float:
    """Share of `distances` above 0, those that are 0 counting half."""
    return float((distances > 0).mean() + 0.5 * (distances == 0).mean())


def find_superiority(first: np.ndarray, second: np.ndarray) -> float:
    """Probability that one of `first` exceeds one of `second`, ties counting half (Mann and Whitney 1947)."""
    ordered = np.sort(second)
    below, upto = np.searchsorted(ordered, first, side="left"), np.searchsorted(ordered, first, side="right")
    return float((below + upto).sum() / (2 * len(first) * len(second)))


def _blocks(n: int) -> list[int]:
    """Sizes of blocks that make up all draws, each of so many cells at most."""
    size = max(1, min(DRAWS, BLOCK_CELLS // max(n, 1)))
    return [min(size, DRAWS - start) for start in range(0, DRAWS, size)]


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
