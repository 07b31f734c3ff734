"""What all figures share: the frame around a specification, fonts and axes."""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from brittlestar.reports.figures.colours import INK, QUIET
from brittlestar.study.units import Unit

Spec = dict[str, Any]
GUTTER = 76
"""Between panels side by side: room for an axis with its title, in pixels."""
SUBTITLE_WIDTH = 145
"""Characters in a line below the title of a figure."""
PANEL_TITLE = 18
"""Room between the title of a figure and panels that have titles of their own, in pixels."""

LABELS: Spec = {"labelColor": INK, "titleColor": INK, "labelFontSize": 12, "titleFontSize": 12}
CONFIG: Spec = {
    "background": "white",
    "aria": False,  # the whole figure is one labelled image; a label on each mark would double its size
    "font": "Helvetica, Arial, 'Liberation Sans', sans-serif",
    "view": {"stroke": None},
    "axis": {
        **LABELS,
        "titleFontWeight": "normal",
        "titlePadding": 8,
        "gridColor": "#ebebeb",
        "domainColor": "#8c8c8c",
        "tickColor": "#8c8c8c",
        "labelLimit": 420,
        "titleLimit": 420,
        "labelFlush": False,
    },
    "title": {
        "anchor": "start",
        "color": INK,
        "fontSize": 14,
        "fontWeight": "bold",
        "subtitleColor": QUIET,
        "subtitleFontSize": 12,
        "subtitlePadding": 4,
        "limit": 1000,
    },
    "legend": {
        **LABELS,
        "titleFontWeight": "normal",
        "labelLimit": 400,
        "symbolStrokeWidth": 3,
        "symbolOpacity": 1,
    },
    "header": LABELS,
    "text": {"color": INK, "fontSize": 12},
    "tick": {"opacity": 1},
    "concat": {"spacing": 28},
}


@dataclass(frozen=True)
class Figure:
    """One figure: `name` (its file name), `title` and `caption` for people, `description` for those who cannot see it.

    `spec` is a complete Vega-Lite specification, the same for the same record; `live` is the one with tooltips, or
    None where the figure has too many lines to be drawn by a reader's browser.
    """

    name: str
    title: str
    caption: str
    description: str
    spec: Spec
    live: Spec | None


def frame_spec(title: str, subtitle: str, description: str, body: Mapping[str, Any], above: int = 12) -> Spec:
    """A complete specification around marks or panels, its title `above` pixels over them."""
    words = " ".join(subtitle.split())
    lines = textwrap.wrap(words, SUBTITLE_WIDTH, break_long_words=False, break_on_hyphens=False)
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "title": {"text": title, "subtitle": lines, "offset": above},
        "description": description,
        "config": CONFIG,
        "padding": 6,
        **body,
    }


def make_figure(
    name: str,
    titles: tuple[str, str],
    subtitle: str,
    description: str,
    body: Mapping[str, Any],
    *,
    above: int = 12,
    caption: str = "",
    live: bool = True,
) -> Figure:
    """A figure that is drawn alike whether it is live or not; `titles` are the page's and the picture's own."""
    spec = frame_spec(titles[1], subtitle, description, body, above)
    return Figure(name, titles[0], caption, description, spec, spec if live else None)


def capitalise_text(text: str) -> str:
    """The text as a sentence begins; nothing but its first letter changes."""
    return text[:1].upper() + text[1:]


def round_value(value: float) -> float:
    """Five significant digits: more than a screen can show, and short in the page."""
    return float(f"{value:.5g}")


def extent(values: Iterable[float], step: float, lowest: float | None = None) -> list[float]:
    """A domain around finite values, widened to a twentieth on each side and rounded outwards to `step`."""
    numbers = list(values)
    if not numbers:
        return [0.0, 1.0]
    low, high = min(numbers), max(numbers)
    room = max((high - low) * 0.05, step / 2)
    low, high = step * ((low - room) // step), step * -((-(high + room)) // step)
    return [round_value(low if lowest is None else max(low, lowest)), round_value(high)]


def score_domain(values: Iterable[float], unit: Unit) -> list[float]:
    """The domain of a score axis in the metric's own unit."""
    return extent(values, 5.0 if unit.scale == 100 else 0.05)


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
