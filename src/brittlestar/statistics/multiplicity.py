"""Several tests at once: Holm's procedure, as adjusted p-values or as levels, and Benjamini and Hochberg's."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from scipy.special import ndtr, stdtr, stdtrit
from scipy.stats import chi

from brittlestar.statistics.power import narrow

MOST_LIKENESS = 0.5
"""The correlation of comparisons of variants that vary alike with one that varies as much: Dunnett's own case.
Estimates from a handful of seeds are not trusted beyond it."""
NODES = 60  # 180 nodes give the same to the last digit


def adjust_p_values(p_values: Sequence[float]) -> np.ndarray:
    """Adjusted p-values (Holm 1979), float64 in the order given: valid under any dependence."""
    p, order, shared_by = _steps(p_values)
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(np.maximum.accumulate(shared_by * p[order]), 1.0)
    return adjusted


def find_holm_levels(p_values: Sequence[float], alpha: float) -> list[float]:
    """The level at which each of k claims is judged at a single look (Holm 1979): alpha / k for the smallest p, then
    alpha / (k - 1) as long as the one before was below its own, and so on; a claim behind one that was not is judged
    at the level of that one."""
    p, order, shared_by = _steps(p_values)
    stepped = alpha / shared_by
    failed = np.flatnonzero(p[order] > stepped)
    if len(failed):
        stepped[failed[0] :] = stepped[failed[0]]
    levels = np.empty(len(p))
    levels[order] = stepped
    return levels.tolist()


def find_q_values(p_values: Sequence[float]) -> list[float]:
    """Q-values, in the order given: the smallest share of false discoveries at which each would be one (Benjamini and
    Hochberg 1995). P-values lie between 0 and 1; raises ValueError for others."""
    from scipy.stats import false_discovery_control

    return false_discovery_control(np.asarray(p_values, np.float64)).tolist()


def _steps(p_values: Sequence[float]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """P-values, their order from the smallest on, and how many tests share the level at each step: k, k - 1, … 1."""
    p = np.asarray(p_values, np.float64)
    return p, np.argsort(p, kind="stable"), len(p) - np.arange(len(p))


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
    limit = narrow(lambda one: _coverage(one, k, df, correlation) >= 1 - alpha, low, high, 30)[1]
    return float(2 * stdtr(df, -limit))


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
