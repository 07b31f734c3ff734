"""Specifications to pictures, and to figures inside a page. vl-convert is needed here and nowhere else."""

import json
import re
from functools import cache
from typing import Any
from xml.sax.saxutils import quoteattr

from brittlestar.core.optional import require
from brittlestar.reports.figures.frame import Figure, Spec

EXTRA = "report"
PNG_SCALE = 2.0  # sharp on a screen of twice the density


def svg(spec: Spec) -> str:
    """The figure as SVG text: the same bytes for the same specification. Raises MissingExtraError."""
    return str(_converter().vegalite_to_svg(spec))


def png(spec: Spec) -> bytes:
    """The figure as PNG at twice its nominal size. Raises MissingExtraError."""
    return bytes(_converter().vegalite_to_png(spec, scale=PNG_SCALE))


def pdf(spec: Spec) -> bytes:
    """The figure as PDF; its bytes may differ between runs. Raises MissingExtraError."""
    return bytes(_converter().vegalite_to_pdf(spec))


def inline_svg(figure: Figure, spec: Spec, place: str) -> str:
    """SVG for a page: labelled for screen readers, scaling with its column, ids that no other `place` uses. `spec` is
    that of the figure, or one that shows the same."""
    text = svg(spec)
    text = re.sub(r'\bid="((?:clip|gradient)[^"]*)"', rf'id="{place}-\1"', text)
    text = re.sub(r"url\(#((?:clip|gradient)[^)]*)\)", rf"url(#{place}-\1)", text)
    label = quoteattr(f"{figure.title}. {figure.description}")
    return text.replace("<svg ", f'<svg role="img" aria-label={label} ', 1)


def embedded_json(value: Any) -> str:
    """JSON that cannot end the script element it stands in, nor open a comment in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


@cache
def javascript() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script for a script element (about 0.9 MB). Raises MissingExtraError."""
    bundle = str(_converter().javascript_bundle())
    return bundle.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _converter() -> Any:
    return require("vl_convert", EXTRA)
