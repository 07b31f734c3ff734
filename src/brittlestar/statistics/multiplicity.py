"""Several tests at once: Holm's procedure, as adjusted p-values or as levels, and Benjamini and Hochberg's."""

from collections.abc import Sequence

import numpy as np


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
