"""Every claim on one axis: the estimate with its repeated interval, each seed, the threshold and the margin."""

from __future__ import annotations

from typing import Any

from brittlestar.claims.judgement import Judgement
from brittlestar.core.metric_names import is_fraction
from brittlestar.reports.figures.frame import (
    BLUE,
    GREY,
    INK,
    RED,
    Figure,
    Spec,
    extent,
    frame_spec,
    quantitative,
    round_value,
)
from brittlestar.reports.figures.rows import NUMBERS_AT, WIDTH, row_names, rows_axis
from brittlestar.study.claims import format_claim
from brittlestar.study.units import count, unit_of

STEP = 52
SPREAD = 4.0


def drawable(judgements: tuple[Judgement, ...]) -> list[Judgement]:
    """Claims in points of which something is known."""
    return [one for one in judgements if one.estimate is not None and is_fraction(one.claim.metric)]


def verdicts(judgements: tuple[Judgement, ...], name: str, title: str) -> Figure:
    """One row a claim, in the order of the study; every claim is drawn alike, whatever its verdict."""
    shown = drawable(judgements)
    labels = {id(one): f"{format_claim(one.claim)}\n{_verdict(one)}" for one in shown}
    estimates: list[dict[str, Any]] = []
    seeds: list[dict[str, Any]] = []
    asked: list[dict[str, Any]] = []
    margins: list[dict[str, Any]] = []
    for one in shown:
        row = labels[id(one)]
        found: dict[str, Any] = {"row": row, "value": round_value(100 * (one.estimate or 0.0))}
        if one.interval is not None:
            found |= {end: round_value(100 * value) for end, value in zip(("low", "high"), one.interval, strict=True)}
        unit = unit_of(one.claim.metric)
        text = f"{unit.number(one.estimate, sign=True)} {unit.interval(one.interval, sign=True)}".strip()
        estimates.append(found | {"text": text, "n": one.seeds})
        seeds += [
            {"row": row, "value": round_value(100 * value), "seed": str(seed)} for seed, value in one.per_seed.items()
        ]
        if one.claim.relation == ">":
            asked.append({"row": row, "value": round_value(100 * one.claim.threshold)})
        else:
            ends = {"low": round_value(-100 * one.claim.margin), "high": round_value(100 * one.claim.margin)}
            margins.append({"row": row, **ends})
    domain = extent(_within_reach(estimates, seeds, asked, margins), 1.0)
    y = rows_axis(list(labels.values()))

    def x(field: str) -> Spec:
        found = quantitative(field, "difference in points: variant − other", domain)
        return {**found, "scale": {**found["scale"], "clamp": True}}

    layers: list[Spec] = [
        _layer([{"zero": 0}], {"type": "rule", "color": GREY, "strokeWidth": 1}, {"x": x("zero")}),
        _layer(
            margins,
            {"type": "bar", "height": 22, "color": RED, "opacity": 0.15},
            {"x": x("low"), "x2": {"field": "high"}, "y": y},
        ),
        _layer(
            [one for one in estimates if "low" in one],
            {"type": "rule", "strokeWidth": 5, "color": BLUE, "opacity": 0.3},
            {"x": x("low"), "x2": {"field": "high"}, "y": y},
        ),
        _layer(asked, {"type": "tick", "thickness": 2.5, "size": 30, "color": RED}, {"x": x("value"), "y": y}),
        _layer(estimates, {"type": "tick", "thickness": 2.5, "size": 18, "color": BLUE}, {"x": x("value"), "y": y}),
        _layer(
            seeds,
            {"type": "point", "filled": True, "size": 36, "opacity": 0.75, "color": INK},
            {
                "x": x("value"),
                "y": y,
                "tooltip": [{"field": "seed", "title": "seed"}, {"field": "value", "title": "difference in points"}],
            },
        ),
        _layer(
            estimates,
            {"type": "text", "align": "left", "fontSize": 12, "color": INK},
            {"x": {"value": NUMBERS_AT}, "y": y, "text": {"field": "text"}},
        ),
    ]
    subtitle = (
        "Points: one pair of runs each; blue: the difference with the interval of the claim; red: the threshold, or "
        "the margin. What lies beyond the axis is drawn at its end."
    )
    described = "; ".join(
        f"{one['row'].replace(chr(10), ': ')}, {one['text']} over {count(one['n'], 'seed')}" for one in estimates
    )
    body: Spec = {"width": WIDTH, "height": {"step": STEP}, "layer": [*row_names(list(labels.values()), y), *layers]}
    spec = frame_spec("Claims against their thresholds", subtitle, f"Differences in points: {described}.", body)
    return Figure(name, title, "", f"Differences in points: {described}.", spec, spec)


def _verdict(one: Judgement) -> str:
    """`supported, better`; the relation only where it is settled."""
    return one.verdict if one.relation == "open" else f"{one.verdict}, {one.relation}"


def _layer(values: list[dict[str, Any]], mark: Spec, encoding: Spec) -> Spec:
    return {"data": {"values": values}, "mark": mark, "encoding": encoding}


def _within_reach(*tables: list[dict[str, Any]]) -> list[float]:
    """Values for the axis: ends of an interval that dwarf everything else are left to its end."""
    estimates, seeds, asked, margins = tables
    near = [0.0, *(row["value"] for row in (*estimates, *seeds, *asked))]
    near += [row[end] for row in margins for end in ("low", "high")]
    low, high = min(near), max(near)
    room = SPREAD * max(high - low, 1.0)
    ends = [row[end] for row in estimates for end in ("low", "high") if end in row]
    return [*near, *(min(max(end, low - room), high + room) for end in ends)]
