"""Figures of an audit: each split against train, and the trivial baselines."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from brittlestar.core.audit_record import Audit, Profile
from brittlestar.reports.figures import marks
from brittlestar.reports.figures.baselines import draw_baselines
from brittlestar.reports.figures.frame import BLUE, GREY, INK, PANEL_TITLE, Figure, Spec, make_figure
from brittlestar.reports.figures.marks import quantitative, round_value, rows_axis

MOST_PANELS = 5
"""Splits beside each other on the trivial baselines."""
MOST_SHIFTS = 6
"""Splits whose shift is pictured."""
MOST_CLASSES_DRAWN = 12  # a figure that a person reads
PANEL = {"labels": 240, "lengths": 320, "tokens": 260}
STEP = 17  # pixels of a line of text
LEAST_HEIGHT = 150  # pixels: an axis with four numbers
LONGEST_NAME = 22  # characters beside a bar


@dataclass(frozen=True)
class ShareBar:
    """A label or token with its share in train and in the split."""

    name: str
    train: float
    here: float


def audit_figures(audit: Audit | None, splits: Sequence[str]) -> dict[str, Figure]:
    """The figures of an audit by name, splits in the given order; empty where there is no audit."""
    if audit is None:
        return {}
    drawn = [draw_shift(audit, name) for name in list_profiled_splits(audit, splits)[:MOST_SHIFTS]]
    if audit.trivial_baselines is not None:
        drawn.append(
            draw_baselines(audit.trivial_baselines, splits=[name for name in splits if name != "train"][:MOST_PANELS])
        )
    return {one.name: one for one in drawn}


def list_profiled_splits(audit: Audit, splits: Sequence[str]) -> list[str]:
    """The splits besides train that the audit has a profile of."""
    return [name for name in splits if name in audit.profiles and name != "train"]


def draw_shift(audit: Audit, split: str) -> Figure:
    """Three panels: shares of labels, of lengths, and of tokens; grey is train, blue the split."""
    train, here = audit.profiles["train"], audit.profiles[split]
    labels, left_out = _labels(train, here)
    tokens = [ShareBar(one.token, one.train, one.here) for one in here.drifted]
    height = max(LEAST_HEIGHT, STEP * max(len(labels), len(tokens), 1))
    labels_title = "Labels, % of rows" + (f" ({left_out} more)" if left_out else "")
    panels = [
        _dumbbells("labels", labels_title, labels, split, min(height, 34 * len(labels))),
        _lengths(train, here, height),
        _dumbbells("tokens", "Tokens that differ most, % of all tokens", tokens, split, height),
    ]
    largest = max(labels, key=lambda one: abs(one.here - one.train), default=None)
    named = [*([] if largest is None else [("label", largest)]), *(("token", token) for token in tokens[:1])]
    facts = {"split": split, "train": train, "here": here, "named": named}
    return make_figure("shift", {"hconcat": panels}, facts, name=f"shift-{split}", above=PANEL_TITLE)


def _labels(train: Profile, here: Profile) -> tuple[list[ShareBar], int]:
    """Shares of the labels, those that differ most where there are many; and how many are left out."""
    names = [*train.classes, *(label for label in here.classes if label not in train.classes)]
    shares = [
        ShareBar(
            label, train.classes.get(label, 0) / max(train.rows, 1), here.classes.get(label, 0) / max(here.rows, 1)
        )
        for label in names
    ]
    if len(shares) <= MOST_CLASSES_DRAWN:
        return shares, 0
    kept = sorted(shares, key=lambda one: -abs(one.here**0.5 - one.train**0.5))[:MOST_CLASSES_DRAWN]
    return kept, len(shares) - MOST_CLASSES_DRAWN


def _dumbbells(key: str, title: str, shares: Sequence[ShareBar], split: str, height: int) -> Spec:
    """A row for each share: train's as a grey tick, the split's as a blue point, a line between."""
    rows: list[Spec] = []
    for place, one in enumerate(shares):
        train, here = (marks.scale_value(share, 100) for share in (one.train, one.here))
        rows.append({"row": f"{place:02}", "name": visible(one.name), "train": train, "here": here})
    y = rows_axis([row["row"] for row in rows])
    most = max((row[side] for row in rows for side in ("train", "here")), default=1.0)
    x = partial(_share_axis, scale={"domain": [0, most or 1.0], "nice": True}, axis={"grid": False})
    text: Spec = {"type": "text", "align": "right", "fontSize": 12, "color": INK, "clip": False}
    point: Spec = {"type": "point", "filled": True, "size": 55, "color": BLUE, "opacity": 1}
    line: Spec = {"type": "rule", "color": BLUE, "opacity": 0.5, "strokeWidth": 2}
    tick: Spec = {"type": "tick", "color": GREY, "thickness": 3, "size": 12}
    tooltip = marks.list_titles(name=key.removesuffix("s"), train="train %", here=f"{split} %")
    layers: list[Spec] = [
        marks.write_title(title),
        {"mark": text, "encoding": {"x": {"value": -8}, "y": y, "text": {"field": "name"}}},
        {"mark": line, "encoding": {"x": x("train"), "x2": {"field": "here"}, "y": y}},
        {"mark": tick, "encoding": {"x": x("train"), "y": y, "tooltip": tooltip}},
        {"mark": point, "encoding": {"x": x("here"), "y": y, "tooltip": tooltip}},
    ]
    if not rows:
        note: Spec = {"type": "text", "align": "left", "baseline": "top", "fontSize": 12, "color": GREY}
        place, words = {"x": {"value": 0}, "y": {"value": 4}}, [{"note": "no token differs"}]
        layers = [marks.write_title(title), marks.make_layer(words, note, **place, text={"field": "note"})]
    return {"width": PANEL[key], "height": height, "data": {"values": rows}, "layer": layers}


def _share_axis(field: str, scale: Spec, axis: Spec) -> Spec:
    """Percentages on a square-root scale, so that small ones can be seen."""
    return {
        "field": field,
        "type": "quantitative",
        "title": None,
        "scale": {"type": "sqrt", **scale},
        "axis": {"tickCount": 4, "format": "~r", **axis},
    }


def _lengths(train: Profile, here: Profile, height: int) -> Spec:
    rows: list[Spec] = []
    for side, profile in (("train", train), ("here", here)):
        shares = [round_value(100 * n / max(profile.rows, 1)) for n in profile.lengths]
        ends = [profile.shortest + profile.width * place for place in range(len(shares) + 1)]
        rows += [
            {"length": end, "share": share, "side": side}
            for end, share in zip(ends, [*shares, shares[-1]], strict=True)
        ]
    title = "tokens in a row; the last step holds all longer ones"
    x = quantitative("length", title, tickMinStep=1, grid=False, format="~d")
    y = _share_axis("share", {"zero": True, "nice": True}, {})
    tooltip = marks.list_titles(length="tokens from", share="% of rows")

    def layer(side: str, mark: Spec) -> Spec:
        return {
            "transform": [{"filter": {"field": "side", "equal": side}}],
            "mark": {"interpolate": "step-after", **mark},
            "encoding": {"x": x, "y": y, "tooltip": tooltip},
        }

    layers = [
        marks.write_title("Lengths, % of rows"),
        layer("train", {"type": "area", "color": GREY, "opacity": 0.3}),
        layer("train", {"type": "line", "color": GREY, "strokeWidth": 1.5}),
        layer("here", {"type": "line", "color": BLUE, "strokeWidth": 2}),
    ]
    return {"width": PANEL["lengths"], "height": height, "data": {"values": rows}, "layer": layers}


def visible(text: str) -> str:
    """A label or token that can be seen: what does not print is written as an escape, what is long is cut."""
    shown = text if text.isprintable() and text.strip() == text and text else repr(text)
    return shown if len(shown) <= LONGEST_NAME else shown[: LONGEST_NAME - 1] + "…"
