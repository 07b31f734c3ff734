"""The figure of the first screen: main against the trivial baselines on the rows of the headline, on one axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from brittlestar.claims.headline_numbers import HeadlineNumbers
from brittlestar.claims.number_phrases import describe_level, describe_population, describe_rows
from brittlestar.core.headline import HeadlineScore
from brittlestar.core.ladder import Ladder, Population, Score
from brittlestar.reports.document import ladder_of
from brittlestar.reports.figures.frame import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    RED,
    Figure,
    Spec,
    capitalise_text,
    frame_spec,
    quantitative,
    round_value,
    score_domain,
)
from brittlestar.reports.figures.ladder import labels_of
from brittlestar.reports.figures.rows import row_names, rows_axis
from brittlestar.reports.reading import Reading
from brittlestar.study.claims import DEFAULT_MARGIN, UNSEEN
from brittlestar.study.units import Unit, count, unit_of

WIDTH = 300
"""Of the plot, in pixels: with names and numbers it fills one of two columns."""
NUMBERS_AT = WIDTH + 14
STEP = 25
MOST_DOTS = 2_000
MAIN = "main"


@dataclass(frozen=True)
class Marks:
    """What stands on the axis, each a list of data rows in the unit shown: runs of main, its mean with the interval,
    and the trivial baselines; `threshold` is what main has to reach, None where it is not known."""

    runs: list[dict[str, Any]]
    mean: list[dict[str, Any]]
    trivial: list[dict[str, Any]]
    threshold: float | None


def axis(reading: Reading, name: str, title: str) -> Figure | None:
    """A row for main and one for each trivial baseline, best first; None where main has no score."""
    score, numbers = reading.headline.score, reading.numbers
    if score is None or numbers is None:
        return None
    unit = unit_of(score.metric)
    marks = _marks(score, numbers, reading, unit)
    labels = [MAIN, *(row["row"] for row in marks.trivial)]
    best = reading.headline.best_trivial
    basis = "score, without an interval"
    if score.interval is not None:
        basis = f"{describe_level(1 - score.level)} interval of main"
    basis += f" ({describe_population(score.population, score.n_seeds)}; {count(score.n_rows, 'row')})"
    claimed = "" if marks.threshold is None else f" Red: the best trivial baseline and {_margin(unit)} more."
    runs = f"Dots: {score.n_seeds:,} runs of main; blue: their mean and"
    if score.n_seeds == 1:
        runs = "Dot: the run of main; blue:"
    caption = f"{runs} the {basis}. Orange: trivial baselines.{claimed}"
    described = [f"main {unit.number(score.mean)} {unit.interval(score.interval)}".strip()]
    described += [f"{row['row']} {row['text']}" for row in marks.trivial]
    where = f"{capitalise_text(unit.name)} on {describe_rows(score.split)}"
    chosen = "" if best is None else f" Chosen on dev: {best.name}."
    description = f"{where}: {', '.join(described)}.{chosen}"
    spec = frame_spec(where, caption, description, _body(marks, labels, unit))
    return Figure(name, title, "", description, spec, spec if len(marks.runs) <= MOST_DOTS else None)


def _margin(unit: Unit) -> str:
    return f"{unit.number(DEFAULT_MARGIN)} {unit.unit}".strip()


def _marks(score: HeadlineScore, numbers: HeadlineNumbers, reading: Reading, unit: Unit) -> Marks:
    split, population = score.split.removesuffix(UNSEEN), "unseen" if score.split.endswith(UNSEEN) else "all"
    mean = {"row": MAIN, "value": round_value(score.mean * unit.scale), "text": unit.number(score.mean)}
    if score.interval is not None:
        mean |= {end: round_value(v * unit.scale) for end, v in zip(("low", "high"), score.interval, strict=True)}
    here = numbers.all if population == "all" else numbers.unseen
    by_seed = () if here is None or here.score is None else here.score.by_seed
    named = reading.values(score.variant, split) if population == "all" else {}
    runs = [
        {"row": MAIN, "value": round_value(value * unit.scale), "run": run}
        for run, value in (named or {str(k + 1): value for k, value in enumerate(by_seed)}).items()
    ]
    best = reading.headline.best_trivial
    ladder = ladder_of(reading.record)
    trivial = _trivial(ladder, split, score.metric, population, unit, None if best is None else best.name)
    threshold = None
    if best is not None and best.score is not None:
        sign = -1 if unit.lower_is_better else 1
        threshold = round_value((best.score + sign * DEFAULT_MARGIN) * unit.scale)
    return Marks(runs, [mean], trivial, threshold)


def _trivial(
    ladder: Ladder, split: str, metric: str, population: Population, unit: Unit, best: str | None
) -> list[dict[str, Any]]:
    """A row for each trivial baseline with a score, best first."""
    found: list[tuple[float, dict[str, Any]]] = []
    for rung, label in zip(ladder.rungs, labels_of(list(ladder.rungs)), strict=True):
        here: Score = rung.score(split, metric, population)
        if here.value is None:
            continue
        row = label + (" (best on dev)" if rung.name == best else "")
        mark = {"row": row, "value": round_value(here.value * unit.scale), "text": unit.number(here.value)}
        if here.interval is not None:
            mark |= {end: round_value(v * unit.scale) for end, v in zip(("low", "high"), here.interval, strict=True)}
        found.append((here.value, mark))
    found.sort(key=lambda one: one[0], reverse=not unit.lower_is_better)
    return [mark for _, mark in found]


def _body(marks: Marks, labels: list[str], unit: Unit) -> Spec:
    numbers = [
        row[key] for row in (*marks.runs, *marks.mean, *marks.trivial) for key in ("value", "low", "high") if key in row
    ]
    domain = score_domain([*numbers, *([] if marks.threshold is None else [marks.threshold])], unit)
    y = rows_axis(labels)

    def x(field: str) -> Spec:
        return quantitative(field, unit.axis, domain, tickCount=6)

    def layer(values: list[dict[str, Any]], mark: Spec, encoding: Spec) -> list[Spec]:
        return [{"data": {"values": values}, "mark": mark, "encoding": encoding}] if values else []

    ends: Spec = {"x": x("low"), "x2": {"field": "high"}, "y": y}
    tooltip = [{"field": "row", "title": "what"}, {"field": "value", "title": unit.axis}]
    threshold = [] if marks.threshold is None else [{"value": marks.threshold}]
    layers = [
        *row_names(labels, y),
        *layer(threshold, {"type": "rule", "color": RED, "strokeDash": [5, 4], "strokeWidth": 1.5}, {"x": x("value")}),
        *layer(
            _select_intervals(marks.trivial), {"type": "rule", "strokeWidth": 4, "color": ORANGE, "opacity": 0.4}, ends
        ),
        *layer(
            marks.trivial,
            {"type": "point", "shape": "diamond", "filled": True, "size": 60, "color": ORANGE, "opacity": 1},
            {"x": x("value"), "y": y, "tooltip": tooltip},
        ),
        *layer(_select_intervals(marks.mean), {"type": "rule", "strokeWidth": 11, "color": BLUE, "opacity": 0.3}, ends),
        *layer(marks.mean, {"type": "tick", "thickness": 3, "size": 20, "color": BLUE}, {"x": x("value"), "y": y}),
        *layer(
            marks.runs,
            {"type": "point", "filled": True, "size": 40, "color": INK, "opacity": 0.7},
            {
                "x": x("value"),
                "y": y,
                "tooltip": [{"field": "run", "title": "run"}, {"field": "value", "title": unit.axis}],
            },
        ),
        *layer(
            [*marks.mean, *marks.trivial],
            {"type": "text", "align": "left", "fontSize": 12, "color": INK},
            {"x": {"value": NUMBERS_AT}, "y": y, "text": {"field": "text"}},
        ),
        *layer(
            [{"row": MAIN}],
            {"type": "rule", "color": GREY, "strokeWidth": 1, "yOffset": STEP / 2},
            {"x": {"value": 0}, "x2": {"value": WIDTH}, "y": y},
        ),
    ]
    return {"width": WIDTH, "height": {"step": STEP}, "layer": layers}


def _select_intervals(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if "low" in row]
