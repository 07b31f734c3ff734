"""Where the spread over seeds comes from: a bar for each stream that the study crosses, with its interval."""

from functools import partial

import numpy as np

from brittlestar.claims.sources import Sources
from brittlestar.reports.figures import marks
from brittlestar.reports.figures.colours import BLUE, GREY, INK
from brittlestar.reports.figures.frame import Figure, Spec, make_figure, quantitative, round_value
from brittlestar.reports.figures.rows import NUMBERS_AT, WIDTH, row_names, rows_axis

STEP = 30
REACH = 3.0
"""The axis ends at so many times the largest estimate; intervals beyond are cut there."""


def sources(found: tuple[Sources, ...], name: str, title: str) -> Figure:
    """Standard deviations in points, one row a stream and variant, and what is left over."""
    shown = [one for one in found if not one.missing]
    rows: list[Spec] = []
    for one in shown:
        for source in one.sources:
            low, high, value = (marks.scale_value(float(np.sqrt(v)), 100) for v in (*source.interval, source.variance))
            row = {"row": f"{source.stream}\n{one.variant}", "value": value}
            rows.append(row | {"low": low, "high": high, "kind": "stream"})
        left = marks.scale_value(float(np.sqrt(one.left_over)), 100)
        rows.append({"row": f"left over\n{one.variant}", "value": left, "kind": "rest"})
    furthest = REACH * max((row["value"] for row in rows), default=1.0) or 1.0
    for row in rows:
        row["text"] = f"{row['value']:.1f}"
        if "high" in row:
            row["text"] += f" [{row['low']:.1f}, {row['high']:.1f}]"
            row["high"], row["low"] = min(row["high"], furthest), min(row["low"], furthest)
    labels = [row["row"] for row in rows]
    x = partial(quantitative, title="standard deviation in points", domain=[0, round_value(furthest)])
    y = rows_axis(labels)
    palette = {"domain": ["stream", "rest"], "range": [BLUE, GREY]}
    colour: Spec = {"field": "kind", "type": "nominal", "legend": None, "scale": palette}
    layers = [
        *row_names(labels, y),
        marks.make_layer(rows, {"type": "bar", "height": 12}, x=x("value"), y=y, color=colour),
        marks.draw_intervals(rows, x, {"color": INK, "strokeWidth": 1.5}, y=y),
        marks.write_numbers(rows, NUMBERS_AT, y),
    ]
    subtitle = (
        "Bars: the spread of each stream by itself; lines: 95 % intervals (Williams, new draws of all streams), cut at "
        "the end of the axis; grey: the streams' interaction, and streams that vary in every run."
    )
    told = " ".join(one.sentence for one in shown)
    body = {"width": WIDTH, "height": {"step": STEP}, "layer": layers}
    return make_figure(name, (title, "The spread by its sources"), subtitle, told, body)
