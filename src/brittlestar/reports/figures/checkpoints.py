"""What selecting a checkpoint changes: best minus last, seed by seed."""

from __future__ import annotations

from functools import partial

from brittlestar.reports.figures import marks
from brittlestar.reports.figures.colours import GREEN, GREY, INK
from brittlestar.reports.figures.frame import Figure, Spec, extent, make_figure, quantitative, round_value
from brittlestar.reports.figures.rows import NUMBERS_AT, WIDTH, row_names, rows_axis, rows_of
from brittlestar.reports.reading import Reading
from brittlestar.statistics.t_intervals import t_interval


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
    layers = [
        *row_names(labels, y),
        marks.make_layer([{"zero": 0}], {"type": "rule", "color": GREY, **marks.DASHED}, x=x("zero")),
        marks.draw_intervals(means, x, {"strokeWidth": 5, "color": GREEN, "opacity": 0.35}, y=y),
        marks.make_layer(means, {"type": "tick", "thickness": 2.5, "size": 18, "color": GREEN}, x=x("mean"), y=y),
        marks.make_layer(
            seeds,
            {"type": "point", "filled": True, "size": 42, "opacity": 0.75, "color": INK},
            x=x("value"),
            y=y,
            tooltip=marks.list_titles(row="variant", seed="seed", value=axis),
        ),
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
