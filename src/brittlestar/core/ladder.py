"""The trivial baselines: what trivial predictors score, in plain numbers for checks, reports and verdicts."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import numpy as np

from brittlestar.core.brief import brief_repr
from brittlestar.core.metric_names import LOWER_IS_BETTER

Population = Literal["all", "unseen"]
"""All rows of a split, or those whose token sequence is not a row of train."""


@dataclass(frozen=True)
class Score:
    """One metric on `rows` rows, in its own unit; `interval` is (low, high) at 95 % for new rows of the same source.
    Both are None where the metric cannot be computed."""

    value: float | None
    interval: tuple[float, float] | None
    rows: int


def place_words(position: str | int) -> str:
    """A position, counted from 1 or from -1 backwards, as a sentence says it: `7`, `7 from the end`."""
    number = int(position)
    return f"{number}" if number > 0 else f"{-number} from the end"


Scores = Mapping[str, Mapping[str, Score]]
"""{split: {metric: score}}."""


@dataclass(frozen=True)
class RowAnswers:
    """What a trivial baseline answers in every row of a split, in the order of the rows: `predicted` int32 (n_rows,),
    classes; `own` float64 (n_rows,), the probability of the row's label, 0 where train lacks that label."""

    predicted: np.ndarray
    own: np.ndarray


BaselineAnswers = Mapping[str, Mapping[str, RowAnswers]]
"""{name of a trivial baseline: {split: its answers}}."""


@dataclass(frozen=True)
class Rung:
    """One predictor. `kind` is `majority`, `length`, `first`, `last`, `position`, `marker`, `bag`, `factor`,
    `bigrams`, `placed` or, for predictions that were handed in, `given`; `detail` says which position (counted from 1,
    or from -1 backwards), token or factor. `scores[population][split][metric]`; train's are out of fold and stand under
    `all` alone, because there every row is answered by a model that has not seen its sequence."""

    name: str
    kind: str
    detail: str = ""
    scores: Mapping[Population, Scores] = field(default_factory=dict[Population, Scores])

    def score(self, split: str, metric: str, population: Population = "all") -> Score:
        """The score, with value None where there is none."""
        return self.scores.get(population, {}).get(split, {}).get(metric, Score(None, None, 0))


@dataclass(frozen=True, repr=False)
class Ladder:
    """All trivial baselines in order, the majority class first, then predictions at hand by variant.

    Rungs are fitted on train. `rows` and `unseen` count each split's rows, and those not seen in train; `positions` is
    train's out-of-fold accuracy from each single position, from which the position of the trivial baseline was chosen.
    """

    __repr__ = brief_repr

    rungs: tuple[Rung, ...]
    given: Mapping[str, Rung]
    metrics: tuple[str, ...]
    rows: Mapping[str, int]
    unseen: Mapping[str, int]
    positions: Mapping[str, float] = field(default_factory=dict[str, float])
    notes: tuple[str, ...] = ()

    @property
    def majority(self) -> Rung:
        """The lowest trivial baseline."""
        return self.rungs[0]

    def rung(self, kind: str) -> Rung | None:
        """The first trivial baseline of a kind."""
        return next((rung for rung in self.rungs if rung.kind == kind), None)

    def best(self, split: str = "dev", metric: str = "accuracy") -> Rung:
        """The trivial baseline with the best score on a split, the lower one on ties; train's out-of-fold scores decide
        where that split has no score. Predictions at hand are no trivial baselines."""
        sign = -1.0 if metric in LOWER_IS_BETTER else 1.0
        for place in (split, "train"):
            scores = [(rung.score(place, metric).value, rung) for rung in self.rungs]
            heights = [(sign * value, rung) for value, rung in scores if value is not None]
            if heights:
                return max(heights, key=lambda pair: pair[0])[1]
        return self.majority

    def leaders(self) -> dict[str, str]:
        """The name of the best trivial baseline on dev under each metric."""
        return {metric: self.best("dev", metric).name for metric in self.metrics}

    def as_json(self) -> dict[str, Any]:
        """All fields as plain JSON values."""
        return asdict(self)
