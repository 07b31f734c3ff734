"""One panel of curves over epochs: every seed, the mean, the band, and the score of the majority class."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from brittlestar.core.metrics import metric_of
from brittlestar.core.results import CellRecord
from brittlestar.reports.figures import marks
from brittlestar.reports.figures.frame import GREY, INK, Spec
from brittlestar.reports.figures.marks import list_numbers, nominal, quantitative, round_value
from brittlestar.statistics.t_intervals import t_half_width

MOST_LIVE_LINES = 100
"""Above this many lines a figure is embedded as static SVG."""
MOST_POINTS = 25_000
"""Above this many vertices single seeds are left out of a figure's picture, which then says so."""


@dataclass(frozen=True)
class Track:
    """One curve of one variant: `seeds` rows (epoch, value, seed), `band` rows (epoch, mean, low, high, n).

    The mean and the band stand only where every seed has a finite value: a band that silently lost a seed would be
    of another population. `low` and `high` are missing below two seeds. `lines` counts the seeds.
    """

    seeds: list[dict[str, Any]]
    band: list[dict[str, Any]]
    lines: int

    def numbers(self) -> list[float]:
        """Every value drawn, for the domain of an axis."""
        return list_numbers([*self.seeds, *self.band], "value", "mean")


EMPTY = Track([], [], 0)


@dataclass(frozen=True)
class Curve:
    """One curve of a panel: its name for the legend, colour, dash of the mean line, and its track."""

    name: str
    colour: str
    track: Track
    dash: tuple[int, int] = (1, 0)
    every_seed: bool = True


@dataclass(frozen=True)
class Panel:
    """A panel: `key` is unique in the figure, `marks` are scored checkpoints as rows (epoch, value, seed)."""

    key: str
    title: str
    axis: str
    curves: tuple[Curve, ...]
    domain: Sequence[float]
    majority: float | None = None
    marks: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    legend: bool = True
    decimals: int = 1
    width: int = 285
    height: int = 240


def count_lines(panels: Sequence[Panel]) -> tuple[int, bool, bool]:
    """How many thin lines the panels of a figure have, one per seed and curve; whether their vertices are few enough to
    be drawn; and whether a reader's browser can draw them."""
    tracks = [curve.track for panel in panels for curve in panel.curves if curve.every_seed]
    lines, seeds = sum(track.lines for track in tracks), sum(len(track.seeds) for track in tracks) <= MOST_POINTS
    return lines, seeds, seeds and lines <= MOST_LIVE_LINES


def draw_panels(panels: Sequence[Panel], seeds: bool, hover: bool) -> tuple[list[Spec], dict[str, Any]]:
    """Every panel, and their datasets together. `seeds` draws the thin lines; `hover` adds tooltips, and a seed under
    the pointer stands out in all panels."""
    over = {"or": [{"param": f"over_{panel.key}", "empty": False} for panel in panels]} if hover else None
    parts = [_draw_panel(panel, seeds, over) for panel in panels]
    return [spec for spec, _ in parts], {key: rows for _, found in parts for key, rows in found.items()}


def _draw_panel(panel: Panel, seeds: bool, over: Spec | None) -> tuple[Spec, Mapping[str, Any]]:
    names = [curve.name for curve in panel.curves]
    legend = {"orient": "bottom", "symbolType": "stroke", "offset": 4} if panel.legend else None
    colour = nominal("curve", names, [curve.colour for curve in panel.curves], title=None, legend=legend)
    x = quantitative("epoch", "epoch")
    x["axis"] = {**_ticks(panel), "format": "d", "grid": False}
    y = partial(quantitative, title=panel.axis, domain=panel.domain, tickCount=5)
    bands, thin, scored = (f"{panel.key}-{part}" for part in ("band", "seeds", "marks"))
    datasets: dict[str, Any] = {bands: [row for curve in panel.curves for row in curve.track.band]}
    area = {"x": x, "y": y("low"), "y2": {"field": "high"}, "color": colour}
    layers = [
        marks.write_title(panel.title, 10),
        *_draw_majority(panel, y("level")),
        _draw(bands, {"type": "area", "opacity": 0.16}, area, transform=[{"filter": "isValid(datum.low)"}]),
    ]
    shown = [row for curve in panel.curves if curve.every_seed for row in curve.track.seeds] if seeds else []
    if shown:
        datasets[thin] = shown
        lines: Spec = {"x": x, "y": y("value"), "color": colour, "detail": {"field": "seed"}}
        if over is not None:
            lines["opacity"] = {"condition": {"test": over, "value": 1}, "value": 0.5}
            lines["strokeWidth"] = {"condition": {"test": over, "value": 2}, "value": 1}
        layers.append(_draw(thin, {"type": "line", "strokeWidth": 1, "opacity": 0.5}, lines))
    for curve in panel.curves:
        mark = {"type": "line", "strokeWidth": 2.5, "strokeDash": list(curve.dash), "clip": False}
        own = [{"filter": {"field": "curve", "equal": curve.name}}]
        layers.append(_draw(bands, mark, {"x": x, "y": y("mean"), "color": colour}, transform=own))
    if panel.marks and seeds:
        datasets[scored] = panel.marks
        mark = {"type": "point", "shape": "circle", "size": 34, "filled": True, "fill": "white"}
        outline = {"stroke": {"value": INK}, "strokeWidth": {"value": 1.2}}
        layers.append(_draw(scored, mark, {"x": x, "y": y("value"), **outline}))
    if over is not None and shown:
        select = {"type": "point", "on": "pointerover", "clear": "pointerout", "fields": ["seed"]}
        mark = {"type": "point", "opacity": 0, "size": 70, "filled": True}
        tooltip = marks.list_titles(curve="curve", seed="seed", epoch="epoch", value=panel.axis)
        params = [{"name": f"over_{panel.key}", "select": select}]
        layers.append(_draw(thin, mark, {"x": x, "y": y("value"), "tooltip": tooltip}, params=params))
    return {"width": panel.width, "height": panel.height, "layer": layers}, datasets


