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

from brittlestar.core import metric_rankings as rankings
from brittlestar.core import metric_values as values
from brittlestar.core.answers import Run
from brittlestar.core.foreign_names import list_metric_names
from brittlestar.core.texts import suggest

Needs = Literal["predictions", "label probability", "probabilities", "all probabilities", "anything", "scores"]


@dataclass(frozen=True)
class Metric:
    """What is known of a metric. `title` is its name for people, `about` what it is; `unit` what they read it in:
    points (hundredths), nats, or nothing, a scale of its own. `range` is the least and the most that it can be.
    `additive` says that it is a mean over rows, `by_class` that it is a mean over classes, whatever their rows. `needs`
    names what it is computed from: classes that are answered, the probability of the label, that of the answer too,
    those of all classes, or anything that there is. `value` is the metric of what a run answers, None where that does
    not give it; `rows` is float64 (m,), whose mean is the metric and whose spread is its own to first order. Both are
    None of a metric that nothing here computes. `of_class` is the class that it is of, None where it is of all."""

    name: str
    title: str
    unit: Literal["points", "nats", ""] = ""
    range: tuple[float, float] = (-inf, inf)
    higher_is_better: bool = True
    additive: bool = False
    by_class: bool = False
    about: str = ""
    needs: Needs = "scores"
    value: Callable[[Run], float | None] | None = None
    rows: Callable[[Run], np.ndarray] | None = None
    of_class: str | None = None

    @property
    def is_known(self) -> bool:
        """Whether it is computed here; of any other name nothing is assumed, neither limits nor points."""
        return self.value is not None

    @property
    def reads_all(self) -> bool:
        """Whether it reads the probabilities of all classes."""
        return self.needs in ("all probabilities", "anything")

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


def mean_over_rows(
    name: str,
    title: str,
    about: str,
    rows: values.OfRows,
    *,
    needs: Needs = "predictions",
    unit: Literal["points", "nats", ""] = "points",
    reach: tuple[float, float] = (0.0, 1.0),
    higher_is_better: bool = True,
) -> Metric:
    """A mean over rows, such as a share of them; `reach` is the least and the most that it can be."""

    def average(run: Run) -> float | None:
        return float(rows(run).mean()) if is_given(needs, run) else None

    return Metric(name, title, unit, reach, higher_is_better, True, about=about, needs=needs, value=average, rows=rows)


def is_given(needs: Needs, run: Run) -> bool:
    """Whether what a run answers has what a metric needs."""
    if needs == "anything":
        return True
    own, sure, whole = (one is not None for one in (run.own, run.confidence, run.whole))
    there = {"predictions": True, "label probability": own, "probabilities": own and sure, "all probabilities": whole}
    return there.get(needs, False)


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

    def compute(run: Run) -> float:
        return float(function(*run.counts).real)

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


