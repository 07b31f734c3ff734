"""The trivial baselines: what trivial predictors score, in plain numbers for checks, reports and verdicts."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from brittlestar.core.answers import Answers
from brittlestar.core.brief import brief_repr
from brittlestar.core.metrics import metric_of

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


BaselineAnswers = Mapping[str, Mapping[str, Answers]]
"""{name of a trivial baseline: {split: what it answers in every row}}."""


@dataclass(frozen=True)
class TrivialBaseline:
    """One predictor. `kind` is that of a line of `BASELINES` in `baselines/table.py` or, for predictions that were
    handed in, `given`; `detail` says which position (counted from 1, or from -1 backwards), token or factor, and what
    `linear` reads.
    `scores[population][split][metric]`; train's are out of fold and stand under `all` alone, because there every row is
    answered by a model that has not seen its sequence."""

    name: str
    kind: str
    detail: str = ""
    scores: Mapping[Population, Scores] = field(default_factory=dict[Population, Scores])

    def score(self, split: str, metric: str, population: Population = "all") -> Score:
        """The score, with value None where there is none."""
        return self.scores.get(population, {}).get(split, {}).get(metric, Score(None, None, 0))


@dataclass(frozen=True, repr=False)
class TrivialBaselines:
    """All trivial baselines in order, the majority class first, then predictions at hand by variant.

    They are fitted on train. `rows` and `unseen` count each split's rows, and those not seen in train; `positions` is
    train's out-of-fold accuracy from each single position, from which the position of the trivial baseline was chosen.
    `leading[metric]` names those that dev cannot tell from the best (train without dev; statistics, rule 25).
    """

    __repr__ = brief_repr

    members: tuple[TrivialBaseline, ...]
    given: Mapping[str, TrivialBaseline]
    metrics: tuple[str, ...]
    rows: Mapping[str, int]
    unseen: Mapping[str, int]
    positions: Mapping[str, float] = field(default_factory=dict[str, float])
    notes: tuple[str, ...] = ()
    leading: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    @property
    def majority(self) -> TrivialBaseline:
        """The lowest trivial baseline."""
        return self.members[0]

    def find_kind(self, kind: str) -> TrivialBaseline | None:
        """The first trivial baseline of a kind."""
        return next((baseline for baseline in self.members if baseline.kind == kind), None)

    def leaders(self, metric: str = "accuracy") -> tuple[TrivialBaseline, ...]:
        """The trivial baselines that are `best-trivial` together under a metric: those of `leading`, or the one with
        the best score on dev (on train without dev), the lower one on ties. Predictions at hand are none."""
        names = self.leading.get(metric, ())
        if names:
            return tuple(baseline for baseline in self.members if baseline.name in names)
        for split in ("dev", "train"):
            if (best := choose_highest(self.members, split, metric)) is not None:
                return (best,)
        return (self.majority,)

    def best(self, split: str, metric: str = "accuracy", population: Population = "all") -> TrivialBaseline:
        """The one of `leaders` that is hardest to beat on a split: with the best score there."""
        leaders = self.leaders(metric)
        return choose_highest(leaders, split, metric, population) or leaders[0]

    def as_json(self) -> dict[str, Any]:
        """All fields as plain JSON values, the members under `rungs`."""
        fields = asdict(self)
        return {"rungs": fields.pop("members"), **fields}


def choose_highest(
    members: Iterable[TrivialBaseline], split: str, metric: str, population: Population = "all"
) -> TrivialBaseline | None:
    """The first of those with the best score; None where none has a score there."""
    sign = metric_of(metric).sign
    scores = [(baseline.score(split, metric, population).value, baseline) for baseline in members]
    heights = [(sign * value, baseline) for value, baseline in scores if value is not None]
    return max(heights, key=lambda pair: pair[0])[1] if heights else None
