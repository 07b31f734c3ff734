"""Metrics: one record each, in one table; what is asked about a metric anywhere is read from its record.

A further metric is a line in METRICS: a mean over rows, or a function of counts by class. Intervals, claims, trivial
baselines, tables and pages follow from the record.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from math import inf
from typing import Literal

import numpy as np

from brittlestar.core import metric_values as values
from brittlestar.core.foreign_names import list_metric_names
from brittlestar.core.metric_values import Answers
from brittlestar.core.texts import suggest


@dataclass(frozen=True)
class Metric:
    """What is known of a metric. `title` is its name for people, `about` what it is; `unit` what they read it in:
    points (hundredths), nats, or nothing, a scale of its own. `range` is the least and the most that it can be.
    `additive` says that it is a mean over rows, `by_class` that it is a mean over classes, whatever their rows. `needs`
    names what it is computed from: of label probabilities `rows` reads nothing else. `value` is the metric of some
    answers, None where they do not give it; `rows` is float64 (m,), whose mean is the metric and whose spread is its
    own to first order. Both are None of a metric that nothing here computes."""

    name: str
    title: str
    unit: Literal["points", "nats", ""] = ""
    range: tuple[float, float] = (-inf, inf)
    higher_is_better: bool = True
    additive: bool = False
    by_class: bool = False
    about: str = ""
    needs: Literal["predictions", "label probability", "probabilities", "scores"] = "scores"
    value: Callable[[Answers], float | None] | None = None
    rows: Callable[[Answers], np.ndarray] | None = None

    @property
    def is_known(self) -> bool:
        """Whether it is computed here; of any other name nothing is assumed, neither limits nor points."""
        return self.value is not None

    @property
    def is_share(self) -> bool:
        """Whether it lies between 0 and 1."""
        return self.range == (0.0, 1.0)

    @property
    def in_points(self) -> bool:
        """Whether people read it in hundredths, so that 70 may stand for .7."""
        return self.unit == "points"

    def is_outside(self, values: np.ndarray) -> np.ndarray:
        """bool, of the shape of `values`: which of them people read in points and the metric cannot be."""
        low, high = self.range
        return (values < low) | (values > high) if self.in_points else np.zeros(np.shape(values), dtype=bool)

    @property
    def sign(self) -> float:
        """1 where more is better, -1 for losses and calibration errors."""
        return 1.0 if self.higher_is_better else -1.0

    def clip(self, interval: tuple[float, float]) -> tuple[float, float]:
        """An interval within what can be."""
        return clip_interval(interval, self.range)


def clip_interval(ends: tuple[float, float], reach: tuple[float, float]) -> tuple[float, float]:
    """An interval within what can be."""
    low, high = (min(max(end, reach[0]), reach[1]) for end in ends)
    return low, high


def mean_over_rows(name: str, title: str, about: str, rows: values.Rows) -> Metric:
    """A share of rows."""

    def average(answers: Answers) -> float:
        return float(rows(answers).mean())

    return Metric(
        name, title, "points", (0.0, 1.0), additive=True, about=about, needs="predictions", value=average, rows=rows
    )


def function_of_counts(
    name: str,
    title: str,
    about: str,
    function: values.OfCounts,
    *,
    by_class: bool,
    reach: tuple[float, float] = (0.0, 1.0),
) -> Metric:
    """A metric from counts by class; `by_class` says that it is a mean over classes, `reach` is the least and the most
    that it can be."""

    def compute(answers: Answers) -> float:
        return float(function(*answers.counts).real)

    rows = partial(values.spread_counts, function)
    return Metric(
        name, title, "points", reach, by_class=by_class, about=about, needs="predictions", value=compute, rows=rows
    )


def weighted_by_factors(name: str, title: str, factors: Sequence[str]) -> Metric:
    """Accuracy with the weights of a factor, or the harmonic mean of such accuracies."""
    one = len(factors) == 1
    value = (
        partial(values.weigh_accuracy, factor=factors[0]) if one else partial(values.average_factors, factors=factors)
    )
    rows, mean = partial(values.spread_factors, factors=factors), "" if one else "the harmonic mean of "
    about = f"{mean}accuracy weighted by the distinct values of {' and of '.join(factors)} in a row"
    return Metric(name, title, "points", (0.0, 1.0), about=about, needs="predictions", value=value, rows=rows)


def _average_loss(answers: Answers) -> float | None:
    return None if answers.own is None else max(0.0, float(values.measure_losses(answers).mean()))


METRICS = (
    mean_over_rows("accuracy", "accuracy", "the share of rows that are right", values.mark_correct),
    function_of_counts(
        "balanced_accuracy", "balanced accuracy", "the mean recall of classes", values.mean_recall, by_class=True
    ),
    function_of_counts("macro_f1", "macro-F1", "the mean F1 of classes", values.mean_f1, by_class=True),
    Metric(
        "log_loss",
        "log loss",
        "nats",
        (0.0, inf),
        higher_is_better=False,
        additive=True,
        about="the mean negative log probability of the label",
        needs="label probability",
        value=_average_loss,
        rows=values.measure_losses,
    ),
    Metric(
        "ece",
        "calibration error (ECE)",
        "points",
        (0.0, 1.0),
        higher_is_better=False,
        about="the calibration error over 15 bins of equal width",
        needs="probabilities",
        value=values.average_calibration,
        rows=values.spread_calibration,
    ),
)
"""Those of all data, in the order in which they are shown; data with factors have `list_factor_metrics` too."""
SPR_FACTORS = {"shape": "swa", "colour": "cwa"}
OF_A_FACTOR = "_weighted_accuracy"
"""How the name of a factor's weighted accuracy ends, whatever the factor."""
_TITLES = {
    "swa": "shape-weighted accuracy (SWA)",
    "cwa": "colour-weighted accuracy (CWA)",
    "hwa": "HWA",
    "factor_hwa": "harmonic mean of factor-weighted accuracies",
}


