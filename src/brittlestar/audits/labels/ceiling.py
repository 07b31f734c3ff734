"""The best score that labels allow, whatever the model."""

from dataclasses import dataclass
from typing import Any

from brittlestar.audits.showing import percent


@dataclass(frozen=True)
class Ceiling:
    """Accuracy that no model can be expected to exceed on a split, `low` to `high`, because of `reason`."""

    low: float
    high: float
    reason: str

    def as_json(self) -> dict[str, Any]:
        """The interval and its reason as JSON values."""
        return {"accuracy": [self.low, self.high], "because": self.reason}

    def __str__(self) -> str:
        if self.high - self.low < 0.005:
            return f"accuracy {percent((self.low + self.high) / 2)}"
        return f"accuracy between {percent(self.low)} and {percent(self.high)}"


def ceiling_of_noise(low: float, high: float, share: float = 1.0) -> Ceiling:
    """The ceiling where between `low` and `high` of the labels of a `share` of the rows are turned over at random: a
    model that knows the rule is wrong on these rows (no model can know which). Beyond one half a model may do better
    by learning the opposite, so that the ceiling is 1 - rate or rate, whichever is larger."""
    best = [1 - share * min(rate, 1 - rate) for rate in (high, low)]
    return Ceiling(min(best), max(best), "label noise")
