"""Every variant on the headline split: each seed as a point, the interval, and the majority class."""

from __future__ import annotations

from typing import Any

from brittlestar.reports.figures.frame import (
    BLUE,
    GREY,
    INK,
    Figure,
    Spec,
    capitalise_text,
    frame_spec,
    quantitative,
    round_value,
    score_domain,
)
from brittlestar.reports.figures.rows import NUMBERS_AT, WIDTH, row_names, rows_axis, rows_of
from brittlestar.reports.reading import Reading
from brittlestar.study.units import count


def results(reading: Reading, name: str, title: str) -> Figure:
    """One row per variant with a finished cell, in the study's order."""
    unit, split = reading.unit, reading.split
    seeds: list[dict[str, Any]] = []
    means: list[dict[str, Any]] = []
    rows = rows_of(reading, [name for name in reading.record.variants if reading.values(name, split)])
    for variant, row in rows.labels.items():
        diverged = {str(cell.seed) for cell in reading.done(variant) if cell.outcome == "diverged"}
        for seed, value in reading.values(variant, split).items():
            kind = "diverged" if seed in diverged else "trained"
            seeds.append({"row": row, "value": round_value(value * unit.scale), "seed": seed, "kind": kind})
        entry = reading.entry(variant, split)
        if entry["mean"] is not None:
            found: dict[str, Any] = {"row": row, "mean": round_value(entry["mean"] * unit.scale)}
            if entry["interval"]:
                found |= {
                    end: round_value(v * unit.scale) for end, v in zip(("low", "high"), entry["interval"], strict=True)
                }
            text = f"{unit.number(entry['mean'])} {unit.interval(entry['interval'])}".strip()
            means.append(found | {"text": text, "n": len(entry["seeds"])})
    labels = list(rows.labels.values())
    majority = reading.majority(split)
    numbers = [row["value"] for row in seeds] + [row[end] for row in means for end in ("low", "high") if end in row]
    level = None if majority is None else round_value(majority * unit.scale)
    domain = score_domain(numbers + ([] if level is None else [level]), unit)
    y = rows_axis(labels)

    def x(field: str) -> Spec:
        return quantitative(field, f"{split} {unit.axis}", domain)

    layers: list[Spec] = []
    if level is not None:
        layers += [
            {
                "data": {"values": [{"level": level}]},
                "mark": {"type": "rule", "color": GREY, "strokeDash": [5, 4], "strokeWidth": 1.5},
                "encoding": {"x": x("level")},
            },
            {
                "data": {"values": [{"level": level, "text": f"majority class {unit.number(majority)}"}]},
                "mark": {"type": "text", "baseline": "bottom", "dy": -4, "fontSize": 11, "color": "#4d4d4d"},
                "encoding": {"x": x("level"), "y": {"value": 0}, "text": {"field": "text"}},
            },
        ]
    layers += [
        {
            "data": {"values": [row for row in means if "low" in row]},
            "mark": {"type": "rule", "strokeWidth": 5, "color": BLUE, "opacity": 0.3},
            "encoding": {"x": x("low"), "x2": {"field": "high"}, "y": y},
        },
        {
            "data": {"values": means},
            "mark": {"type": "tick", "thickness": 2.5, "size": 18, "color": BLUE},
            "encoding": {"x": x("mean"), "y": y},
        },
        {
            "data": {"values": seeds},
            "mark": {"type": "point", "filled": True, "size": 42, "opacity": 0.75},
            "encoding": {
                "x": x("value"),
                "y": y,
                "color": {"value": INK},
                "shape": {
                    "field": "kind",
                    "type": "nominal",
                    "title": None,
                    "scale": {"domain": ["trained", "diverged"], "range": ["circle", "triangle-down"]},
                    "legend": {"orient": "top"} if any(row["kind"] == "diverged" for row in seeds) else None,
                },
                "tooltip": [
                    {"field": "row", "title": "variant"},
                    {"field": "seed", "title": "seed"},
                    {"field": "kind", "title": "outcome"},
                    {"field": "value", "title": f"{split} {unit.axis}"},
                ],
            },
        },
        {
            "data": {"values": means},
            "mark": {"type": "text", "align": "left", "fontSize": 12, "color": INK},
            "encoding": {"x": {"value": NUMBERS_AT}, "y": y, "text": {"field": "text"}},
        },
    ]
    subtitle = (
        "Points: one seed each; tick: mean; bar: 95 % t interval (these rows, new seeds). "
        "A diverged seed counts at the majority class." + rows.note
    )
    described = "; ".join(f"{row['row'].splitlines()[0]} {row['text']} over {count(row['n'], 'seed')}" for row in means)
    description = f"{split} {unit.axis} by variant: {described}. Majority class {unit.number(majority)}."
    body: Spec = {"width": WIDTH, "height": {"step": rows.step}, "layer": [*row_names(labels, y), *layers]}
    spec = frame_spec(
        f"{capitalise_text(unit.name)} on {split} ({count(reading.record.splits[split].rows, 'row')})",
        subtitle,
        description,
        body,
    )
    return Figure(name, title, "", description, spec, spec if rows.live else None)