def list_factor_metrics(factors: Sequence[str]) -> tuple[Metric, ...]:
    """Metrics that weigh rows by factors: `swa, cwa, hwa` where the factors are exactly shape and colour, else
    `FACTOR_weighted_accuracy` for each and `factor_hwa`; none without factors."""
    if not factors:
        return ()
    spr = set(factors) == set(SPR_FACTORS)
    names = SPR_FACTORS if spr else {factor: f"{factor}{OF_A_FACTOR}" for factor in factors}
    each = [(name, (factor,)) for factor, name in names.items()]
    both = [*each, ("hwa" if spr else "factor_hwa", tuple(factors))]
    return tuple(weighted_by_factors(name, _TITLES.get(name, name.replace("_", " ")), used) for name, used in both)


@cache
def list_metrics(factors: tuple[str, ...]) -> tuple[Metric, ...]:
    """All metrics of data with these factors, in the order in which they are shown."""
    return (*METRICS, *list_factor_metrics(factors))


def metric_names(factors: Sequence[str]) -> tuple[str, ...]:
    """Their names."""
    return tuple(metric.name for metric in list_metrics(tuple(factors)))


def list_names_of_curves() -> tuple[str, ...]:
    """What curves of training may be scores of: every metric of predictions, and `f1`, which says not of what kind it
    is."""
    return (*(metric.name for metric in METRICS if metric.needs == "predictions"), "f1")


_BY_NAME = {metric.name: metric for metric in (*list_metrics(tuple(SPR_FACTORS)), *list_factor_metrics(("any",)))}


@cache
def metric_of(name: str) -> Metric:
    """The record of a metric by its name; of a name that is not known, one that assumes nothing."""
    if name in _BY_NAME:
        return _BY_NAME[name]
    if name.endswith(OF_A_FACTOR):
        return list_factor_metrics((name.removesuffix(OF_A_FACTOR),))[0]
    return Metric(name, name.replace("_", " "))


