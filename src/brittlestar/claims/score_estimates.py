"""The mean score of a variant over its runs, with the interval that they and the rows allow."""

from dataclasses import dataclass

from brittlestar.claims.judge import FEWEST_TELLING
from brittlestar.claims.outcomes import Outcomes
from brittlestar.core.errors import InputError
from brittlestar.core.metrics import metric_of
from brittlestar.statistics.crossed import estimate_over_runs
from brittlestar.statistics.estimates import Estimate, estimate_over_seeds
from brittlestar.statistics.floors import MIN_SEEDS
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


def estimate_score(outcomes: Outcomes, variant: str, metric: str, n_rows: int, level: float = LEVEL) -> ScoreEstimate:
    """Estimate the score of a variant on `n_rows` rows, where outcomes do not say themselves how many there are.

    From 5 runs on the population is new rows and new seeds (crossed interval, statistics rule 4); below, these runs on
    new rows. Where only scores are known it is these rows and new seeds. Shares get Wilson's interval with the number
    of rows that the variance is worth. Raises InputError where the metric cannot be had from these outcomes.
    """
    scores = outcomes.scores(variant, metric)
    if not len(scores):
        raise InputError(f"no run of {variant} has a score", "outcomes", "finish the study")
    many = len(scores) >= MIN_SEEDS
    estimate = _over_rows(outcomes, variant, metric)
    population: Population = "new-examples" if many else "this-model"
    if estimate is None:
        population = "fixed-test-set"
        estimate = estimate_over_seeds(scores) if len(scores) >= FEWEST_TELLING else None
    interval = None if estimate is None else _interval(estimate, metric, outcomes.n_units(variant) or n_rows, level)
    rows = outcomes.n_rows(variant) or n_rows
    return ScoreEstimate(
        float(scores.mean()), interval, level, population, len(scores), rows, tuple(scores.astype(float).tolist())
    )


def _over_rows(outcomes: Outcomes, variant: str, metric: str) -> Estimate | None:
    """The mean over rows that are drawn anew, and with enough runs over seeds that are, too; None without rows."""
    if (outcomes.n_units(variant) or 0) < 2:
        return None
    table = outcomes.table(variant, metric)
    if table is None:
        return None
    return estimate_over_runs(table, outcomes.groups)


def _interval(estimate: Estimate, metric: str, units: int, level: float) -> tuple[float, float]:
    """The interval at a level: Wilson's for shares, Student's t for what is none."""
    value, variance = estimate.value, estimate.se**2
    if not metric_of(metric).is_share or not 0 <= value <= 1:
        return metric_of(metric).clip(estimate.interval(1 - level))
    quantile = t_quantile(0.5 + level / 2, estimate.df)
    worth = value * (1 - value) / variance if variance > 0 and 0 < value < 1 else float(units)
    return wilson_interval(value, worth, quantile)
