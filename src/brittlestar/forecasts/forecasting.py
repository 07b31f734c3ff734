"""The forecast of one split without labels: signals, their combination, and what it cannot say."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from brittlestar.core.answers import Probabilities
from brittlestar.core.forecasts import FORECAST_LEVEL, Forecast, ForecastPart, TriedForecast
from brittlestar.core.splits import EncodedSplit
from brittlestar.diagnosis.probes.slices import of_columns
from brittlestar.forecasts.combining import choose_combination, reach_by_shares, read_combinations
from brittlestar.forecasts.labels import count_labels_needed, count_labels_to_decide, join_labels, tell_joined
from brittlestar.forecasts.signals import accuracies, count_alike_once, expect_rows, list_estimates
from brittlestar.statistics.proportions import bound_share
from brittlestar.study.units import count, unit_of

FEWEST_FORECAST_ROWS = 50  # chosen, not measured: the exact interval of so few rows has 27 points
FALL = 0.15  # convention: a fall that nobody would miss
LEVEL_OF_LABELS = 0.95


@dataclass(frozen=True)
class AnsweredSplit:
    """A split with what the runs of one variant answer on it, in rows `answers.places`. `unknown` is the share of its
    tokens that train lacks, `in_train` that of its rows that train has, `columns` are what its slices are made of: an
    array (n_rows,) by name; `outsider` int (n_rows,) is what an outsider answers, None where there is none."""

    split: EncodedSplit
    answers: Probabilities
    unknown: float
    in_train: float = 0.0
    columns: Mapping[str, np.ndarray] = field(default_factory=dict[str, np.ndarray])
    outsider: np.ndarray | None = None

    @property
    def labels(self) -> np.ndarray:
        """int (n_rows,) of the rows that are answered."""
        return np.asarray(self.split.labels)[self.answers.places]

    @property
    def length(self) -> float:
        """Tokens a row, the mean."""
        return float(np.mean(self.split.lengths)) if self.split.n_rows else 0.0


def measure_signals(here: AnsweredSplit, new: AnsweredSplit) -> dict[str, float]:
    """Everything that a forecast of the rows `new` rests on."""
    counts = np.bincount(here.labels[here.labels >= 0], minlength=1)
    sides = (here, new)
    answers = [side.outsider[side.answers.places] for side in sides if side.outsider is not None]
    outside = (answers[0], answers[1]) if len(answers) == 2 else None
    return {
        "unknown_here": here.unknown,
        "unknown": new.unknown,
        "in_train": new.in_train,
        "length_here": here.length,
        "length": new.length,
        "majority": float(counts.max() / max(counts.sum(), 1)),
        **list_estimates(here.answers, here.labels, new.answers, outside),
    }


def forecast_split(
    variant: str,
    here: AnsweredSplit,
    new: AnsweredSplit,
    classes: tuple[str, ...],
    level: float = FORECAST_LEVEL,
    tried: tuple[TriedForecast, ...] = (),
) -> Forecast:
    """What accuracy the runs of a variant are expected to have on rows without labels.

    Args:
        variant: Its name.
        here: A split with labels, held out from training.
        new: The rows without labels, answered by the same runs.
        classes: Of train.
        level: Of the interval, from 0.5 to 0.99.
        tried: Of `try_on_labels`.
    """
    known, asked = count_alike_once(here.answers, new.answers)
    here, new = replace(here, answers=known), replace(new, answers=asked)
    score = float(accuracies(here.answers, here.labels).mean())
    signals = measure_signals(here, new)
    empty = replace(
        say_nothing(new.split.name, variant, new.split.n_rows, level, ""),
        runs=asked.n_runs,
        here={"split": here.split.name, "value": score},
        signals=signals,
        labels_needed=count_labels_needed(score, FALL, LEVEL_OF_LABELS),
        tried=tried,
        by_class=tuple(_measure_part(one, new.answers.predicted == k) for k, one in enumerate(classes)),
    )
    name = choose_combination(signals)
    if name is None:
        sentence = "one run of bare labels says nothing of rows without labels: give more runs, or probabilities"
        return replace(empty, sentence=sentence)
    combination = read_combinations()[name]
    if min(new.split.n_rows, here.split.n_rows) < FEWEST_FORECAST_ROWS:
        few = min((new.split, here.split), key=lambda one: one.n_rows)
        sentence = f"{few.name} has {count(few.n_rows, 'row')}, too few to tell; {FEWEST_FORECAST_ROWS} would do"
        return replace(empty, sentence=sentence)
    value = combination.expect(score, signals)
    measured = combination.describe(score, value)
    if outside := combination.find_outside(score, value, signals):
        one = replace(empty, outside=outside, measured_on=measured)
        return replace(one, sentence=_tell_outside(one, reach_by_shares(value, signals)))
    done = replace(
        empty,
        answer="forecast",
        value=value,
        interval=combination.interval(score, value, level),
        measured_on=measured,
    )
    return replace(done, sentence=_tell(done))


def try_on_labels(
    here: AnsweredSplit, shifts: Mapping[str, AnsweredSplit], classes: tuple[str, ...]
) -> tuple[TriedForecast, ...]:
    """What such forecasts say of labelled splits, with the accuracy that was measured there."""
    found = ((shift, forecast_split("", here, shift, classes)) for shift in shifts.values())
    return tuple(
        TriedForecast(told.name, told.value, told.interval, float(accuracies(one.answers, one.labels).mean()))
        for one, told in found
        if told.value is not None and told.interval is not None
    )


def say_nothing(name: str, variant: str, rows: int, level: float, why: str) -> Forecast:
    """The forecast of a split of which nothing can be told, and why."""
    return Forecast(name, variant, "accuracy", rows, 0, "cannot-say", None, None, level, None, {}, (), None, None, why)


def join_known(found: Forecast, new: AnsweredSplit, labels: np.ndarray) -> Forecast:
    """The forecast with the few labels that there are: `labels` int (n_rows,) of the new split, classes, -2 for rows
    that nobody labelled, -1 for a class that train lacks."""
    known = labels[new.answers.places]
    labelled = np.flatnonzero(known > -2)
    votes = new.answers.predicted
    right = votes == known
    joined = join_labels(right[:, labelled].mean(axis=0), expect_rows(new.answers), labelled, found.level)
    if found.here is not None:
        usual = float(found.here["value"])
        if joined.interval[0] <= usual <= joined.interval[1]:
            joined = replace(joined, more=count_labels_to_decide(replace(found, joined=joined), usual))
    joined = replace(joined, strange=int((known == -1).sum()))
    inside = {part.name: votes == k for k, part in enumerate(found.by_class)}
    columns = {name: values[new.answers.places] for name, values in new.columns.items()}
    slices = {name: np.broadcast_to(one, votes.shape) for name, one in of_columns(columns)}
    by_class, by_slice = (
        tuple(_measure_part(name, one, right, labelled, found.level) for name, one in parts.items())
        for parts in (inside, slices)
    )
    joined = replace(joined, sentence=tell_joined(joined, found))
    return replace(found, joined=joined, by_class=by_class, by_slice=by_slice)


def _tell(forecast: Forecast) -> str:
    assert forecast.here is not None
    return (
        f"{forecast.brief} ({forecast.rows:,} rows without labels; {100 * forecast.level:.0f} % interval; "
        f"{count(forecast.runs, 'run')}; {forecast.here['split']} {100 * forecast.here['value']:.1f})"
    )


def _tell_outside(forecast: Forecast, reached: tuple[float, float]) -> str:
    """Why nothing can be told, by the first thing that is out of range."""
    first, points = forecast.outside[0], unit_of("accuracy")
    usual = "" if forecast.here is None else f"{points.number(forecast.here['value'])} on {forecast.here['split']}"
    largest, low, high = max(forecast.by_class, key=lambda part: part.rows), *map(points.number, reached)
    rows, majority = sum(part.rows for part in forecast.by_class), forecast.signals.get("majority")
    beyond = {
        "learned": f"{usual} is hardly above its largest class ({points.number(majority)}), so that elsewhere, too, "
        "the score is mostly the share of a class",
        "unknown": f"train lacks {100 * first.value:.0f} % of its tokens; such forecasts hold up to "
        f"{100 * first.high:.0f} %",
        "unknown_times": f"tokens that train lacks are {first.value:.0f} times as frequent as in the labelled rows; "
        f"such forecasts hold up to {first.high:.0f} times",
        "length_times": f"its rows are {_times(first.value, 'longer', 'shorter')} than the labelled ones; such "
        f"forecasts hold up to {first.high:.0f} times",
        "agreement_rise": f"the runs agree {100 * first.value:.0f} points more than on labelled rows, which says more "
        "of the rows than of the score",
        "confidence_rise": f"the runs are {100 * first.value:.0f} points surer than on labelled rows, which says more "
        "of the rows than of the score",
        "shares": f"the shares of classes decide, and nobody knows them: between {low} and {high} by the shares that "
        f"are possible; {100 * largest.rows / max(rows, 1):.0f} % of the answers are {largest.name}",
        "fall": f"{100 * first.value:.0f} points less are expected; such forecasts hold up to "
        f"{100 * first.high:.0f} points",
    }
    return f"{forecast.name} ({forecast.rows:,} rows without labels): {beyond[first.signal]}"


def _times(ratio: float, more: str, less: str) -> str:
    return f"{ratio:.0f} times {more}" if ratio > 1 else f"{1 / ratio:.0f} times {less}"


def _measure_part(
    name: str,
    inside: np.ndarray,
    right: np.ndarray | None = None,
    labelled: np.ndarray | None = None,
    level: float = FORECAST_LEVEL,
) -> ForecastPart:
    """A part that bool (n_runs, n_rows) says which answers are `inside`, and what is `right` bool (n_runs, n_rows) of
    it on the labelled rows."""
    rows = round(float(inside.mean(axis=0).sum()))
    if right is None or (known := float(inside[:, labelled].mean(axis=0).sum())) < 1:
        return ForecastPart(name, rows)
    hits = float((inside & right)[:, labelled].mean(axis=0).sum())
    return ForecastPart(name, rows, round(known), hits / known, bound_share(hits, known, level))
