"""The trivial baselines: what trivial predictors score on each split, on all rows and on rows not in train."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from brittlestar.core.ladder import Ladder, Population, Rung, Score, place_words
from brittlestar.reports.figures.frame import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    QUIET,
    Figure,
    Spec,
    frame_spec,
    quantitative,
    round_value,
    score_domain,
)
from brittlestar.reports.figures.rows import clip_text, row_names, rows_axis
from brittlestar.study.units import Unit, count, unit_of

STEP = 30
ROOM = 600
"""Width of all panels together, numbers left out, in pixels."""
NARROWEST, WIDEST = 96, 420
"""Of one panel."""
NUMBERS = 42
GAP = 20
UPPER, LOWER = 4, 5
"""Pixels from the middle of a row to its two marks."""
NAMES = {"all": "all rows", "unseen": "rows not in train"}
MOST_DETAIL = 18


def ladder_figure(
    ladder: Ladder, metric: str = "accuracy", splits: Iterable[str] = (), name: str = "ladder", title: str = ""
) -> Figure:
    """One row per trivial baseline, predictions at hand below them; one panel per split (those named, or all), one
    scale for all.

    A filled mark is the score on all rows, an open one that on rows not in train; the dashed line is the majority
    class.
    """
    unit = unit_of(metric)
    shown = [split for split in (tuple(splits) or tuple(ladder.rows)) if ladder.rows.get(split)]
    rungs = [*ladder.rungs, *ladder.given.values()]
    labels = labels_of(rungs)
    marks = {split: _marks(rungs, labels, ladder, split, metric, unit) for split in shown}
    ends = ("value", "low", "high")
    everything = [mark[end] for rows in marks.values() for mark in rows for end in ends if end in mark]
    domain = score_domain(everything, unit)
    y = rows_axis(labels, grid=True)
    width = min(WIDEST, max(NARROWEST, ROOM // max(len(shown), 1)))
    panels = [
        _panel(ladder, split, marks[split], labels if index == 0 else [], len(labels), y, width, domain, unit, metric)
        for index, split in enumerate(shown)
    ]
    subtitle = (
        "Each is fitted on train. Filled: all rows, with the number; open: rows not in train. Bars: 95 % intervals "
        "(new rows). Dashed: the majority class on all rows."
    )
    body: Spec = {"hconcat": panels, "spacing": GAP} if panels else {"hconcat": []}
    heading = title or "Trivial baselines on each split"
    description = _description(ladder, shown, metric, unit)
    spec = frame_spec(f"Trivial baselines, {unit.name}", subtitle, description, body, 14)
    return Figure(name, heading, " ".join(ladder.notes), description, spec, spec)


def labels_of(rungs: list[Rung]) -> list[str]:
    """One label per row: the name, what it looks at, and for predictions that they are such. No two are the same."""
    found: list[str] = []
    for rung in rungs:
        label = clip_text(rung.name, 28)
        if rung.kind in ("position", "marker"):
            detail = place_words(rung.detail) if rung.kind == "position" else rung.detail
            label += f": {clip_text(detail, MOST_DETAIL)}"
        if rung.kind == "given":
            label = f"predictions: {label}"
        label = label.replace("\n", " ")
        while label in found:
            label += " ′"
        found.append(label)
    return found


def _marks(
    rungs: list[Rung], labels: list[str], ladder: Ladder, split: str, metric: str, unit: Unit
) -> list[dict[str, Any]]:
    marks: list[dict[str, Any]] = []
    populations: tuple[Population, ...] = ("all", "unseen")
    for rung, label in zip(rungs, labels, strict=True):
        for population in populations:
            score = rung.score(split, metric, population)
            same = population == "unseen" and ladder.unseen.get(split) == ladder.rows.get(split)
            if score.value is None or same:
                continue
            marks.append(
                {
                    "row": label,
                    "rows": NAMES[population],
                    "kind": "given" if rung.kind == "given" else "rung",
                    "n": score.rows,
                    **_numbers(score, unit),
                }
            )
    return marks


def _numbers(score: Score, unit: Unit) -> dict[str, Any]:
    assert score.value is not None
    found: dict[str, Any] = {"value": round_value(score.value * unit.scale), "text": unit.number(score.value)}
    if score.interval is not None:
        found |= {end: round_value(v * unit.scale) for end, v in zip(("low", "high"), score.interval, strict=True)}
    return found


def _panel(
    ladder: Ladder,
    split: str,
    marks: list[dict[str, Any]],
    names: list[str],
    rows: int,
    y: Spec,
    width: int,
    domain: list[float],
    unit: Unit,
    metric: str,
) -> Spec:
    def x(field: str) -> Spec:
        return quantitative(field, unit.axis if names else "", domain, tickCount=max(3, width // 40), grid=True)

    colour: Spec = {
        "field": "kind",
        "type": "nominal",
        "scale": {"domain": ["rung", "given"], "range": [BLUE, ORANGE]},
        "legend": None,
    }
    layers: list[Spec] = [*row_names(names, y), *_heads(ladder, split)]
    majority = ladder.majority.score(split, metric).value
    if majority is not None:
        layers.append(
            {
                "data": {"values": [{"level": round_value(majority * unit.scale)}]},
                "mark": {"type": "rule", "color": GREY, "strokeDash": [5, 4], "strokeWidth": 1.5},
                "encoding": {"x": x("level")},
            }
        )
    tooltip = [
        {"field": "row", "title": "trivial baseline"},
        {"field": "rows", "title": "on"},
        {"field": "value", "title": unit.axis},
        {"field": "low", "title": "95 % from"},
        {"field": "high", "title": "to"},
        {"field": "n", "title": "rows"},
    ]
    two = any(mark["rows"] == NAMES["unseen"] for mark in marks)
    for population, place, paint, channel in (
        ("all", -UPPER if two else 0, {}, {"color": colour}),
        ("unseen", LOWER, {"fill": "white", "strokeWidth": 1.6}, {"stroke": colour}),
    ):
        mine = [mark for mark in marks if mark["rows"] == NAMES[population]]
        layers += [
            {
                "data": {"values": [mark for mark in mine if "low" in mark]},
                "mark": {"type": "rule", "strokeWidth": 2, "opacity": 0.55, "yOffset": place},
                "encoding": {"x": x("low"), "x2": {"field": "high"}, "y": y, "color": colour},
            },
            {
                "data": {"values": mine},
                "mark": {"type": "point", "filled": True, "size": 46, "opacity": 1, "yOffset": place, **paint},
                "encoding": {"x": x("value"), "y": y, **channel, "tooltip": tooltip},
            },
        ]
    layers.append(
        {
            "data": {"values": [mark for mark in marks if mark["rows"] == NAMES["all"]]},
            "mark": {"type": "text", "align": "right", "fontSize": 11, "color": INK},
            "encoding": {"x": {"value": width + NUMBERS - 4}, "y": y, "text": {"field": "text"}},
        }
    )
    return {"width": width, "height": STEP * rows, "layer": layers}


def _heads(ladder: Ladder, split: str) -> list[Spec]:
    """The split's name and its rows over its panel."""
    rows, unseen = ladder.rows[split], ladder.unseen.get(split)
    known = "out of fold" if unseen is None else "none in train" if unseen == rows else f"{unseen:,} not in train"
    lines = ((clip_text(split, 26), "bold", INK, -22), (f"{count(rows, 'row')}, {known}", "normal", QUIET, -8))
    return [
        {
            "data": {"values": [{"title": text}]},
            "mark": {
                "type": "text",
                "align": "left",
                "baseline": "bottom",
                "fontSize": 12 if weight == "bold" else 11,
                "fontWeight": weight,
                "color": colour,
            },
            "encoding": {"x": {"value": 0}, "y": {"value": place}, "text": {"field": "title"}},
        }
        for text, weight, colour, place in lines
    ]


def _description(ladder: Ladder, splits: list[str], metric: str, unit: Unit) -> str:
    parts: list[str] = []
    for split in splits:
        scores = "; ".join(
            f"{rung.name} {unit.number(rung.score(split, metric).value)}"
            for rung in (*ladder.rungs, *ladder.given.values())
        )
        parts.append(f"{split}: {scores}.")
    return f"{unit.axis} by predictor. " + " ".join(parts)
