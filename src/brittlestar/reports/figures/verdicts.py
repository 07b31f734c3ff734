"""Every claim on one axis: the estimate with its repeated interval, each seed, the threshold and the margin."""

from __future__ import annotations

from collections.abc import Sequence

from brittlestar.claims.judgement import Judgement
from brittlestar.core.metric_names import is_fraction
from brittlestar.reports.figures import marks
from brittlestar.reports.figures.colours import BLUE, GREY, INK, RED
from brittlestar.reports.figures.frame import Figure, Spec, extent, make_figure, quantitative
from brittlestar.reports.figures.rows import NUMBERS_AT, WIDTH, row_names, rows_axis
from brittlestar.study.claims import format_claim
from brittlestar.study.units import count, unit_of

STEP = 52
SPREAD = 4.0


def drawable(judgements: tuple[Judgement, ...]) -> list[Judgement]:
    """Claims in points of which something is known."""
    return [one for one in judgements if one.estimate is not None and is_fraction(one.claim.metric)]


def verdicts(judgements: tuple[Judgement, ...], name: str, title: str) -> Figure:
    """One row a claim, in the order of the study; every claim is drawn alike, whatever its verdict."""
    labels: list[str] = []
    estimates: list[Spec] = []
    seeds: list[Spec] = []
    asked: list[Spec] = []
    margins: list[Spec] = []
    for one in drawable(judgements):
        settled = "" if one.relation == "open" else f", {one.relation}"
        row = f"{format_claim(one.claim)}\n{one.verdict}{settled}"
        labels.append(row)
        unit = unit_of(one.claim.metric)
        text = f"{unit.number(one.estimate, sign=True)} {unit.interval(one.interval, sign=True)}".strip()
        found = {"row": row, "value": marks.scale_value(one.estimate or 0.0, 100)}
        estimates.append({**found, **marks.scale_ends(one.interval, 100), "text": text, "n": one.seeds})
        seeds += [
            {"row": row, "value": marks.scale_value(value, 100), "seed": str(seed)}
            for seed, value in one.per_seed.items()
        ]
        if one.claim.relation == ">":
            asked.append({"row": row, "value": marks.scale_value(one.claim.threshold, 100)})
        else:
            margins.append({"row": row, **marks.scale_ends((-one.claim.margin, one.claim.margin), 100)})
    domain = extent(_within_reach(estimates, [*estimates, *seeds, *asked], margins), 1.0)
    y = rows_axis(labels)

    def x(field: str) -> Spec:
        found = quantitative(field, "difference in points: variant − other", domain)
        return {**found, "scale": {**found["scale"], "clamp": True}}

    layers = [
        *row_names(labels, y),
        marks.make_layer([{"zero": 0}], {"type": "rule", "color": GREY, "strokeWidth": 1}, x=x("zero")),
        marks.draw_intervals(margins, x, {"type": "bar", "height": 22, "color": RED, "opacity": 0.15}, y=y),
        marks.draw_intervals(estimates, x, {"strokeWidth": 5, "color": BLUE, "opacity": 0.3}, y=y),
        marks.make_layer(asked, {"type": "tick", "thickness": 2.5, "size": 30, "color": RED}, x=x("value"), y=y),
        marks.make_layer(estimates, {"type": "tick", "thickness": 2.5, "size": 18, "color": BLUE}, x=x("value"), y=y),
        marks.make_layer(
            seeds,
            {"type": "point", "filled": True, "size": 36, "opacity": 0.75, "color": INK},
            x=x("value"),
            y=y,
            tooltip=marks.list_titles(seed="seed", value="difference in points"),
        ),
        marks.write_numbers(estimates, NUMBERS_AT, y),
    ]
    subtitle = (
        "Points: one pair of runs each; blue: the difference with the interval of the claim; red: the threshold, or "
        "the margin. What lies beyond the axis is drawn at its end."
    )
    described = "; ".join(
        f"{one['row'].replace(chr(10), ': ')}, {one['text']} over {count(one['n'], 'seed')}" for one in estimates
    )
    body = {"width": WIDTH, "height": {"step": STEP}, "layer": layers}
    titles = title, "Claims against their thresholds"
    return make_figure(name, titles, subtitle, f"Differences in points: {described}.", body)


def _within_reach(estimates: Sequence[Spec], drawn: Sequence[Spec], margins: Sequence[Spec]) -> list[float]:
    """Values for the axis: ends of an interval that dwarf everything else are left to its end."""
    near = [0.0, *(row["value"] for row in drawn), *marks.list_numbers(margins)]
    low, high = min(near), max(near)
    room = SPREAD * max(high - low, 1.0)
    return [*near, *(min(max(end, low - room), high + room) for end in marks.list_numbers(estimates))]
