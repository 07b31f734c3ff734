"""Figures of claims: each against its threshold, over its looks, and what its study can find."""

from functools import partial

import numpy as np

from brittlestar.claims.judgement import Judgement
from brittlestar.core.metric_names import is_fraction
from brittlestar.reports.figures import marks
from brittlestar.reports.figures.colours import BLUE, GREY, ORANGE, RED, SKY
from brittlestar.reports.figures.differences import draw_differences
from brittlestar.reports.figures.frame import PANEL_TITLE, Figure, Spec, extent, make_figure, nominal, quantitative
from brittlestar.reports.figures.rows import WIDTH
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


def drawable(judgements: tuple[Judgement, ...]) -> list[Judgement]:
    """Claims in points of which something is known."""
    return [one for one in judgements if one.estimate is not None and is_fraction(one.claim.metric)]


def verdicts(judgements: tuple[Judgement, ...], name: str, title: str) -> Figure:
    """One row a claim, in the order of the study; every claim is drawn alike, whatever its verdict."""
    rows = {_name_row(one): one for one in drawable(judgements)}
    thresholds = {row: one.claim.threshold for row, one in rows.items() if one.claim.relation == ">"}
    margins = {row: (-one.claim.margin, one.claim.margin) for row, one in rows.items() if row not in thresholds}
    body, description = draw_differences(rows, thresholds, margins, "difference in points: variant − other")
    subtitle = (
        "Points: one pair of runs each; blue: the difference with the interval of the claim; upright line or shaded "
        "band: the threshold, or the margin. What lies beyond the axis is drawn at its end."
    )
    return make_figure(name, (title, "Claims against their thresholds"), subtitle, description, body)


def _name_row(one: Judgement) -> str:
    settled = "" if one.relation == "open" else f", {one.relation}"
    return f"{format_claim(one.claim)}\n{one.verdict}{settled}"


def with_path(judgements: tuple[Judgement, ...]) -> list[Judgement]:
    """Claims in points that were looked at more than once."""
    return [one for one in judgements if len(one.path) > 1 and is_fraction(one.claim.metric)][:MOST]


def looks(judgements: tuple[Judgement, ...], name: str, title: str) -> Figure:
    """One panel a claim, the number of seeds from left to right."""
    shown = with_path(judgements)
    told = "; ".join(
        f"{format_claim(one.claim)}: "
        + ", ".join(f"{100 * look.estimate:+.1f} after {look.seeds} seeds" for look in one.path)
        for one in shown
    )
    subtitle = (
        "Dots: the difference after so many seeds; bars: its interval, which holds at all looks together and is cut "
        "where it leaves the panel; level lines: the threshold, or the margin on both sides of 0."
    )
    titles, body = (title, "Claims over their looks"), {"vconcat": [_draw_path(one) for one in shown]}
    return make_figure(name, titles, subtitle, told, body, above=PANEL_TITLE)


def _draw_path(one: Judgement) -> Spec:
    claim = one.claim
    lines = [claim.threshold] if claim.relation == ">" else [-claim.margin, claim.margin]
    near = [0.0, *lines, *(look.estimate for look in one.path)]
    room = WIDEST * max(max(near) - min(near), 0.01)
    low, high = min(near) - room, max(near) + room
    rows: list[Spec] = [
        {
            "seeds": look.seeds,
            "value": marks.scale_value(look.estimate, 100),
            **marks.scale_ends((max(look.interval[0], low), min(look.interval[1], high)), 100),
        }
        for look in one.path
    ]
    domain = extent([*marks.list_numbers(rows), *(100 * line for line in lines)], 1.0)
    x = quantitative("seeds", "seeds", [0, max(claim.max_seeds, one.seeds) + 1])
    y = partial(quantitative, title="points", domain=domain, tickCount=4)
    levels = [{"at": marks.scale_value(line, 100)} for line in lines]
    bar: Spec = {"type": "rule", "strokeWidth": 5, "color": BLUE, "opacity": 0.3}
    path: Spec = {"type": "line", "color": BLUE, "strokeWidth": 1.5, "point": {"size": 50, "color": BLUE}}
    tooltip = marks.list_titles(seeds="seeds", value="difference in points", low="from", high="to")
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "title": {"text": f"{format_claim(claim)}: {one.verdict}", "fontSize": 12},
        "layer": [
            marks.make_layer(levels, {"type": "rule", "color": RED, "strokeWidth": 2}, y=y("at")),
            marks.make_layer(rows, bar, x=x, y=y("low"), y2={"field": "high"}),
            marks.make_layer(rows, path, x=x, y=y("value"), tooltip=tooltip),
        ],
    }


def with_power(judgements: tuple[Judgement, ...]) -> list[Judgement]:
    """Claims of a difference in points whose spread is known."""
    fractions = [one for one in judgements if one.claim.relation == ">" and is_fraction(one.claim.metric)]
    return [one for one in fractions if one.variance is not None and sum(one.variance) > 0][:MOST]


def power(judgements: tuple[Judgement, ...], name: str, title: str) -> Figure:
    """One panel a claim: a line for the seeds at hand and for each later look."""
    shown = with_power(judgements)
    told = "; ".join(
        f"{format_claim(one.claim)}: {one.seeds} seeds find {100 * (one.smallest_detectable or 0):.1f} points four "
        "times in five"
        for one in shown
    )
    subtitle = (
        "How often a study finds that the true difference is not the threshold, by how far the two are apart. At the "
        "level of one look, with the spread of these runs; dashed grey: four times in five."
    )
    body = {"vconcat": [_draw_power(one) for one in shown], "resolve": {"scale": {"color": "independent"}}}
    return make_figure(name, (title, "Power by number of seeds"), subtitle, told, body, above=PANEL_TITLE)


def _draw_power(one: Judgement) -> Spec:
    of_seeds, of_rows = one.variance or (0.0, 0.0)
    later = [look for look in one.claim.looks if look > one.seeds]
    sizes = [one.seeds, *later][: len(COLOURS)]
    furthest = 2.5 * max(one.smallest_detectable or 0.0, 0.005)
    rows: list[Spec] = []
    for n in sizes:
        label, error = f"{n} seeds" + (" (now)" if n == one.seeds else ""), float(np.sqrt(of_seeds / n + of_rows))
        for distance in np.linspace(0, furthest, POINTS).tolist():
            share = marks.scale_value(power_where(distance, error, n - 1.0, one.level), 100)
            rows.append({"seeds": label, "distance": marks.scale_value(distance, 100), "power": share})
    names = list(dict.fromkeys(row["seeds"] for row in rows))
    x = quantitative("distance", "true distance from the threshold in points", [0, 100 * furthest])
    y = quantitative("power", "% of studies", [0, 100], tickCount=4)
    colour = nominal("seeds", names, COLOURS[: len(names)], title=None)
    dash = nominal("seeds", names, DASHES[: len(names)], title=None, legend=None)
    dashed: Spec = {"type": "rule", "color": GREY, "strokeDash": [4, 3]}
    line: Spec = {"type": "line", "strokeWidth": 2}
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "title": {"text": format_claim(one.claim), "fontSize": 12},
        "layer": [
            marks.make_layer([{"at": 100 * POWER}], dashed, y=y | {"field": "at"}),
            marks.make_layer(rows, line, x=x, y=y, color=colour, strokeDash=dash),
        ],
    }
