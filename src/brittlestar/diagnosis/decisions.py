"""How numbers over seeds become a status: one rule for every check, so that its error rates can be measured once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from brittlestar.core.findings import Status
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.statistics.power import MOST_SEEDS_COUNTED, count_seeds_for_spread, count_seeds_needed
from brittlestar.statistics.t_intervals import bound_deviation, t_interval

_TOO_NEAR = f"it lies so near the threshold that {MOST_SEEDS_COUNTED} seeds would not settle it"


def side_of(interval: Sequence[float] | None, threshold: float = 0.0) -> int:
    """1 where an interval lies above the threshold, -1 where below, 0 where on both sides or where there is none."""
    return 0 if interval is None else int(interval[0] > threshold) - int(interval[1] < threshold)


@dataclass(frozen=True)
class SeedDecision:
    """An effect over seeds against its threshold: the status, the estimate, its 95 % interval, and what is missing."""

    status: Status
    estimate: float
    interval: tuple[float, float] | None
    n: int
    threshold: float
    missing: str = ""

    @property
    def above(self) -> bool | None:
        """True or False where the interval lies on one side of the threshold, else None."""
        return {1: True, -1: False, 0: None}[side_of(self.interval, self.threshold)]

    @property
    def text(self) -> str:
        """`0.213 [0.150, 0.276]`."""
        interval = "" if self.interval is None else f" [{self.interval[0]:.3f}, {self.interval[1]:.3f}]"
        return f"{self.estimate:.3f}{interval}"

    @property
    def open_words(self) -> str:
        """What an inconclusive one lacks."""
        return f"against {self.threshold:.3f} that is open. Missing: {self.missing}."

    def as_json(self) -> dict[str, Any]:
        """The numbers as plain JSON values."""
        interval = None if self.interval is None else list(self.interval)
        numbers: dict[str, Any] = {"estimate": self.estimate, "interval": interval, "seeds": self.n}
        return numbers | {"threshold": self.threshold} | ({"missing": self.missing} if self.missing else {})


def decide(values: Sequence[float], threshold: float, level: float = 0.95) -> SeedDecision:
    """Is the mean over seeds above `threshold`?

    `present` when the whole t interval lies above it and there are at least 5 seeds; `absent` when the whole interval
    lies below it, whatever the number of seeds (few seeds make it wide enough); else `inconclusive`, with the number
    of seeds that is missing. The interval guards against chance, the threshold decides what matters.
    """
    found = t_interval(values, level)

    def count_missing() -> str:
        low, high = count_seeds_needed(values, threshold, level)
        if low is None:
            return _TOO_NEAR
        most = f"to {high - found.n} " if high is not None and high > low else ""
        return f"about {max(low - found.n, 1)} {most}more seeds"

    return _decide_side(found.mean, found.interval, found.n, threshold, count_missing)


def decide_spread(values: Sequence[float], threshold: float) -> SeedDecision:
    """Is the standard deviation over seeds above `threshold`? The same rule on its chi-square interval."""
    array = np.asarray(values, dtype=np.float64)
    spread = float(array.std(ddof=1)) if array.size > 1 else 0.0
    interval = None if array.size < 2 else bound_deviation(values)

    def count_missing() -> str:
        needed = count_seeds_for_spread(spread, array.size, threshold)
        return _TOO_NEAR if needed is None else f"about {needed - array.size} more seeds"

    return _decide_side(spread, interval, array.size, threshold, count_missing)


def _decide_side(
    estimate: float, interval: tuple[float, float] | None, n: int, threshold: float, count_missing: Callable[[], str]
) -> SeedDecision:
    side, lacking = side_of(interval, threshold), MIN_SEEDS - n
    if side < 0:
        return SeedDecision("absent", estimate, interval, n, threshold)
    if side > 0 and lacking <= 0:
        return SeedDecision("present", estimate, interval, n, threshold)
    few = f"{lacking} more seed{'s' if lacking > 1 else ''} (at least {MIN_SEEDS})"
    return SeedDecision("inconclusive", estimate, interval, n, threshold, few if lacking > 0 else count_missing())
