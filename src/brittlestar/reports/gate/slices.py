"""How a class or a slice of a requirement reads: in a sentence, and as a row of a table."""

from brittlestar.core.gating import OUTCOME_WORDS, SliceLine
from brittlestar.study.units import count, unit_of

MOST_SLICES_NAMED = 3
"""Slices that a sentence names (convention)."""
UNIT = unit_of("accuracy")


def tell_slice(line: SliceLine) -> str:
    """`billing −41.7 points [−45.5, −37.9] (88.0 to 46.3, 212 rows)`; alone `billing 46.3 [40, 53] (212 rows)`."""
    rows = count(line.rows, "row")
    if line.before is None:
        return f"{line.name} {UNIT.estimate(line.now, line.interval)} ({rows})"
    change = f"{UNIT.amount(line.change, True)} {UNIT.interval(line.interval, True)}".strip()
    return f"{line.name} {change} ({UNIT.number(line.before)} to {UNIT.number(line.now)}, {rows})"


def list_cells(line: SliceLine) -> tuple[str, ...]:
    """A slice as a row of a table: its name, its rows, before, now, the change, the interval, and the outcome."""
    numbers = UNIT.number(line.before), UNIT.number(line.now), UNIT.number(line.change, True)
    interval = UNIT.interval(line.interval, line.before is not None)
    return line.name, f"{line.rows:,}", *numbers, interval, OUTCOME_WORDS[line.outcome]


SLICE_HEADINGS = ("slice", "rows", "last", "now", "change", "interval", "outcome")
"""What the cells of a slice are, shares in points."""
