"""What each claim's study can see: the chance of telling a true distance from the threshold, by number of seeds."""

from __future__ import annotations

import numpy as np

from brittlestar.claims.judgement import Judgement
from brittlestar.core.metric_names import is_fraction
from brittlestar.reports.figures import marks
from brittlestar.reports.figures.colours import BLUE, GREY, ORANGE, RED, SKY
from brittlestar.reports.figures.frame import PANEL_TITLE, Figure, Spec, make_figure, quantitative
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
    body = {"vconcat": [_panel(one) for one in shown], "resolve": {"scale": {"color": "independent"}}}
    return make_figure(name, (title, "Power by number of seeds"), subtitle, told, body, above=PANEL_TITLE)


def _panel(one: Judgement) -> Spec:
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
    colour, dash = (
        {"field": "seeds", "type": "nominal", "title": None, "scale": {"domain": names, "range": palette}}
        for palette in (list(COLOURS[: len(names)]), list(DASHES[: len(names)]))
    )
    dashed: Spec = {"type": "rule", "color": GREY, "strokeDash": [4, 3]}
    line: Spec = {"type": "line", "strokeWidth": 2}
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "title": {"text": format_claim(one.claim), "fontSize": 12},
        "layer": [
            marks.make_layer([{"at": 100 * POWER}], dashed, y=y | {"field": "at"}),
            marks.make_layer(rows, line, x=x, y=y, color=colour, strokeDash=dash | {"legend": None}),
        ],
    }
