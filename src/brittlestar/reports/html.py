"""What all pages share: figures as they stand in a page, and its template."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from brittlestar.core.errors import MissingExtraError
from brittlestar.reports import render
from brittlestar.reports.figures.frame import DARK, Figure, Spec
from brittlestar.reports.figures.narrow import narrow
from brittlestar.reports.words import page_environment


@dataclass(frozen=True)
class DrawnFigure:
    """A figure as it stands in a page: `wide` and `narrow` are SVG, empty when vl-convert is missing; `live` is JSON or
    empty; `caption` says how to read it."""

    figure: Figure
    wide: Markup
    narrow: Markup
    live: Markup
    caption: str


@dataclass(frozen=True)
class DrawnFigures:
    """Figures of a page by name, the script that makes them live (may be empty), and why none was drawn, or empty."""

    figures: Mapping[str, DrawnFigure]
    script: Markup
    missing: str


def draw_figures(figures: Mapping[str, Figure]) -> DrawnFigures:
    """The figures drawn; without vl-convert none is, and `missing` is the line that installs it."""
    try:
        drawn = {name: draw_figure(figure, figure.name) for name, figure in figures.items()}
        live = any(item.live for item in drawn.values())
        return DrawnFigures(drawn, Markup(render.javascript()) if live else Markup(""), "")
    except MissingExtraError as error:
        none = Markup("")
        bare = {name: DrawnFigure(figure, none, none, none, _caption(figure)) for name, figure in figures.items()}
        return DrawnFigures(bare, none, str(error))


def draw_figure(figure: Figure, place: str) -> DrawnFigure:
    """A figure for a page, with ids that no other `place` uses. Raises MissingExtraError."""
    live = Markup(render.embedded_json(_strip_title(figure.live))) if figure.live is not None else Markup("")
    wide = render.inline_svg(figure, _strip_title(figure.spec), place)
    small = render.inline_svg(figure, narrow(_strip_title(figure.spec)), f"{place}-narrow")
    return DrawnFigure(figure, Markup(wide), Markup(small), live, _caption(figure))


def _strip_title(spec: Spec) -> Spec:
    """The specification for a page, which writes title and subtitle itself and has a ground of its own."""
    return {**{key: value for key, value in spec.items() if key != "title"}, "background": "transparent"}


def _caption(figure: Figure) -> str:
    title: Spec = figure.spec["title"]
    parts = (f"{title['text']}.", *title["subtitle"], figure.caption)
    return " ".join(part for part in parts if part)


def render_page(template: str, figures: Mapping[str, Figure], **parts: Any) -> str:
    """A page as HTML text, with its figures; without vl-convert these are replaced by what they show in words and the
    line that installs it."""
    drawn = draw_figures(figures)
    shown = {"figures": drawn.figures, "missing": drawn.missing, "script": drawn.script}
    return page_environment().get_template(template).render(dark_colours=DARK.items(), **shown, **parts)
