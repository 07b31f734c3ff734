"""What each claim looked like at each look: the path of its estimate and repeated interval towards its threshold."""

from __future__ import annotations

from typing import Any

from brittlestar.claims.judgement import Judgement
from brittlestar.core.metric_names import is_fraction
from brittlestar.reports.figures.frame import (
    BLUE,
    PANEL_TITLE,
    RED,
    Figure,
    Spec,
    extent,
    frame_spec,
    quantitative,
    round_value,
)
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
    body: Spec = {"vconcat": [_panel(one) for one in shown]}
    spec = frame_spec("Claims over their looks", subtitle, told, body, PANEL_TITLE)
    return Figure(name, title, "", told, spec, spec)


def _panel(one: Judgement) -> Spec:
    claim = one.claim
    lines = [claim.threshold] if claim.relation == ">" else [-claim.margin, claim.margin]
    near = [0.0, *lines, *(look.estimate for look in one.path)]
    room = WIDEST * max(max(near) - min(near), 0.01)
    low, high = min(near) - room, max(near) + room
    rows: list[dict[str, Any]] = [
        {
            "seeds": look.seeds,
            "value": round_value(100 * look.estimate),
            "low": round_value(100 * max(look.interval[0], low)),
            "high": round_value(100 * min(look.interval[1], high)),
        }
        for look in one.path
    ]
    ends = [row[key] for row in rows for key in ("low", "high")]
    domain = extent([*ends, *(100 * line for line in lines)], 1.0)

    def y(field: str) -> Spec:
        return quantitative(field, "points", domain, tickCount=4)

    x = quantitative("seeds", "seeds", [0, max(claim.max_seeds, one.seeds) + 1])
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "title": {"text": f"{format_claim(claim)}: {one.verdict}", "fontSize": 12},
        "layer": [
            {
                "data": {"values": [{"at": round_value(100 * line)} for line in lines]},
                "mark": {"type": "rule", "color": RED, "strokeWidth": 2},
                "encoding": {"y": y("at")},
            },
            {
                "data": {"values": rows},
                "mark": {"type": "rule", "strokeWidth": 5, "color": BLUE, "opacity": 0.3},
                "encoding": {"x": x, "y": y("low"), "y2": {"field": "high"}},
            },
            {
                "data": {"values": rows},
                "mark": {"type": "line", "color": BLUE, "strokeWidth": 1.5, "point": {"size": 50, "color": BLUE}},
                "encoding": {
                    "x": x,
                    "y": y("value"),
                    "tooltip": [
                        {"field": "seeds", "title": "seeds"},
                        {"field": "value", "title": "difference in points"},
                        {"field": "low", "title": "from"},
                        {"field": "high", "title": "to"},
                    ],
                },
            },
        ],
    }
