"""A figure at its final size: so many points wide, its text in the size that is asked for.

Figures are laid out with text of 12 pixels. One with text of 8 points and 240 points of width is laid out 360 pixels
wide, and a pixel is then 8/12 of a point: lines, marks and text keep their proportions.
"""

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from brittlestar.core.errors import InputError, Problem
from brittlestar.reports.figures.frame import Figure, Spec
from brittlestar.reports.figures.narrow import narrow
from brittlestar.reports.paper.names import Names
from brittlestar.reports.reading import Reading
from brittlestar.reports.render import svg, svg_to_pdf
from brittlestar.study.units import unit_of

TEXT = 12.0
"""Pixels of the text of a figure, as `figures.frame` has it."""
WIDE = 620.0
"""Below this many pixels, panels stand below each other (chosen by looking)."""
TOLERANCE = 0.5  # pixels of the layout
MOST_TRIES = 12
TITLE_LETTER, SUBTITLE_LETTER = 8.0, 6.0
"""Pixels of a letter of a title and of what stands below it (Helvetica at 14 and 12 pixels, rounded up)."""
LEAST_PANEL = 40.0
"""Pixels of a plot below which nothing can be read."""
_SIZE = re.compile(r'<svg ([^>]*?)width="([\d.]+)" height="([\d.]+)" viewBox="[^"]*"')


@dataclass(frozen=True)
class FigureSize:
    """Final `width` and `height` in points (None: as high as it needs), text in points, and whether the title stands
    above. Raises InputError for sizes that no figure can have."""

    width: float = 345.0
    height: float | None = None
    font_size: float = 8.0
    title: bool = True

    def __post_init__(self) -> None:
        sizes = {"--width": self.width, "--height": self.height, "--font-size": self.font_size}
        wrong = [name for name, size in sizes.items() if size is not None and not 0 < size < 5_000]
        if wrong:
            raise InputError([Problem(f"{sizes[name]:g} points are no size", name, "write 240pt") for name in wrong])


def fit_svg(figure: Figure, size: FigureSize, names: Names, reading: Reading) -> str:
    """The figure as SVG of exactly this size. Raises InputError where its labels alone are wider."""
    scale = size.font_size / TEXT
    wanted = size.width / scale
    spec = rename_texts(figure.spec, names, reading)
    spec = _wrap_title(spec, wanted) if size.title else {key: spec[key] for key in spec if key != "title"}
    try:
        spec = _fit(spec if wanted >= WIDE else narrow(spec), wanted, "width", figure.name, scale)
    except InputError:  # titles of panels beside each other may need more than the panels
        spec = _fit(_stack_all(narrow(spec)), wanted, "width", figure.name, scale)
    if size.height is not None:
        spec = _fit(spec, size.height / scale, "height", figure.name, scale)
    text = svg(spec)
    wide, high = _measure(text)
    place = f'width="{wide * scale:g}pt" height="{high * scale:g}pt" viewBox="0 0 {wide:g} {high:g}"'
    return _SIZE.sub(lambda found: f"<svg {found[1]}{place}", text, count=1)


def to_pdf(text: str) -> bytes:
    """The PDF of such an SVG, as large: a converter takes a unit without a name for a point of a page."""
    return svg_to_pdf(re.sub(r'(width|height)="([\d.]+)pt"', r'\1="\2"', text, count=2))


def rename_texts(spec: Spec, names: Names, reading: Reading) -> Spec:
    """The specification with variants, splits and metrics under the names of the paper, variants without a title."""
    whole = dict(names)
    for name, variant in reading.record.variants.items():
        whole[reading.label(name)] = names.get(name, name) + (" ‡" if variant.unequal_budget else "")
    units = {metric: unit_of(metric) for metric in reading.record.metrics if metric in names}
    parts = {unit.axis: replace(unit, name=names[metric]).axis for metric, unit in units.items()}
    return _rename(spec, whole, parts)


