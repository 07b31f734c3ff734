"""What a change of the input does to another metric than accuracy, as far as probes keep what it is computed from."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from brittlestar.core.answers import Answers, Rows
from brittlestar.core.errors import InputError
from brittlestar.core.metrics import find_metric, metric_of
from brittlestar.core.probing import Condition
from brittlestar.core.scores import tabulate
from brittlestar.diagnosis.probes.readings import ProbedStudy, ProbedVariant, answers
from brittlestar.diagnosis.probes.slices import part, units_of
from brittlestar.statistics.crossed import estimate_over_runs
from brittlestar.statistics.effects import estimate_effect

ALPHA = 0.05  # convention: 95 % intervals
KEPT = ("predictions", "confidence")
"""What a metric may need: a probe keeps the class and its probability."""


@dataclass(frozen=True, kw_only=True)
class ConditionScore:
    """A metric before and after a change of `rows` rows, in its own unit, the mean over seeds; `lost` is how much worse
    it is, with its interval at 95 % over rows, and from 5 seeds on over seeds."""

    condition: str
    title: str
    before: float
    after: float
    lost: float
    interval: tuple[float, float]
    rows: int


def score_conditions(study: ProbedStudy, variant: ProbedVariant, metric: str) -> tuple[ConditionScore, ...]:
    """A variant under every condition whose rows have true labels before and after, the worst first. Raises InputError
    for a metric that probes do not keep enough for."""
    if find_metric(metric, ()).needs not in KEPT:
        what = f"probes keep the class of each answer and its probability, of which {metric} cannot be computed"
        raise InputError(what, "--metric", "name accuracy, balanced_accuracy, macro_f1, mcc, f1:CLASS or ece")
    found = [score for reading in variant.readings[1:] for score in _score(study, variant, reading.condition, metric)]
    return tuple(sorted(found, key=lambda score: -score.lost))


def _score(study: ProbedStudy, variant: ProbedVariant, one: Condition, metric: str) -> Iterator[ConditionScore]:
    known = (one.labels_before >= 0) & (one.labels_after >= 0)
    if one.weights is not None or not known.any() or one.before[0] < 0:
        return
    units, probes = part(units_of(study.probes, one), known), study.probes

    def ask(rows: np.ndarray, labels: np.ndarray) -> np.ndarray:
        asked = Rows(labels=labels[known], n_classes=len(probes.classes), units=units, classes=probes.classes)
        sure = np.stack([variant.cells[seed].confidence[rows] for seed in sorted(variant.cells)])[:, known]
        predicted = answers(variant.cells, rows)[:, known]
        named = None if np.isnan(sure).any() else sure.astype(np.float64)
        return tabulate(Answers(rows=asked, predicted=predicted, confidence=named), metric)

    try:
        before, after = ask(one.before, one.labels_before), ask(one.after, one.labels_after)
    except ValueError:  # bare labels, or no row of the class
        return
    lost = metric_of(metric).sign * (before - after)
    effect = estimate_effect(lost, sorted(variant.cells), units)  # which knows differences of shares alone
    interval = effect.interval() if metric_of(metric).is_share else estimate_over_runs(lost, units).interval(ALPHA)
    yield ConditionScore(
        condition=one.name,
        title=one.title,
        before=float(before.mean()),
        after=float(after.mean()),
        lost=effect.estimate,
        interval=interval,
        rows=int(known.sum()),
    )
