"""Figures of learning curves: loss on train and dev, then held-out scores under their own names, of main and of what
reads both ways; and held-out scores without context."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from brittlestar.core.metrics import metric_of
from brittlestar.core.results import CellRecord, VariantRecord
from brittlestar.diagnosis.variant_runs import TRAIN_LOSS, train_loss_of
from brittlestar.reports.figures.frame import (
    BLUE,
    GREEN,
    GUTTER,
    PANEL_TITLE,
    PURPLE,
    RED,
    Figure,
    Spec,
    make_figure,
)
from brittlestar.reports.figures.marks import extent, round_value, score_domain
from brittlestar.reports.figures.panel import Curve, Panel, count_lines, draw_panels, track
from brittlestar.reports.study_view import CURVE_SPLIT, StudyView
from brittlestar.study.units import unit_of

CONTEXT = ("data.order", "data.factor", "data.spelling")
COLUMNS = 3  # panels side by side at 720 pixels
MOST_PANELS = 12  # a figure that a person reads
MOST_BIDIRECTIONAL = 3
"""Learning figures of bidirectional variants; the page names the variants beyond."""


def draw_curves(reading: StudyView) -> list[Figure]:
    """Every figure of curves, numbered as they stand, without gaps."""
    main = reading.record.main
    both = [name for name in bidirectional(reading) if has_curves(reading, name)]
    found = [_draw_learning("learning", reading, main, both)] if has_curves(reading, main) else []
    number = len(found) + 1
    others = [name for name in both if name != main][:MOST_BIDIRECTIONAL]
    for index, variant in enumerate(others):
        suffix, mark = (f"-{index + 1}", "abc"[index]) if index else ("", "")
        places = {"name": f"figure-{number}{suffix}", "number": f"{number}{mark}"}
        found.append(_draw_learning("both-ways", reading, variant, [main, *both], **places))
    number += bool(others)
    without = _draw_context(reading, number)
    return found if without is None else [*found, without]


def bidirectional(reading: StudyView) -> tuple[str, ...]:
    """Variants that make the model read both ways."""
    return tuple(n for n, v in reading.record.variants.items() if v.changes.get("model.bidirectional") is True)


def has_curves(reading: StudyView, variant: str) -> bool:
    """Whether any finished cell of the variant recorded a held-out curve."""
    return any(f"{CURVE_SPLIT}.log_loss" in cell.curves for cell in reading.done(variant))


def ablations(reading: StudyView) -> tuple[str, ...]:
    """Variants that change what the model sees of a row: order, factor or spelling."""
    return tuple(
        name
        for name, variant in reading.record.variants.items()
        if name != reading.record.main and any(path in variant.changes for path in CONTEXT)
    )


def _draw_learning(
    kind: str, reading: StudyView, variant: str, beside: Sequence[str], name: str = "figure-1", number: str = "1"
) -> Figure:
    """The learning figure of one variant. The axes also cover the variants `beside`, so that their figures can be
    compared."""
    panels, cells, record = _panels(reading, variant, beside), reading.done(variant), reading.record.variants[variant]
    facts = {
        "number": number,
        "variant": variant,
        "called": _name_variant(record),
        "cells": cells,
        "diverged": sum(cell.outcome == "diverged" for cell in cells),
        "scored": any(cell.best_epoch is not None for cell in cells),
        "fitted": any(cell.outcome == "fitted" for cell in cells),
        "own_loss": _train_loss(cells) != TRAIN_LOSS,
        "told": [_describe_curve(panel, curve) for panel in panels for curve in panel.curves if curve.track.band],
    }
    return _draw_figure(kind, name, panels, _arrange_side_by_side, facts)


def _draw_figure(
    kind: str, name: str, panels: Sequence[Panel], arrange: Callable[[list[Spec]], Spec], facts: Mapping[str, Any]
) -> Figure:
    """A figure of panels, with tooltips where a browser can draw them; thin lines are left out where they are too
    many."""
    lines, seeds, live = count_lines(panels)

    def draw(hover: bool) -> Spec:
        parts, datasets = draw_panels(panels, seeds, hover)
        return {"datasets": datasets, **arrange(parts)}

    more = {"lines": lines, "seeds": seeds, **facts}
    body, live_body = draw(False), draw(True) if live else None
    return make_figure(kind, body, more, name=name, above=PANEL_TITLE, live=live, live_body=live_body)


def _arrange_side_by_side(parts: list[Spec]) -> Spec:
    return {"hconcat": parts, "resolve": {"scale": {"color": "independent"}}, "bounds": "flush", "spacing": GUTTER}


def _train_loss(cells: Sequence[CellRecord]) -> str:
    return next((train_loss_of(cell) for cell in cells), TRAIN_LOSS)


def _name_variant(record: VariantRecord) -> str:
    text = record.name if record.title == record.name else f"{record.name} ({record.title})"
    return text + (" ‡ unequal budget" if record.unequal_budget else "")


def _panels(reading: StudyView, variant: str, beside: Sequence[str]) -> list[Panel]:
    cells = reading.done(variant)
    curves = (
        Curve("train", BLUE, track(cells, _train_loss(cells), 1.0, "train"), (7, 3)),
        Curve(CURVE_SPLIT, RED, track(cells, f"{CURVE_SPLIT}.log_loss", 1.0, CURVE_SPLIT)),
    )
    group = [reading.done(variant) for variant in dict.fromkeys([variant, *beside])]

    def list_numbers(column: str, scale: float) -> list[float]:
        return [number for other in group for number in track(other, column, scale).numbers()]

    losses = [*list_numbers(_train_loss(cells), 1.0), *list_numbers(f"{CURVE_SPLIT}.log_loss", 1.0)]
    loss = Panel("a", "(a) Loss", "log loss (nats)", curves, extent(losses, 0.1, 0.0), marks=_mark_scored(cells))
    metrics = list(dict.fromkeys([reading.metric, "accuracy"]))
    units = {metric: unit_of(metric) for metric in metrics}
    present = [
        m for m in metrics if any(f"{CURVE_SPLIT}.{m}" in cell.curves for cell in cells) and metric_of(m).unit != "nats"
    ]
    levels = {
        metric: level * units[metric].scale
        for metric in present
        if CURVE_SPLIT in reading.record.splits and (level := reading.majority(CURVE_SPLIT, metric)) is not None
    }
    numbers = {
        metric: list_numbers(f"{CURVE_SPLIT}.{metric}", units[metric].scale)
        + ([levels[metric]] if metric in levels else [])
        for metric in present
    }
    shared = [n for metric in present if units[metric].scale == 100 for n in numbers[metric]]
    scores = [
        Panel(
            key,
            f"({key}) Held-out {units[metric].name}",
            f"{CURVE_SPLIT} {units[metric].axis}",
            (Curve(metric, colour, track(cells, f"{CURVE_SPLIT}.{metric}", units[metric].scale, metric)),),
            score_domain(shared if units[metric].scale == 100 else numbers[metric], units[metric]),
            majority=levels.get(metric),
            legend=False,
            decimals=units[metric].decimals,
        )
        for key, metric, colour in zip("bc", present, (GREEN, PURPLE), strict=False)
    ]
    return [loss, *scores]


def _mark_scored(cells: Sequence[CellRecord]) -> list[dict[str, Any]]:
    """The checkpoint that is scored of each cell, where its loss is known."""
    return [
        {"epoch": cell.best_epoch, "value": round_value(float(line[cell.best_epoch])), "seed": str(cell.seed)}
        for cell in cells
        if cell.best_epoch is not None
        and (line := cell.curves.get(f"{CURVE_SPLIT}.log_loss", np.empty(0))).size > cell.best_epoch
        and math.isfinite(line[cell.best_epoch])
    ]


def _describe_curve(panel: Panel, curve: Curve) -> dict[str, Any]:
    """What a curve does, for those who cannot see it: its first, best and last mean."""
    means = curve.track.band
    best = (min if "loss" in panel.axis else max)(means, key=lambda row: row["mean"])
    return {"name": curve.name, "axis": panel.axis, "first": means[0], "best": best, "last": means[-1]}


def _draw_context(reading: StudyView, number: int) -> Figure | None:
    """Held-out headline metric over epochs of every context ablation; None without one that has curves."""
    column = f"{CURVE_SPLIT}.{reading.metric}"
    unit = reading.unit
    main = track(reading.done(reading.record.main), column, unit.scale, "main")
    variants = [
        variant for variant in ablations(reading) if any(column in cell.curves for cell in reading.done(variant))
    ]
    variants, left_out = variants[:MOST_PANELS], variants[MOST_PANELS:]
    if not variants:
        return None
    tracks = {variant: track(reading.done(variant), column, unit.scale, "ablation") for variant in variants}
    majority = reading.majority(CURVE_SPLIT) if CURVE_SPLIT in reading.record.splits else None
    level = None if majority is None else majority * unit.scale
    numbers = [n for found in (main, *tracks.values()) for n in found.numbers()] + ([] if level is None else [level])
    panels = [
        Panel(
            key=f"p{index}",
            title=f"({letter(index)}) " + reading.label(variant).splitlines()[0],
            axis=f"{CURVE_SPLIT} {unit.axis}",
            curves=(Curve("main", BLUE, main, (6, 3), every_seed=False), Curve("ablation", RED, tracks[variant])),
            domain=score_domain(numbers, unit),
            majority=level,
            decimals=unit.decimals,
            legend=index == 0,
            height=210,
        )
        for index, variant in enumerate(variants)
    ]
    facts = {
        "number": number,
        "unit": unit,
        "main": reading.subject.title,
        "shown": [
            (letter(index), reading.record.variants[variant].title, len(reading.done(variant)))
            for index, variant in enumerate(variants)
        ],
        "left_out": left_out,
        "ends": {variant: found.band[-1]["mean"] for variant, found in tracks.items() if found.band},
        "main_end": main.band[-1]["mean"] if main.band else None,
    }
    return _draw_figure("context", f"figure-{number}", panels, _arrange_in_rows, facts)


def _arrange_in_rows(parts: list[Spec]) -> Spec:
    rows = [parts[start : start + COLUMNS] for start in range(0, len(parts), COLUMNS)]
    return {"vconcat": [{"hconcat": row, "bounds": "flush", "spacing": GUTTER} for row in rows]}


def letter(index: int) -> str:
    """a, b, …, z, aa, ab, …"""
    before, own = divmod(index, 26)
    return (letter(before - 1) if before else "") + chr(ord("a") + own)
