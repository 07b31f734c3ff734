"""Effects and conditions in words: the one place where findings, expectations, pages and the terminal get them."""

from collections.abc import Sequence

from brittlestar.core.probing import Condition
from brittlestar.diagnosis.probes.budget import MEASURES, SuiteTest
from brittlestar.diagnosis.probes.readings import ConditionReading
from brittlestar.statistics.effects import Effect
from brittlestar.study.units import unit_of

POINTS = unit_of("accuracy")
PLAIN_TITLE = "rows as they are"


def format_points(value: float | None) -> str:
    """A fraction in points, with one decimal and a sign that reads as one; an en dash where there is none."""
    return POINTS.number(value)


def format_interval(interval: Sequence[float]) -> str:
    """`[8.1, 16.5]`, in points."""
    return POINTS.interval([*interval])


def format_effect(effect: Effect, unit: str = " points") -> str:
    """`12.3 points [8.1, 16.5]`."""
    return f"{format_points(effect.estimate)}{unit} {format_interval(effect.interval())}"


def describe_interval(effect: Effect, below: bool = False) -> str:
    """`Interval: 95 % over 5 seeds and 400 rows; worst seed 14.0.`; the worst of what should be large is the least."""
    if effect.seeds < 2:
        return f"Interval: 95 % over {effect.rows:,} rows, one seed."
    worst = format_points((min if below else max)(effect.by_seed.values()))
    return f"Interval: {describe_population(effect)}; worst seed {worst}."


def describe_population(effect: Effect) -> str:
    """`95 % over 5 seeds and 400 rows`: what the interval of an effect is over."""
    return f"95 % over {effect.seeds} seed{'s' * (effect.seeds != 1)} and {effect.rows:,} rows"


def describe_condition(one: Condition) -> str:
    """`with tokens in random order`; `on rows of the same rule, …` where rows were drawn anew."""
    return f"on {one.title}" if len(one.before) and one.before[0] < 0 else f"with {one.title}"


def describe_loss(effect: Effect) -> str:
    """`accuracy falls by 12.3 points [8.1, 16.5]`; where it does not fall, by how much it rises."""
    if effect.estimate >= 0:
        return f"accuracy falls by {format_effect(effect)}"
    low, high = effect.interval()
    return f"accuracy rises by {format_points(-effect.estimate)} points {format_interval((-high, -low))}"


def write_summary(test: SuiteTest, reading: ConditionReading | None) -> str:
    """What happens and where, as findings have it: the effect leads."""
    condition = "" if reading is None else f" {describe_condition(reading.condition)}"
    rows = _rows(test, reading)
    return f"{_effect(test, reading)}{condition}{',' * bool(rows)}{rows}"


def write_sentence(test: SuiteTest, reading: ConditionReading) -> str:
    """What happens and where, as the headline has it: the condition leads."""
    return f"{describe_condition(reading.condition)}, {_effect(test, reading)}{_rows(test, reading)}"


def _effect(test: SuiteTest, reading: ConditionReading | None) -> str:
    """What happens, and neither where nor to which rows."""
    if test.measure.startswith("accuracy lost"):
        return describe_loss(test.effect)
    only = "only " if test.status == "present" and test.below else ""
    declared = "" if reading is None else reading.condition.expectation
    return MEASURES[test.measure][0].format(only=only, share=format_effect(test.effect, " %"), declared=declared)


def _rows(test: SuiteTest, reading: ConditionReading | None) -> str:
    """To which rows it happens, nothing where to all; of contrasts the title says that labels turn."""
    return "" if reading is not None and reading.condition.family == "contrast" else MEASURES[test.measure][1]


def list_some(names: Sequence[str], most: int = 4) -> str:
    """`a; b; c; d; and 3 more`."""
    more = [f"and {len(names) - most} more"] if len(names) > most else []
    return "; ".join([*names[:most], *more])
