"""Student's t: quantile, the half width that every t interval has, interval of a mean; and how sure a spread is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

Width = TypeVar("Width", float, np.ndarray)


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
    half = t_half_width(float(array.std(ddof=1)), array.size - 1, 0.5 + level / 2, array.size)
    return Summary(mean, (float(mean - half), float(mean + half)), int(array.size))


def t_half_width(deviation: Width, degrees: float, probability: float, n: int = 1) -> Width:
    """Half the width of a t interval, in the unit of `deviation`.

    Args:
        deviation: Standard deviation of single values, float64 of any shape; or a standard error, with `n` = 1.
        degrees: Degrees of freedom.
        probability: Of the quantile: 0.975 for a two-sided interval at 95 %.
        n: How many values the mean is of.
    """
    return t_quantile(probability, degrees) * deviation / np.sqrt(n)


def t_quantile(probability: float, degrees: float) -> float:
    """Quantile of Student's t, from scipy.special (importing scipy.stats would cost every start a second)."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees, probability))


def bound_deviation(values: Sequence[float], level: float = 0.95) -> tuple[float, float]:
    """Chi-square interval of the standard deviation of at least two values; needs them near a normal law."""
    from scipy.special import chdtri

    array = np.asarray(values, dtype=np.float64)
    degrees = array.size - 1
    squares = degrees * float(array.var(ddof=1))
    tail = (1 - level) / 2
    return float(np.sqrt(squares / chdtri(degrees, tail))), float(np.sqrt(squares / chdtri(degrees, 1 - tail)))
