"""Every condition of a suite of probes: a row each, the mean of each variant with its interval, and every seed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from brittlestar.diagnosis.probes.phrasing import PLAIN_TITLE
from brittlestar.diagnosis.probes.readings import ProbedArm, Reading, labels_known
from brittlestar.reports.figures.frame import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    Figure,
    Spec,
    frame_spec,
    quantitative,
    round_value,
)
from brittlestar.reports.figures.rows import WIDTH, row_names, rows_axis
from brittlestar.statistics.effects import Effect

STEP = 24
MOST_ARMS = 3
COLOURS = (BLUE, ORANGE, GREEN)


def draw_conditions(
    arms: Sequence[ProbedArm], chance: float | None, rung: float | None, name: str, title: str
) -> Figure:
    """Accuracy under each condition where true labels are known, else the share of predictions that stay. `chance` and
    `trivial baseline` are accuracies of the majority class and of the best trivial baseline on the rows as they are;
    grey marks are that of the majority class after each change."""
    shown = arms[:MOST_ARMS]
    known = shown[0].plain.before is not None and labels_known(shown[0])
    rows: list[dict[str, Any]] = []
    dots: list[dict[str, Any]] = []
    trivial = [
        {"row": _label(one), "value": round_value(100 * one.majority_after)}
        for one in shown[0].readings
        if known and one.majority_after is not None
    ]
    for arm in shown:
        for one in arm.readings:
            value = _value(one, known)
            if value is None:
                continue
            low, high = value.interval()
            row = {"row": _label(one), "variant": arm.arm.name, "value": round_value(100 * value.estimate)}
            rows.append(row | {"low": round_value(100 * max(low, 0.0)), "high": round_value(100 * min(high, 1.0))})
            dots += [
                {"row": _label(one), "variant": arm.arm.name, "value": round_value(100 * seed), "seed": str(number)}
                for number, seed in value.by_seed.items()
            ]
    labels = list(dict.fromkeys(row["row"] for row in rows))
    y = rows_axis(labels)
    names = [arm.arm.name for arm in shown]
    colour = arm_colour(names, {"orient": "top", "symbolType": "circle"})
    offset: Spec = {"field": "variant", "type": "nominal", "scale": {"domain": names, "paddingOuter": 0.25}}
    axis = "accuracy on true labels, points" if known else "predictions that stay, %"

    def x(field: str) -> Spec:
        return quantitative(field, axis, [0, 100])

    layers: list[Spec] = [
        *_rules(chance if known else None, rung if known else None),
        {
            "data": {"values": trivial},
            "mark": {"type": "tick", "thickness": 2, "size": 18, "color": GREY, "opacity": 0.8},
            "encoding": {"x": x("value"), "y": y},
        },
        {
            "data": {"values": rows},
            "mark": {"type": "rule", "strokeWidth": 2},
            "encoding": {"x": x("low"), "x2": {"field": "high"}, "y": y, "yOffset": offset, "color": colour},
        },
        {
            "data": {"values": dots},
            "mark": {"type": "point", "size": 14, "opacity": 0.55, "filled": True},
            "encoding": {"x": x("value"), "y": y, "yOffset": offset, "color": colour},
        },
        {
            "data": {"values": rows},
            "mark": {"type": "tick", "thickness": 3, "size": 10},
            "encoding": {"x": x("value"), "y": y, "yOffset": offset, "color": colour},
        },
    ]
    subtitle = (
        "Thick marks: means; dots: every seed; lines: 95 % over seeds and rows. "
        + (
            "Grey marks: the majority class after the change. "
            "Dotted: the majority class; dashed: the best trivial baseline, both on the rows as they are. "
            if known
            else ""
        )
        + (f"{len(arms) - MOST_ARMS} more variants are in the table." if len(arms) > MOST_ARMS else "")
    )
    described = _describe_variant(shown[0], known)
    body: Spec = {
        "width": WIDTH,
        "height": {"step": STEP, "for": "position"},
        "layer": [*row_names(labels, y), *layers],
    }
    spec = frame_spec("Under changes of the input", subtitle, described, body)
    return Figure(name, title, "", described, spec, spec)


def arm_colour(names: Sequence[str], legend: Spec) -> Spec:
    """The channel that gives each variant its colour."""
    return {
        "field": "variant",
        "type": "nominal",
        "title": None,
        "scale": {"domain": list(names), "range": list(COLOURS[: len(names)])},
        "legend": legend,
    }


def _value(one: Reading, known: bool) -> Effect | None:
    if known:
        return one.after
    if one.flips is None or one.condition.weights is not None:
        return None
    flips = one.flips
    by_seed = {seed: 1 - value for seed, value in flips.by_seed.items()}
    return Effect(1 - flips.estimate, flips.error, flips.degrees, flips.rows, by_seed)


def _label(one: Reading) -> str:
    return PLAIN_TITLE if one.condition.probe == "plain" else one.condition.title


def _rules(chance: float | None, rung: float | None) -> list[Spec]:
    found: list[Spec] = []
    for value, dash, colour in ((chance, [2, 3], GREY), (rung, [6, 4], INK)):
        if value is not None:
            found.append(
                {
                    "data": {"values": [{"value": round_value(100 * value)}]},
                    "mark": {"type": "rule", "strokeDash": dash, "color": colour},
                    "encoding": {"x": quantitative("value", "", [0, 100])},
                }
            )
    return found


def _describe_variant(arm: ProbedArm, known: bool) -> str:
    values = [(one, value) for one in arm.readings[1:] if (value := _value(one, known)) is not None]
    if not values:
        return f"{arm.arm.name} under no condition."
    worst, value = min(values, key=lambda pair: pair[1].estimate)
    what = "accuracy" if known else "predictions that stay"
    least = f"least {what}, {100 * value.estimate:.1f}, with {worst.condition.title}"
    return f"{arm.arm.name} under {len(values)} conditions; {least}."
