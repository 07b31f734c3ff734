"""One line of the calibration suite, and the band that a simulated rate may lie in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

ALPHA = 0.05


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
