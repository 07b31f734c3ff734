"""A number against the strength of a probe: every seed, the mean, and the band; the rows as they are at strength 0."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from brittlestar.diagnosis.probes.readings import ProbedArm, Reading
from brittlestar.reports.figures.frame import GREY, PANEL_TITLE, Figure, Spec, frame_spec, quantitative, round_value
from brittlestar.reports.figures.probed import MOST_ARMS, arm_colour
from brittlestar.reports.figures.rows import clip_text

WIDTH, HEIGHT, COLUMNS = 190, 150, 4
MOST_LETTERS = 38
"""Letters of a title that fit above a panel."""


def with_strengths(arms: Sequence[ProbedArm]) -> list[str]:
    """Probes with two strengths or more whose accuracy is known."""
    if not arms:
        return []
    found: dict[str, int] = {}
    for one in arms[0].readings[1:]:
        if one.after is not None and not one.condition.probe.startswith("order.pinned"):
            found[one.condition.probe] = found.get(one.condition.probe, 0) + 1
    return [probe for probe, many in found.items() if many > 1]


def strengths(arms: Sequence[ProbedArm], chance: float | None, name: str, title: str) -> Figure:
    """One panel a probe with two strengths or more: accuracy on true labels, in points."""
    shown = arms[:MOST_ARMS]
    probes = with_strengths(shown)
    colour = arm_colour([arm.arm.name for arm in shown], {"orient": "bottom", "symbolType": "stroke"})
    panels = [_panel(shown, probe, chance, colour) for probe in probes]
    grid = [{"hconcat": panels[at : at + COLUMNS]} for at in range(0, len(panels), COLUMNS)]
    subtitle = (
        "Thin lines: every seed; bold: the mean; band: 95 % over seeds and rows. Grey marks: the majority class "
        "after the change; dotted: on the rows as they are."
    )
    titles = dict(zip(probes, (_title(shown[0], probe) for probe in probes), strict=True))
    described = f"Accuracy against strength: {'; '.join(titles.values())}."
    spec = frame_spec("The stronger the change", subtitle, described, {"vconcat": grid}, PANEL_TITLE)
    return Figure(name, title, "", described, spec, spec)


def _panel(arms: Sequence[ProbedArm], probe: str, chance: float | None, colour: Spec) -> Spec:
    means: list[dict[str, Any]] = []
    seeds: list[dict[str, Any]] = []
    unit = ""
    for arm in arms:
        points = [
            (_least(arm, probe), arm.plain),
            *((one.condition.strength, one) for one in arm.readings if _is(one, probe)),
        ]
        for strength, one in points:
            if one.after is None:
                continue
            unit = one.condition.unit or unit
            low, high = one.after.interval()
            row = {"strength": strength, "variant": arm.arm.name}
            means.append(
                row
                | {
                    "value": round_value(100 * one.after.estimate),
                    "low": round_value(100 * max(low, 0.0)),
                    "high": round_value(100 * min(high, 1.0)),
                }
            )
            seeds += [
                row | {"value": round_value(100 * value), "line": f"{arm.arm.name} {seed}"}
                for seed, value in one.after.by_seed.items()
            ]
    x: Spec = {
        "field": "strength",
        "type": "quantitative",
        "title": unit,
        "axis": {"tickCount": 5, "grid": False},
        "scale": {"nice": False},
    }

    def y(field: str) -> Spec:
        return quantitative(field, "accuracy, points", [0, 100], tickCount=5)

    layers: list[Spec] = [
        {
            "data": {"values": [{"title": clip_text(_title(arms[0], probe), MOST_LETTERS)}]},
            "mark": {"type": "text", "align": "left", "baseline": "bottom", "fontSize": 12, "fontWeight": "bold"},
            "encoding": {"x": {"value": 0}, "y": {"value": -8}, "text": {"field": "title"}},
        },
        {
            "data": {"values": means},
            "mark": {"type": "area", "opacity": 0.16},
            "encoding": {"x": x, "y": y("low"), "y2": {"field": "high"}, "color": colour},
        },
        {
            "data": {"values": seeds},
            "mark": {"type": "line", "strokeWidth": 1, "opacity": 0.5},
            "encoding": {"x": x, "y": y("value"), "color": colour, "detail": {"field": "line", "type": "nominal"}},
        },
        {
            "data": {"values": means},
            "mark": {"type": "line", "strokeWidth": 2.5, "point": True},
            "encoding": {"x": x, "y": y("value"), "color": colour},
        },
    ]
    trivial = [
        {"strength": one.condition.strength, "value": round_value(100 * one.majority_after)}
        for one in arms[0].readings
        if _is(one, probe) and one.majority_after is not None
    ]
    layers.append(
        {
            "data": {"values": trivial},
            "mark": {"type": "tick", "orient": "horizontal", "thickness": 2, "size": 12, "color": GREY},
            "encoding": {"x": x, "y": y("value")},
        }
    )
    if chance is not None:
        layers.append(
            {
                "data": {"values": [{"value": round_value(100 * chance)}]},
                "mark": {"type": "rule", "strokeDash": [2, 3], "color": GREY},
                "encoding": {"y": y("value")},
            }
        )
    return {"width": WIDTH, "height": HEIGHT, "layer": layers}


def _least(arm: ProbedArm, probe: str) -> float:
    """The strength of the rows as they are: once, where lengths are multiplied, else 0."""
    units = {one.condition.unit for one in arm.readings if _is(one, probe)}
    return 1.0 if any(unit.startswith("times") for unit in units) else 0.0


def _title(arm: ProbedArm, probe: str) -> str:
    """The change in words, at no strength in particular."""
    return next(one.condition.about for one in arm.readings if _is(one, probe))


def _is(one: Reading, probe: str) -> bool:
    return one.condition.probe == probe
