"""Train, dev, test and every shifted split side by side for each variant."""

from __future__ import annotations

from functools import partial
from itertools import cycle, islice

from brittlestar.reports.figures import colours, marks
from brittlestar.reports.figures.frame import Figure, Spec, capitalise_text, make_figure, quantitative, score_domain
from brittlestar.reports.figures.rows import WIDTH, row_names, rows_axis, rows_of
from brittlestar.reports.reading import Reading

COLOURS = (colours.BLUE, colours.SKY, colours.INK, colours.RED, colours.ORANGE, colours.PURPLE, colours.GREEN)
SHAPES = ("circle", "square", "diamond", "triangle-up", "triangle-down", "triangle-left", "triangle-right")


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
    shape, colour = (
        {"field": "split", "type": "nominal", "title": None, "scale": {"domain": splits, "range": chosen}}
        for chosen in (list(islice(cycle(palette), len(splits))) for palette in (SHAPES, COLOURS))
    )
    colour: Spec = {**colour, "legend": {"orient": "top", "symbolSize": 70}}
    layers = [
        *row_names(labels, y),
        marks.make_layer(
            [row for row in rows if "majority" in row],
            {"type": "tick", "thickness": 2, "size": 9, "color": colours.GREY, "opacity": 0.9},
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
