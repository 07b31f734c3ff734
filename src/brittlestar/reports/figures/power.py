"""What each claim's study can see: the chance of telling a true distance from the threshold, by number of seeds."""

from __future__ import annotations

from typing import Any

import numpy as np

from brittlestar.claims.judgement import Judgement
from brittlestar.core.metric_names import is_fraction
from brittlestar.reports.figures.frame import (
    BLUE,
    GREY,
    ORANGE,
    PANEL_TITLE,
    RED,
    SKY,
    Figure,
    Spec,
    frame_spec,
    quantitative,
    round_value,
)
from brittlestar.reports.figures.rows import WIDTH
from brittlestar.statistics.power import POWER, power_where
from brittlestar.study.claims import format_claim

HEIGHT = 130
MOST = 8
POINTS = 60
DASHES = ([1, 0], [6, 3], [2, 2], [8, 2, 2, 2])
COLOURS = (BLUE, ORANGE, SKY, RED)


def with_power(judgements: tuple[Judgement, ...]) -> list[Judgement]:
    """Claims of a difference in points whose spread is known."""
    return [
        one
        for one in judgements
        if one.variance is not None
        and one.claim.relation == ">"
        and is_fraction(one.claim.metric)
        and sum(one.variance) > 0
    ][:MOST]


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
    body: Spec = {"vconcat": [_panel(one) for one in shown], "resolve": {"scale": {"color": "independent"}}}
    spec = frame_spec("Power by number of seeds", subtitle, told, body, PANEL_TITLE)
    return Figure(name, title, "", told, spec, spec)


def _panel(one: Judgement) -> Spec:
    of_seeds, of_rows = one.variance or (0.0, 0.0)
    later = [look for look in one.claim.looks if look > one.seeds]
    sizes = [one.seeds, *later][: len(COLOURS)]
    furthest = 2.5 * max(one.smallest_detectable or 0.0, 0.005)
    rows: list[dict[str, Any]] = [
        {
            "seeds": f"{n} seeds" + (" (now)" if n == one.seeds else ""),
            "distance": round_value(100 * distance),
            "power": round_value(
                100 * power_where(distance, float(np.sqrt(of_seeds / n + of_rows)), n - 1.0, one.level)
            ),
        }
        for n in sizes
        for distance in np.linspace(0, furthest, POINTS).tolist()
    ]
    names = list(dict.fromkeys(row["seeds"] for row in rows))
    x = quantitative("distance", "true distance from the threshold in points", [0, 100 * furthest])
    y = quantitative("power", "% of studies", [0, 100], tickCount=4)
    scale: Spec = {"domain": names, "range": list(COLOURS[: len(names)])}
    dash: Spec = {"domain": names, "range": [list(one) for one in DASHES[: len(names)]]}
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "title": {"text": format_claim(one.claim), "fontSize": 12},
        "layer": [
            {
                "data": {"values": [{"at": 100 * POWER}]},
                "mark": {"type": "rule", "color": GREY, "strokeDash": [4, 3]},
                "encoding": {"y": y | {"field": "at"}},
            },
            {
                "data": {"values": rows},
                "mark": {"type": "line", "strokeWidth": 2},
                "encoding": {
                    "x": x,
                    "y": y,
                    "color": {"field": "seeds", "type": "nominal", "title": None, "scale": scale},
                    "strokeDash": {"field": "seeds", "type": "nominal", "title": None, "scale": dash, "legend": None},
                },
            },
        ],
    }
