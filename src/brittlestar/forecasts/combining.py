"""From signals to an expected accuracy with an interval, by what was measured on real shifts: `readiness.json`.

The fall is a weighted sum of what each signal says, on the scale of log odds, without a constant: rows on which no
signal moves are expected to score as the labelled ones do. A rise is not taken at its word. Weights, ranges and widths
are those of the benchmark of readiness, which writes the file; widths and what is said of errors come from real rows of
another source, topic or script alone.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import expit, logit

from brittlestar.core.forecasts import FORECAST_LEVEL, MeasuredOn, OutOfRange
from brittlestar.forecasts.signals import GUESSES
from brittlestar.statistics.floors import least_above

PLACE = Path(__file__).with_name("readiness.json")
EDGE = 0.01  # convention: accuracies within a point of none and all are as good as that
OWN = {"peers": "all", "agreement": "labels", "confidence": "one"}
"""The combination of what the runs themselves say, the first that is there."""
POINT = 0.01  # convention: so few unknown tokens are none
RISE = 0.02  # convention: so much more than on the labelled rows is expected at most
ESTIMATES = ("peers", "agreement", "confidence", "outsider")
"""Signals that are estimates of accuracy; the others are of the rows."""


@dataclass(frozen=True)
class Combination:
    """How signals are combined where these are there. `weights` by signal; `ranges` are what of `measure_range` was
    measured well; intervals are the `quantiles` of errors, over the width that a fall of that size has, at
    `levels`: `width[0]` and `width[1]` for each point of fall. `measured` has the figures of `MeasuredOn` in bands,
    narrow intervals first: those whose half width at 90 % is at most `up_to`."""

    weights: Mapping[str, float]
    ranges: Mapping[str, tuple[float, float]]
    width: tuple[float, float]
    levels: tuple[float, ...]
    quantiles: tuple[float, ...]
    measured: Sequence[Mapping[str, Any]]

    def expect(self, here: float, signals: Mapping[str, float]) -> float:
        """The expected accuracy, two points above `here` at most."""
        steps = list_steps(here, signals)
        moved = float(expit(_odds(here) + sum(weight * steps[name] for name, weight in self.weights.items())))
        return min(moved, here + RISE, 1.0)

    def interval(self, here: float, value: float, level: float) -> tuple[float, float]:
        """The interval of an expected accuracy at a level from 0.5 to 0.99."""
        half = self._find_half(here, value, level)
        return max(value - half, 0.0), min(value + half, 1.0)

    def _find_half(self, here: float, value: float, level: float) -> float:
        quantile = float(np.interp(level, self.levels, self.quantiles))
        return quantile * (self.width[0] + self.width[1] * abs(here - value))

    def reach(self, here: float, least: float, level: float) -> float | None:
        """The smallest expected accuracy whose whole interval lies at `least` or above; None where there is none."""
        values, most = (least + k / 1000 for k in range(1001)), min(here + RISE, 1.0)
        return next(
            (value for value in values if value <= most and self.interval(here, value, level)[0] >= least), None
        )

    def find_outside(self, here: float, value: float, signals: Mapping[str, float]) -> tuple[OutOfRange, ...]:
        """Signals beyond what was measured well, of a forecast of accuracy `value`."""
        values = {name: one for name, one in measure_range(here, value, signals).items() if name in self.ranges}
        found = (OutOfRange(name, one, *self.ranges[name]) for name, one in values.items())
        return tuple(one for one in found if not one.low <= one.value <= one.high)

    def describe(self, here: float, value: float) -> MeasuredOn:
        """How forecasts with intervals about as wide did on tasks left out."""
        half = self._find_half(here, value, FORECAST_LEVEL)
        of = next((one for one in self.measured if half <= one["up_to"]), self.measured[-1])
        return MeasuredOn(**{name: figure for name, figure in of.items() if name != "up_to"})


def list_steps(here: float, signals: Mapping[str, float]) -> dict[str, float]:
    """What each signal says of the fall: differences of log odds from accuracy `here`, and how much larger the share of
    unknown tokens is, as a fall."""
    steps = {name: _odds(value) - _odds(here) for name, value in signals.items() if name in ESTIMATES}
    return {**steps, "unknown": signals["unknown_here"] - signals["unknown"]}


def measure_range(here: float, value: float, signals: Mapping[str, float]) -> dict[str, float]:
    """What ranges are kept of, what explains most first: how far the score here is above what shows that the task was
    learned; the share of unknown tokens, and how many times as many they are as here, a point added to both; how many
    times as long rows are; how much more the runs agree and how much surer they are; the range in which class shares
    alone put the accuracy; and the expected fall."""
    unknown, usual = signals["unknown"], signals["unknown_here"]
    majority = signals["majority"]
    reached = reach_by_shares(value, signals)
    return {
        "learned": here - majority - least_above(majority),
        "unknown": unknown,
        "unknown_times": (unknown + POINT) / (usual + POINT),
        "length_times": (signals["length"] + 1) / (signals["length_here"] + 1),
        "agreement_rise": signals.get("runs_agree", 0.0) - signals.get("runs_agree_here", 0.0),
        "confidence_rise": signals.get("mean_confidence", 0.0) - signals.get("mean_confidence_here", 0.0),
        "shares": reached[1] - reached[0],
        "fall": here - value,
    }


def reach_by_shares(value: float, signals: Mapping[str, float]) -> tuple[float, float]:
    """The least and the most accuracy of answers that know as much as an expected accuracy says, under the guesses at
    class shares of `list_guesses`: what they know is the part of the way from chance to the most that is possible,
    under the likeliest shares."""
    chance, most = ({guess: signals[f"{name}_{guess}"] for guess in GUESSES} for name in ("chance", "most"))
    room = most["likely"] - chance["likely"]
    skill = min(max((value - chance["likely"]) / room, 0.0), 1.0) if room > 0 else 0.0
    found = [chance[guess] + skill * (most[guess] - chance[guess]) for guess in GUESSES]
    return min(found), max(found)


def _odds(share: float) -> float:
    return float(logit(min(max(share, EDGE), 1 - EDGE)))


@cache
def read_combinations() -> Mapping[str, Combination]:
    """By name: `all` signals, `labels` (runs without probabilities), `one` run with probabilities, `bare` labels of one
    run; and `NAME alone` where there is no outsider."""
    read = json.loads(PLACE.read_bytes())
    return {
        name: Combination(
            one["weights"],
            {signal: tuple(pair) for signal, pair in one["ranges"].items()},
            tuple(one["width"]),
            tuple(one["levels"]),
            tuple(one["quantiles"]),
            tuple(one["measured"]),
        )
        for name, one in read["combinations"].items()
    }


def choose_combination(signals: Mapping[str, float]) -> str | None:
    """The combination that these signals allow; None where there are neither two runs, nor probabilities, nor an
    outsider."""
    own = next((name for signal, name in OWN.items() if signal in signals), None)
    if "outsider" in signals:
        return own or "bare"
    return None if own is None else f"{own} alone"
