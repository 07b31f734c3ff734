"""Where the spread over seeds comes from: a bar for each stream that the study crosses, with its interval."""

from __future__ import annotations

from typing import Any

import numpy as np

from brittlestar.claims.sources import Sources
from brittlestar.reports.figures.frame import BLUE, GREY, INK, Figure, Spec, frame_spec, quantitative, round_value
from brittlestar.reports.figures.rows import NUMBERS_AT, WIDTH, row_names, rows_axis

STEP = 30
REACH = 3.0
"""The axis ends at so many times the largest estimate; intervals beyond are cut there."""


def sources(found: tuple[Sources, ...], name: str, title: str) -> Figure:
    """Standard deviations in points, one row a stream and variant, and what is left over."""
    shown = [one for one in found if not one.missing]
    rows: list[dict[str, Any]] = []
    for one in shown:
        for source in one.sources:
            low, high = (100 * float(np.sqrt(end)) for end in source.interval)
            row = {
                "row": f"{source.stream}\n{one.variant}",
                "value": round_value(100 * float(np.sqrt(source.variance))),
            }
            rows.append(row | {"low": round_value(low), "high": round_value(high), "kind": "stream"})
        left = round_value(100 * float(np.sqrt(one.left_over)))
        rows.append({"row": f"left over\n{one.variant}", "value": left, "kind": "rest"})
    furthest = REACH * max((row["value"] for row in rows), default=1.0) or 1.0
    for row in rows:
        if "high" in row:
            row["text"] = f"{row['value']:.1f} [{row['low']:.1f}, {row['high']:.1f}]"
            row["high"], row["low"] = min(row["high"], furthest), min(row["low"], furthest)
        else:
            row["text"] = f"{row['value']:.1f}"
    labels = [row["row"] for row in rows]
    y = rows_axis(labels)

    def x(field: str) -> Spec:
        return quantitative(field, "standard deviation in points", [0, round_value(furthest)])

    layers: list[Spec] = [
        {
            "data": {"values": rows},
            "mark": {"type": "bar", "height": 12},
            "encoding": {
                "x": x("value"),
                "y": y,
                "color": {
                    "field": "kind",
                    "type": "nominal",
                    "legend": None,
                    "scale": {"domain": ["stream", "rest"], "range": [BLUE, GREY]},
                },
            },
        },
        {
            "data": {"values": [row for row in rows if "high" in row]},
            "mark": {"type": "rule", "color": INK, "strokeWidth": 1.5},
            "encoding": {"x": x("low"), "x2": {"field": "high"}, "y": y},
        },
        {
            "data": {"values": rows},
            "mark": {"type": "text", "align": "left", "fontSize": 12, "color": INK},
            "encoding": {"x": {"value": NUMBERS_AT}, "y": y, "text": {"field": "text"}},
        },
    ]
    subtitle = (
        "Bars: the spread of each stream by itself; lines: 95 % intervals (Williams, new draws of all streams), cut at "
        "the end of the axis; grey: the streams' interaction, and streams that vary in every run."
    )
    told = " ".join(one.sentence for one in shown)
    body: Spec = {"width": WIDTH, "height": {"step": STEP}, "layer": [*row_names(labels, y), *layers]}
    spec = frame_spec("The spread by its sources", subtitle, told, body)
    return Figure(name, title, "", told, spec, spec)
