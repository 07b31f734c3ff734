"""The interval of a score: of one run or the mean of several, on rows that are drawn."""

import numpy as np

from brittlestar.core.metric_kinds import clip_interval
from brittlestar.statistics.crossed import estimate_over_runs
from brittlestar.statistics.estimates import Estimate
from brittlestar.statistics.proportions import wilson_interval
from brittlestar.statistics.t_intervals import t_quantile

LEVEL = 0.95  # convention: 95 % intervals
ROUNDING = 1e-20
"""A variance that is rounding alone: what one answer in every row has of balanced accuracy."""


def estimate_score(
    table: np.ndarray, units: np.ndarray | None, reach: tuple[float, float], level: float = LEVEL
) -> tuple[float, float] | None:
    """The interval of a score at a level; None below two units, which tell nothing of others.

    From 5 runs on the population is new rows and new seeds (crossed interval, statistics rule 4); below, these runs on
    new rows.

    Args:
        table: What each run adds in each row, float64 (n, m), whose mean is the score.
        units: What was drawn together, int (m,), or None.
        reach: The least and the most that the metric can be.
        level: Between 0 and 1.
    """
    n_units = table.shape[1] if units is None else len(np.unique(units))
    if n_units < 2:
        return None
    return bound_score(estimate_over_runs(table, units), n_units, reach, level)


def bound_score(
    estimate: Estimate, units: int, reach: tuple[float, float], level: float = LEVEL
) -> tuple[float, float]:
    """The interval of an estimated score: Wilson's for shares, with the number of rows that the variance is worth,
    Student's t for what is none."""
    value, variance = estimate.value, estimate.se**2
    if reach != (0.0, 1.0) or not 0 <= value <= 1:
        return clip_interval(estimate.interval(1 - level), reach)
    worth = value * (1 - value) / variance if variance > ROUNDING and 0 < value < 1 else float(units)
    return wilson_interval(value, worth, t_quantile(0.5 + level / 2, estimate.df))
