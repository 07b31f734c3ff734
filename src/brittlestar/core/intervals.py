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
