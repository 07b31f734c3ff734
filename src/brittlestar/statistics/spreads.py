"""How sure a standard deviation is."""

from collections.abc import Sequence

import numpy as np


def bound_deviation(values: Sequence[float], level: float = 0.95) -> tuple[float, float]:
    """Chi-square interval of the standard deviation of at least two values; needs them near a normal law."""
    from scipy.special import chdtri

    array = np.asarray(values, dtype=np.float64)
    degrees = array.size - 1
    squares = degrees * float(array.var(ddof=1))
    tail = (1 - level) / 2
    return float(np.sqrt(squares / chdtri(degrees, tail))), float(np.sqrt(squares / chdtri(degrees, 1 - tail)))
