"""What all figures share: their look, and the frame of words around what is drawn.

A figure is its data and its marks. Its words are a template of `templates/figures.yaml`, under its kind.
"""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from brittlestar.reports.words import TEMPLATES, text_environment

Spec = dict[str, Any]
BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"
SKY, PURPLE, GREY = "#56B4E9", "#AA4499", "#767676"
INK, QUIET = "#1a1a1a", "#595959"
"""Colours of Okabe and Ito (2008), told apart with every common colour vision. Shape or dash repeats what they say."""
DARK = {
    BLUE: "#4da3e0",
    ORANGE: "#f0b429",
    GREEN: "#2fbf91",
    RED: "#ff8a3d",
    SKY: "#7cc8f2",
    PURPLE: "#d683d0",
    GREY: "#9a9a9a",
    INK: "#e8e6e3",
    QUIET: "#b3afa9",
    "#4d4d4d": "#b3afa9",
    "#8c8c8c": "#7d7a75",
    "#c4c4c4": "#4a4844",
    "#ebebeb": "#33322f",
    "white": "#1b1a18",
}
"""What a page puts in the place of each colour in use where its reader prefers dark. Text and lines keep a contrast of
4.5 or more against the page's dark ground (WCAG 2.2, 1.4.3)."""
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
    None where the figure has too many lines to be drawn by a reader's browser. `kind` is what its words stand under.
    """

    name: str
    title: str
    caption: str
    description: str
    spec: Spec
    live: Spec | None
    kind: str

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {"application/vnd.vegalite.v6+json": self.spec, "text/plain": f"{self.title}. {self.caption}"}


def make_figure(
    kind: str,
    body: Mapping[str, Any],
    facts: Mapping[str, Any],
    *,
    name: str = "",
    above: int = 12,
    live: bool = True,
    live_body: Mapping[str, Any] | None = None,
) -> Figure:
    """A figure of marks or panels (`body`), its title `above` pixels over them; `facts` fill its words. It is drawn
    alike where it is live, unless another body is given for that."""
    words = {part: _fill(kind, part, facts) for part in ("title", "heading", "subtitle", "caption")}
    description = _fill(kind, "description", {**facts, **words})

    def frame(inside: Mapping[str, Any]) -> Spec:
        lines = textwrap.wrap(
            " ".join(words["subtitle"].split()), SUBTITLE_WIDTH, break_long_words=False, break_on_hyphens=False
        )
        return {
            "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
            "title": {"text": words["heading"], "subtitle": lines, "offset": above},
            "description": description,
            "config": CONFIG,
            "padding": 6,
            **inside,
        }

    spec = frame(body)
    shown = None if not live else spec if live_body is None else frame(live_body)
    return Figure(name or kind, words["title"], words["caption"], description, spec, shown, kind)


@cache
def _read_words() -> Mapping[str, Mapping[str, str]]:
    return yaml.safe_load((TEMPLATES / "figures.yaml").read_text(encoding="utf-8"))


def _fill(kind: str, part: str, facts: Mapping[str, Any]) -> str:
    text = _read_words()[kind].get(part, "")
    return text_environment().from_string(text).render(_read_words()["shared"], **facts)
