"""Slices of a split: each class, each value of a column that is kept, short and long rows; what main scores there."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

import numpy as np

from brittlestar.claims.score_estimates import LEVEL, ScoreEstimate, estimate_score
from brittlestar.claims.study_outcomes import StudyOutcomes, choose_rows
from brittlestar.core.errors import InputError
from brittlestar.core.findings import SLICE_GAP
from brittlestar.core.metrics import is_asked, metric_of
from brittlestar.core.results import SplitAnswers
from brittlestar.statistics.crossed import contrast_rows, estimate_over_runs
from brittlestar.study.row_filters import LABEL, LENGTH, RowFilter, of_class

MOST_SLICES = 50
"""Of a column the most frequent values are looked at (convention)."""


@dataclass(frozen=True)
class AskedScore:
    """A score of some rows under a metric, in its own unit, with its interval at 95 %."""

    metric: str
    mean: float
    interval: tuple[float, float] | None


@dataclass(frozen=True)
class SliceScore:
    """Main on some rows of a split: the share that is right (of a class: its recall), the same of the best trivial
    baseline, None where it is not known row by row, and which rows these are. `below` is how much less is right than of
    all other rows, a fraction, with an interval that holds together with those of all other slices of the split; None
    where there are no others. `asked` is the score under the study's metric, where that is more than a count of right
    answers and can be had of these rows."""

    where: RowFilter
    score: ScoreEstimate
    trivial: float | None
    below: float | None = None
    interval_below: tuple[float, float] | None = None
    asked: AskedScore | None = None

    @property
    def is_far_below(self) -> bool:
        """Whether it is proven to be below all other rows by `SLICE_GAP`."""
        return self.interval_below is not None and self.interval_below[0] >= SLICE_GAP

    def as_json(self) -> dict[str, Any]:
        """All fields as plain JSON values."""
        more = {"trivial": self.trivial, "below": self.below, "interval_below": self.interval_below}
        asked = {} if self.asked is None else {"asked": asdict(self.asked)}
        return {"where": str(self.where), "value": self.where.value, **asdict(self.score), **more, **asked}


def list_slices(here: SplitAnswers, column: str, classes: Sequence[str]) -> tuple[RowFilter, ...]:
    """The slices that a column makes of a split: every class that has rows (`label`), the shortest and the longest
    third (`length`), else its values, the most frequent first. Raises InputError for a column that is not kept."""
    if column == LABEL:
        there = set(np.unique(here.labels).tolist())
        return tuple(of_class(name) for code, name in enumerate(classes) if code in there)
    choose_rows(here, RowFilter(column, "=", ""), classes)
    values = here.columns[column]
    if column == LENGTH:
        low, high = (int(end) for end in np.quantile(values, [1 / 3, 2 / 3], method="lower"))
        thirds = (low, RowFilter(LENGTH, "<=", str(low))), (high, RowFilter(LENGTH, ">", str(high)))
        return tuple(one for end, one in thirds if end < values.max())
    kinds, counts = np.unique(values[values != ""].astype(str), return_counts=True)
    return tuple(RowFilter(column, "=", str(kinds[k])) for k in np.argsort(-counts, kind="stable")[:MOST_SLICES])


def measure_slices(
    outcomes: StudyOutcomes, split: str, columns: Sequence[str], level: float = LEVEL
) -> dict[str, tuple[SliceScore, ...]]:
    """Main on every slice that these columns make of a split, by column, each with its interval at `level`; empty where
    its answers are not known row by row. Raises InputError for a column that is not kept."""
    rows, classes = outcomes.answers[split], outcomes.record.classes
    listed = {column: list_slices(rows, column, classes) for column in columns}
    every = [where for slices in listed.values() for where in slices]
    found = measure_each(outcomes, split, every, len(every), level)
    if found is None:
        return {}
    scores = iter(found)
    return {column: tuple(islice(scores, len(slices))) for column, slices in listed.items()}


def measure_each(
    outcomes: StudyOutcomes,
    split: str,
    slices: Sequence[RowFilter],
    many: int,
    level: float = LEVEL,
    among: np.ndarray | None = None,
) -> tuple[SliceScore, ...] | None:
    """Main on these slices of a split, or of the rows `among`, bool (n,), alone: what they are below the others shares
    its error among so `many`. None where its answers are not known row by row."""
    record, rows = outcomes.record, outcomes.answers[split]
    places = np.arange(len(rows.labels)) if among is None else np.flatnonzero(among)
    try:
        everything = outcomes.on(split, "accuracy")
        everything = everything if among is None else everything.take_rows(places, "accuracy")
        table = everything.table(record.main, "accuracy")
    except InputError:
        return None
    if table is None:
        return None
    is_probable = is_asked(record.metric) or metric_of(record.metric).needs != "predictions"
    error = (1 - LEVEL) / max(many, 1)

    def measure(where: RowFilter) -> SliceScore:
        inside = choose_rows(rows, where, record.classes)[places]
        here = everything.take_rows(np.flatnonzero(inside), "accuracy")
        score = estimate_score(here, record.main, "accuracy", int(inside.sum()), level)
        trivial = here.trivial_score("accuracy")
        asked = _score_asked(outcomes, split, places[inside]) if is_probable else None
        if inside.all() or (everything.n_units(record.main) or 0) < 2:  # nothing to compare with, or one draw
            return SliceScore(where, score, trivial, asked=asked)
        below = estimate_over_runs(contrast_rows(table, ~inside), everything.groups)
        apart = metric_of("accuracy").clip_difference(below.interval(error))
        return SliceScore(where, score, trivial, below.value, apart, asked)

    return tuple(map(measure, slices))


def _score_asked(outcomes: StudyOutcomes, split: str, rows: np.ndarray) -> AskedScore | None:
    """Main on some rows under the study's metric; None where it cannot be had, as AUC within one class."""
    metric = outcomes.record.metric
    try:
        here = outcomes.on(split, metric).take_rows(rows, metric)
        score = estimate_score(here, outcomes.record.main, metric, len(rows))
    except InputError:
        return None
    return AskedScore(metric, score.mean, score.interval)


def find_worst(slices: Mapping[str, Sequence[SliceScore]]) -> SliceScore | None:
    """The slice that is proven to be furthest below all other rows, None where none is by `SLICE_GAP`."""
    found = [score for scores in slices.values() for score in scores if score.is_far_below]
    return max(found, key=lambda one: one.interval_below[0] if one.interval_below else 0.0, default=None)


def count_confusions(answers: SplitAnswers, variant: str, n_classes: int) -> np.ndarray | None:
    """float64 (n_classes, n_classes): rows of each class (down) that are named each class (across), the mean over runs;
    rows of a class that train lacks are left out. None where answers are not known row by row."""
    runs, known = answers.runs.get(variant), answers.labels >= 0
    if runs is None:
        return None
    cells = (answers.labels[known] * n_classes + runs.predicted[:, known]).reshape(-1)
    return np.bincount(cells, minlength=n_classes**2).reshape(n_classes, n_classes) / len(runs.predicted)
