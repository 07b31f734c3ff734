"""Names and units of metrics, and how a number is written for a person.

Records hold fractions; people read points (hundredths) with one decimal. Log loss is in nats with three. A metric of
another name has a scale of its own: three significant digits.
"""

from dataclasses import dataclass, replace
from math import floor, log10

from brittlestar.core.metrics import metric_of

MINUS = "−"
DIGITS = 3  # significant digits of a number on a scale of its own (convention)
SMALL, LARGE = 1e-4, 1e6
"""Numbers on a scale of their own beyond these are written with an exponent (convention)."""


@dataclass(frozen=True)
class Unit:
    """How a metric is shown: its name, the unit's name, the factor from the stored value, decimals, and direction.
    Without a unit it is a scale of its own. `reach` is the least and the most that it can be, as it is shown."""

    name: str
    unit: str
    scale: float
    decimals: int
    lower_is_better: bool
    reach: tuple[float, float]

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
        plus, size = "+" if sign else "", value * self.scale
        text = f"{size:{plus}.{self.decimals}f}" if self.unit else _significant(size, plus)
        bare = text.lstrip("+-")
        return bare if float(bare) == 0 else text.replace("-", MINUS)

    def amount(self, value: float | None, sign: bool = False) -> str:
        """The value with its unit, `+4.8 points`."""
        return f"{self.number(value, sign)} {self.unit}".strip()

    def threshold(self, value: float) -> str:
        """What a claim asks for with its unit: as many decimals as it has, and no fewer than other numbers."""
        exact = f"{value * self.scale:.10g}"
        longer = len(exact.partition(".")[2]) > self.decimals or not self.unit
        return f"{exact.replace('-', MINUS) if longer else self.number(value)} {self.unit}".strip()

    def interval(self, interval: tuple[float, float] | list[float] | None, sign: bool = False) -> str:
        """`[low, high]`, or the empty text where there is no interval; with more decimals where both ends of one that
        has a width would read alike."""
        if not interval:
            return ""
        low, high = (self.number(end, sign) for end in interval)
        close = low == high and interval[1] - interval[0] >= SMALL / self.scale and self.unit
        return replace(self, decimals=self.decimals + 1).interval(interval, sign) if close else f"[{low}, {high}]"

    def estimate(
        self, value: float | None, interval: tuple[float, float] | list[float] | None, sign: bool = False
    ) -> str:
        """`76.3 [74.1, 78.0]`: a number, and its interval where it has one."""
        return f"{self.number(value, sign)} {self.interval(interval, sign)}".strip()


def unit_of(metric: str) -> Unit:
    """The unit of any metric of a record, factor-weighted accuracies of any name included."""
    known = metric_of(metric)
    scale, decimals = (100.0, 1) if known.unit == "points" else (1.0, 3)
    low, high = known.range
    return Unit(known.title, known.unit, scale, decimals, not known.higher_is_better, (scale * low, scale * high))


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 seed`, `5 seeds`, `1,000 rows`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def about(number: int, most: int | None = None) -> str:
    """A count, or a range of counts, that is an estimate: two significant digits, `about 8,000`, `about 14 to 30`."""
    low, high = _two_digits(number), None if most is None else _two_digits(most)
    return f"about {low}" if high is None or high == low else f"about {low} to {high}"


def _two_digits(number: int) -> str:
    return f"{round(number, -max(len(str(number)) - 2, 0)):,}"


def _significant(value: float, plus: str) -> str:
    """A number on a scale of its own, without zeros at its end."""
    if value == 0 or not SMALL <= abs(value) < LARGE:
        return f"{value:{plus}.{DIGITS}g}"
    shown = f"{value:{plus}.{max(0, DIGITS - 1 - floor(log10(abs(value))))}f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
