"""What is known of a metric, in one record, and the kinds of metrics that there are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import inf
from typing import Literal

import numpy as np

from brittlestar.core import metric_rankings as rankings
from brittlestar.core import metric_values as values
from brittlestar.core.answers import Run

Needs = Literal["predictions", "label probability", "confidence", "all probabilities", "anything", "scores"]


@dataclass(frozen=True)
class Metric:
    """What is known of a metric. `title` is its name for people, `about` what it is; `unit` what they read it in:
    points (hundredths), nats, or nothing, a scale of its own. `range` is the least and the most that it can be.
    `additive` says that it is a mean over rows, `by_class` that it is a mean over classes, whatever their rows. `needs`
    names what it is computed from: classes that are answered, the probability of the label, or of the answer, those
    of all classes, or anything that there is. `value` is the metric of what a run answers, None where that does
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

    @property
    def span(self) -> float:
        """The most that two of its values can be apart."""
        return self.range[1] - self.range[0]

    def clip_difference(self, interval: tuple[float, float]) -> tuple[float, float]:
        """An interval of the difference of two values within what can be."""
        return clip_interval(interval, (-self.span, self.span))


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
    there = {"predictions": True, "label probability": own, "confidence": sure, "all probabilities": whole}
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


def function_of_class(name: str, title: str, about: str, function: values.OfClass, of_class: str) -> Metric:
    """A metric from counts of one class."""

    def choose_class(run: Run) -> values.OfCounts | None:
        if of_class not in run.rows.classes:
            return None
        slot = run.rows.classes.index(of_class) + 1
        return lambda support, chosen, hits: function(support[slot], chosen[slot], hits[slot])

    def compute(run: Run) -> float | None:
        chosen = choose_class(run)
        return None if chosen is None else float(chosen(*run.counts).real)

    def spread(run: Run) -> np.ndarray:
        chosen = choose_class(run)
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