def _ticks(panel: Panel) -> Spec:
    """Whole epochs, every one where they are few: asked for five, Vega would write some of two or three twice."""
    last = max((int(row["epoch"]) for curve in panel.curves for row in curve.track.band), default=0)
    return {"values": list(range(last + 1))} if last <= 5 else {"tickMinStep": 1, "tickCount": 5}


def _draw(dataset: str, mark: Spec, encoding: Spec, **parts: list[Spec]) -> Spec:
    """A layer of a dataset that several layers share."""
    return {"data": {"name": dataset}, **parts, "mark": mark, "encoding": encoding}


def _draw_majority(panel: Panel, y: Spec) -> list[Spec]:
    if panel.majority is None:
        return []
    level = round_value(panel.majority)
    rows = [{"level": level, "text": f"majority class {level:.{panel.decimals}f}"}]
    text = {"type": "text", "align": "right", "baseline": "top", "dy": 4, "color": "#4d4d4d", "fontSize": 11}
    return [
        marks.make_layer(rows, {"type": "rule", "color": GREY, **marks.DASHED}, y=y),
        marks.make_layer(rows, text, x={"value": panel.width}, y=y, text={"field": "text"}),
    ]


def track(cells: Sequence[CellRecord], column: str, scale: float, curve: str = "") -> Track:
    """The track of `column` over the cells that have it; `scale` turns the stored value into the unit shown."""
    having = [cell for cell in cells if column in cell.curves]
    if not having:
        return EMPTY
    longest = max(len(cell.curves[column]) for cell in having)
    table = np.full((len(having), longest), np.nan)
    for row, cell in zip(table, having, strict=True):
        row[: len(cell.curves[column])] = np.asarray(cell.curves[column], dtype=np.float64) * scale
    table[~np.isfinite(table)] = np.nan
    seeds = [
        {"epoch": epoch, "value": round_value(value), "seed": str(cell.seed), "curve": curve}
        for cell, row in zip(having, table.tolist(), strict=True)
        for epoch, value in enumerate(row)
        if value == value
    ]
    low, high = metric_of(column.rpartition(".")[2]).range
    return Track(seeds, band(table, curve, (low * scale, high * scale)), len(having))


def band(table: np.ndarray, curve: str = "", reach: tuple[float, float] = (-np.inf, np.inf)) -> list[dict[str, Any]]:
    """Mean and 95 % t interval, within `reach`, over the rows of `table` (n_seeds, n_epochs), where all are finite."""
    whole = np.flatnonzero(np.isfinite(table).all(axis=0))
    mean = table[:, whole].mean(axis=0)
    count = len(table)
    rows: list[dict[str, Any]] = [
        {"epoch": int(epoch), "mean": round_value(value), "curve": curve, "n": count}
        for epoch, value in zip(whole, mean, strict=True)
    ]
    if count > 1:
        half = t_half_width(table[:, whole].std(axis=0, ddof=1), count - 1, 0.975, count)
        for row, low, high in zip(rows, *np.clip((mean - half, mean + half), *reach), strict=True):
            row |= {"low": round_value(low), "high": round_value(high)}
    return rows
