"""One panel of curves over epochs: every seed, the mean, the band, and the score of the majority class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from brittlestar.reports.figures.frame import GREY, INK, Spec, quantitative, round_value
from brittlestar.reports.figures.tracks import Track

LABELS = [{"field": name, "title": name} for name in ("curve", "seed", "epoch")]


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

    @property
    def lines(self) -> int:
        """Thin lines, one per seed and curve."""
        return sum(curve.track.lines for curve in self.curves if curve.every_seed)

    @property
    def points(self) -> int:
        """Vertices of the thin lines."""
        return sum(curve.track.points for curve in self.curves if curve.every_seed)


def _ticks(panel: Panel) -> Spec:
    """Whole epochs, every one where they are few: asked for five, Vega would write some of two or three twice."""
    last = max((int(row["epoch"]) for curve in panel.curves for row in curve.track.band), default=0)
    return {"values": list(range(last + 1))} if last <= 5 else {"tickMinStep": 1, "tickCount": 5}


def panel_spec(panel: Panel, seeds: bool, live: bool, keys: Sequence[str]) -> tuple[Spec, Mapping[str, Any]]:
    """The panel and its datasets. `seeds` draws the thin lines; `live` adds tooltips, and a seed under the pointer
    stands out in all panels of the figure, whose `keys` are given."""
    names = [curve.name for curve in panel.curves]
    colour: Spec = {
        "field": "curve",
        "type": "nominal",
        "title": None,
        "scale": {"domain": names, "range": [curve.colour for curve in panel.curves]},
        "legend": {"orient": "bottom", "symbolType": "stroke", "offset": 4} if panel.legend else None,
    }
    x: Spec = {
        "field": "epoch",
        "type": "quantitative",
        "title": "epoch",
        "scale": {"zero": False, "nice": False},
        "axis": {**_ticks(panel), "format": "d", "grid": False},
    }

    def y(name: str) -> Spec:
        return quantitative(name, panel.axis, panel.domain, tickCount=5)

    bands, thin = f"{panel.key}-band", f"{panel.key}-seeds"
    datasets: dict[str, Any] = {bands: [row for curve in panel.curves for row in curve.track.band]}
    layers: list[Spec] = [_title(panel)]
    if panel.majority is not None:
        layers += _majority(panel)
    layers.append(
        {
            "data": {"name": bands},
            "transform": [{"filter": "isValid(datum.low)"}],
            "mark": {"type": "area", "opacity": 0.16},
            "encoding": {"x": x, "y": y("low"), "y2": {"field": "high"}, "color": colour},
        }
    )
    shown = [row for curve in panel.curves if curve.every_seed for row in curve.track.seeds] if seeds else []
    if shown:
        datasets[thin] = shown
        over = {"or": [{"param": f"over_{key}", "empty": False} for key in keys]}
        layers.append(
            {
                "data": {"name": thin},
                "mark": {"type": "line", "strokeWidth": 1, "opacity": 0.5},
                "encoding": {"x": x, "y": y("value"), "color": colour, "detail": {"field": "seed"}}
                | (
                    {
                        "opacity": {"condition": {"test": over, "value": 1}, "value": 0.5},
                        "strokeWidth": {"condition": {"test": over, "value": 2}, "value": 1},
                    }
                    if live
                    else {}
                ),
            }
        )
    layers += [
        {
            "data": {"name": bands},
            "transform": [{"filter": {"field": "curve", "equal": curve.name}}],
            "mark": {"type": "line", "strokeWidth": 2.5, "strokeDash": list(curve.dash), "clip": False},
            "encoding": {"x": x, "y": y("mean"), "color": colour},
        }
        for curve in panel.curves
    ]
    if panel.marks and seeds:
        datasets[f"{panel.key}-marks"] = panel.marks
        layers.append(
            {
                "data": {"name": f"{panel.key}-marks"},
                "mark": {"type": "point", "shape": "circle", "size": 34, "filled": True, "fill": "white"},
                "encoding": {"x": x, "y": y("value"), "stroke": {"value": INK}, "strokeWidth": {"value": 1.2}},
            }
        )
    if live and shown:
        layers.append(
            {
                "data": {"name": thin},
                "params": [
                    {
                        "name": f"over_{panel.key}",
                        "select": {"type": "point", "on": "pointerover", "clear": "pointerout", "fields": ["seed"]},
                    }
                ],
                "mark": {"type": "point", "opacity": 0, "size": 70, "filled": True},
                "encoding": {
                    "x": x,
                    "y": y("value"),
                    "tooltip": [
                        *LABELS,
                        {"field": "value", "title": panel.axis},
                    ],
                },
            }
        )
    spec: Spec = {"width": panel.width, "height": panel.height, "layer": layers}
    return spec, datasets


def _title(panel: Panel) -> Spec:
    """The title as a mark: a real title would stand higher wherever an axis label sticks out of the plot."""
    return {
        "data": {"values": [{"title": panel.title}]},
        "mark": {"type": "text", "align": "left", "baseline": "bottom", "fontSize": 12, "fontWeight": "bold"},
        "encoding": {"x": {"value": 0}, "y": {"value": -10}, "text": {"field": "title"}},
    }


def _majority(panel: Panel) -> list[Spec]:
    assert panel.majority is not None
    level = round_value(panel.majority)
    y = quantitative("level", panel.axis, panel.domain, tickCount=5)
    data: Spec = {"values": [{"level": level, "text": f"majority class {level:.{panel.decimals}f}"}]}
    return [
        {
            "data": data,
            "mark": {"type": "rule", "color": GREY, "strokeDash": [5, 4], "strokeWidth": 1.5},
            "encoding": {"y": y},
        },
        {
            "data": data,
            "mark": {
                "type": "text",
                "align": "right",
                "baseline": "top",
                "dy": 4,
                "color": "#4d4d4d",
                "fontSize": 11,
            },
            "encoding": {"x": {"value": panel.width}, "y": y, "text": {"field": "text"}},
        },
    ]
