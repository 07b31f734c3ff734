"""Forecasts: what a score is expected to be on rows without labels, as later stages read it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

FORECAST_LEVEL = 0.9
"""Of intervals, where nobody asks for another, and of those whose share of hits was measured (convention)."""
MOST_CLASSES_SAID = 4  # a line that a person reads


@dataclass(frozen=True)
class OutOfRange:
    """A signal outside what was measured: its value, and the least and the most that the measured shifts had."""

    signal: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class MeasuredOn:
    """How `forecasts` with intervals about as wide did on real rows of another source, topic or script, of tasks that
    they were not fitted on: of how many `shifts` and `tasks` they are, the mean and the median of what they were off
    by, how far off nine in ten were at most (`within`), and the share of intervals at `level` that held the real score
    (fractions)."""

    forecasts: int
    shifts: int
    tasks: int
    mean_error: float
    median_error: float
    within: float
    coverage: float
    level: float
    commit: str

    @property
    def words(self) -> str:
        """How far to trust such a forecast."""
        off, within = f"{100 * self.median_error:.1f}", f"{100 * self.within:.1f}"
        return (
            f"on {self.forecasts} forecasts for rows of another source, topic or script, with intervals about as wide: "
            f"off by {off} points (median), 90 % within {within}"
        )


@dataclass(frozen=True)
class JoinedLabels:
    """A few labels of the new rows with what is predicted for all of them. `alone` is the exact interval of the labels
    by themselves, `value` and `interval` are of both; `worth` is how many more labels the other rows stand for, and
    `more` how many would settle whether the score is that of the labelled split, None where that is settled. `strange`
    are labels that train lacks."""

    labels: int
    value: float
    interval: tuple[float, float]
    alone: tuple[float, float]
    worth: int
    more: int | None = None
    strange: int = 0
    sentence: str = ""


@dataclass(frozen=True)
class TriedForecast:
    """What such a forecast says of a split with labels, at 90 %, and the accuracy that was `measured` there."""

    name: str
    value: float
    interval: tuple[float, float]
    measured: float

    @property
    def missed(self) -> bool:
        """Whether what was measured lies outside the interval."""
        low, high = self.interval
        return not low <= self.measured <= high

    @property
    def sentence(self) -> str:
        """Both, and whether the interval missed."""
        (low, high), missed = self.interval, ", outside" if self.missed else ""
        says = f"on {self.name}, which has labels, it says {100 * self.value:.0f} [{100 * low:.0f}, {100 * high:.0f}]"
        return f"{says}; measured were {100 * self.measured:.1f}{missed}"


@dataclass(frozen=True)
class ForecastPart:
    """Some of the new rows: those that are answered with a class, or of a slice, mean over runs. `value` with its exact
    `interval` is the accuracy on the `labels` that are known of them, None without any: no forecast of a part was
    measured."""

    name: str
    rows: int
    labels: int = 0
    value: float | None = None
    interval: tuple[float, float] | None = None


@dataclass(frozen=True)
class Forecast:
    """The score that a variant is expected to have on the split `name`, which has no labels.

    `value` and `interval` at `level` are fractions, None where the answer is `cannot-say`; `here` is the labelled split
    and the score on it; `signals` by name, estimates of accuracy and what was measured of the rows; `outside` are those
    outside what was measured. `labels_needed` are labels that would show a fall of 15 points; `tried` are forecasts of
    the study's shifted splits with labels; `shifts` are effects by code of the shift checks that found the split to
    differ from train, None where nobody looked."""

    name: str
    variant: str
    metric: str
    rows: int
    runs: int
    answer: Literal["forecast", "cannot-say"]
    value: float | None
    interval: tuple[float, float] | None
    level: float
    here: Mapping[str, Any] | None
    signals: Mapping[str, float]
    outside: tuple[OutOfRange, ...]
    measured_on: MeasuredOn | None
    labels_needed: int | None
    sentence: str
    by_class: tuple[ForecastPart, ...] = ()
    by_slice: tuple[ForecastPart, ...] = ()
    joined: JoinedLabels | None = None
    tried: tuple[TriedForecast, ...] = ()
    shifts: Mapping[str, float] | None = None

    @property
    def decisive(self) -> tuple[float, float] | None:
        """The interval that decides: that of the labels and the answers together where some are known."""
        return self.interval if self.joined is None else self.joined.interval

    @property
    def worst_tried(self) -> tuple[TriedForecast, ...]:
        """The two labelled splits on which it is off by most, first those that its interval missed."""
        return tuple(sorted(self.tried, key=lambda one: (not one.missed, -abs(one.value - one.measured)))[:2])

    @property
    def brief(self) -> str:
        """What is expected, without on what it rests; what a forecast that cannot say anything says."""
        if self.value is None or self.interval is None:
            return self.sentence
        low, high = (f"{100 * bound:.0f}" for bound in self.interval)
        return f"{100 * self.value:.0f} [{low}, {high}] points of accuracy expected on {self.name}"

    @property
    def answers(self) -> str:
        """Shares of answers by class, the largest first: `refund 61 %, other 39 %`; empty where nothing answered."""
        whole, most = sum(one.rows for one in self.by_class), sorted(self.by_class, key=lambda one: -one.rows)
        sentence = ", ".join(f"{one.name} {100 * one.rows / whole:.0f} %" for one in most[:MOST_CLASSES_SAID] if whole)
        return f"{sentence} and {len(most) - MOST_CLASSES_SAID} more" if len(most) > MOST_CLASSES_SAID else sentence

    @property
    def differences(self) -> str:
        """How the rows differ from train, by the shift checks that found something, the largest effect first."""
        if self.shifts is None:
            return "not checked"
        largest = sorted(self.shifts.items(), key=lambda one: -one[1])
        named = ((code.removeprefix("shift."), effect) for code, effect in largest)
        return (
            ", ".join(f"{'area' if name == 'overall' else name} {effect:.2f}" for name, effect in named) or "none found"
        )

    def as_json(self) -> dict[str, Any]:
        """All fields as plain JSON values."""
        return asdict(self)
