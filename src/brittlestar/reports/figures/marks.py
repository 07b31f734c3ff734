"""What figures are drawn with: domains of axes, channels, layers, and rows with their names and numbers."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from brittlestar.reports.figures.frame import GREY, INK, QUIET, Spec
from brittlestar.reports.study_view import StudyView
from brittlestar.study.units import Unit

DASHED: Spec = {"strokeDash": [5, 4], "strokeWidth": 1.5}
"""The line of a level that scores are held against."""
ENDS = ("low", "high")
WIDTH = 580
"""Width of plots of rows, in pixels, labels left out."""
LINE_HEIGHT = 15
NAMES_AT = -12
"""Where names of rows end, in pixels from the left edge of the plot."""
NUMBERS_AT = WIDTH + 18
"""Where numbers of rows begin, right of the plot."""
MOST_TITLED = 60
"""Up to this many rows a row carries its variant's title, and the figure is live."""


def round_value(value: float) -> float:
    """Five significant digits: more than a screen can show, and short in the page."""
    return float(f"{value:.5g}")


def extent(values: Iterable[float], step: float, lowest: float = -inf, highest: float = inf) -> list[float]:
    """A domain around finite values, widened to a twentieth on each side and rounded outwards to `step`, as far as
    values can be."""
    numbers = list(values)
    if not numbers:
        return [0.0, 1.0]
    low, high = min(numbers), max(numbers)
    room = max((high - low) * 0.05, step / 2)
    low, high = step * ((low - room) // step), step * -((-(high + room)) // step)
    return [round_value(max(low, lowest)), round_value(min(high, highest))]


def score_domain(values: Iterable[float], unit: Unit) -> list[float]:
    """The domain of a score axis in the metric's own unit."""
    return extent(values, 5.0 if unit.scale == 100 else 0.05, *unit.reach)


def nominal(field: str, domain: Sequence[str], shown: Sequence[Any], **more: Any) -> Spec:
    """A channel that gives each value of `domain` what is `shown` for it: colours, shapes, dashes."""
    return {"field": field, "type": "nominal", "scale": {"domain": list(domain), "range": list(shown)}, **more}


def quantitative(
    field: str, title: str, domain: Sequence[float] | None = None, clamp: bool = False, **axis: Any
) -> Spec:
    """A linear channel that need not start at zero; with `clamp`, what lies beyond is drawn at its end."""
    scale: Spec = {"zero": False, "nice": False} | ({"domain": list(domain)} if domain else {})
    scale |= {"clamp": True} if clamp else {}
    return {"field": field, "type": "quantitative", "title": title, "scale": scale, "axis": {"tickCount": 6, **axis}}


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


def make_layer(values: Sequence[Any], mark: Spec, **channels: Any) -> Spec:
    """One layer: rows of data, the mark that draws them, and the channels that place it."""
    return {"data": {"values": values}, "mark": mark, "encoding": channels}


def draw_intervals(rows: Sequence[Spec], x: Callable[[str], Spec], mark: Spec, **channels: Any) -> Spec:
    """A line, or another mark, from `low` to `high` of each row that has both."""
    ends = {"x": x("low"), "x2": {"field": "high"}}
    return make_layer([row for row in rows if "low" in row], {"type": "rule", **mark}, **ends, **channels)


def draw_ticks(rows: Sequence[Spec], x: Spec, y: Spec, colour: str, size: int = 18) -> Spec:
    """A short upright line at each row."""
    return make_layer(rows, {"type": "tick", "thickness": 2.5, "size": size, "color": colour}, x=x, y=y)


def draw_zero(x: Callable[[str], Spec]) -> Spec:
    """The line at 0 of an axis of differences."""
    return make_layer([{"zero": 0}], {"type": "rule", "color": GREY, "strokeWidth": 1}, x=x("zero"))


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


@dataclass(frozen=True)
class RowNames:
    """Label by variant, the height of a row in pixels, and whether they are too many to carry titles."""

    labels: dict[str, str]
    step: int
    crowded: bool

    @property
    def live(self) -> bool:
        """Whether a reader's browser should draw so many rows."""
        return not self.crowded


def rows_of(reading: StudyView, variants: Sequence[str]) -> RowNames:
    """Rows for these variants. Above MOST_TITLED rows titles give way to a mark at reference models."""
    if len(variants) <= MOST_TITLED:
        return RowNames({variant: reading.label(variant) for variant in variants}, 44, False)
    labels = {
        variant: reading.label(variant).splitlines()[0] + ("" if reading.record.variants[variant].own else " °")
        for variant in variants
    }
    return RowNames(labels, 22, True)


def draw_labelled_rows(
    labels: Sequence[str], y: Spec, step: int, layers: Sequence[Spec], numbers: Sequence[Spec]
) -> Spec:
    """A plot with one row per label: its name on the left, its number on the right."""
    inside = [*row_names(labels, y), *layers, write_numbers(numbers, NUMBERS_AT, y)]
    return {"width": WIDTH, "height": {"step": step}, "layer": inside}


def rows_axis(labels: Sequence[str], **axis: Any) -> Spec:
    """A channel with one row per label, in the given order; `row_names` writes the labels."""
    return {
        "field": "row",
        "type": "nominal",
        "sort": None,
        "scale": {"domain": list(labels)},  # as a `sort` the list would become one nested expression, quadratic in rows
        "title": None,
        "axis": {"labels": False, "domain": False, "ticks": False, "grid": True, **axis},
    }


def row_names(labels: Sequence[str], y: Spec) -> list[Spec]:
    """Marks that write each row's label left of the plot, the first line bold; a line feed starts a new line.

    Marks, because the renderer measures axis labels again and again: 500 of them take seconds.
    """
    lines: dict[tuple[int, int], list[Spec]] = {}
    for label in labels:
        parts = label.split("\n")
        for index, part in enumerate(parts):
            lines.setdefault((index, len(parts)), []).append({"row": label, "text": clip_text(part)})
    return [
        make_layer(
            values,
            name_mark(index == 0, "right", (index - (total - 1) / 2) * LINE_HEIGHT),
            y=y,
            x={"value": NAMES_AT},
            text={"field": "text"},
        )
        for (index, total), values in lines.items()
    ]


def name_mark(first: bool, align: str, dy: float) -> Spec:
    """The mark that writes one line of a row's label: the first bold, others quiet."""
    return {
        "type": "text",
        "align": align,
        "fontSize": 12,
        "fontWeight": "bold" if first else "normal",
        "color": INK if first else QUIET,
        "dy": dy,
    }


def clip_text(text: str, most: int = 64) -> str:
    """The text, its end replaced by an ellipsis when it is longer than `most`; tables carry it whole."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
