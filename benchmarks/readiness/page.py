"""The tables and figures of two pages of `docs/explanation`, from what `judge` found."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import vl_convert

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [DOCS / "explanation" / f"{name}.md" for name in ("readiness", "readiness-forecasts")]
BLUE, GREY, ORANGE, INK = "#0072b2", "#8a8a8a", "#d55e00", "#1a1a1a"
CONFIG = {"font": "sans-serif", "view": {"stroke": None}, "axis": {"labelFontSize": 12, "titleFontSize": 12}}


def fill_page(tables: dict[str, tuple[Sequence[str], Sequence[Sequence[str]]]]) -> None:
    """Put each table between its marks."""
    texts = {page: page.read_text(encoding="utf-8") for page in PAGES}
    for name, (heads, rows) in tables.items():
        lines = [f"| {' | '.join(one)} |" for one in (heads, ["---"] * len(heads), *rows)]
        marks = re.compile(rf"(?<=<!-- {name} -->\n).*?(?=<!-- end of {name} -->)", re.DOTALL)
        (page,) = (page for page, text in texts.items() if marks.search(text))
        texts[page] = marks.sub("\n" + "\n".join(lines).replace("\\", "") + "\n\n", texts[page])
    for page, text in texts.items():
        page.write_text(text, encoding="utf-8")


def draw(name: str, spec: dict[str, Any]) -> None:
    """Write a figure as PNG, finer than it is shown."""
    whole = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "config": CONFIG,
        "background": "white",
        **spec,
    }
    (DOCS / f"{name}.png").write_bytes(vl_convert.vegalite_to_png(whole, scale=3.1))


def draw_forecasts(here: np.ndarray, expected: np.ndarray, real: np.ndarray, outside: np.ndarray) -> None:
    """Expected against real falls, one point a shift and kind of model."""
    points = [
        {"expected": 100 * (a - b), "real": 100 * (a - c), "answer": "cannot say" if d else "forecast"}
        for a, b, c, d in zip(here.tolist(), expected.tolist(), real.tolist(), outside.tolist(), strict=True)
    ]
    axis = {"type": "quantitative", "scale": {"domain": [-25, 85]}}
    colour = {
        "field": "answer",
        "type": "nominal",
        "scale": {"domain": ["forecast", "cannot say"], "range": [BLUE, ORANGE]},
    }
    line = {"data": {"values": [{"x": -25}, {"x": 85}]}, "mark": {"type": "line", "color": GREY, "strokeDash": [5, 4]}}
    line["encoding"] = {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "x", "type": "quantitative"}}
    encoding = {
        "x": {"field": "expected", "title": "fall that is expected (points of accuracy)", **axis},
        "y": {"field": "real", "title": "fall that was measured", **axis},
        "color": {**colour, "title": None, "legend": {"orient": "top"}},
    }
    mark = {"type": "point", "filled": True, "size": 22}
    layers = [line, {"data": {"values": points}, "mark": mark, "encoding": encoding}]
    draw("readiness-forecasts", {"width": 464, "height": 320, "layer": layers})


def draw_question(rows: Sequence[Sequence[Any]]) -> None:
    """Rank correlations with their intervals."""
    values = [{"name": name, "value": value, "low": low, "high": high} for name, value, low, high in rows]
    y = {"field": "name", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 320}}
    x = {"type": "quantitative", "scale": {"domain": [-0.3, 1]}, "title": "rank correlation with the fall on new rows"}
    layers = [
        {"mark": {"type": "rule", "color": GREY}, "encoding": {"x": {"datum": 0, **x}}},
        {
            "mark": {"type": "rule", "strokeWidth": 5, "opacity": 0.35, "color": BLUE},
            "encoding": {"y": y, "x": {"field": "low", **x}, "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "tick", "thickness": 3, "size": 16, "color": INK},
            "encoding": {"y": y, "x": {"field": "value", **x}},
        },
    ]
    draw("readiness-question", {"width": 420, "height": {"step": 30}, "data": {"values": values}, "layer": layers})
