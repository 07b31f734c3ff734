"""What all pages share: figures as they stand in a page, text that stays text, and the templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from brittlestar.core.errors import MissingExtraError
from brittlestar.core.findings import Finding
from brittlestar.reports import render
from brittlestar.reports.figures.frame import Figure
from brittlestar.reports.listing import evidence_rows, flattened, text
from brittlestar.reports.units import count, unit_of


@dataclass(frozen=True)
class Shown:
    """A figure as it stands in a page: `svg` is empty when vl-convert is missing; `live` is JSON or empty."""

    figure: Figure
    svg: Markup
    live: Markup


@dataclass(frozen=True)
class Gallery:
    """Figures of a page by name, the script that makes them live (may be empty), and why none was drawn, or empty."""

    figures: Mapping[str, Shown]
    script: Markup
    missing: str


def shown(figures: Mapping[str, Figure]) -> Gallery:
    """The figures drawn; without vl-convert none is, and `missing` is the line that installs it."""
    try:
        drawn = {name: _shown(figure) for name, figure in figures.items()}
        live = any(item.live for item in drawn.values())
        return Gallery(drawn, Markup(render.javascript()) if live else Markup(""), "")
    except MissingExtraError as error:
        bare = {name: Shown(figure, Markup(""), Markup("")) for name, figure in figures.items()}
        return Gallery(bare, Markup(""), str(error))


def _shown(figure: Figure) -> Shown:
    live = Markup(render.embedded_json(figure.live)) if figure.live is not None else Markup("")
    return Shown(figure, Markup(render.inline_svg(figure)), live)


def by_rule(findings: Sequence[Finding]) -> list[tuple[tuple[str, str], list[Finding]]]:
    """Findings under their code and rule, so that a rule is written once."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.code, finding.threshold), []).append(finding)
    return list(groups.items())


def prose(sentence: str) -> Markup:
    """Text for a page: escaped, and what stands between backticks as code."""
    parts = sentence.split("`")
    if len(parts) % 2 == 0:
        return escape(sentence)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if index % 2 else escape(part) for index, part in enumerate(parts)
    )


def environment() -> Environment:
    """Templates with escaping on."""
    made = Environment(
        loader=PackageLoader("brittlestar.reports", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    filters = cast(dict[str, Any], made.filters)
    filters.update(prose=prose, text=text, count=count, unit=unit_of, flattened=flattened, evidence_rows=evidence_rows)
    return made
