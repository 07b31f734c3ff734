"""Names and units of metrics, and how a number is written for a person.

Records hold fractions; people read points (hundredths). Log loss is in nats and stays as it is, and so does a metric
of another name, which has a scale of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from brittlestar.core.results import LOWER_IS_BETTER
from brittlestar.study.metric_names import unit_name

MINUS = "−"
NAMES = {
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced accuracy",
    "macro_f1": "macro-F1",
    "log_loss": "log loss",
    "ece": "calibration error (ECE)",
    "swa": "shape-weighted accuracy (SWA)",
    "cwa": "colour-weighted accuracy (CWA)",
    "hwa": "HWA",
    "factor_hwa": "harmonic mean of factor-weighted accuracies",
}


@dataclass(frozen=True)
class Unit:
    """How a metric is shown: its name, the unit's name, the factor from the stored value, decimals, and direction."""

    name: str
    unit: str
    scale: float
    decimals: int
    lower_is_better: bool

    @property
    def short(self) -> str:
        """The name without its explanation: what stands in brackets, where there is something in brackets."""
        return self.name.partition("(")[2].rstrip(")") or self.name

    @property
    def axis(self) -> str:
        """Title of an axis: name, unit where there is one, and the direction where it is not the usual one."""
        facts = [fact for fact in (self.unit, "lower is better" if self.lower_is_better else "") if fact]
        return f"{self.name} ({', '.join(facts)})" if facts else self.name

    def number(self, value: float | None, sign: bool = False) -> str:
        """The value without its unit; an en dash where there is none. `sign` writes a plus before gains."""
        if value is None:
            return "–"
        text = f"{value * self.scale:{'+' if sign else ''}.{self.decimals}f}"
        zero = f"{0.0:.{self.decimals}f}"
        return zero if text.lstrip("+-") == zero else text.replace("-", MINUS)

    def interval(self, interval: tuple[float, float] | list[float] | None, sign: bool = False) -> str:
        """`[low, high]`, or the empty text where there is no interval."""
        return f"[{self.number(interval[0], sign)}, {self.number(interval[1], sign)}]" if interval else ""


def unit_of(metric: str) -> Unit:
    """The unit of any metric of a record, factor-weighted accuracies of any name included."""
    unit = unit_name(metric)
    name = NAMES.get(metric, metric.replace("_", " "))
    scale, decimals = (100.0, 1) if unit == "points" else (1.0, 3)
    return Unit(name, unit, scale, decimals, metric in LOWER_IS_BETTER)


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 seed`, `5 seeds`, `1,000 rows`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
