"""Every metric of a split, with an interval, from what a predictor answers: rows are the unit, or groups of rows."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from brittlestar.audits.dataset import AuditSplit
from brittlestar.audits.draws import renumber
from brittlestar.core.ladder import Score
from brittlestar.core.metric_names import factor_metric_names, harmonic_names, metric_names
from brittlestar.core.metric_values import BINS, SMALLEST_PROBABILITY
from brittlestar.core.metrics import metric_of
from brittlestar.statistics.metric_rows import linearise_rows
from brittlestar.statistics.proportions import wilson_interval

QUANTILE = 1.959963984540054  # derived: of the normal distribution, at 97.5 %


@dataclass(frozen=True)
class Split:
    """Rows as they are scored: `labels` int32 (n_rows,), -1 where train lacks the label; `unseen` int64, the
    positions of rows whose sequence is not a row of train, None for train itself; `units` int64 (n_rows,) number what
    was drawn together, None where every row was drawn alone; `folds` int64 (n_rows,) in [0, FOLDS)."""

    rows: AuditSplit
    labels: np.ndarray
    weights: Mapping[str, np.ndarray]
    unseen: np.ndarray | None
    units: np.ndarray | None
    folds: np.ndarray


@dataclass(frozen=True)
class Answers:
    """What a predictor says about each row: `predicted` int32 (n_rows,), the first of its most probable classes;
    `confidence` float64, that class's probability; `own` float64, the probability of the row's label (0 where train
    lacks the label). `known` bool: whether train shows what the predictor reads in this row. `hard` says that
    probabilities stand for bare predictions."""

    predicted: np.ndarray
    confidence: np.ndarray
    own: np.ndarray
    known: np.ndarray
    hard: bool = False

    def take(self, rows: np.ndarray) -> "Answers":
        """Those of the given rows."""
        return Answers(self.predicted[rows], self.confidence[rows], self.own[rows], self.known[rows], self.hard)

    @staticmethod
    def of(logits: np.ndarray, labels: np.ndarray, known: np.ndarray) -> "Answers":
        """Answers of unnormalised log probabilities (n_rows, n_classes); `labels` as in `scores_of`."""
        highest = logits.max(axis=1)
        predicted = logits.argmax(axis=1).astype(np.int32)
        total = np.exp(logits - highest[:, None]).sum(axis=1)
        own = np.exp(logits[np.arange(len(labels)), np.maximum(labels, 0)] - highest) / total
        return Answers(predicted, 1.0 / total, np.where(labels >= 0, own, 0.0), known)


def stack_answers(parts: list[Answers]) -> Answers:
    """Answers of consecutive blocks of rows."""
    names = ("predicted", "confidence", "own", "known")
    predicted, confidence, own, known = (np.concatenate([getattr(part, name) for part in parts]) for name in names)
    return Answers(predicted, confidence, own, known)


def scores_of(
    answers: Answers,
    labels: np.ndarray,
    n_classes: int,
    weights: Mapping[str, np.ndarray],
    groups: np.ndarray | None = None,
) -> dict[str, Score]:
    """Every metric as `core.metrics.score` computes it, with a 95 % interval.

    `labels` int (n_rows,), -1 for a label that train lacks; `weights[factor]` int (n_rows,); `groups` int (n_rows,)
    or None. The variance is that of the metric's linearisation, summed within groups where there are groups (the delta
    method; Serfling 1980). Fractions get Wilson's interval with the number of rows that this variance is worth, log
    loss a normal one.
    """
    n = len(labels)
    if n == 0:
        return {name: Score(None, None, 0) for name in metric_names(tuple(weights))}
    member = None if groups is None else renumber(groups)
    found: dict[str, Score] = {}
    for name, (value, pull) in linearise_scores(answers, labels, n_classes, weights).items():
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


Linearised = tuple[float | None, np.ndarray | None]
"""A value, and how much each row pulls it: float64 (n_rows,), with mean 0."""


def linearise_scores(
    answers: Answers, labels: np.ndarray, n_classes: int, weights: Mapping[str, np.ndarray]
) -> dict[str, Linearised]:
    """Every metric, as in `scores_of`; None twice for one that cannot be computed."""
    factors = tuple(weights)
    missing = {name for factor, name in factor_metric_names(factors).items() if weights[factor].sum() <= 0}
    if missing:
        missing |= set(harmonic_names(factors))
    soft = {"log_loss": _lose, "ece": _calibrate}
    if answers.hard:
        missing |= set(soft)
    found = dict[str, Linearised]()
    for name in metric_names(factors):
        if name in missing:
            found[name] = None, None
            continue
        if name in soft:
            rows = soft[name](answers, labels)
        else:
            rows = linearise_rows(name, answers.predicted[None], labels, n_classes, weights)[0]
        value = float(rows.mean())
        found[name] = value, rows - value
    return found


def _lose(answers: Answers, _labels: np.ndarray) -> np.ndarray:
    return -np.log(np.maximum(answers.own, SMALLEST_PROBABILITY))


def _calibrate(answers: Answers, labels: np.ndarray) -> np.ndarray:
    bins = np.clip(np.ceil(answers.confidence * BINS).astype(np.int64) - 1, 0, BINS - 1)
    gap = (answers.predicted == labels) - answers.confidence
    sums = np.bincount(bins, gap, minlength=BINS)
    return np.sign(sums)[bins] * gap
