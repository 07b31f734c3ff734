"""Levels for several claims that are judged together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def holm_levels(p_values: Sequence[float], alpha: float) -> list[float]:
    """The level at which each of k claims is judged at a single look (Holm 1979): alpha / k for the smallest p, then
    alpha / (k - 1) as long as the one before was below its own, and so on; a claim behind one that was not is judged
    at the level of that one."""
    k = len(p_values)
    order = np.argsort(np.asarray(p_values), kind="stable").tolist()
    levels = [alpha] * k
    failed: float | None = None
    for rank, which in enumerate(order):
        level = alpha / (k - rank) if failed is None else failed
        levels[which] = level
        if failed is None and p_values[which] > level:
            failed = level
    return levels


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Q-values, in the order given: the smallest share of false discoveries at which each would be one (Benjamini and
    Hochberg 1995)."""
    p = np.asarray(p_values, np.float64)
    order = np.argsort(-p, kind="stable")
    ranks = len(p) - np.arange(len(p))
    found = np.empty(len(p))
    found[order] = np.minimum(np.minimum.accumulate(p[order] * len(p) / ranks), 1.0)
    return found.tolist()
