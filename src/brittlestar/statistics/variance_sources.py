"""The variance that each axis of a balanced table brings."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2, f

LEVEL = 0.05  # convention: 95 % intervals


@dataclass(frozen=True)
class AxisVariance:
    """The variance that one axis brings, in squared units of the table: `variance` is 0 at least, `raw` as it was
    estimated, `interval` at 95 %."""

    variance: float
    raw: float
    interval: tuple[float, float]


def estimate_axis_variances(table: np.ndarray) -> tuple[tuple[AxisVariance, ...], float]:
    """Variance by axis of a balanced table, float64 with at least 2 levels on each axis, and the one that is left over:
    everything but the axes' own effects.

    Method of moments on mean squares: the variance of an axis is (its mean square - the one left over) over the cells
    of a level. Its interval is that of Williams (1962), which covers at least as often as it says.
    """
    mean, cells = float(table.mean()), table.size
    squares: list[tuple[float, int]] = []
    explained, freedom = 0.0, cells - 1
    for axis in range(table.ndim):
        others = tuple(k for k in range(table.ndim) if k != axis)
        by_level = table.mean(axis=others)
        own = cells // len(by_level) * float(((by_level - mean) ** 2).sum())
        squares.append((own / (len(by_level) - 1), len(by_level) - 1))
        explained, freedom = explained + own, freedom - (len(by_level) - 1)
    rest = max(float(((table - mean) ** 2).sum()) - explained, 0.0) / freedom if freedom else 0.0
    found = [
        _of_axis(own, df, rest, freedom, cells // levels)
        for levels, (own, df) in zip(table.shape, squares, strict=True)
    ]
    return tuple(found), rest


def _of_axis(own: float, df: int, rest: float, rest_df: int, cells: int) -> AxisVariance:
    raw = (own - rest) / cells
    low, high = LEVEL / 2, 1 - LEVEL / 2
    if rest_df < 1:
        ends = [own * df / chi2.ppf(q, df) / cells for q in (high, low)]
    else:
        ends = [(own - rest * f.ppf(q, df, rest_df)) * df / (cells * chi2.ppf(q, df)) for q in (high, low)]
    interval = max(float(ends[0]), 0.0), max(float(ends[1]), 0.0)
    return AxisVariance(max(raw, 0.0), raw, interval)
