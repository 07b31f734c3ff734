"""How sure each of several comparisons with one variant must be, so that all together err no more often than one."""

from functools import cache

import numpy as np
from scipy.special import ndtr, stdtr, stdtrit
from scipy.stats import chi

MOST_LIKENESS = 0.5
"""The correlation of comparisons of variants that vary alike with one that varies as much: Dunnett's own case.
Estimates from a handful of seeds are not trusted beyond it."""
NODES = 60  # 180 nodes give the same to the last digit


def simultaneous_level(differences: np.ndarray, alpha: float) -> float:
    """The two-sided level of each of k comparisons, so that one of them or more misses with probability `alpha`
    (Dunnett 1955), from per-seed differences float64 (k, n), n >= 2: between alpha / k and alpha. Comparisons are as
    like each other as their mean correlation says, no more than 0.5 and no less than 0."""
    k, n = differences.shape
    return alpha if k < 2 else level_of(k, n - 1.0, np.floor(100 * likeness(differences)) / 100, alpha)


def likeness(differences: np.ndarray) -> float:
    """Mean correlation of rows of float64 (k, n), 0 to 0.5; those that do not vary count as unlike."""
    k = len(differences)
    spread = differences.std(axis=1)
    varying = differences[spread > 0]
    if len(varying) < 2:
        return 0.0
    total = float(np.corrcoef(varying).sum() - len(varying))
    return float(np.clip(total / (k * (k - 1)), 0.0, MOST_LIKENESS))


@cache
def level_of(k: int, df: float, correlation: float, alpha: float) -> float:
    """The same for k statistics t with `df` degrees of freedom each, whose means have a common correlation: the level
    at which max |t| exceeds its limit with probability `alpha`. Each is divided by a deviation of its own, as it is
    where variants vary differently; Dunnett pools them, which errs more often there. Without correlation it is Sidak's
    (1967)."""
    low, high = float(stdtrit(df, 1 - alpha / 2)), float(stdtrit(df, 1 - alpha / (2 * k)))
    for _ in range(30):  # bisection: coverage grows with the limit
        middle = (low + high) / 2
        low, high = (low, middle) if _coverage(middle, k, df, correlation) >= 1 - alpha else (middle, high)
    return float(2 * stdtr(df, -high))


def _coverage(limit: float, k: int, df: float, correlation: float) -> float:
    """P(max |t| <= limit): an average over what the means have in common, of k times one over estimated deviations."""
    spread, density = _deviations(df)
    common, shares = np.polynomial.hermite_e.hermegauss(NODES)  # an average over a standard normal value
    shift = np.sqrt(correlation) * common[:, None]
    own, reach = np.sqrt(1 - correlation), limit * spread
    inside = ndtr((reach - shift) / own) - ndtr((-reach - shift) / own)
    each = (inside * density).sum(axis=1)
    return float((each**k * shares).sum() / shares.sum())


@cache
def _deviations(df: float) -> tuple[np.ndarray, np.ndarray]:
    """Estimated deviations over the true one, and their shares: float64 (NODES,) each."""
    low, high = chi.ppf([1e-10, 1 - 1e-10], df)
    places, weights = np.polynomial.legendre.leggauss(NODES)
    spread = low + (high - low) * (places + 1) / 2
    density = weights * chi.pdf(spread, df)
    return spread / np.sqrt(df), density / density.sum()
