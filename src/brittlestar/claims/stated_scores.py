"""Where a single reported number stands among the seeds."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Literal

import numpy as np

from brittlestar.core.errors import InputError
from brittlestar.core.metrics import metric_of
from brittlestar.statistics.overshoot import find_expected_maximum

StatedAs = Literal["mean", "best"]
"""What a stated score is said to be: the mean of all runs, or the best of them."""


def half_digit(stated: float) -> float:
    """Half of the last digit that a number is written with: .005 for 0.83, which any score from .825 to .835 rounds
    to."""
    exponent = Decimal(repr(float(stated))).as_tuple().exponent
    return 0.5 * 10.0 ** int(exponent) * (1 + 1e-9)  # a score that lies between two digits rounds to both


@dataclass(frozen=True)
class StatedScoreCheck:
    """A stated score among `seeds` runs: how many are `below` it, whether it is `the_best`, the mean of all, and the
    score that the best of so many runs has on average, were they normal (a yardstick for "best of k"); `what` it is
    stated as."""

    stated: float
    seeds: int
    below: int
    the_best: bool
    mean: float
    deviation: float | None
    expected_best: float | None
    metric: str = "accuracy"
    what: StatedAs = "mean"

    @property
    def sentence(self) -> str:
        """What a reader has to know of the number."""
        number, mean = f"the stated {100 * self.stated:.1f}", f"{100 * self.mean:.1f} of {self.metric}"
        if self.seeds == 1:
            return f"{number} is {'above' if self.below else 'not above'} the one seed there is, {mean}"
        how_many = "all" if self.below == self.seeds else f"{self.below} of"
        place = "the best of" if self.the_best else f"above {how_many}"
        return f"{number} is {place} {self.seeds} seeds, whose mean is {mean}"

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)


def standing(
    scores: Mapping[Any, float], stated: float, metric: str = "accuracy", what: StatedAs = "mean"
) -> StatedScoreCheck:
    """Place `stated` among the scores of single runs, by seed. Raises InputError for a fraction below 0 or above 1."""
    refuse_stated(stated, metric)
    values = np.asarray(list(scores.values()), np.float64)
    sign = metric_of(metric).sign
    room = half_digit(stated)
    same = np.abs(values - stated) <= room
    below = int((sign * values < sign * stated)[~same].sum())
    is_mean = abs(float(values.mean()) - stated) <= room  # runs that are all alike: nobody picked one
    best = bool(same.any() and below + int(same.sum()) == len(values) and (len(values) == 1 or not is_mean))
    deviation = float(values.std(ddof=1)) if len(values) > 1 else None
    top = None if deviation is None else float(values.mean() + sign * deviation * find_expected_maximum(len(values)))
    return StatedScoreCheck(float(stated), len(values), below, best, float(values.mean()), deviation, top, metric, what)


def refuse_stated(stated: float, metric: str) -> None:
    """Raise InputError for a score that cannot be one of this metric, such as a fraction below 0 or above 1."""
    low, high = metric_of(metric).range
    if metric_of(metric).in_points and not low <= stated <= high:
        within = f"it lies between {low:g} and {high:g}"
        hint = f"93.1 % is 0.931, so write {stated / 100:g}" if 1 < stated <= 100 else within
        raise InputError(f"a score of {stated:g} is no {metric}, which is a fraction", "--stated", hint)