def suggest_metric(name: str, known: Collection[str]) -> str:
    """`did you mean 'macro_f1'?` for `f1`; of a name that means nothing here, the known ones."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    meant = [one for one in known if plain in (one, *list_metric_names(one))]
    listed = f"known: {', '.join(known)}"
    return f"did you mean {meant[0]!r}? {listed}" if meant else suggest(name, known) or listed


def factor_names(pattern: str | None) -> tuple[str, ...]:
    """The named groups of a factor pattern in their order; none without a pattern. Raises re.error."""
    return () if pattern is None else tuple(re.compile(pattern).groupindex)


def headline_metric(factors: Collection[str]) -> str:
    """The metric that heads the report unless the study names one: hwa for shape and colour, else accuracy."""
    return "hwa" if set(factors) == set(SPR_FACTORS) else "accuracy"


SUM_TOLERANCE = 1e-3
"""How far probabilities of a row may sum from 1: rounded to four digits they pass, a forgotten softmax does not."""


def softmax(logits: np.ndarray) -> np.ndarray:
    """Class probabilities, float64 (n, C), from logits (n, C) of any float type, without overflow."""
    shifted = logits.astype(np.float64)
    shifted -= shifted.max(axis=1, keepdims=True)
    np.exp(shifted, out=shifted)
    shifted /= shifted.sum(axis=1, keepdims=True)
    return shifted


def score(
    probabilities: np.ndarray, labels: np.ndarray, factor_weights: Mapping[str, np.ndarray], *, hard: bool = False
) -> dict[str, float | None]:
    """All metrics of one split, as fractions (log loss in nats); None where a metric cannot be computed.

    `probabilities` float (n, C), rows summing to 1; `labels` int (n,), -1 for a label that train lacks;
    `factor_weights[factor]` int >= 0 (n,). The prediction is the first of the most probable classes. `hard` says that
    the probabilities stand for bare predictions: log loss and calibration are then None.

    A row with label -1 is wrong whatever is predicted: it is in the denominator of every accuracy, the unknown labels
    together form one more class of recall 0 and F1 0 in balanced accuracy and macro-F1 (what scikit-learn gives when
    -1 is a class), and its log loss is that of the smallest probability, -ln(1e-7) = 16.1 nats.

    Raises ValueError on no rows, on shapes that do not fit, and on probabilities that are not finite.

    >>> score(np.array([[0.9, 0.1], [0.4, 0.6]]), np.array([0, 0]), {})["accuracy"]
    0.5
    """
    n_rows = _checked_rows(probabilities, labels, factor_weights)
    predicted, own, confidence = probabilities.argmax(axis=1), None, None
    if not hard:
        own = np.where(labels >= 0, probabilities[np.arange(n_rows), labels], 0.0)
        confidence = probabilities[np.arange(n_rows), predicted].astype(np.float64)
    answers = Answers(predicted, labels, probabilities.shape[1], factor_weights, confidence, own)
    known = [(metric.name, metric.value) for metric in list_metrics(tuple(factor_weights))]
    return {name: None if value is None else value(answers) for name, value in known}


def majority_scores(
    train_labels: np.ndarray, labels: np.ndarray, factor_weights: Mapping[str, np.ndarray], n_classes: int
) -> dict[str, float | None]:
    """The trivial score under each metric: train's class shares as probabilities for every row of a split.

    The prediction is train's most frequent class, the first on ties. Labels of -1 in train are not counted. Raises
    ValueError when train has no known label, and where `score` does.
    """
    counts = np.bincount(train_labels[train_labels >= 0], minlength=n_classes)
    if counts.sum() == 0:
        raise ValueError("train has no row with a known label")
    return score(np.tile(counts / counts.sum(), (len(labels), 1)), labels, factor_weights)


def linearise_rows(
    metric: str, predicted: np.ndarray, labels: np.ndarray, n_classes: int, weights: Mapping[str, np.ndarray]
) -> np.ndarray:
    """What each row of each run adds to a metric of predictions, float64 (n, m), whose means over rows are the scores.

    `predicted` int (n, m), in [0, n_classes); the rest as in `Answers`. Raises ValueError where the metric cannot be
    computed from these.
    """
    known = {one.name: one for one in list_metrics(tuple(weights))}.get(metric)
    if known is None or known.rows is None or known.needs != "predictions":
        needs = (
            "probabilities" if metric_of(metric).needs == "probabilities" else "a column weight_FACTOR for each factor"
        )
        raise ValueError(f"{metric} needs {needs}")
    return np.stack([known.rows(Answers(one, labels, n_classes, weights)) for one in predicted])


def _checked_rows(probabilities: np.ndarray, labels: np.ndarray, factor_weights: Mapping[str, np.ndarray]) -> int:
    if probabilities.ndim != 2 or labels.shape != probabilities.shape[:1]:
        raise ValueError(f"probabilities {probabilities.shape} do not fit labels {labels.shape}")
    if labels.size == 0:
        raise ValueError("a split without rows has no score")
    if labels.min() < -1 or labels.max() >= probabilities.shape[1]:
        raise ValueError(f"labels must lie in -1..{probabilities.shape[1] - 1}")
    for factor, weights in factor_weights.items():
        if weights.shape != labels.shape:
            raise ValueError(f"weights of factor {factor!r} {weights.shape} do not fit labels {labels.shape}")
    if not np.isfinite(probabilities).all():
        raise ValueError("probabilities must be finite: a diverged model is scored at the majority class")
    return labels.size
