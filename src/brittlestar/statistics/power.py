"""What a number of seeds can see, and how many would do."""

from collections.abc import Callable, Sequence

import numpy as np
from scipy.special import chdtri, gammaincinv, nctdtr, ndtri, stdtrit

from brittlestar.statistics.floors import MIN_SEEDS

POWER = 0.8  # convention (Cohen 1988)
MOST = 1_000_000  # beyond it no experiment is planned
CONFIDENCE = 0.8  # convention: as the power
MOST_SEEDS_COUNTED = 200
"""Beyond so many nothing is searched (convention)."""


def power(effect: float, n: int, level: float) -> float:
    """Power of the one-sided paired t test at `level` for a true mean of `effect` standard deviations, n >= 2 seeds."""
    return _beyond(effect * np.sqrt(n), n - 1.0, float(stdtrit(n - 1, 1 - level)))


def smallest_n(reaches: Callable[[int], bool], least: int = 2, most: int = MOST) -> int | None:
    """The smallest n from `least` on that reaches it, None where not even `most` does; `reaches` grows with n."""
    if reaches(least):
        return least
    low, high = least, 2 * least
    while not reaches(min(high, most)):
        if high >= most:
            return None
        low, high = high, 2 * high
    high = min(high, most)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reaches(middle) else (middle, high)
    return high


def narrow(reaches: Callable[[float], bool], low: float, high: float, halvings: int = 60) -> tuple[float, float]:
    """The interval from `low` to `high`, halved so often, around the first value that `reaches` what is asked; it does
    so from there on."""
    for _ in range(halvings):
        middle = (low + high) / 2
        low, high = (low, middle) if reaches(middle) else (middle, high)
    return low, high


def rows_for(difference: float, share: float, level: float = 0.05) -> float:
    """Rows on which two models, each right on about `share` of them and with errors that have nothing to do with each
    other, are told apart two-sided at `level` with 80 % power where they differ by `difference` (normal approximation
    of McNemar's test: Connor 1987; 2 / difference more for whole numbers of few rows: Fleiss, Tytun and Ury 1980)."""
    per_row = max(2 * share * (1 - share), difference) - difference**2
    return float(ndtri(1 - level / 2) + ndtri(POWER)) ** 2 * per_row / difference**2 + 2 / difference


def seeds_for(effect: float, level: float = 0.05) -> int | None:
    """Seeds at which a true mean of `effect` > 0 standard deviations is found with 80 % power, one-sided."""
    return smallest_n(lambda n: power(effect, n, level) >= POWER) if effect > 0 else None


def find_detectable(se: float, df: float, level: float) -> float:
    """The smallest true distance that an estimate with this standard error and degrees of freedom tells from nothing
    with 80 % power, one-sided at `level`: 0 where the error is 0."""
    wanted = float(stdtrit(df, 1 - level))
    return narrow(lambda distance: _beyond(distance, df, wanted) >= POWER, 0.0, 40.0 + 2 * wanted)[1] * se


def deviation_range(n: int) -> tuple[float, float]:
    """Factors by which the true standard deviation may be smaller or larger than that of n >= 2 seeds (one-sided 80 %
    limits each): .82 and 1.56 for 5."""
    freedom = n - 1
    scale = np.sqrt(2 * gammaincinv(freedom / 2, [CONFIDENCE, 1 - CONFIDENCE]) / freedom)  # quantiles of chi
    return float(1 / scale[0]), float(1 / scale[1])


def seeds_where(
    per_seed: float, fixed: float, distance: float, level: float, factor: float = 1.0, sides: int = 1
) -> int | None:
    """Seeds at which `distance` > 0 is told, one-sided at `level` with 80 % power, where the variance of the mean of n
    seeds is factor^2 per_seed / n + fixed, with n - 1 degrees of freedom on each of `sides`; None where no number of
    seeds does, since `fixed` alone is too much."""
    if distance <= 0:
        return None
    if fixed <= 0 and sides == 1:
        return seeds_for(distance / (np.sqrt(per_seed) * factor), level) if per_seed > 0 else 2

    def reaches(n: int) -> bool:
        se = float(np.sqrt(factor**2 * per_seed / n + fixed))
        return distance >= _reach(sides * (n - 1), level) * se

    return smallest_n(reaches)


def _beyond(shift: float, df: float, limit: float) -> float:
    """How often a noncentral t exceeds a limit; where SciPy gives no number, it lies far beyond it."""
    below = float(nctdtr(df, shift, limit))
    return 1.0 if np.isnan(below) else 1 - below


def _reach(df: float, level: float) -> float:
    """Standard errors from the threshold to an effect that is found with 80 % power (normal, not noncentral t)."""
    return float(stdtrit(df, 1 - level)) + float(stdtrit(df, POWER))


def count_seeds_needed(values: Sequence[float], threshold: float, level: float = 0.95) -> tuple[int | None, int | None]:
    """How many seeds in all would put the interval at `level` on one side of the threshold, if the mean stays.

    As a range: at the observed standard deviation, and at its 80 % upper limit (five seeds know it badly). None where
    200 seeds would not do.
    """
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

    totals = np.arange(n, MOST_SEEDS_COUNTED + 1)
    low, high = (spread * np.sqrt((totals - 1) / chdtri(totals - 1, tail)) for tail in (0.025, 0.975))
    enough = totals[(low > threshold) | (high < threshold)]
    return int(enough[0]) if enough.size else None
