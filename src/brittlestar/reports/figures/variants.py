"""Figures with a row for each variant: every seed, every split, and what selecting a checkpoint changes."""

from functools import partial
from itertools import cycle, islice

from brittlestar.reports.figures import marks
from brittlestar.reports.figures.colours import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, RED, SKY
from brittlestar.reports.figures.frame import (
    Figure,
    Spec,
    capitalise_text,
    extent,
    make_figure,
    nominal,
    quantitative,
    round_value,
    score_domain,
)
from brittlestar.reports.figures.rows import NUMBERS_AT, WIDTH, row_names, rows_axis, rows_of
from brittlestar.reports.reading import Reading
from brittlestar.statistics.t_intervals import t_interval
from brittlestar.study.units import count

COLOURS = (BLUE, SKY, INK, RED, ORANGE, PURPLE, GREEN)
SHAPES = ("circle", "square", "diamond", "triangle-up", "triangle-down", "triangle-left", "triangle-right")


def results(reading: Reading, name: str, title: str) -> Figure:
    """One row per variant with a finished cell, in the study's order."""
    unit, split = reading.unit, reading.split
    seeds: list[Spec] = []
    means: list[Spec] = []
    rows = rows_of(reading, [name for name in reading.record.variants if reading.values(name, split)])
    for variant, row in rows.labels.items():
        diverged = {str(cell.seed) for cell in reading.done(variant) if cell.outcome == "diverged"}
        for seed, value in reading.values(variant, split).items():
            kind = "diverged" if seed in diverged else "trained"
            seeds.append({"row": row, "value": marks.scale_value(value, unit.scale), "seed": seed, "kind": kind})
        entry = reading.entry(variant, split)
        if entry["mean"] is not None:
            found: Spec = {"row": row, "mean": marks.scale_value(entry["mean"], unit.scale)}
            text = f"{unit.number(entry['mean'])} {unit.interval(entry['interval'])}".strip()
            found |= marks.scale_ends(entry["interval"], unit.scale)
            means.append(found | {"text": text, "n": len(entry["seeds"])})
    labels = list(rows.labels.values())
    majority = reading.majority(split)
    level = [] if majority is None else [{"level": marks.scale_value(majority, unit.scale)}]
    domain = score_domain(marks.list_numbers([*seeds, *means, *level], "value", "level"), unit)
    axis = f"{split} {unit.axis}"
    x, y = partial(quantitative, title=axis, domain=domain), rows_axis(labels)
    layers = row_names(labels, y)
    if level:
        named = [level[0] | {"text": f"majority class {unit.number(majority)}"}]
        text_mark = {"type": "text", "baseline": "bottom", "dy": -4, "fontSize": 11, "color": "#4d4d4d"}
        layers += [
            marks.make_layer(level, {"type": "rule", "color": GREY, **marks.DASHED}, x=x("level")),
            marks.make_layer(named, text_mark, x=x("level"), y={"value": 0}, text={"field": "text"}),
        ]
    point = {"type": "point", "filled": True, "size": 42, "opacity": 0.75}
    legend = {"orient": "top"} if any(row["kind"] == "diverged" for row in seeds) else None
    shape = nominal("kind", ["trained", "diverged"], ["circle", "triangle-down"], title=None, legend=legend)
    tooltip = marks.list_titles(row="variant", seed="seed", kind="outcome", value=axis)
    layers += [
        marks.draw_intervals(means, x, {"strokeWidth": 5, "color": BLUE, "opacity": 0.3}, y=y),
        marks.make_layer(means, {"type": "tick", "thickness": 2.5, "size": 18, "color": BLUE}, x=x("mean"), y=y),
        marks.make_layer(seeds, point, x=x("value"), y=y, color={"value": INK}, shape=shape, tooltip=tooltip),
        marks.write_numbers(means, NUMBERS_AT, y),
    ]
    subtitle = (
        "Points: one seed each; tick: mean; bar: 95 % t interval (these rows, new seeds). "
        "A diverged seed counts at the majority class." + rows.note
    )
    described = "; ".join(f"{row['row'].splitlines()[0]} {row['text']} over {count(row['n'], 'seed')}" for row in means)
    description = f"{axis} by variant: {described}. Majority class {unit.number(majority)}."
    body = {"width": WIDTH, "height": {"step": rows.step}, "layer": layers}
    titles = title, f"{capitalise_text(unit.name)} on {split} ({count(reading.record.splits[split].rows, 'row')})"
    return make_figure(name, titles, subtitle, description, body, live=rows.live)


