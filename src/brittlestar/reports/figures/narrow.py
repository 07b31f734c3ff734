"""The same figure for a narrow screen: panels below each other, names and numbers of rows above their marks.

Works on specifications, so that a figure is written once. It relies on `figures.marks`: what a channel of rows has as
its domain are the labels, and names of rows stand at NAMES_AT.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from brittlestar.reports.figures.frame import Spec
from brittlestar.reports.figures.marks import LINE_HEIGHT, NAMES_AT, clip_text, make_layer, name_mark

WIDTH = 352
"""Of plots whose names stand above the marks, in pixels: a phone of 420 less margins and half a tick label."""
BESIDE_AXIS = 296
"""Of plots with an axis on the left."""
BESIDE_NAMES = 204
"""Of plots with names of up to 22 letters on the left."""
PAIR = 128
"""Of two small plots side by side."""
SMALL = 200
"""Plots up to this width stand side by side."""
LETTERS = 54
"""Letters of 12 pixels that fit into WIDTH."""
LEAST_BAND = 16
"""Height of the marks of a row."""
GAP = 4
"""How far a name reaches into the band below it, and how far above it the band before ends, in pixels."""


def narrow(spec: Spec) -> Spec:
    """The specification for a narrow screen."""
    config = spec["config"]
    return {**_node(spec), "config": {**config, "legend": {**config["legend"], "orient": "bottom", "columns": 2}}}


def _node(node: Spec) -> Spec:
    if "hconcat" in node:
        rest = {key: value for key, value in node.items() if key not in ("hconcat", "bounds", "spacing")}
        return {**rest, "vconcat": _stack_panels(node["hconcat"])}
    if "vconcat" in node:
        return {**node, "vconcat": [_node(one) for one in node["vconcat"]]}
    return _leaf(node)


def _stack_panels(panels: Sequence[Spec]) -> list[Spec]:
    """Panels below each other, small ones in pairs. Names of rows that the first panel alone has go to each."""
    names = [layer for layer in panels[0]["layer"] if _is_name(layer)] if panels else []
    if not names and all(panel["width"] <= SMALL for panel in panels):
        small = [{**panel, "width": PAIR} for panel in panels]
        return [{"hconcat": small[at : at + 2]} for at in range(0, len(small), 2)]
    return [_leaf(panel if panel is panels[0] else {**panel, "layer": [*names, *panel["layer"]]}) for panel in panels]


def _leaf(leaf: Spec) -> Spec:
    if any(_is_name(layer) for layer in leaf["layer"]):
        return _rows(leaf)
    named = any((_text_at(layer) or 0) < 0 for layer in leaf["layer"])
    return {**leaf, "width": min(leaf["width"], BESIDE_NAMES if named else BESIDE_AXIS)}


def _rows(leaf: Spec) -> Spec:
    """A plot of rows with the lines of each name, and the number of each row, above its marks."""
    layers = [layer for layer in leaf["layer"] if not _is_name(layer)]
    numbers = [layer for layer in layers if (_text_at(layer) or 0) > leaf["width"]]
    y = next(layer["encoding"]["y"] for layer in leaf["layer"] if _is_name(layer))
    parts = {label: label.split("\n") for label in y["scale"]["domain"]}
    lines = max((len(found) for found in parts.values()), default=1)
    height = leaf["height"]
    before = height["step"] if isinstance(height, dict) else height / max(len(parts), 1)
    band = max(before - LINE_HEIGHT * (lines - 1) - 2 * GAP, LEAST_BAND)
    step = band + LINE_HEIGHT * lines + GAP
    padding = 1 - band / step
    scale = {**y["scale"], "paddingInner": padding, "paddingOuter": padding / 2, "align": 1}
    y = {**y, "scale": scale}
    words = {row["row"]: str(row["text"]) for layer in numbers for row in layer["data"]["values"]}
    texts = [  # of each line from above; a name that has fewer lines begins below
        {label: found[line - lines] for label, found in parts.items() if lines - line <= len(found)}
        for line in range(lines)
    ]
    taken = [max((len(one) + len(words.get(label, "")) for label, one in own.items()), default=0) for own in texts]
    at = min((0, lines - 1), key=taken.__getitem__) if words else 0

    def above(line: int) -> float:
        return GAP - band / 2 - LINE_HEIGHT * (lines - line - 0.5)

    rooms = {label: LETTERS - 2 - len(words.get(label, "")) for label in parts}
    names = [
        _write_line(own, rooms if line == at else {}, name_mark(line == 0, "left", above(line)), y)
        for line, own in enumerate(texts)
    ]
    beside = [
        {
            **layer,
            "mark": {**layer["mark"], "align": "right", "dy": above(at)},
            "encoding": {**layer["encoding"], "y": y, "x": {"value": WIDTH}},
        }
        for layer in numbers
    ]
    rest = [_set_scale(layer, scale) for layer in layers if layer not in numbers]
    return {**leaf, "width": WIDTH, "height": round(step * len(parts)), "layer": [*names, *rest, *beside]}


def _write_line(texts: Mapping[str, str], rooms: Mapping[str, int], mark: Spec, y: Spec) -> Spec:
    """One line of the names of rows; `rooms` are the letters that fit beside a number."""
    values = [{"row": label, "text": clip_text(text, rooms.get(label, LETTERS))} for label, text in texts.items()]
    return make_layer(values, mark, y=y, x={"value": 0}, text={"field": "text"})


def _set_scale(layer: Spec, scale: Spec) -> Spec:
    y = layer["encoding"].get("y")
    if y is None or y.get("field") != "row":
        return layer
    return {**layer, "encoding": {**layer["encoding"], "y": {**y, "scale": scale}}}


def _is_name(layer: Spec) -> bool:
    return _text_at(layer) == NAMES_AT


def _text_at(layer: Spec) -> float | None:
    """Where the texts of a layer stand from left to right, None where that depends on data or there are none."""
    if not isinstance(layer["mark"], dict) or layer["mark"]["type"] != "text":
        return None
    x: dict[str, Any] = layer["encoding"].get("x", {})
    return x.get("value")
