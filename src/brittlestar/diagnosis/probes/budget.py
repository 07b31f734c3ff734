"""One test of a suite, and the error budget that all probes, strengths, slices and variants share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from brittlestar.core.findings import Status
from brittlestar.statistics.effects import Effect
from brittlestar.statistics.multiplicity import adjust_p_values

ALPHA = 0.05  # convention: 5 % for all tests of a suite

CHANGE = "{only}{share} of predictions change"
MEASURES: Mapping[str, tuple[str, str]] = {
    "accuracy lost": ("", ""),
    "accuracy lost among rows whose label stays": ("", " among rows whose label stays"),
    "accuracy lost among rows in familiar tokens": ("", " among rows in familiar tokens"),
    "accuracy lost from split to split": ("", ""),
    "predictions changed": (CHANGE, ""),
    "predictions changed among rows in familiar tokens": (CHANGE, " among rows in familiar tokens"),
    "predictions changed among rows whose label turns": (CHANGE, " where the true label turns"),
    "predictions changed among changed rows": (CHANGE, " where they should"),
    "predictions against the declared direction": ("{share} of predictions go against the declared '{declared}'", ""),
    "predictions along the declared direction": ("{only}{share} of predictions go '{declared}', as declared", ""),
    "rows without an answer": ("{share} of rows get no answer", ""),
    "accuracy below the other rows": ("", ""),
    "confidence off accuracy": ("", ""),
}
"""{what an effect is a share of: that in words (empty: a loss of accuracy, or as the check says), among which rows}"""
FOLLOWED = "predictions changed among changed rows"


@dataclass(frozen=True)
class SuiteTest:
    """Whether a mean lies beyond `threshold`, above it or, of what should be large
    and is not, `below`. `code` and `variant` say whose finding it belongs to, `name` which condition or slice it is
    about, `measure` what the mean is a share of. `majority` is the majority rate after the change where it has grown
    and the accuracy afterwards is not clearly above it: accuracy that stays says nothing there. `adjusted` is its p
    over all tests of the suite (Holm 1979), set when all share the budget."""

    code: str
    name: str
    effect: Effect
    threshold: float
    below: bool = False
    measure: str = "accuracy lost"
    majority: float | None = None
    variant: str = ""
    adjusted: float | None = None
    tests: int = 1

    @property
    def p(self) -> float:
        """One-sided, against the threshold."""
        return self.effect.p_below(self.threshold) if self.below else self.effect.p_above(self.threshold)

    @property
    def status(self) -> Status:
        """`present` where the adjusted p is at most 5 %; `absent` where the 95 % interval lies on the other side, and
        the majority class does not explain that."""
        if self.adjusted is not None and self.adjusted <= ALPHA:
            return "present"
        low, high = self.effect.interval()
        other_side = low > self.threshold if self.below else high < self.threshold
        return "absent" if other_side and self.majority is None else "inconclusive"

    @property
    def beyond(self) -> bool:
        """Whether the whole 95 % interval lies beyond the threshold, before anything is corrected."""
        low, high = self.effect.interval()
        return high < self.threshold if self.below else low > self.threshold

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        told = {"condition": self.name, "measure": self.measure, "status": self.status}
        numbers = {"p": self.p, "p_adjusted": self.adjusted, "tests": self.tests}
        return {**told, **self.effect.as_json(), "threshold": self.threshold, "below": self.below, **numbers}


def share_error_budget(tests: Sequence[SuiteTest]) -> tuple[SuiteTest, ...]:
    """The tests with their p-values adjusted over all of them."""
    adjusted = adjust_p_values([test.p for test in tests])
    return tuple(replace(test, adjusted=float(p), tests=len(tests)) for test, p in zip(tests, adjusted, strict=True))


def find_worst(tests: Sequence[SuiteTest]) -> SuiteTest:
    """The test whose effect lies furthest beyond its threshold, among those that are present if any is."""
    present = [test for test in tests if test.status == "present"] or list(tests)
    return max(present, key=lambda one: (one.effect.estimate - one.threshold) * (-1 if one.below else 1))
