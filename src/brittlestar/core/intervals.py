"""Intervals over seeds for these very rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Summary:
    """Mean over seeds, its interval as (low, high) or None below two seeds, and the number of seeds."""

    mean: float
    interval: tuple[float, float] | None
    n: int


def t_interval(values: Sequence[float], level: float = 0.95) -> Summary:
    """Student-t interval of the mean over seeds (population: these rows, new seeds).

    `values` has shape (n_seeds,) and must be finite. Raises ValueError on an empty or non-finite input: a missing
    seed is an error upstream, never a NaN interval.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.size == 0 or not np.isfinite(array).all():
        raise ValueError("an interval needs at least one value and only finite ones")
    mean = float(array.mean())
    if array.size < 2:
        return Summary(mean, None, int(array.size))
    half = t_quantile(0.5 + level / 2, array.size - 1) * float(array.std(ddof=1)) / np.sqrt(array.size)
    return Summary(mean, (float(mean - half), float(mean + half)), int(array.size))


def t_quantile(probability: float, degrees: float) -> float:
    """Quantile of Student's t, from scipy.special (importing scipy.stats would cost every start a second)."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees, probability))


def wilson_interval(share: float, n: float, quantile: float) -> tuple[float, float]:
    """Interval of a share among n > 0 rows (Wilson 1927): inside [0, 1], and never of width 0.

    `quantile` is that of the normal or t distribution, two-sided: 1.96 for 95 % of a normal one. `n` may be the number
    of rows that a variance is worth, share (1 - share) / variance.
    """
    square = quantile**2
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = quantile / (1 + square / n) * (share * (1 - share) / n + square / (4 * n * n)) ** 0.5
    return (max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half)))
