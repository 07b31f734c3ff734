"""Figures with a row for each variant: every seed, every split, and what selecting a checkpoint changes."""

from collections.abc import Sequence
from functools import partial
from itertools import cycle, islice

from brittlestar.reports.figures import marks
from brittlestar.reports.figures.frame import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PURPLE,
    RED,
    SKY,
    Figure,
    Spec,
    make_figure,
)
from brittlestar.reports.figures.marks import (
    draw_labelled_rows,
    extent,
    nominal,
    quantitative,
    round_value,
    row_names,
    rows_axis,
    rows_of,
    scale_ends,
    scale_value,
    score_domain,
)
from brittlestar.reports.study_view import StudyView
from brittlestar.statistics.t_intervals import t_interval

COLOURS = (BLUE, SKY, INK, RED, ORANGE, PURPLE, GREEN)
SHAPES = ("circle", "square", "diamond", "triangle-up", "triangle-down", "triangle-left", "triangle-right")
POINT: Spec = {"type": "point", "filled": True, "size": 42, "opacity": 0.75}


def draw_results(reading: StudyView, scored: Sequence[str]) -> Figure:
    """One row for each variant that is scored, with every seed; a diverged one has a shape of its own."""
    unit, split = reading.unit, reading.split
    seeds: list[Spec] = []
    means: list[Spec] = []
    rows = rows_of(reading, scored)
    for variant, row in rows.labels.items():
        diverged = {str(cell.seed) for cell in reading.done(variant) if cell.outcome == "diverged"}
        for seed, value in reading.values(variant, split).items():
            kind = "diverged" if seed in diverged else "trained"
            seeds.append({"row": row, "value": scale_value(value, unit.scale), "seed": seed, "kind": kind})
        entry = reading.entry(variant, split)
        if entry["mean"] is not None:
            found: Spec = {"row": row, "mean": scale_value(entry["mean"], unit.scale)}
            found |= scale_ends(entry["interval"], unit.scale)
            text = unit.estimate(entry["mean"], entry["interval"])
            means.append({**found, "text": text, "n": len(entry["seeds"])})
    labels, majority = list(rows.labels.values()), reading.majority(split)
    level = [] if majority is None else [{"level": scale_value(majority, unit.scale)}]
    domain = score_domain(marks.list_numbers([*seeds, *means, *level], "value", "level"), unit)
    axis = f"{split} {unit.axis}"
    x, y = partial(quantitative, title=axis, domain=domain), rows_axis(labels)
    layers: list[Spec] = []
    if level:
        named = [level[0] | {"text": f"majority class {unit.number(majority)}"}]
        text_mark = {"type": "text", "baseline": "bottom", "dy": -4, "fontSize": 11, "color": "#4d4d4d"}
        layers += [
            marks.make_layer(level, {"type": "rule", "color": GREY, **marks.DASHED}, x=x("level")),
            marks.make_layer(named, text_mark, x=x("level"), y={"value": 0}, text={"field": "text"}),
        ]
    legend = {"orient": "top"} if any(row["kind"] == "diverged" for row in seeds) else None
    shape = nominal("kind", ["trained", "diverged"], ["circle", "triangle-down"], title=None, legend=legend)
    tooltip = marks.list_titles(row="variant", seed="seed", kind="outcome", value=axis)
    layers += [
        marks.draw_intervals(means, x, {"strokeWidth": 5, "color": BLUE, "opacity": 0.3}, y=y),
        marks.draw_ticks(means, x("mean"), y, BLUE),
        marks.make_layer(seeds, POINT, x=x("value"), y=y, color={"value": INK}, shape=shape, tooltip=tooltip),
    ]
    facts = {"unit": unit, "split": split, "axis": axis, "means": means, "majority": majority, "rows": rows}
    facts |= {"about": reading.record.splits[split]}
    return make_figure("results", draw_labelled_rows(labels, y, rows.step, layers, means), facts, live=rows.live)


