"""The one axis of the first screen: everything the headline number has to be read against, in one unit.

Majority class, bag of tokens, every seed, the interval, and what the registered claims ask for; the same axis again
for each shifted split.
"""

from __future__ import annotations

from typing import Any

from brittlestar.reports.claims import levels
from brittlestar.reports.figures.frame import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    RED,
    Figure,
    Spec,
    framed,
    quantitative,
    rounded,
    score_domain,
)
from brittlestar.reports.figures.rows import row_names, rows_axis
from brittlestar.reports.reading import Reading
from brittlestar.reports.units import count

MOST_DOTS = 2_000


def axis(reading: Reading, name: str, title: str) -> Figure:
    """One row for the headline split and one for each shifted split, on a shared axis."""
    unit = reading.unit
    subject = reading.record.main
    bag = reading.bag()
    rows: list[str] = []
    dots: list[dict[str, Any]] = []
    bars: list[dict[str, Any]] = []
    rungs: list[dict[str, Any]] = []
    claimed: list[dict[str, Any]] = []
    margins: list[dict[str, Any]] = []
    words: list[str] = []
    for split in (reading.split, *reading.shifted):
        entry = reading.entry(subject, split)
        n = len(entry["seeds"])
        number = f"{unit.number(entry['mean'])} {unit.interval(entry['interval'])}".strip()
        row = f"{split}\n{number}\n{count(n, 'seed')}, {count(reading.record.splits[split].rows, 'row')}"
        rows.append(row)
        words.append(f"{split}: {subject} {number} over {count(n, 'seed')}")
        dots += [
            {"row": row, "value": rounded(value * unit.scale), "seed": seed}
            for seed, value in reading.values(subject, split).items()
        ]
        if entry["mean"] is not None:
            bars.append(_bar(row, entry, unit.scale))
        if entry["majority"] is not None:
            level = rounded(entry["majority"] * unit.scale)
            rungs.append(
                {"row": row, "mean": level, "text": f"majority {unit.number(entry['majority'])}", "side": "below"}
            )
            words.append(f"majority {level:.4g}")
        if bag is not None and (found := reading.entry(bag, split))["mean"] is not None:
            rungs.append(_bar(row, found, unit.scale) | {"text": f"bag {unit.number(found['mean'])}", "side": "above"})
            words.append(f"bag {unit.number(found['mean'])} {unit.interval(found['interval'])}")
        for level in levels(reading, split):
            at = rounded(level.value * unit.scale)
            claimed.append({"row": row, "value": at, "text": level.text})
            words.append(f"{level.text} at {at:.4g}")
            if level.around is not None and level.margin:
                ends = ((level.around - level.margin) * unit.scale, (level.around + level.margin) * unit.scale)
                margins.append({"row": row, "low": rounded(ends[0]), "high": rounded(ends[1])})
    numbers = [dot["value"] for dot in dots] + [mark["value"] for mark in claimed]
    numbers += [mark[key] for mark in (*bars, *rungs, *margins) for key in ("mean", "low", "high") if key in mark]
    domain = score_domain(numbers, unit)
    if unit.scale == 100:
        domain = [domain[0] - 2.5, domain[1] + 2.5]
    y = rows_axis(rows, gridColor="#c4c4c4")

    def x(field: str) -> Spec:
        return quantitative(field, unit.axis, domain, tickCount=8, grid=False)

    def layer(values: list[dict[str, Any]], mark: Spec, encoding: Spec) -> list[Spec]:
        return [{"data": {"values": values}, "mark": mark, "encoding": {"y": y, **encoding}}] if values else []

    colour: Spec = {
        "field": "side",
        "type": "nominal",
        "scale": {"domain": ["below", "above"], "range": [GREY, ORANGE]},
        "legend": None,
    }
    layers: list[Spec] = [
        *layer(
            margins,
            {"type": "bar", "size": 30, "color": ORANGE, "opacity": 0.14},
            {"x": x("low"), "x2": {"field": "high"}},
        ),
        *layer(
            [rung for rung in rungs if "low" in rung],
            {"type": "rule", "strokeWidth": 5, "opacity": 0.45},
            {"x": x("low"), "x2": {"field": "high"}, "color": colour},
        ),
        *layer(rungs, {"type": "tick", "thickness": 3, "size": 30}, {"x": x("mean"), "color": colour}),
        *layer(
            [rung for rung in rungs if rung["side"] == "below"],
            {"type": "text", "dy": 26, "fontSize": 12, "color": "#4d4d4d"},
            {"x": x("mean"), "text": {"field": "text"}},
        ),
        *layer(
            [rung for rung in rungs if rung["side"] == "above"],
            {"type": "text", "dy": -25, "fontSize": 12, "color": "#7a4f00"},
            {"x": x("mean"), "text": {"field": "text"}},
        ),
        *layer(
            claimed,
            {"type": "tick", "thickness": 2, "size": 54, "color": RED},
            {"x": x("value")},
        ),
        *layer(
            claimed,
            {"type": "text", "dy": 42, "fontSize": 12, "color": "#a34700"},
            {"x": x("value"), "text": {"field": "text"}},
        ),
        *layer(
            [bar for bar in bars if "low" in bar],
            {"type": "rule", "strokeWidth": 9, "color": BLUE, "opacity": 0.3},
            {"x": x("low"), "x2": {"field": "high"}},
        ),
        *layer(bars, {"type": "tick", "thickness": 3, "size": 26, "color": BLUE}, {"x": x("mean")}),
        *layer(
            dots,
            {"type": "point", "filled": True, "size": 46, "color": INK, "opacity": 0.7},
            {
                "x": x("value"),
                "tooltip": [{"field": "seed", "title": "seed"}, {"field": "value", "title": unit.axis}],
            },
        ),
    ]
    subtitle = (
        "Dots: one seed each; blue: mean and 95 % t interval over seeds, for these very rows; grey: always answering "
        "train's most frequent class"
        + ("; orange: bag of tokens, mean and interval" if bag else "")
        + ("; red: the level a registered claim asks for" if claimed else "")
        + ("; pale band: its margin." if margins else ".")
    )
    description = f"One axis in {unit.unit}, {unit.name}. " + "; ".join(words) + "."
    body: Spec = {"width": 860, "height": {"step": 112}, "layer": [*row_names(rows, y), *layers]}
    heading = reading.label(subject).replace("\n", ": ")
    spec = framed(heading, subtitle, description, body)
    return Figure(name, title, "", description, spec, spec if len(dots) <= MOST_DOTS else None)


def _bar(row: str, entry: Any, scale: float) -> dict[str, Any]:
    found: dict[str, Any] = {"row": row, "mean": rounded(entry["mean"] * scale)}
    if entry["interval"]:
        found |= {end: rounded(v * scale) for end, v in zip(("low", "high"), entry["interval"], strict=True)}
    return found