def _rename(value: Any, whole: Mapping[str, str], parts: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _rename(one, whole, parts) for key, one in cast("Spec", value).items()}
    if isinstance(value, list):
        return [_rename(one, whole, parts) for one in cast("list[Any]", value)]
    if not isinstance(value, str):
        return value
    text = whole.get(value, value)
    for before, after in parts.items():
        text = text.replace(before, after)
    return text


def _fit(spec: Spec, wanted: float, side: str, name: str, scale: float) -> Spec:
    factor = 1.0
    for _ in range(MOST_TRIES):
        stretched = _stretch(spec, side, factor)
        found = _measure(svg(stretched))[0 if side == "width" else 1]
        if abs(found - wanted) <= TOLERANCE:
            return stretched
        panels = _sum_panels(stretched, side)
        if panels <= 0:
            break
        factor *= (panels + wanted - found) / panels
        if factor * _sum_panels(spec, side) < LEAST_PANEL:
            least = (found - panels + LEAST_PANEL) * scale
            hint = f"give --{side} {least:.0f}pt or more, a smaller --font-size, or shorter --names"
            raise InputError(f"{name} does not fit: its labels take the {side}", f"--{side}", hint)
    return _stretch(spec, side, factor)


def _wrap_title(spec: Spec, width: float) -> Spec:
    title = spec["title"]
    lines = textwrap.wrap(title["text"], max(int(width / TITLE_LETTER), 8))
    below = textwrap.wrap(" ".join(title["subtitle"]), max(int(width / SUBTITLE_LETTER), 8))
    return {**spec, "title": {**title, "text": lines, "subtitle": below}}


def _stack_all(node: Spec) -> Spec:
    panels = node.get("hconcat", node.get("vconcat"))
    if panels is None:
        return node
    rest = {key: value for key, value in node.items() if key not in ("hconcat", "vconcat", "bounds", "spacing")}
    return {**rest, "vconcat": [_stack_all(one) for one in panels]}


def _measure(text: str) -> tuple[float, float]:
    found = _SIZE.search(text)
    assert found is not None
    return float(found[2]), float(found[3])


def _sum_panels(node: Spec, side: str) -> float:
    """Pixels along one side that panels take: those beside each other together, the widest of those below each
    other."""
    along, across = ("hconcat", "vconcat") if side == "width" else ("vconcat", "hconcat")
    if along in node:
        return sum(_sum_panels(one, side) for one in node[along])
    if across in node:
        return max(_sum_panels(one, side) for one in node[across])
    size = node.get(side, 0)
    if isinstance(size, dict):
        return float(size["step"]) * _count_rows(node)  # type: ignore[index]
    return float(size)


def _count_rows(node: Spec) -> int:
    channels = [layer["encoding"].get("y", {}) for layer in node["layer"]]
    domains = [one["scale"]["domain"] for one in channels if "domain" in (one.get("scale") or {})]
    return max((len(one) for one in domains), default=1)


def _stretch(node: Spec, side: str, factor: float) -> Spec:
    for key in ("hconcat", "vconcat"):
        if key in node:
            return {**node, key: [_stretch(one, side, factor) for one in node[key]]}
    size = node.get(side)
    if size is None:
        return node
    if isinstance(size, dict):
        return {**node, side: {**size, "step": size["step"] * factor}}
    channel = "x" if side == "width" else "y"
    layers = [_move(layer, channel, float(size), factor) for layer in node.get("layer", ())]
    return {**node, side: size * factor, **({"layer": layers} if layers else {})}


def _move(layer: Spec, channel: str, size: float, factor: float) -> Spec:
    """A layer whose marks stand at a pixel: those behind the panel's end stay as far behind it."""
    encoding = layer["encoding"]
    at = encoding.get(channel, {}).get("value")
    if not isinstance(at, int | float) or at <= 0:
        return layer
    moved = at + size * (factor - 1) if at >= size else at * factor
    return {**layer, "encoding": {**encoding, channel: {**encoding[channel], "value": moved}}}
