"""Figures of claims, a panel each: the difference over its looks, and what the study can find."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from brittlestar.claims.judgement import Judgement
from brittlestar.core.metrics import metric_of
from brittlestar.reports.figures import marks
from brittlestar.reports.figures.frame import (
    BLUE,
    GREY,
    ORANGE,
    PANEL_TITLE,
    RED,
    SKY,
    Figure,
    Spec,
    make_figure,
)
from brittlestar.reports.figures.marks import WIDTH, extent, nominal, quantitative, scale_value
from brittlestar.statistics.power import POWER, power_where
from brittlestar.study.claims import format_claim

HEIGHT = 130
MOST = 8
"""Claims with a panel."""
WIDEST = 6.0
"""Intervals are cut at so many times the room that estimates and threshold take."""
POINTS = 60  # a smooth curve at 400 pixels
DASHES = ([1, 0], [6, 3], [2, 2], [8, 2, 2, 2])
COLOURS = (BLUE, ORANGE, SKY, RED)


def draw_looks(judgements: Sequence[Judgement]) -> Figure | None:
    """One panel for each claim in points that was looked at more than once, seeds from left to right; None without
    one."""
    shown = [one for one in judgements if len(one.path) > 1 and metric_of(one.claim.metric).in_points][:MOST]
    if not shown:
        return None
    body = {"vconcat": [_draw_path(one) for one in shown]}
    return make_figure("looks", body, {"shown": shown}, above=PANEL_TITLE)


def _draw_path(one: Judgement) -> Spec:
    claim = one.claim
    lines = [claim.threshold] if claim.relation == ">" else [-claim.margin, claim.margin]
    near = [0.0, *lines, *(look.estimate for look in one.path)]
    room = WIDEST * max(max(near) - min(near), 0.01)
    low, high = min(near) - room, max(near) + room
    rows: list[Spec] = [
        {
            "seeds": look.seeds,
            "value": scale_value(look.estimate, 100),
            **marks.scale_ends((max(look.interval[0], low), min(look.interval[1], high)), 100),
        }
        for look in one.path
    ]
    domain = extent([*marks.list_numbers(rows), *(100 * line for line in lines)], 1.0)
    x = quantitative("seeds", "seeds", [0, max(claim.max_seeds, one.seeds) + 1])
    y = partial(quantitative, title="points", domain=domain, tickCount=4)
    levels = [{"at": scale_value(line, 100)} for line in lines]
    bar: Spec = {"type": "rule", "strokeWidth": 5, "color": BLUE, "opacity": 0.3}
    path: Spec = {"type": "line", "color": BLUE, "strokeWidth": 1.5, "point": {"size": 50, "color": BLUE}}
    tooltip = marks.list_titles(seeds="seeds", value="difference in points", low="from", high="to")
    layers = [
        marks.make_layer(levels, {"type": "rule", "color": RED, "strokeWidth": 2}, y=y("at")),
        marks.make_layer(rows, bar, x=x, y=y("low"), y2={"field": "high"}),
        marks.make_layer(rows, path, x=x, y=y("value"), tooltip=tooltip),
    ]
    return _draw_panel(f"{format_claim(claim)}: {one.verdict}", layers)


def _draw_panel(title: str, layers: Sequence[Spec]) -> Spec:
    return {"width": WIDTH, "height": HEIGHT, "title": {"text": title, "fontSize": 12}, "layer": layers}


def draw_power(judgements: Sequence[Judgement]) -> Figure | None:
    """One panel for each claim of a difference in points whose spread is known: a line for the seeds at hand and for
    each later look; None without one."""
    fractions = [one for one in judgements if one.claim.relation == ">" and metric_of(one.claim.metric).in_points]
    shown = [one for one in fractions if one.variance is not None and sum(one.variance) > 0][:MOST]
    if not shown:
        return None
    body = {"vconcat": [_draw_chances(one) for one in shown], "resolve": {"scale": {"color": "independent"}}}
    return make_figure("power", body, {"shown": shown}, above=PANEL_TITLE)


def _draw_chances(one: Judgement) -> Spec:
    of_seeds, of_rows = one.variance or (0.0, 0.0)
    later = [look for look in one.claim.looks if look > one.seeds]
    sizes = [one.seeds, *later][: len(COLOURS)]
    furthest = 2.5 * max(one.smallest_detectable or 0.0, 0.005)
    rows: list[Spec] = []
    for n in sizes:
        label, error = f"{n} seeds" + (" (now)" if n == one.seeds else ""), float(np.sqrt(of_seeds / n + of_rows))
        for distance in np.linspace(0, furthest, POINTS).tolist():
            share = scale_value(power_where(distance, error, n - 1.0, one.level), 100)
            rows.append({"seeds": label, "distance": scale_value(distance, 100), "power": share})
    names = list(dict.fromkeys(row["seeds"] for row in rows))
    x = quantitative("distance", "true distance from the threshold in points", [0, 100 * furthest])
    y = quantitative("power", "% of studies", [0, 100], tickCount=4)
    colour = nominal("seeds", names, COLOURS[: len(names)], title=None)
    dash = nominal("seeds", names, DASHES[: len(names)], title=None, legend=None)
    dashed: Spec = {"type": "rule", "color": GREY, "strokeDash": [4, 3]}
    line: Spec = {"type": "line", "strokeWidth": 2}
    layers = [
        marks.make_layer([{"at": 100 * POWER}], dashed, y=y | {"field": "at"}),
        marks.make_layer(rows, line, x=x, y=y, color=colour, strokeDash=dash),
    ]
    return _draw_panel(format_claim(one.claim), layers)
