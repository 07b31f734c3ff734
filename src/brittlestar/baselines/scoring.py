"""What a predictor answers, every metric of that with an interval, and which predictors cannot be told from the best.

Rows are the unit, or groups of rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from brittlestar.baselines.rows import BaselineRows
from brittlestar.core import metric_values
from brittlestar.core.metrics import list_metrics, metric_of
from brittlestar.core.trivial_baselines import Score
from brittlestar.statistics.proportions import wilson_interval
from brittlestar.statistics.row_bounds import SplitRows, estimate_over_rows

ALPHA = 0.05  # convention: 95 % intervals
QUANTILE = 1.959963984540054  # derived: of the normal distribution, at 97.5 %


@dataclass(frozen=True)
class Split:
    """Rows as they are scored: `labels` int32 (n_rows,), -1 where train lacks the label; `unseen` int64, the
    positions of rows whose sequence is not a row of train, None for train itself; `units` int64 (n_rows,) number what
    was drawn together, None where every row was drawn alone; `folds` int64 (n_rows,) in [0, FOLDS)."""

    rows: BaselineRows
    labels: np.ndarray
    weights: Mapping[str, np.ndarray]
    unseen: np.ndarray | None
    units: np.ndarray | None
    folds: np.ndarray


@dataclass(frozen=True)
class PredictorAnswers:
    """What a predictor says about each row: `predicted` int32 (n_rows,), the first of its most probable classes;
    `confidence` float64, that class's probability; `own` float64, the probability of the row's label (0 where train
    lacks the label). `known` bool: whether train shows what the predictor reads in this row. `hard` says that
    probabilities stand for bare predictions."""

    predicted: np.ndarray
    confidence: np.ndarray
    own: np.ndarray
    known: np.ndarray
    hard: bool = False

    def take(self, rows: np.ndarray) -> "PredictorAnswers":
        """Those of the given rows."""
        return PredictorAnswers(
            self.predicted[rows], self.confidence[rows], self.own[rows], self.known[rows], self.hard
        )

    @staticmethod
    def of(logits: np.ndarray, labels: np.ndarray, known: np.ndarray) -> "PredictorAnswers":
        """Answers of unnormalised log probabilities (n_rows, n_classes); `labels` as in `Split`."""
        highest = logits.max(axis=1)
        predicted = logits.argmax(axis=1).astype(np.int32)
        total = np.exp(logits - highest[:, None]).sum(axis=1)
        own = np.exp(logits[np.arange(len(labels)), np.maximum(labels, 0)] - highest) / total
        return PredictorAnswers(predicted, 1.0 / total, np.where(labels >= 0, own, 0.0), known)


def stack_answers(parts: list[PredictorAnswers]) -> PredictorAnswers:
    """Answers of consecutive blocks of rows."""
    names = ("predicted", "confidence", "own", "known")
    predicted, confidence, own, known = (np.concatenate([getattr(part, name) for part in parts]) for name in names)
    return PredictorAnswers(predicted, confidence, own, known)


Linearised = tuple[float | None, np.ndarray | None]
"""A value, and how much each row pulls it: float64 (n_rows,), with mean 0."""


def bound_scores(linearised: Mapping[str, Linearised], n: int, groups: np.ndarray | None) -> dict[str, Score]:
    """The scores of `n` rows with their 95 % intervals; `groups` int (n_rows,) or None.

    The variance is that of the metric's linearisation, summed within groups where there are groups (the delta method;
    Serfling 1980). Shares get Wilson's interval with the number of rows that this variance is worth, other metrics a
    normal one within their range.
    """
    member = None if groups is None else np.unique(groups, return_inverse=True)[1].reshape(-1)
    found: dict[str, Score] = {}
    for name, (value, pull) in linearised.items():
        interval = None
        if value is not None and pull is not None:
            sums = pull if member is None else np.bincount(member, pull)
            variance = float(np.square(sums).sum()) / n**2
            if not metric_of(name).is_share:
                half = QUANTILE * variance**0.5
                interval = metric_of(name).clip((value - half, value + half))
            else:
                varies = variance > 0 and 0 < value < 1
                worth = min(float(n), value * (1 - value) / variance) if varies else float(len(sums))
                interval = wilson_interval(value, worth, QUANTILE)
        found[name] = Score(value, interval, n)
    return found


def linearise_scores(
    answers: PredictorAnswers, labels: np.ndarray, n_classes: int, weights: Mapping[str, np.ndarray]
) -> dict[str, Linearised]:
    """Every metric as `core.metrics.score` computes it; None twice for one that cannot be computed, and without rows.

    `labels` int (n_rows,), -1 for a label that train lacks; `weights[factor]` int (n_rows,).
    """
    metrics = list_metrics(tuple(weights))
    if not len(labels):
        return {metric.name: (None, None) for metric in metrics}
    soft = (None, None) if answers.hard else (answers.confidence, answers.own)
    given = metric_values.Answers(answers.predicted, labels, n_classes, weights, *soft)
    found = dict[str, Linearised]()
    for metric in metrics:
        value = None if metric.value is None else metric.value(given)
        found[metric.name] = None, None
        if value is not None and metric.rows is not None:
            rows = metric.rows(given)
            found[metric.name] = float(rows.mean()), rows - float(rows.mean())
    return found


def find_leading(read: Mapping[str, Mapping[str, Linearised]], units: np.ndarray | None) -> dict[str, tuple[str, ...]]:
    """The names of the baselines that are `best-trivial` under each metric, in the order of `read`: those whose paired
    difference to the best has an interval that reaches 0 (statistics, rule 25). `read[name]` are the scores of a
    baseline on dev, or out of fold on train where dev has no rows; `units` int64 (n_rows,) as in `Split`."""
    found: dict[str, tuple[str, ...]] = {}
    for metric in next(iter(read.values()), {}):
        scores = {name: each[metric] for name, each in read.items()}
        tables = {one: value + pull for one, (value, pull) in scores.items() if value is not None and pull is not None}
        if tables:
            found[metric] = list_in_reach(tables, metric, units)
    return found


def list_in_reach(tables: Mapping[str, np.ndarray], metric: str, units: np.ndarray | None) -> tuple[str, ...]:
    """The names of those that cannot be told from the best; `tables[name]` float64 (n_rows,) have the metric as their
    mean."""
    known = metric_of(metric)
    sign = known.sign
    best = max(tables, key=lambda name: sign * float(tables[name].mean()))
    reach = (-1.0, 1.0) if known.additive and known.is_share else None
    found: list[str] = []
    for name, table in tables.items():
        split = SplitRows((), sign * (table - tables[best]), units, reach, (table, tables[best]))
        estimate = estimate_over_rows([split])
        if name == best or estimate.df <= 0 or estimate.interval(ALPHA)[1] >= 0:
            found.append(name)
    return tuple(found)
