"""What selecting a checkpoint changes: best minus last, seed by seed."""

from __future__ import annotations

from typing import Any

from brittlestar.reports.figures.frame import (
    GREEN,
    GREY,
    INK,
    Figure,
    Spec,
    extent,
    frame_spec,
    quantitative,
    round_value,
)
from brittlestar.reports.figures.rows import NUMBERS_AT, WIDTH, row_names, rows_axis, rows_of
from brittlestar.reports.reading import Reading
from brittlestar.statistics.t_intervals import t_interval


def checkpoints(reading: Reading, name: str, title: str) -> Figure:
    """One row per variant: the paired difference best − last of the headline metric on the headline split."""
    unit, split = reading.unit, reading.split
    seeds: list[dict[str, Any]] = []
    means: list[dict[str, Any]] = []
    both = [name for name in reading.record.variants if _list_shared_seeds(reading, name)]
    rows = rows_of(reading, both)
    for variant, row in rows.labels.items():
        best, last = reading.values(variant, split), reading.values(variant, split, last=True)
        shared = _list_shared_seeds(reading, variant)
        differences = [(best[seed] - last[seed]) * unit.scale for seed in shared]
        seeds += [
            {"row": row, "value": round_value(value), "seed": seed}
            for seed, value in zip(shared, differences, strict=True)
        ]
        summary = t_interval(differences)
        found: dict[str, Any] = {"row": row, "mean": round_value(summary.mean), "n": summary.n}
        interval = None
        if summary.interval:
            found |= {"low": round_value(summary.interval[0]), "high": round_value(summary.interval[1])}
            interval = (summary.interval[0] / unit.scale, summary.interval[1] / unit.scale)
        text = f"{unit.number(summary.mean / unit.scale, sign=True)} {unit.interval(interval, sign=True)}".strip()
        means.append(found | {"text": text})
    labels = list(rows.labels.values())
    numbers = [row["value"] for row in seeds] + [row[e] for row in means for e in ("low", "high") if e in row] + [0.0]
    domain = extent(numbers, 0.5 if unit.scale == 100 else 0.02)
    axis = f"best − last checkpoint, {split} {unit.axis}"
    y = rows_axis(labels)

    def x(field: str) -> Spec:
        return quantitative(field, axis, domain)

    layers: list[Spec] = [
        {
            "data": {"values": [{"zero": 0}]},
            "mark": {"type": "rule", "color": GREY, "strokeDash": [5, 4], "strokeWidth": 1.5},
            "encoding": {"x": x("zero")},
        },
        {
            "data": {"values": [row for row in means if "low" in row]},
            "mark": {"type": "rule", "strokeWidth": 5, "color": GREEN, "opacity": 0.35},
            "encoding": {"x": x("low"), "x2": {"field": "high"}, "y": y},
        },
        {
            "data": {"values": means},
            "mark": {"type": "tick", "thickness": 2.5, "size": 18, "color": GREEN},
            "encoding": {"x": x("mean"), "y": y},
        },
        {
            "data": {"values": seeds},
            "mark": {"type": "point", "filled": True, "size": 42, "opacity": 0.75, "color": INK},
            "encoding": {
                "x": x("value"),
                "y": y,
                "tooltip": [
                    {"field": "row", "title": "variant"},
                    {"field": "seed", "title": "seed"},
                    {"field": "value", "title": axis},
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
        f"Right of zero the selected checkpoint scores {'worse' if unit.lower_is_better else 'better'}.{rows.note}"
    )
    described = "; ".join(f"{row['row'].splitlines()[0]} {row['text']}" for row in means)
    description = f"Difference best − last checkpoint in {split} {unit.axis}: {described}."
    body: Spec = {"width": WIDTH, "height": {"step": rows.step}, "layer": [*row_names(labels, y), *layers]}
    spec = frame_spec(f"Best against last checkpoint on {split}", subtitle, description, body)
    return Figure(name, title, "", description, spec, spec if rows.live else None)


def _list_shared_seeds(reading: Reading, variant: str) -> list[str]:
    """Seeds with a score of both checkpoints."""
    last = reading.values(variant, reading.split, last=True)
    return [seed for seed in reading.values(variant, reading.split) if seed in last]
