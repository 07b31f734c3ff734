"""Layers of a specification: rows of data, the mark that draws them, and the channels that place it."""

from collections.abc import Callable, Sequence
from typing import Any

from brittlestar.reports.figures.colours import INK
from brittlestar.reports.figures.frame import Spec, round_value
from brittlestar.study.units import Unit

DASHED: Spec = {"strokeDash": [5, 4], "strokeWidth": 1.5}
"""The line of a level that scores are held against."""
ENDS = ("low", "high")


def make_layer(values: Sequence[Any], mark: Spec, **channels: Any) -> Spec:
    """One layer."""
    return {"data": {"values": values}, "mark": mark, "encoding": channels}


def draw_intervals(rows: Sequence[Spec], x: Callable[[str], Spec], mark: Spec, **channels: Any) -> Spec:
    """A line, or another mark, from `low` to `high` of each row that has both."""
    ends = {"x": x("low"), "x2": {"field": "high"}}
    return make_layer([row for row in rows if "low" in row], {"type": "rule", **mark}, **ends, **channels)


def write_numbers(rows: Sequence[Spec], place: float, y: Spec) -> Spec:
    """The `text` of each row, `place` pixels from the left edge of the plot."""
    mark: Spec = {"type": "text", "align": "left", "fontSize": 12, "color": INK}
    return make_layer(rows, mark, x={"value": place}, y=y, text={"field": "text"})


def write_title(text: str, above: int = 8) -> Spec:
    """The title of a panel as a mark: a real title would stand higher wherever an axis label sticks out of the plot."""
    mark: Spec = {"type": "text", "align": "left", "baseline": "bottom", "fontSize": 12, "fontWeight": "bold"}
    return make_layer([{"title": text}], mark, x={"value": 0}, y={"value": -above}, text={"field": "title"})


def list_titles(**titles: str) -> list[Spec]:
    """A tooltip: each field under its title."""
    return [{"field": name, "title": title} for name, title in titles.items()]


def scale_value(value: float, scale: float) -> float:
    """A value in the unit shown."""
    return round_value(value * scale)


def scale_ends(interval: Sequence[float] | None, scale: float) -> dict[str, float]:
    """The ends of an interval as a row has them, in the unit shown; nothing where there is no interval."""
    return {end: scale_value(value, scale) for end, value in zip(ENDS, interval or (), strict=False)}


def scale_score(value: float, interval: Sequence[float] | None, unit: Unit) -> Spec:
    """A score with its interval in the unit shown, and as text."""
    return {"value": scale_value(value, unit.scale), "text": unit.number(value), **scale_ends(interval, unit.scale)}


def list_numbers(rows: Sequence[Spec], *fields: str) -> list[float]:
    """Every value and end of an interval in these rows, for the domain of an axis."""
    return [row[name] for row in rows for name in (*fields, *ENDS) if name in row]
