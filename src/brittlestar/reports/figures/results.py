"""Every variant on the headline split: each seed as a point, the interval, and the majority class."""

from __future__ import annotations

from functools import partial

from brittlestar.reports.figures import marks
from brittlestar.reports.figures.colours import BLUE, GREY, INK
from brittlestar.reports.figures.frame import Figure, Spec, capitalise_text, make_figure, quantitative, score_domain
from brittlestar.reports.figures.rows import NUMBERS_AT, WIDTH, row_names, rows_axis, rows_of
from brittlestar.reports.reading import Reading
from brittlestar.study.units import count


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
    layers += [
        marks.draw_intervals(means, x, {"strokeWidth": 5, "color": BLUE, "opacity": 0.3}, y=y),
        marks.make_layer(means, {"type": "tick", "thickness": 2.5, "size": 18, "color": BLUE}, x=x("mean"), y=y),
        marks.make_layer(
            seeds,
            {"type": "point", "filled": True, "size": 42, "opacity": 0.75},
            x=x("value"),
            y=y,
            color={"value": INK},
            shape={
                "field": "kind",
                "type": "nominal",
                "title": None,
                "scale": {"domain": ["trained", "diverged"], "range": ["circle", "triangle-down"]},
                "legend": {"orient": "top"} if any(row["kind"] == "diverged" for row in seeds) else None,
            },
            tooltip=marks.list_titles(row="variant", seed="seed", kind="outcome", value=axis),
        ),
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
