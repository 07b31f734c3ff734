"""Train, dev, test and every shifted split side by side for each variant."""

from __future__ import annotations

from typing import Any

from brittlestar.reports.figures.frame import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    RED,
    SKY,
    Figure,
    Spec,
    capitalise_text,
    frame_spec,
    quantitative,
    round_value,
    score_domain,
)
from brittlestar.reports.figures.rows import WIDTH, row_names, rows_axis, rows_of
from brittlestar.reports.reading import Reading

COLOURS = (BLUE, SKY, "#1a1a1a", RED, ORANGE, PURPLE, GREEN)
SHAPES = ("circle", "square", "diamond", "triangle-up", "triangle-down", "triangle-left", "triangle-right")


def gaps(reading: Reading, name: str, title: str) -> Figure:
    """One row per variant with a finished cell; one mark and interval per split; a grey tick at each split's
    majority."""
    unit = reading.unit
    rows: list[dict[str, Any]] = []
    scored = [
        name
        for name in reading.record.variants
        if any(reading.entry(name, split)["mean"] is not None for split in reading.record.splits)
    ]
    placed = rows_of(reading, scored)
    for variant, label in placed.labels.items():
        for split in reading.record.splits:
            entry = reading.entry(variant, split)
            if entry["mean"] is None:
                continue
            row: dict[str, Any] = {
                "row": label,
                "split": split,
                "mean": round_value(entry["mean"] * unit.scale),
                "n": len(entry["seeds"]),
            }
            if entry["interval"]:
                row |= {
                    end: round_value(v * unit.scale) for end, v in zip(("low", "high"), entry["interval"], strict=True)
                }
            if entry["majority"] is not None:
                row["majority"] = round_value(entry["majority"] * unit.scale)
            rows.append(row)
    labels = list(placed.labels.values())
    splits = [split for split in reading.record.splits if any(row["split"] == split for row in rows)]
    numbers = [row[key] for row in rows for key in ("mean", "low", "high", "majority") if key in row]
    domain = score_domain(numbers, unit)
    y = rows_axis(labels, grid=False)
    offset: Spec = {"field": "split", "type": "nominal", "sort": splits, "scale": {"paddingOuter": 0.6}}
    palette = [COLOURS[index % len(COLOURS)] for index in range(len(splits))]
    colour: Spec = {
        "field": "split",
        "type": "nominal",
        "title": None,
        "scale": {"domain": splits, "range": palette},
        "legend": {"orient": "top", "symbolSize": 70},
    }
    shape: Spec = {
        "field": "split",
        "type": "nominal",
        "title": None,
        "scale": {"domain": splits, "range": [SHAPES[index % len(SHAPES)] for index in range(len(splits))]},
    }

    def x(field: str) -> Spec:
        return quantitative(field, unit.axis, domain)

    layers: list[Spec] = [
        {
            "data": {"values": [row for row in rows if "majority" in row]},
            "mark": {"type": "tick", "thickness": 2, "size": 9, "color": GREY, "opacity": 0.9},
            "encoding": {"x": x("majority"), "y": y, "yOffset": offset},
        },
        {
            "data": {"values": [row for row in rows if "low" in row]},
            "mark": {"type": "rule", "strokeWidth": 2},
            "encoding": {"x": x("low"), "x2": {"field": "high"}, "y": y, "yOffset": offset, "color": colour},
        },
        {
            "data": {"values": rows},
            "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
            "encoding": {
                "x": x("mean"),
                "y": y,
                "yOffset": offset,
                "color": colour,
                "shape": shape,
                "tooltip": [
                    {"field": "row", "title": "variant"},
                    {"field": "split", "title": "split"},
                    {"field": "mean", "title": f"mean {unit.axis}"},
                    {"field": "low", "title": "95 % from"},
                    {"field": "high", "title": "to"},
                    {"field": "n", "title": "seeds"},
                ],
            },
        },
    ]
    subtitle = (
        "Marks: mean over seeds; bars: 95 % t interval (these rows, new seeds); grey ticks: the majority class "
        "of that split." + placed.note
    )
    description = f"{unit.axis} by variant and split. " + "; ".join(
        f"{row['row'].splitlines()[0]} {row['split']} {row['mean']:.4g}" for row in rows
    )
    band = (14 if placed.live else 9) * len(splits) + 8
    body: Spec = {"width": WIDTH, "height": band * len(labels), "layer": [*row_names(labels, y), *layers]}
    spec = frame_spec(f"{capitalise_text(unit.name)} by split", subtitle, description, body)
    return Figure(name, title, "", description, spec, spec if placed.live else None)
