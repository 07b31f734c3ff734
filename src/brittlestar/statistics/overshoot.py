"""How far what was picked overshoots: the best of several runs, and an estimate where a study stops."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import norm

from brittlestar.core.seeds import generator
from brittlestar.statistics.power import narrow
from brittlestar.statistics.t_intervals import t_half_width

STUDIES = 20_000  # a bias is known to a hundredth of its standard deviation
FURTHEST = 12.0
"""Effects that are told apart, in standard deviations of a seed's difference."""
NODES = 1_000  # exact to .00003 for 1 to 10 runs, against 400,000 steps


def remove_overshoot(effect: float, looks: Sequence[int], level: float) -> float:
    """The true effect whose estimate, at the look where its study stops, is `effect` on average (Whitehead 1986).

    Effects are distances from the threshold in standard deviations of a seed's difference. A study stops at the first
    of its `looks`, growing numbers of seeds, at which a two-sided t test at `level` tells its mean from 0, and at the
    last one at the latest. Simulated: 20,000 studies.
    """
    sums, squares = _walks(tuple(looks))
    ends = narrow(lambda one: _mean_estimate(one, looks, level, sums, squares) >= effect, -FURTHEST, FURTHEST, 40)
    return sum(ends) / 2


@cache
def _walks(looks: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Means and standard deviations at each look of studies without an effect: float64 (looks, STUDIES)."""
    drawn = generator(0, "stopping", *looks).standard_normal((STUDIES, looks[-1]))
    means = np.stack([drawn[:, :n].mean(axis=1) for n in looks])
    return means, np.stack([drawn[:, :n].std(axis=1, ddof=1) for n in looks])


def _mean_estimate(
    effect: float, looks: Sequence[int], level: float, means: np.ndarray, deviations: np.ndarray
) -> float:
    estimate = means[-1] + effect
    for k in reversed(range(len(looks) - 1)):
        n = looks[k]
        limit = t_half_width(1.0, n - 1, 1 - level / 2, n)
        seen = means[k] + effect
        estimate = np.where(np.abs(seen) >= limit * deviations[k], seen, estimate)
    return float(estimate.mean())


def find_expected_maximum(k: int) -> float:
    """The mean of the largest of k standard normal values (Blom's approximation, 1958; 0 for one)."""
    return float(norm.ppf((k - 0.375) / (k + 0.25))) if k > 1 else 0.0


def find_wrong_winner_rate(difference: float, first: float, second: float, k: int = 1) -> float:
    """The chance that the variant that is better by `difference` > 0 on average loses where the best of k runs of each
    are compared; `first`, `second` are the standard deviations of normal runs of both variants.

    The best of k of the better one is d + s quantile(u^(1/k)), u being uniform; the other's best is above it with
    probability 1 - cdf^k: the average of that over u, at the middles of 1,000 equal steps.
    """
    if first <= 0 and second <= 0:
        return 0.0
    steps = (np.arange(NODES) + 0.5) / NODES
    best = difference + first * ndtri(steps ** (1 / k))
    with np.errstate(over="ignore"):  # far beyond a spread that is almost none is infinitely far
        apart = best / max(second, 1e-300)
    return float((1 - ndtr(apart) ** k).mean())
