"""One line of the calibration suite, and the band that a simulated rate may lie in."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from brittlestar.statistics.estimates import Estimate

ALPHA = 0.05  # convention: 5 %
NEARLY = (0.92, 0.975)  # bounds of the coverage of an interval that is right about


@dataclass(frozen=True)
class Entry:
    """One line of the table: what `studies` gave against `low` to `high`; `control` marks a bad method, which must lie
    outside. `rate` is a share of studies in [0, 1], or the mean number or the ratio that the entry's name says."""

    name: str
    rate: float
    studies: int
    low: float
    high: float
    control: bool = False

    @property
    def passed(self) -> bool:
        """Whether the rate is as it should be; for a bad method, whether the suite notices."""
        return (self.low <= self.rate <= self.high) is not self.control

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {**vars(self), "passed": self.passed}


def margin(rate: float, studies: int) -> float:
    """How far a simulated rate may lie from the true one: 3.3 standard errors."""
    return 3.3 * float(np.sqrt(rate * (1 - rate) / studies))


def bound_alarms(name: str, rate: float, studies: int, control: bool = False, exact: bool = False) -> Entry:
    """An entry of false differences, announced at 5 %; an `exact` method announces no fewer either."""
    band = margin(ALPHA, studies)
    return Entry(name, rate, studies, ALPHA - band if exact else 0.0, ALPHA + band, control)


def bound_coverage(
    name: str, rate: float, studies: int, bounds: tuple[float, float] = (0.95, 0.95), control: bool = False
) -> Entry:
    """An entry of the coverage of intervals; of those that may cover always, the upper bound is 1."""
    band, (low, high) = margin(ALPHA, studies), bounds
    return Entry(name, rate, studies, low - band, 1.0 if high == 1.0 else high + band, control)


def covers(estimate: Estimate, truth: float = 0.0) -> bool:
    """Whether the interval of an estimate holds the truth."""
    low, high = estimate.interval(ALPHA)
    return bool(low <= truth <= high)
