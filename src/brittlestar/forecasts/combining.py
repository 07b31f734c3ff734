"""From signals to an expected accuracy with an interval, by what was measured on real shifts: `readiness.json`.

The fall is a weighted sum of what each signal says, on the scale of log odds, without a constant: rows on which no
signal moves are expected to score as the labelled ones do. Weights, ranges and widths are those of the benchmark of
readiness, which writes the file.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import expit, logit

from brittlestar.core.forecasts import MeasuredOn, OutOfRange

PLACE = Path(__file__).with_name("readiness.json")
EDGE = 0.01  # convention: accuracies within a point of none and all are as good as that
POINT = 0.01  # convention: so few unknown tokens are none
ESTIMATES = ("peers", "agreement", "confidence", "threshold")
"""Signals that are estimates of accuracy; the others are of the rows."""


@dataclass(frozen=True)
class Combination:
    """How signals are combined where these are there. `weights` by signal; `ranges` are what of `measure_range` was
    measured well; intervals are the `quantiles` of errors, over the width that a fall of that size has, at
    `levels`: `width[0]` and `width[1]` for each point of fall. `measured` by level."""

    weights: Mapping[str, float]
    ranges: Mapping[str, tuple[float, float]]
    width: tuple[float, float]
    levels: tuple[float, ...]
    quantiles: tuple[float, ...]
    measured: Mapping[str, Any]

    def expect(self, here: float, signals: Mapping[str, float]) -> float:
        """The expected accuracy."""
        steps = list_steps(here, signals)
        return float(expit(_odds(here) + sum(weight * steps[name] for name, weight in self.weights.items())))

    def interval(self, here: float, value: float, level: float) -> tuple[float, float]:
        """The interval of an expected accuracy at a level from 0.5 to 0.99."""
        half = float(np.interp(level, self.levels, self.quantiles)) * (
            self.width[0] + self.width[1] * abs(here - value)
        )
        return max(value - half, 0.0), min(value + half, 1.0)

    def reach(self, here: float, least: float, level: float) -> float | None:
        """The smallest expected accuracy whose whole interval lies at `least` or above; None where there is none."""
        values = (least + k / 1000 for k in range(1001))
        return next((one for one in values if one <= 1 and self.interval(here, one, level)[0] >= least), None)

    def find_outside(self, here: float, value: float, signals: Mapping[str, float]) -> tuple[OutOfRange, ...]:
        """Signals beyond what was measured well, of a forecast of accuracy `value`."""
        values = {name: one for name, one in measure_range(here, value, signals).items() if name in self.ranges}
        found = (OutOfRange(name, one, *self.ranges[name]) for name, one in values.items())
        return tuple(one for one in found if not one.low <= one.value <= one.high)

    def describe(self, level: float) -> MeasuredOn:
        """How it did on tasks left out, at the measured level nearest to this one."""
        of = self.measured
        nearest = min(of["coverage"], key=lambda one: abs(float(one) - level))
        figures = (of["shifts"], of["tasks"], of["mean_error"], of["median_error"], of["within"])
        return MeasuredOn(*figures, of["coverage"][nearest], float(nearest), of["commit"])


def list_steps(here: float, signals: Mapping[str, float]) -> dict[str, float]:
    """What each signal says of the fall: differences of log odds from accuracy `here`, and how much larger the share of
    unknown tokens is, as a fall."""
    steps = {name: _odds(value) - _odds(here) for name, value in signals.items() if name in ESTIMATES}
    return {**steps, "unknown": signals["unknown_here"] - signals["unknown"]}


def measure_range(here: float, value: float, signals: Mapping[str, float]) -> dict[str, float]:
    """What ranges are kept of, what explains most first: the share of unknown tokens, how many times as many they are
    as here, a point added to both, and the expected fall."""
    unknown, usual = signals["unknown"], signals["unknown_here"]
    return {"unknown": unknown, "unknown_times": (unknown + POINT) / (usual + POINT), "fall": here - value}


def _odds(share: float) -> float:
    return float(logit(min(max(share, EDGE), 1 - EDGE)))


@cache
def read_combinations() -> Mapping[str, Combination]:
    """By name: `all` signals, `labels` (runs without probabilities), and `one` run with probabilities."""
    read = json.loads(PLACE.read_bytes())
    return {
        name: Combination(
            one["weights"],
            {signal: tuple(pair) for signal, pair in one["ranges"].items()},
            tuple(one["width"]),
            tuple(one["levels"]),
            tuple(one["quantiles"]),
            one["measured"],
        )
        for name, one in read["combinations"].items()
    }


def choose_combination(signals: Mapping[str, float]) -> str | None:
    """The combination that these signals allow; None where neither two runs nor probabilities are there."""
    if "peers" in signals:
        return "all"
    if "threshold" in signals:
        return "one"
    return "labels" if "agreement" in signals else None
