"""Figures of differences: a row each with its interval, and what it is held against. Claims, and pairs of two
studies."""

from collections.abc import Mapping, Sequence
from functools import partial

from brittlestar.claims.judgement import Judgement
from brittlestar.core.metrics import metric_of
from brittlestar.reports.figures import marks
from brittlestar.reports.figures.frame import BLUE, INK, RED, Figure, Spec, make_figure
from brittlestar.reports.figures.marks import MOST_TITLED, draw_labelled_rows, extent, quantitative, rows_axis
from brittlestar.study.claims import format_claim
from brittlestar.study.units import unit_of

STEP = 52
SPREAD = 4.0
"""Intervals are cut at so many times the room that everything else takes."""


def drawable(judgements: Sequence[Judgement]) -> list[Judgement]:
    """Claims in points of which something is known."""
    return [
        judgement
        for judgement in judgements
        if judgement.estimate is not None and metric_of(judgement.claim.metric).in_points
    ]


def draw_verdicts(judgements: Sequence[Judgement]) -> Figure | None:
    """One row a claim, in the order of the study, every claim alike whatever its verdict; None where none is known."""
    rows = {_name_claim(judgement): judgement for judgement in drawable(judgements)}
    if not rows:
        return None
    thresholds = {row: one.claim.threshold for row, one in rows.items() if one.claim.relation == ">"}
    margins = {row: (-one.claim.margin, one.claim.margin) for row, one in rows.items() if row not in thresholds}
    return _draw_differences("verdicts", rows, thresholds, margins, "difference in points: variant − other")


def _name_claim(judgement: Judgement) -> str:
    settled = "" if judgement.relation == "open" else f", {judgement.relation}"
    return f"{format_claim(judgement.claim)}\n{judgement.verdict}{settled}"


def draw_pairs(judged: Mapping[str, Judgement], metric: str) -> Figure | None:
    """One row a pair of variants, by its label; None where nothing was estimated. The band is the margin within
    which two variants are equivalent."""
    known = {label: judgement for label, judgement in judged.items() if judgement.estimate is not None}
    if not known:
        return None
    shown = {f"{label}\n{one.relation}": one for label, one in list(known.items())[:MOST_TITLED]}
    margins = {row: (-one.claim.margin, one.claim.margin) for row, one in shown.items()}
    axis = f"second − first, {unit_of(metric).axis}"
    return _draw_differences("differences", shown, {}, margins, axis, rest=len(known) - len(shown))


def _draw_differences(
    kind: str,
    judged: Mapping[str, Judgement],
    thresholds: Mapping[str, float],
    margins: Mapping[str, tuple[float, float]],
    axis: str,
    rest: int = 0,
) -> Figure:
    """Judgements by their row, all in one unit, with every pair of runs. `thresholds` and `margins` by row are what
    they are held against, fractions; `axis` is the title of the axis, and `rest` how many are not drawn."""
    units = {row: unit_of(judgement.claim.metric) for row, judgement in judged.items()}
    estimates: list[Spec] = []
    seeds: list[Spec] = []
    for row, judgement in judged.items():
        unit = units[row]
        found = {"row": row, "value": marks.scale_value(judgement.estimate or 0.0, unit.scale)}
        text = unit.estimate(judgement.estimate, judgement.interval, sign=True)
        estimates.append(
            {**found, **marks.scale_ends(judgement.interval, unit.scale), "text": text, "n": judgement.seeds}
        )
        seeds += [
            {"row": row, "value": marks.scale_value(value, unit.scale), "seed": str(seed)}
            for seed, value in judgement.per_seed.items()
        ]
    asked = [{"row": row, "value": marks.scale_value(value, units[row].scale)} for row, value in thresholds.items()]
    bands = [{"row": row, **marks.scale_ends(ends, units[row].scale)} for row, ends in margins.items()]
    step = 1.0 if all(unit.scale == 100 for unit in units.values()) else 0.01
    numbers = _within_reach(estimates, [*estimates, *seeds, *asked], bands, step)
    most = max(
        unit.scale * metric_of(one.claim.metric).span for unit, one in zip(units.values(), judged.values(), strict=True)
    )
    most = max(most, *map(abs, numbers))  # sides that add several scores reach further
    domain = extent(numbers, step, -most, most)
    x, y = partial(quantitative, title=axis, domain=domain, clamp=True), rows_axis(list(judged))
    point = {"type": "point", "filled": True, "size": 36, "opacity": 0.75, "color": INK}
    layers = [
        marks.draw_zero(x),
        marks.draw_intervals(bands, x, {"type": "bar", "height": 22, "color": RED, "opacity": 0.15}, y=y),
        marks.draw_intervals(estimates, x, {"strokeWidth": 5, "color": BLUE, "opacity": 0.3}, y=y),
        marks.draw_ticks(asked, x("value"), y, RED, size=30),
        marks.draw_ticks(estimates, x("value"), y, BLUE),
        marks.make_layer(seeds, point, x=x("value"), y=y, tooltip=marks.list_titles(seed="seed", value=axis)),
    ]
    body = draw_labelled_rows(list(judged), y, STEP, layers, estimates)
    return make_figure(kind, body, {"axis": axis, "estimates": estimates, "rest": rest})


def _within_reach(estimates: Sequence[Spec], drawn: Sequence[Spec], bands: Sequence[Spec], step: float) -> list[float]:
    """Values for the axis: ends of an interval that dwarf everything else are left to its end."""
    near = [0.0, *(row["value"] for row in drawn), *marks.list_numbers(bands)]
    low, high = min(near), max(near)
    room = SPREAD * max(high - low, step)
    return [*near, *(min(max(end, low - room), high + room) for end in marks.list_numbers(estimates))]
