"""The mean score of a variant over its runs, with the interval that they and the rows allow."""

from dataclasses import dataclass

from brittlestar.claims.judge import FEWEST_TELLING
from brittlestar.claims.outcomes import Outcomes
from brittlestar.core.errors import InputError
from brittlestar.core.metrics import metric_of
from brittlestar.statistics.estimates import estimate_over_seeds
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.statistics.scores import LEVEL, bound_score
from brittlestar.statistics.scores import estimate_score as estimate_interval
from brittlestar.study.claims import Population


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
    reach = metric_of(metric).range
    table = outcomes.table(variant, metric) if (outcomes.n_units(variant) or 0) > 1 else None
    if table is not None:
        population: Population = "new-examples" if len(scores) >= MIN_SEEDS else "this-model"
        interval = estimate_interval(table, outcomes.groups, reach, level)
    else:
        population = "fixed-test-set"
        many = len(scores) >= FEWEST_TELLING
        interval = bound_score(estimate_over_seeds(scores), n_rows, reach, level) if many else None
    rows = outcomes.n_rows(variant) or n_rows
    return ScoreEstimate(
        float(scores.mean()), interval, level, population, len(scores), rows, tuple(scores.astype(float).tolist())
    )
