"""The score of one variant with its interval for new rows: of the runs there are, or of new seeds too."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brittlestar.core.intervals import t_quantile, wilson_interval
from brittlestar.study.claims import FEWEST_SEEDS, Population
from brittlestar.study.metric_names import is_fraction
from brittlestar.verdicts.intervals import Estimate, components, grouped, of_groups, over_seeds
from brittlestar.verdicts.outcomes import Outcomes
from brittlestar.verdicts.resampling import resampled, two_level

LEVEL = 0.95


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
    """Estimate the score of a variant.

    From 5 runs on the population is new rows and new seeds (crossed interval, statistics rule 4); below, these runs on
    new rows. Where only scores are known it is these rows and new seeds. Shares get Wilson's interval with the number
    of rows that the variance is worth.

    Args:
        outcomes: Outcomes of the variant's runs on the rows, with their units.
        variant: A variant of the outcomes.
        metric: The metric to score by.
        n_rows: Rows that were scored, where outcomes do not say it themselves.

    Raises:
        InputError: The metric cannot be had from these outcomes.
    """
    scores = outcomes.scores(variant, metric)
    many = len(scores) >= FEWEST_SEEDS
    estimate = _over_rows(outcomes, variant, metric, scores, many)
    population: Population = "new-examples" if many else "this-model"
    if estimate is None:
        population = "fixed-test-set"
        estimate = over_seeds(scores) if len(scores) > 1 else None
    interval = None if estimate is None else _interval(estimate, metric, outcomes.n_units(variant) or n_rows)
    rows = outcomes.n_rows(variant) or n_rows
    return ScoreEstimate(
        float(scores.mean()), interval, LEVEL, population, len(scores), rows, tuple(scores.astype(float).tolist())
    )


def _over_rows(outcomes: Outcomes, variant: str, metric: str, scores: np.ndarray, many: bool) -> Estimate | None:
    """The mean over rows that are drawn anew, and with `many` runs over seeds that are, too; None without rows."""
    table = outcomes.table(variant, metric)
    groups = outcomes.groups
    if table is not None:
        units = table if groups is None else grouped(table, groups)
        if units.shape[1] < 2:
            return None
        if many:
            return (components(table) if groups is None else of_groups(table, groups)).crossed
        of_runs = units.mean(axis=0)
        return Estimate(float(scores.mean()), float(of_runs.std(ddof=1)) / len(of_runs) ** 0.5, len(of_runs) - 1.0)
    sums = outcomes.sums(variant, metric)
    units = outcomes.n_units(variant) or 0
    if sums is None or units < 2:
        return None
    drawn = resampled({variant: sums}, groups)[variant]
    if many:
        return two_level(drawn, float(scores.mean()))
    return Estimate(float(scores.mean()), float(drawn.mean(axis=1, dtype=np.float64).std(ddof=1)), units - 1.0)


def _interval(estimate: Estimate, metric: str, units: int) -> tuple[float, float]:
    """The interval at 95 %: Wilson's for shares, Student's t for what is none."""
    value, variance = estimate.value, estimate.se**2
    if not is_fraction(metric) or not 0 <= value <= 1:
        return estimate.interval(1 - LEVEL)
    quantile = t_quantile(0.5 + LEVEL / 2, estimate.df)
    worth = value * (1 - value) / variance if variance > 0 and 0 < value < 1 else float(units)
    return wilson_interval(value, worth, quantile)
