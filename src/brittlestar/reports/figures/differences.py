"""Figures of differences: a row each with its interval and every pair of runs, and what they are held against."""

from collections.abc import Mapping, Sequence
from functools import partial

from brittlestar.claims.judgement import Judgement
from brittlestar.reports.figures import marks
from brittlestar.reports.figures.colours import BLUE, GREY, INK, RED
from brittlestar.reports.figures.frame import Figure, Spec, capitalise_text, extent, make_figure, quantitative
from brittlestar.reports.figures.rows import MOST_TITLED, NUMBERS_AT, WIDTH, row_names, rows_axis
from brittlestar.study.units import count, unit_of

STEP = 52
SPREAD = 4.0
"""Intervals are cut at so many times the room that everything else takes."""


def compare_pairs(judged: Mapping[str, Judgement], metric: str) -> Figure | None:
    """One row a pair of variants, by its label; None where nothing was estimated. The band is the margin within
    which two variants are equivalent."""
    known = {label: one for label, one in judged.items() if one.estimate is not None}
    if not known:
        return None
    shown = {f"{label}\n{one.relation}": one for label, one in list(known.items())[:MOST_TITLED]}
    unit = unit_of(metric)
    margins = {row: (-one.claim.margin, one.claim.margin) for row, one in shown.items()}
    axis = f"second − first, {unit.axis}"
    body, description = draw_differences(shown, {}, margins, axis)
    rest = len(known) - len(shown)
    subtitle = (
        "Points: one pair of runs each; blue: the difference with its interval; shaded: the margin of equivalence. "
        "What lies beyond the axis is drawn at its end." + (f" {rest:,} more are in the table." if rest else "")
    )
    titles = "The second against the first", capitalise_text(axis)
    return make_figure("differences", titles, subtitle, description, body)


def draw_differences(
    judged: Mapping[str, Judgement],
    thresholds: Mapping[str, float],
    margins: Mapping[str, tuple[float, float]],
    axis: str,
) -> tuple[Spec, str]:
    """The marks of judgements by their row, all in one unit, and the same in words. `thresholds` and `margins` by row
    are what they are held against, fractions; `axis` is the title of the axis."""
    units = {row: unit_of(one.claim.metric) for row, one in judged.items()}
    estimates: list[Spec] = []
    seeds: list[Spec] = []
    for row, one in judged.items():
        unit = units[row]
        text = f"{unit.number(one.estimate, sign=True)} {unit.interval(one.interval, sign=True)}".strip()
        found = {"row": row, "value": marks.scale_value(one.estimate or 0.0, unit.scale)}
        estimates.append({**found, **marks.scale_ends(one.interval, unit.scale), "text": text, "n": one.seeds})
        seeds += [
            {"row": row, "value": marks.scale_value(value, unit.scale), "seed": str(seed)}
            for seed, value in one.per_seed.items()
        ]
    asked = [{"row": row, "value": marks.scale_value(value, units[row].scale)} for row, value in thresholds.items()]
    bands = [{"row": row, **marks.scale_ends(ends, units[row].scale)} for row, ends in margins.items()]
    step = 1.0 if all(unit.scale == 100 for unit in units.values()) else 0.01
    domain = extent(within_reach(estimates, [*estimates, *seeds, *asked], bands, step), step)
    x, y = partial(quantitative, title=axis, domain=domain, clamp=True), rows_axis(list(judged))
    point = {"type": "point", "filled": True, "size": 36, "opacity": 0.75, "color": INK}
    layers = [
        *row_names(list(judged), y),
        marks.make_layer([{"zero": 0}], {"type": "rule", "color": GREY, "strokeWidth": 1}, x=x("zero")),
        marks.draw_intervals(bands, x, {"type": "bar", "height": 22, "color": RED, "opacity": 0.15}, y=y),
        marks.draw_intervals(estimates, x, {"strokeWidth": 5, "color": BLUE, "opacity": 0.3}, y=y),
        marks.make_layer(asked, {"type": "tick", "thickness": 2.5, "size": 30, "color": RED}, x=x("value"), y=y),
        marks.make_layer(estimates, {"type": "tick", "thickness": 2.5, "size": 18, "color": BLUE}, x=x("value"), y=y),
        marks.make_layer(seeds, point, x=x("value"), y=y, tooltip=marks.list_titles(seed="seed", value=axis)),
        marks.write_numbers(estimates, NUMBERS_AT, y),
    ]
    described = "; ".join(
        f"{one['row'].replace(chr(10), ': ')}, {one['text']} over {count(one['n'], 'seed')}" for one in estimates
    )
    return {"width": WIDTH, "height": {"step": STEP}, "layer": layers}, f"{capitalise_text(axis)}: {described}."


def within_reach(estimates: Sequence[Spec], drawn: Sequence[Spec], bands: Sequence[Spec], step: float) -> list[float]:
    """Values for the axis: ends of an interval that dwarf everything else are left to its end."""
    near = [0.0, *(row["value"] for row in drawn), *marks.list_numbers(bands)]
    low, high = min(near), max(near)
    room = SPREAD * max(high - low, step)
    return [*near, *(min(max(end, low - room), high + room) for end in marks.list_numbers(estimates))]
