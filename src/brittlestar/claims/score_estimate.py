"""The score of one variant with its interval for new rows: of the runs there are, or of new seeds too."""

from dataclasses import dataclass

import numpy as np

from brittlestar.claims.outcomes import Outcomes
from brittlestar.core.errors import InputError
from brittlestar.core.metric_names import is_fraction
from brittlestar.statistics.bootstrap import estimate_over_resampled_rows, estimate_two_level, resample_rows
from brittlestar.statistics.crossed import estimate_components
from brittlestar.statistics.estimates import Estimate, estimate_over_seeds, estimate_over_units
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.statistics.metric_sums import SplitSums
from brittlestar.statistics.proportions import wilson_interval
from brittlestar.statistics.t_intervals import t_quantile
from brittlestar.study.claims import Population

LEVEL = 0.95  # convention: 95 % intervals


@dataclass(frozen=True)
class ScoreEstimate:
    """A mean score over `n_seeds` runs on `n_rows` rows, in the metric's own unit. `interval` is [low, high] at `level`
    for `population`, None where nothing tells it; `by_seed` the score of each run."""

    mean: float
    interval: tuple[float, float] | None
    level: float
    population: Population
    n_seeds: int
    n_rows: int
    by_seed: tuple[float, ...]


def estimate_score(outcomes: Outcomes, variant: str, metric: str, n_rows: int) -> ScoreEstimate:
    """Estimate the score of a variant on `n_rows` rows, where outcomes do not say themselves how many there are.

    From 5 runs on the population is new rows and new seeds (crossed interval, statistics rule 4); below, these runs on
    new rows. Where only scores are known it is these rows and new seeds. Shares get Wilson's interval with the number
    of rows that the variance is worth. Raises InputError where the metric cannot be had from these outcomes.
    """
    scores = outcomes.scores(variant, metric)
    if not len(scores):
        raise InputError(f"no run of {variant} has a score", "outcomes", "finish the study")
    many = len(scores) >= MIN_SEEDS
    estimate = _over_rows(outcomes, variant, metric, scores, many)
    population: Population = "new-examples" if many else "this-model"
    if estimate is None:
        population = "fixed-test-set"
        estimate = estimate_over_seeds(scores) if len(scores) > 1 else None
    interval = None if estimate is None else _interval(estimate, metric, outcomes.n_units(variant) or n_rows)
    rows = outcomes.n_rows(variant) or n_rows
    return ScoreEstimate(
        float(scores.mean()), interval, LEVEL, population, len(scores), rows, tuple(scores.astype(float).tolist())
    )


def _over_rows(outcomes: Outcomes, variant: str, metric: str, scores: np.ndarray, many: bool) -> Estimate | None:
    """The mean over rows that are drawn anew, and with `many` runs over seeds that are, too; None without rows."""
    if (outcomes.n_units(variant) or 0) < 2:
        return None
    table = outcomes.table(variant, metric)
    if table is not None:
        if many:
            return estimate_components(table, groups=outcomes.groups).estimate
        return estimate_over_units(table.mean(axis=0), outcomes.groups)
    sums = outcomes.sums(variant, metric)
    drawn = None if sums is None else resample_rows((SplitSums(((0, 1, sums),), outcomes.groups),), 1)
    if drawn is None:
        return None
    return (estimate_two_level if many else estimate_over_resampled_rows)(drawn, float(scores.mean()))


def _interval(estimate: Estimate, metric: str, units: int) -> tuple[float, float]:
    """The interval at 95 %: Wilson's for shares, Student's t for what is none."""
    value, variance = estimate.value, estimate.se**2
    if not is_fraction(metric) or not 0 <= value <= 1:
        return estimate.interval(1 - LEVEL)
    quantile = t_quantile(0.5 + LEVEL / 2, estimate.df)
    worth = value * (1 - value) / variance if variance > 0 and 0 < value < 1 else float(units)
    return wilson_interval(value, worth, quantile)