def draw_gaps(reading: StudyView) -> Figure:
    """One row per variant with a score; one mark and interval per split; a grey tick at each split's majority."""
    unit, splits = reading.unit, list(reading.record.splits)
    entries = {
        variant: {split: reading.entry(variant, split) for split in splits} for variant in reading.record.variants
    }
    scored = [variant for variant, own in entries.items() if any(entry["mean"] is not None for entry in own.values())]
    placed = rows_of(reading, scored)
    rows: list[Spec] = []
    for variant, label in placed.labels.items():
        for split, entry in entries[variant].items():
            if entry["mean"] is None:
                continue
            mean = scale_value(entry["mean"], unit.scale)
            row: Spec = {"row": label, "split": split, "mean": mean, "n": len(entry["seeds"])}
            row |= scale_ends(entry["interval"], unit.scale)
            if entry["majority"] is not None:
                row["majority"] = scale_value(entry["majority"], unit.scale)
            rows.append(row)
    labels = list(placed.labels.values())
    splits = [split for split in splits if any(row["split"] == split for row in rows)]
    x = partial(quantitative, title=unit.axis, domain=score_domain(marks.list_numbers(rows, "mean", "majority"), unit))
    y = rows_axis(labels, grid=False)
    offset: Spec = {"field": "split", "type": "nominal", "sort": splits, "scale": {"paddingOuter": 0.6}}
    shapes, colours = (list(islice(cycle(palette), len(splits))) for palette in (SHAPES, COLOURS))
    shape = nominal("split", splits, shapes, title=None)
    colour = nominal("split", splits, colours, title=None, legend={"orient": "top", "symbolSize": 70})
    tick: Spec = {"type": "tick", "thickness": 2, "size": 9, "color": GREY, "opacity": 0.9}
    point: Spec = {"type": "point", "filled": True, "size": 60, "opacity": 1}
    place = {"y": y, "yOffset": offset}
    mean = {"x": x("mean"), **place, "color": colour, "shape": shape}
    titles = {"row": "variant", "split": "split", "mean": f"mean {unit.axis}", "low": "95 % from", "high": "to"}
    layers = [
        *row_names(labels, y),
        marks.make_layer([row for row in rows if "majority" in row], tick, x=x("majority"), **place),
        marks.draw_intervals(rows, x, {"strokeWidth": 2}, **place, color=colour),
        marks.make_layer(rows, point, **mean, tooltip=marks.list_titles(**titles, n="seeds")),
    ]
    band = (14 if placed.live else 9) * len(splits) + 8
    body = {"width": marks.WIDTH, "height": band * len(labels), "layer": layers}
    return make_figure("gaps", body, {"unit": unit, "means": rows, "rows": placed}, live=placed.live)


def draw_checkpoints(reading: StudyView) -> Figure:
    """One row per variant: the paired difference best − last of the headline metric on the headline split."""
    unit, split = reading.unit, reading.split
    seeds: list[Spec] = []
    means: list[Spec] = []
    rows = rows_of(reading, [name for name in reading.record.variants if _list_differences(reading, name)])
    for variant, row in rows.labels.items():
        differences = _list_differences(reading, variant)
        seeds += [{"row": row, "value": round_value(value), "seed": seed} for seed, value in differences.items()]
        summary = t_interval(list(differences.values()))
        interval = [end / unit.scale for end in summary.interval or ()]
        found: Spec = {"row": row, "mean": round_value(summary.mean), "n": summary.n}
        found |= scale_ends(summary.interval, 1.0)
        means.append(found | {"text": unit.estimate(summary.mean / unit.scale, interval, sign=True)})
    labels = list(rows.labels.values())
    numbers = [*marks.list_numbers([*seeds, *means], "value"), 0.0]
    axis = f"best − last checkpoint, {split} {unit.axis}"
    x = partial(quantitative, title=axis, domain=extent(numbers, 0.5 if unit.scale == 100 else 0.02))
    y = rows_axis(labels)
    tooltip = marks.list_titles(row="variant", seed="seed", value=axis)
    layers = [
        marks.make_layer([{"zero": 0}], {"type": "rule", "color": GREY, **marks.DASHED}, x=x("zero")),
        marks.draw_intervals(means, x, {"strokeWidth": 5, "color": GREEN, "opacity": 0.35}, y=y),
        marks.draw_ticks(means, x("mean"), y, GREEN),
        marks.make_layer(seeds, {**POINT, "color": INK}, x=x("value"), y=y, tooltip=tooltip),
    ]
    facts = {"unit": unit, "split": split, "means": means, "rows": rows}
    return make_figure("checkpoints", draw_labelled_rows(labels, y, rows.step, layers, means), facts, live=rows.live)


def _list_differences(reading: StudyView, variant: str) -> dict[str, float]:
    """Best − last in the unit shown, by seeds with a score of both checkpoints."""
    best, last = (reading.values(variant, reading.split, last=which) for which in (False, True))
    return {seed: (value - last[seed]) * reading.unit.scale for seed, value in best.items() if seed in last}
