"""How small a p-value must be at each of several looks, so that all looks together err no more often than one would.

    python -m brittlestar.statistics.interim_analyses

writes the table of the default plan, `looks.json`; other plans are simulated when they are asked for.
"""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from scipy.special import stdtr

from brittlestar.core.hashing import pretty_json
from brittlestar.core.seeds import generator

DEFAULT = (5, 10, 20, 40)  # doubling from the fewest seeds that are judged
STUDIES = 400_000  # a level of .01 is met to .00016 (binomial standard error)
BLOCK = 50_000  # budget: 16 MB at a time
SMALLEST = 0.001
"""Below this total the levels are alpha over the number of looks: too few simulated studies reach further."""
GRID = np.geomspace(SMALLEST, 0.5, 60)
PLACE = Path(__file__).with_name("looks.json")
PRIOR = 1.0
"""Spread of the effect, in standard deviations of the paired differences, that the mixture is sharpest for."""


def nominal_level(looks: Sequence[int], alpha: float) -> float:
    """The two-sided p-value below which one of several looks decides, the same at each (after Pocock 1977, with t
    tests): if there is no difference, the chance that any look decides is `alpha`. One look: `alpha` itself.

    `looks` are growing numbers of seeds, each at least 2; `alpha` lies in (0, 1). Differences are Gaussian and
    independent over seeds.
    """
    plan = tuple(looks)
    if len(plan) == 1:
        return alpha
    if alpha <= SMALLEST:
        return alpha / len(plan)
    if alpha > GRID[-1]:
        return float(np.quantile(_smallest(plan), alpha))
    return float(np.exp(np.interp(np.log(alpha), np.log(GRID), np.log(_levels(plan)))))


@cache
def _levels(looks: tuple[int, ...]) -> np.ndarray:
    """Nominal levels at the totals of `GRID`: float64 (len(GRID),)."""
    if looks == DEFAULT and PLACE.exists():
        return np.asarray(json.loads(PLACE.read_bytes())["levels"])
    return np.quantile(_smallest(looks), GRID)


@cache
def _smallest(looks: tuple[int, ...]) -> np.ndarray:
    """The smallest two-sided p-value over the looks of each simulated study without a difference: (STUDIES,)."""
    random = generator(0, "looks", *looks)
    blocks: list[np.ndarray] = []
    for _ in range(STUDIES // BLOCK):
        p = np.ones(BLOCK)
        sums, squares, before = np.zeros(BLOCK), np.zeros(BLOCK), 0
        for n in looks:
            drawn = random.standard_normal((BLOCK, n - before))
            sums += drawn.sum(axis=1)
            squares += (drawn**2).sum(axis=1)
            before = n
            variance = np.maximum(squares - sums**2 / n, 1e-300) / (n - 1)
            p = np.minimum(p, 2 * stdtr(n - 1, -np.abs(sums) / np.sqrt(n * variance)))
        blocks.append(p)
    return np.concatenate(blocks)


def anytime_half_width(n: int, deviation: float, alpha: float, prior: float = PRIOR) -> float:
    """Half the width of the interval for the mean of n >= 2 differences with standard deviation `deviation`.

    The mixture of t likelihood ratios over effects ~ N(0, prior^2) under the right Haar prior of the scale is, at the
    true mean, an e-process for every scale, so that it reaches 1/alpha anywhere with probability alpha at most (Ville
    1939; Lai 1976; Wang and Ramdas 2024). With v = n - 1 and k = 1 + n prior^2 it is
    k^(-1/2) ((1 + t^2/v) / (1 + t^2/(v k)))^((v + 1)/2); the interval holds the means at which it is below 1/alpha.
    Infinite where so few seeds cannot exclude anything.
    """
    freedom, spread = n - 1, 1 + n * prior**2
    ratio = (np.sqrt(spread) / alpha) ** (2 / (freedom + 1))
    if ratio >= spread:
        return float("inf")
    t_squared = freedom * (ratio - 1) / (1 - ratio / spread)
    return float(np.sqrt(t_squared / n) * deviation)


if __name__ == "__main__":
    found = {"looks": DEFAULT, "studies": STUDIES, "alpha": GRID.tolist()}
    PLACE.write_bytes(pretty_json({**found, "levels": np.quantile(_smallest(DEFAULT), GRID).tolist()}))
