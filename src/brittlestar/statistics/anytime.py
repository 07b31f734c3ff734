"""Intervals that hold at every number of seeds at once, wherever one stops."""

import numpy as np

PRIOR = 1.0
"""Spread of the effect, in standard deviations of the paired differences, that the mixture is sharpest for."""


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