METRICS = (
    mean_over_rows("accuracy", "accuracy", "the share of rows that are right", values.mark_correct),
    function_of_counts(
        "balanced_accuracy", "balanced accuracy", "the mean recall of classes", values.mean_recall, by_class=True
    ),
    function_of_counts("macro_f1", "macro-F1", "the mean F1 of classes", values.mean_f1, by_class=True),
    mean_over_rows(
        "log_loss",
        "log loss",
        "the mean negative log probability of the label",
        values.measure_losses,
        needs="label probability",
        unit="nats",
        reach=(0.0, inf),
        higher_is_better=False,
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


def function_of_class(name: str, title: str, about: str, function: values.OfClass, of_class: str) -> Metric:
    """A metric from counts of one class."""

    def at(run: Run) -> values.OfCounts | None:
        if of_class not in run.rows.classes:
            return None
        slot = run.rows.classes.index(of_class) + 1
        return lambda support, chosen, hits: function(support[slot], chosen[slot], hits[slot])

    def compute(run: Run) -> float | None:
        chosen = at(run)
        return None if chosen is None else float(chosen(*run.counts).real)

    def spread(run: Run) -> np.ndarray:
        chosen = at(run)
        return np.full(len(run.predicted), np.nan) if chosen is None else values.spread_counts(chosen, run)

    reach = (0.0, 1.0)
    return Metric(
        name, title, "points", reach, about=about, needs="predictions", value=compute, rows=spread, of_class=of_class
    )


def rank_classes(name: str, title: str, about: str, of_ranking: rankings.OfRanking, of_class: str | None) -> Metric:
    """A metric of how one class is ranked against the rest, or the mean of that over classes."""

    def spread(run: Run) -> np.ndarray:
        return rankings.spread_ranking(run, of_class, of_ranking)

    def average(run: Run) -> float | None:
        mean = np.nan if not is_given("all probabilities", run) else float(spread(run).mean())
        return None if np.isnan(mean) else mean

    return Metric(
        name,
        title,
        "points",
        (0.0, 1.0),
        by_class=of_class is None,
        about=about,
        needs="all probabilities",
        value=average,
        rows=spread,
        of_class=of_class,
    )


ASKED = {
    "mcc": "Matthews' correlation",
    "brier": "the Brier score",
    "top_k:K": "the share of rows whose label is among the K most probable classes; top_k is of 2",
    "auc": "the area under the ROC curve: of two classes of the second, of more the mean of one against the rest",
    "average_precision": "average precision, of classes as auc",
    "auc:CLASS": "the area of one class against the rest",
    "average_precision:CLASS": "average precision of one class against the rest",
    "f1:CLASS": "F1 of one class",
    "precision:CLASS": "precision of one class",
    "recall:CLASS": "recall of one class",
}
"""Those that are computed where they are asked for: `--metric NAME`, or a claim on NAME."""
_OF_CLASS: Mapping[str, tuple[str, str, values.OfClass]] = {
    "f1": ("F1 of {}", "the harmonic mean of precision and recall of one class", values.balance_f1),
    "precision": ("precision of {}", "the share of the answers of a class that are right", values.share_precise),
    "recall": ("recall of {}", "the share of the rows of a class that are found", values.share_recalled),
}
_RANKED: Mapping[str, tuple[str, str, rankings.OfRanking]] = {
    "auc": ("AUC", "the area under the ROC curve", rankings.spread_area),
    "average_precision": ("average precision", ASKED["average_precision"], rankings.spread_average_precision),
}
DEFAULT_K = 2  # as scikit-learn's top_k_accuracy_score


def _make_asked(name: str) -> Metric | None:
    """The metric of a name that is computed where it is asked for; None of any other."""
    kind, colon, part = name.partition(":")
    if name == "mcc":
        reach = (-1.0, 1.0)
        return function_of_counts(name, "MCC", ASKED[name], values.correlate_classes, by_class=False, reach=reach)
    if name == "brier":
        given: Needs = "all probabilities"
        rows, reach = values.measure_squares, (0.0, 2.0)
        title, about = "Brier score", ASKED[name]
        return mean_over_rows(name, title, about, rows, needs=given, unit="", reach=reach, higher_is_better=False)
    if kind == "top_k" and (not colon or (part.isdecimal() and int(part) > 0)):
        k = int(part or DEFAULT_K)
        rows, about = (
            partial(values.mark_among_first, k=k),
            f"the share of labels among the {k} most probable",
        )
        return mean_over_rows(name, f"top-{k} accuracy", about, rows, needs="all probabilities")
    if kind in _RANKED and (not colon or part):
        title, about, of_ranking = _RANKED[kind]
        return rank_classes(name, f"{title} of {part}" if part else title, about, of_ranking, part or None)
    if kind in _OF_CLASS and part:
        title, about, function = _OF_CLASS[kind]
        return function_of_class(name, title.format(part), about, function, part)
    return None


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


_OWN: dict[str, Metric] = {}
OWN_NAME = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")


def register_metric(metric: Metric) -> None:
    """Make a metric of the user's known by its name in this process: names are all that documents have."""
    _OWN[metric.name] = metric


def is_own(name: str) -> bool:
    """Whether it is the name of a metric of the user's, `module:function`."""
    return OWN_NAME.fullmatch(name) is not None and name.partition(":")[0] not in (*_OF_CLASS, *_RANKED, "top_k")


def metric_of(name: str) -> Metric:
    """The record of a metric by its name; of a name that is not known, one that assumes nothing."""
    return _OWN.get(name) or _find_metric(name)


@cache
def _find_metric(name: str) -> Metric:
    if name in _BY_NAME:
        return _BY_NAME[name]
    if name.endswith(OF_A_FACTOR):
        return list_factor_metrics((name.removesuffix(OF_A_FACTOR),))[0]
    return _make_asked(name) or Metric(name, name.replace("_", " "))


def is_asked(name: str) -> bool:
    """Whether it is the name of a metric that is computed where it is asked for."""
    return is_own(name) or _make_asked(name) is not None


def find_metric(name: str, factors: Collection[str]) -> Metric:
    """The record of a metric of data with these factors; of a factor that is not there, one that nothing computes."""
    known = {metric.name: metric for metric in list_metrics(tuple(factors))}.get(name)
    return known or (Metric(name, name) if name in _BY_NAME or name.endswith(OF_A_FACTOR) else metric_of(name))


def suggest_metric(name: str, known: Collection[str]) -> str:
    """`did you mean 'macro_f1'?` for `f1`; of a name that means nothing here, the known ones."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    of_k = re.fullmatch(r"top_?([0-9]+)(?:_acc(?:uracy)?)?", plain)
    every = (*known, *ASKED)
    meant = [one for one in every if plain in (one, *list_metric_names(one))]
    meant += [f"top_k:{of_k[1]}"] if of_k else []
    listed = f"known: {', '.join(every)}, or module:function"
    return f"did you mean {meant[0]!r}? {listed}" if meant else suggest(name, every) or listed


def factor_names(pattern: str | None) -> tuple[str, ...]:
    """The named groups of a factor pattern in their order; none without a pattern. Raises re.error."""
    return () if pattern is None else tuple(re.compile(pattern).groupindex)


def headline_metric(factors: Collection[str]) -> str:
    """The metric that heads the report unless the study names one: hwa for shape and colour, else accuracy."""
    return "hwa" if set(factors) == set(SPR_FACTORS) else "accuracy"