def gaps(reading: Reading, name: str, title: str) -> Figure:
    """One row per variant with a finished cell; one mark and interval per split; a grey tick at each split's
    majority."""
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
            mean = marks.scale_value(entry["mean"], unit.scale)
            row: Spec = {"row": label, "split": split, "mean": mean, "n": len(entry["seeds"])}
            row |= marks.scale_ends(entry["interval"], unit.scale)
            if entry["majority"] is not None:
                row["majority"] = marks.scale_value(entry["majority"], unit.scale)
            rows.append(row)
    labels = list(placed.labels.values())
    splits = [split for split in splits if any(row["split"] == split for row in rows)]
    x = partial(quantitative, title=unit.axis, domain=score_domain(marks.list_numbers(rows, "mean", "majority"), unit))
    y = rows_axis(labels, grid=False)
    offset: Spec = {"field": "split", "type": "nominal", "sort": splits, "scale": {"paddingOuter": 0.6}}
    shapes, colours = (list(islice(cycle(palette), len(splits))) for palette in (SHAPES, COLOURS))
    shape = nominal("split", splits, shapes, title=None)
    colour = nominal("split", splits, colours, title=None, legend={"orient": "top", "symbolSize": 70})
    layers = [
        *row_names(labels, y),
        marks.make_layer(
            [row for row in rows if "majority" in row],
            {"type": "tick", "thickness": 2, "size": 9, "color": GREY, "opacity": 0.9},
            x=x("majority"),
            y=y,
            yOffset=offset,
        ),
        marks.draw_intervals(rows, x, {"strokeWidth": 2}, y=y, yOffset=offset, color=colour),
        marks.make_layer(
            rows,
            {"type": "point", "filled": True, "size": 60, "opacity": 1},
            x=x("mean"),
            y=y,
            yOffset=offset,
            color=colour,
            shape=shape,
            tooltip=marks.list_titles(
                row="variant", split="split", mean=f"mean {unit.axis}", low="95 % from", high="to", n="seeds"
            ),
        ),
    ]
    subtitle = (
        "Marks: mean over seeds; bars: 95 % t interval (these rows, new seeds); grey ticks: the majority class "
        "of that split." + placed.note
    )
    description = f"{unit.axis} by variant and split. " + "; ".join(
        f"{row['row'].splitlines()[0]} {row['split']} {row['mean']:.4g}" for row in rows
    )
    band = (14 if placed.live else 9) * len(splits) + 8
    body = {"width": WIDTH, "height": band * len(labels), "layer": layers}
    titles = title, f"{capitalise_text(unit.name)} by split"
    return make_figure(name, titles, subtitle, description, body, live=placed.live)


def checkpoints(reading: Reading, name: str, title: str) -> Figure:
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
        text = f"{unit.number(summary.mean / unit.scale, sign=True)} {unit.interval(interval, sign=True)}".strip()
        found: Spec = {"row": row, "mean": round_value(summary.mean), "n": summary.n}
        means.append(found | marks.scale_ends(summary.interval, 1.0) | {"text": text})
    labels = list(rows.labels.values())
    numbers = [*marks.list_numbers([*seeds, *means], "value"), 0.0]
    axis = f"best − last checkpoint, {split} {unit.axis}"
    x = partial(quantitative, title=axis, domain=extent(numbers, 0.5 if unit.scale == 100 else 0.02))
    y = rows_axis(labels)
    point = {"type": "point", "filled": True, "size": 42, "opacity": 0.75, "color": INK}
    tooltip = marks.list_titles(row="variant", seed="seed", value=axis)
    layers = [
        *row_names(labels, y),
        marks.make_layer([{"zero": 0}], {"type": "rule", "color": GREY, **marks.DASHED}, x=x("zero")),
        marks.draw_intervals(means, x, {"strokeWidth": 5, "color": GREEN, "opacity": 0.35}, y=y),
        marks.make_layer(means, {"type": "tick", "thickness": 2.5, "size": 18, "color": GREEN}, x=x("mean"), y=y),
        marks.make_layer(seeds, point, x=x("value"), y=y, tooltip=tooltip),
        marks.write_numbers(means, NUMBERS_AT, y),
    ]
    subtitle = (
        "Points: one seed each; tick: mean; bar: 95 % t interval (these rows, new seeds). "
        f"Right of zero the selected checkpoint scores {'worse' if unit.lower_is_better else 'better'}.{rows.note}"
    )
    described = "; ".join(f"{row['row'].splitlines()[0]} {row['text']}" for row in means)
    description = f"Difference best − last checkpoint in {split} {unit.axis}: {described}."
    body = {"width": WIDTH, "height": {"step": rows.step}, "layer": layers}
    titles = title, f"Best against last checkpoint on {split}"
    return make_figure(name, titles, subtitle, description, body, live=rows.live)


def _list_differences(reading: Reading, variant: str) -> dict[str, float]:
    """Best − last in the unit shown, by seeds with a score of both checkpoints."""
    best, last = (reading.values(variant, reading.split, last=which) for which in (False, True))
    return {seed: (value - last[seed]) * reading.unit.scale for seed, value in best.items() if seed in last}
