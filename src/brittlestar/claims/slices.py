"""Slices of a split: each class, each value of a column that is kept, short and long rows; what main scores there."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from brittlestar.claims.headline_numbers import LEVEL, ScoreEstimate, estimate_score
from brittlestar.claims.study_outcomes import StudyOutcomes, choose_rows
from brittlestar.core.errors import InputError
from brittlestar.core.results import SplitAnswers, StudyAnswers, StudyRecord
from brittlestar.study.row_filters import LABEL, LENGTH, RowFilter, of_class

MOST_VALUES = 50
"""Of a column the most frequent values are looked at (convention)."""


@dataclass(frozen=True)
class SliceScore:
    """Main on some rows of a split: the share that is right (of a class: its recall), the same of the best trivial
    baseline, None where it is not known row by row, and which rows these are."""

    where: RowFilter
    score: ScoreEstimate
    trivial: float | None

    def as_json(self) -> dict[str, Any]:
        """All fields as plain JSON values."""
        return {"where": str(self.where), **asdict(self.where), **asdict(self.score), "trivial": self.trivial}


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
        return (RowFilter(LENGTH, "<=", str(low)), RowFilter(LENGTH, ">", str(high))) if low < values.max() else ()
    kinds, counts = np.unique(values[values != ""].astype(str), return_counts=True)
    return tuple(RowFilter(column, "=", kinds[k]) for k in np.argsort(-counts, kind="stable")[:MOST_VALUES].tolist())


def measure_slices(
    record: StudyRecord, answers: StudyAnswers, split: str, column: str, level: float = LEVEL
) -> tuple[SliceScore, ...]:
    """Main on every slice that a column makes of a split, each with its interval at `level`; none where its answers are
    not known row by row. Raises InputError for a column that is not kept."""
    outcomes, found = StudyOutcomes(record, answers), list[SliceScore]()
    for where in list_slices(answers[split], column, record.classes):
        try:
            here = outcomes.on(split, "accuracy", str(where))
            score = estimate_score(here, record.main, "accuracy", here.n_rows(record.main) or 0, level)
        except InputError:
            return ()
        found.append(SliceScore(where, score, here.trivial_score("accuracy")))
    return tuple(found)
