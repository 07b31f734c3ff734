"""How numbers over seeds become a status: one rule for every check, so that its error rates can be measured once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from brittlestar.core.findings import Status
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.statistics.t_intervals import t_interval

MOST_SEEDS = 200
_TOO_NEAR = f"it lies so near the threshold that {MOST_SEEDS} seeds would not settle it"


@dataclass(frozen=True)
class Decision:
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
        if self.interval is None:
            return None
        low, high = self.interval
        return True if low > self.threshold else False if high < self.threshold else None

    @property
    def text(self) -> str:
        """`0.213 [0.150, 0.276]`."""
        return f"{self.estimate:.3f}" + (
            f" [{self.interval[0]:.3f}, {self.interval[1]:.3f}]" if self.interval is not None else ""
        )

    def as_json(self) -> dict[str, Any]:
        """The numbers as plain JSON values."""
        interval = None if self.interval is None else list(self.interval)
        numbers: dict[str, Any] = {"estimate": self.estimate, "interval": interval, "seeds": self.n}
        return numbers | {"threshold": self.threshold} | ({"missing": self.missing} if self.missing else {})


def decide(values: Sequence[float], threshold: float, level: float = 0.95) -> Decision:
    """Is the mean over seeds above `threshold`?

    `present` when the whole t interval lies above it and there are at least 5 seeds; `absent` when the whole interval
    lies below it, whatever the number of seeds (few seeds make it wide enough); else `inconclusive`, with the number
    of seeds that is missing. The interval guards against chance, the threshold decides what matters.
    """
    found = t_interval(values, level)
    return _decided(found.mean, found.interval, found.n, threshold, lambda: _more_seeds(values, threshold))


def decide_spread(values: Sequence[float], threshold: float) -> Decision:
    """Is the standard deviation over seeds above `threshold`? The same rule on its chi-square interval."""
    array = np.asarray(values, dtype=np.float64)
    spread = float(array.std(ddof=1)) if array.size > 1 else 0.0
    interval = None if array.size < 2 else spread_interval(values)
    return _decided(spread, interval, array.size, threshold, lambda: _more_spread(spread, array.size, threshold))


def spread_interval(values: Sequence[float], level: float = 0.95) -> tuple[float, float]:
    """Chi-square interval of the standard deviation of at least two values; needs them near a normal law."""
    from scipy.special import chdtri

    array = np.asarray(values, dtype=np.float64)
    degrees = array.size - 1
    squares = degrees * float(array.var(ddof=1))
    tail = (1 - level) / 2
    return float(np.sqrt(squares / chdtri(degrees, tail))), float(np.sqrt(squares / chdtri(degrees, 1 - tail)))


def seeds_needed(values: Sequence[float], threshold: float) -> tuple[int | None, int | None]:
    """How many seeds in all would put the 95 % interval on one side of the threshold, if the mean stays.

    As a range: at the observed standard deviation, and at its 80 % upper limit (five seeds know it badly). None where
    200 seeds would not do.
    """
    from scipy.special import chdtri, stdtrit

    array = np.asarray(values, dtype=np.float64)
    spread, distance = float(array.std(ddof=1)), abs(float(array.mean()) - threshold)
    upper = spread * float(np.sqrt((array.size - 1) / chdtri(array.size - 1, 0.8)))
    totals = np.arange(max(array.size, MIN_SEEDS), MOST_SEEDS + 1)
    unit = stdtrit(totals - 1, 0.975) / np.sqrt(totals)
    enough = [totals[unit * scale < distance] for scale in (spread, upper)]
    low, high = (int(found[0]) if found.size else None for found in enough)
    return low, high


def _more_spread(spread: float, n: int, threshold: float) -> str:
    """Seeds until the chi-square interval lies on one side of the threshold, if the spread stays what it is."""
    from scipy.special import chdtri

    totals = np.arange(n, MOST_SEEDS + 1)
    low, high = (spread * np.sqrt((totals - 1) / chdtri(totals - 1, tail)) for tail in (0.025, 0.975))
    enough = totals[(low > threshold) | (high < threshold)]
    return f"about {int(enough[0]) - n} more seeds" if enough.size else _TOO_NEAR


def _decided(
    estimate: float, interval: tuple[float, float] | None, n: int, threshold: float, more: Callable[[], str]
) -> Decision:
    side = Decision("inconclusive", estimate, interval, n, threshold).above
    if side is False:
        return Decision("absent", estimate, interval, n, threshold)
    if n < MIN_SEEDS:
        missing = f"{MIN_SEEDS - n} more seed{'s' if MIN_SEEDS - n > 1 else ''} (at least {MIN_SEEDS})"
        return Decision("inconclusive", estimate, interval, n, threshold, missing)
    if side is True:
        return Decision("present", estimate, interval, n, threshold)
    return Decision("inconclusive", estimate, interval, n, threshold, more())


def _more_seeds(values: Sequence[float], threshold: float) -> str:
    low, high = seeds_needed(values, threshold)
    if low is None:
        return _TOO_NEAR
    most = f"to {high - len(values)} " if high is not None and high > low else ""
    return f"about {max(low - len(values), 1)} {most}more seeds"
