"""Figures of a multiverse: each universe with its estimate, and what each choice does to it."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from brittlestar.reports.figures import marks
from brittlestar.reports.figures.colours import BLUE, GREY, ORANGE, RED
from brittlestar.reports.figures.differences import within_reach
from brittlestar.reports.figures.frame import Figure, Spec, extent, make_figure, nominal, quantitative
from brittlestar.reports.figures.rows import MOST_TITLED, NUMBERS_AT, WIDTH, row_names, rows_axis
from brittlestar.reports.multiverse import Multiverse, Universe
from brittlestar.study.units import count, unit_of

STEP = 40
POINTS = unit_of("accuracy")
AXIS = "estimate in points: variant − other"


def draw_universes(found: Multiverse, name: str, title: str) -> Figure | None:
    """One row a universe, the largest estimate first; None where nothing was estimated."""
    ranked = sorted(
        (one for one in found.judged if one.estimate is not None), key=lambda one: one.estimate or 0.0, reverse=True
    )
    if not ranked:
        return None
    own = found.universes[0]
    rows = [_describe(one, own) for one in ranked[:MOST_TITLED]]
    labels = [row["row"] for row in rows]
    levels = [{"at": marks.scale_value(own.threshold, 100)}] if own.threshold is not None else []
    drawn = [*rows, *({"value": one["at"]} for one in levels)]
    domain, y = extent(within_reach(rows, drawn, [], 1.0), 1.0), rows_axis(labels)
    x = partial(quantitative, title=AXIS, domain=domain, clamp=True)
    colour = nominal("kind", ["own", "other"], [BLUE, ORANGE], legend=None)
    shape = nominal("kind", ["own", "other"], ["circle", "diamond"], legend=None)
    point = {"type": "point", "filled": True, "size": 90, "opacity": 1}
    tooltip = marks.list_titles(name="choices", verdict="verdict", value="estimate", low="from", high="to")
    layers = [
        *row_names(labels, y),
        marks.make_layer([{"zero": 0}], {"type": "rule", "color": GREY, "strokeWidth": 1}, x=x("zero")),
        marks.make_layer(levels, {"type": "rule", "color": RED, "strokeWidth": 2}, x=x("at")),
        marks.draw_intervals(rows, x, {"strokeWidth": 4, "opacity": 0.35}, y=y, color=colour),
        marks.make_layer(rows, point, x=x("value"), y=y, color=colour, shape=shape, tooltip=tooltip),
        marks.write_numbers(rows, NUMBERS_AT, y),
    ]
    rest = len(ranked) - len(rows)
    subtitle = (
        "Blue circles: the verdict of the study itself; orange diamonds: another one. Lines: intervals of the claim; "
        "the upright one: its threshold. What lies beyond the axis is drawn at its end."
        + (f" {rest:,} more are in the table." if rest else "")
    )
    told = "; ".join(f"{one.name}: {POINTS.number(one.estimate, sign=True)}, {one.verdict}" for one in ranked)
    body = {"width": WIDTH, "height": {"step": STEP}, "layer": layers}
    return make_figure(name, (title, "Estimates in all universes"), subtitle, f"{AXIS}. {told}.", body)


def _describe(one: Universe, own: Universe) -> Spec:
    text = f"{POINTS.number(one.estimate, sign=True)} {POINTS.interval(one.interval, sign=True)}".strip()
    return {
        "row": f"{one.name}\n{one.verdict}",
        "name": one.name,
        "verdict": one.verdict,
        "kind": "own" if one.verdict == own.verdict else "other",
        "value": marks.scale_value(one.estimate or 0.0, 100),
        "text": text,
        **marks.scale_ends(one.interval, 100),
    }


def draw_effects(found: Multiverse, name: str, title: str) -> Figure | None:
    """One row a value that is not the study's own, the choice that moves most first; None where none is known."""
    told = {
        f"{value}\n{path}": (effect, next(iter(effects)))
        for path, effects in sorted(found.effects.items(), key=lambda one: -_span(one[1].values()))
        for value, effect in [*effects.items()][1:]
    }
    if not told:
        return None
    rows: list[Spec] = [
        {"row": row, "from": 0, "value": marks.scale_value(effect, 100), "own": own,
         "text": f"{POINTS.number(effect, sign=True)} against {own}"}
        for row, (effect, own) in told.items()
    ]  # fmt: skip
    axis = "what the choice adds to the estimate, in points"
    x = partial(quantitative, title=axis, domain=extent([0.0, *(row["value"] for row in rows)], 1.0))
    y = rows_axis([*told])
    bar: Spec = {"type": "bar", "height": 12, "color": BLUE}
    layers = [
        *row_names([*told], y),
        marks.make_layer([{"zero": 0}], {"type": "rule", "color": GREY, "strokeWidth": 1}, x=x("zero")),
        marks.make_layer(rows, bar, x=x("from"), x2={"field": "value"}, y=y),
        marks.write_numbers(rows, NUMBERS_AT, y),
    ]
    subtitle = (
        f"Least squares over {count(len(found.judged), 'universe')}: main effects alone, each against the value that "
        "the study itself has."
    )
    described = "; ".join(f"{row['row'].replace(chr(10), ' of ')}: {row['text']}" for row in rows)
    body = {"width": WIDTH, "height": {"step": STEP}, "layer": layers}
    return make_figure(name, (title, "What each choice does"), subtitle, f"{axis}: {described}.", body)


def _span(values: Collection[float]) -> float:
    return max(values) - min(values) if values else 0.0
