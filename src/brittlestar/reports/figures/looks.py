"""What each claim looked like at each look: the path of its estimate and repeated interval towards its threshold."""

from __future__ import annotations

from functools import partial

from brittlestar.claims.judgement import Judgement
from brittlestar.core.metric_names import is_fraction
from brittlestar.reports.figures import marks
from brittlestar.reports.figures.colours import BLUE, RED
from brittlestar.reports.figures.frame import PANEL_TITLE, Figure, Spec, extent, make_figure, quantitative
from brittlestar.reports.figures.rows import WIDTH
from brittlestar.study.claims import format_claim

HEIGHT = 130
MOST = 8
WIDEST = 6.0
"""Intervals are cut at so many times the room that estimates and threshold take."""


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
        "where it leaves the panel; red: the threshold, or the margin on both sides of 0."
    )
    titles, body = (title, "Claims over their looks"), {"vconcat": [_panel(one) for one in shown]}
    return make_figure(name, titles, subtitle, told, body, above=PANEL_TITLE)


def _panel(one: Judgement) -> Spec:
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
