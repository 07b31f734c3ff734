"""How many seeds would put a 95 % interval on one side of a threshold."""

from collections.abc import Sequence

import numpy as np

from brittlestar.statistics.floors import MIN_SEEDS

MOST_SEEDS_COUNTED = 200
"""Beyond so many nothing is searched (convention)."""


def count_seeds_needed(values: Sequence[float], threshold: float, level: float = 0.95) -> tuple[int | None, int | None]:
    """How many seeds in all would put the interval at `level` on one side of the threshold, if the mean stays.

    As a range: at the observed standard deviation, and at its 80 % upper limit (five seeds know it badly). None where
    200 seeds would not do.
    """
    from scipy.special import chdtri, stdtrit

    array = np.asarray(values, dtype=np.float64)
    spread, distance = float(array.std(ddof=1)), abs(float(array.mean()) - threshold)
    upper = spread * float(np.sqrt((array.size - 1) / chdtri(array.size - 1, 0.8)))
    totals = np.arange(max(array.size, MIN_SEEDS), MOST_SEEDS_COUNTED + 1)
    unit = stdtrit(totals - 1, (1 + level) / 2) / np.sqrt(totals)
    enough = [totals[unit * scale < distance] for scale in (spread, upper)]
    low, high = (int(found[0]) if found.size else None for found in enough)
    return low, high


def count_seeds_for_spread(spread: float, n: int, threshold: float) -> int | None:
    """How many seeds in all, `n` >= 2 at least, would put the 95 % chi-square interval of a standard deviation on one
    side of the threshold, if it stays `spread`; None where 200 would not do."""
    from scipy.special import chdtri

    totals = np.arange(n, MOST_SEEDS_COUNTED + 1)
    low, high = (spread * np.sqrt((totals - 1) / chdtri(totals - 1, tail)) for tail in (0.025, 0.975))
    enough = totals[(low > threshold) | (high < threshold)]
    return int(enough[0]) if enough.size else None
