"""Figures 1 and 2: learning curves of one variant: loss on train and dev, then held-out scores under their own
names."""

import math
from collections.abc import Sequence

import numpy as np

from brittlestar.core.results import CellRecord, VariantRecord
from brittlestar.diagnosis.arms import TRAIN_LOSS, train_loss_of
from brittlestar.reports.figures.colours import BLUE, GREEN, PURPLE, RED
from brittlestar.reports.figures.frame import GUTTER, PANEL_TITLE, Figure, extent, frame_spec, round_value, score_domain
from brittlestar.reports.figures.panel import Curve, Panel, count_lines, draw_panels, track
from brittlestar.reports.reading import CURVE_SPLIT, Reading
from brittlestar.study.units import count, unit_of

CONTEXT = ("data.order", "data.factor", "data.spelling")
COLUMNS = 3  # panels side by side at 720 pixels
MOST_PANELS = 12  # a figure that a person reads


def bidirectional(reading: Reading) -> tuple[str, ...]:
    """Variants that make the model read both ways."""
    return tuple(n for n, v in reading.record.variants.items() if v.changes.get("model.bidirectional") is True)


def has_curves(reading: Reading, variant: str) -> bool:
    """Whether any finished cell of the variant recorded a held-out curve."""
    return any(f"{CURVE_SPLIT}.log_loss" in cell.curves for cell in reading.done(variant))


def learning(reading: Reading, variant: str, name: str, title: str, beside: Sequence[str]) -> Figure:
    """The learning figure of one variant. The axes also cover the variants `beside`, so that their figures can be
    compared."""
    panels = _panels(reading, variant, beside)
    lines, seeds, live = count_lines(panels)
    cells = reading.done(variant)
    record = reading.record.variants[variant]
    thin = (
        "Thin lines: one seed each; thick: mean; shaded: 95 % t interval (these rows, new seeds)."
        + " Circles: the checkpoint that is scored." * any(cell.best_epoch is not None for cell in cells)
        if seeds
        else f"{count(lines, 'line')} of single seeds are left out of this picture; shown: mean and 95 % t interval "
        "(these rows, new seeds). Every seed's curve is in the store, in the folder of its run."
    )
    diverged = sum(cell.outcome == "diverged" for cell in cells)
    caption = "Epoch 0 is before any step; losses are scored without dropout."
    if any(cell.outcome == "fitted" for cell in cells):
        caption = "These are the curves that the fit function reports of its own training."
        if _train_loss(cells) != TRAIN_LOSS:
            caption += " Its loss on train is its own objective."
    if diverged:
        caption += (
            f" {count(diverged, 'seed')} diverged: its curve ends where the loss stopped being finite, "
            "and mean and band end there too."
        )
    description = f"{title}: {_arm(record)}. {_in_words(panels)}"

    def spec(hover: bool) -> dict[str, object]:
        parts, datasets = draw_panels(panels, seeds, hover)
        body = {
            "datasets": datasets,
            "hconcat": parts,
            "resolve": {"scale": {"color": "independent"}},
            "bounds": "flush",
            "spacing": GUTTER,
        }
        heading = f"{_arm(record)}, {count(len(cells), 'seed')}"
        return frame_spec(heading, thin, description, body, PANEL_TITLE)

    return Figure(name, title, caption, description, spec(False), spec(True) if live else None)


def _train_loss(cells: Sequence[CellRecord]) -> str:
    return next((train_loss_of(cell) for cell in cells), TRAIN_LOSS)


def _arm(record: VariantRecord) -> str:
    text = record.name if record.title == record.name else f"{record.name} ({record.title})"
    return text + (" ‡ unequal budget" if record.unequal_budget else "")


def _panels(reading: Reading, variant: str, beside: Sequence[str]) -> list[Panel]:
    cells = reading.done(variant)
    curves = (
        Curve("train", BLUE, track(cells, _train_loss(cells), 1.0, "train"), (7, 3)),
        Curve(CURVE_SPLIT, RED, track(cells, f"{CURVE_SPLIT}.log_loss", 1.0, CURVE_SPLIT)),
    )
    group = [reading.done(arm) for arm in dict.fromkeys([variant, *beside])]

    def list_numbers(column: str, scale: float) -> list[float]:
        return [number for other in group for number in track(other, column, scale).numbers()]

    losses = [*list_numbers(_train_loss(cells), 1.0), *list_numbers(f"{CURVE_SPLIT}.log_loss", 1.0)]
    marks = [
        {"epoch": cell.best_epoch, "value": round_value(float(line[cell.best_epoch])), "seed": str(cell.seed)}
        for cell in cells
        if cell.best_epoch is not None
        and (line := cell.curves.get(f"{CURVE_SPLIT}.log_loss", np.empty(0))).size > cell.best_epoch
        and math.isfinite(line[cell.best_epoch])
    ]
    panels = [Panel("a", "(a) Loss", "log loss (nats)", curves, extent(losses, 0.1, 0.0), marks=marks)]
    metrics = list(dict.fromkeys([reading.metric, "accuracy"]))
    units = {metric: unit_of(metric) for metric in metrics}
    present = [m for m in metrics if any(f"{CURVE_SPLIT}.{m}" in cell.curves for cell in cells) and m != "log_loss"]
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
    for key, metric, colour in zip("bc", present, (GREEN, PURPLE), strict=False):
        unit = units[metric]
        panels.append(
            Panel(
                key,
                f"({key}) Held-out {unit.name}",
                f"{CURVE_SPLIT} {unit.axis}",
                (Curve(metric, colour, track(cells, f"{CURVE_SPLIT}.{metric}", unit.scale, metric)),),
                score_domain(shared if unit.scale == 100 else numbers[metric], unit),
                majority=levels.get(metric),
                legend=False,
                decimals=unit.decimals,
            )
        )
    return panels


def _in_words(panels: Sequence[Panel]) -> str:
    sentences: list[str] = []
    for panel, curve in [(one, curve) for one in panels for curve in one.curves if curve.track.band]:
        means = curve.track.band
        first, last = means[0], means[-1]
        best = (min if "loss" in panel.axis else max)(means, key=lambda row: row["mean"])
        sentences.append(
            f"Mean {curve.name} {panel.axis}: {first['mean']:.3g} at epoch {first['epoch']}, best {best['mean']:.3g} "
            f"at epoch {best['epoch']}, {last['mean']:.3g} at epoch {last['epoch']}."
        )
    return " ".join(sentences)


def ablations(reading: Reading) -> tuple[str, ...]:
    """Variants that change what the model sees of a row: order, factor or spelling."""
    return tuple(
        name
        for name, variant in reading.record.variants.items()
        if name != reading.record.main and any(path in variant.changes for path in CONTEXT)
    )


def context(reading: Reading, name: str, title: str) -> Figure:
    """Held-out headline metric over epochs of every context ablation; raises ValueError without one that has curves."""
    column = f"{CURVE_SPLIT}.{reading.metric}"
    unit = reading.unit
    main = track(reading.done(reading.record.main), column, unit.scale, "main")
    arms = [arm for arm in ablations(reading) if any(column in cell.curves for cell in reading.done(arm))]
    arms, left_out = arms[:MOST_PANELS], arms[MOST_PANELS:]
    if not arms:
        raise ValueError("no context ablation has a held-out curve")
    tracks = {arm: track(reading.done(arm), column, unit.scale, "ablation") for arm in arms}
    majority = reading.majority(CURVE_SPLIT) if CURVE_SPLIT in reading.record.splits else None
    level = None if majority is None else majority * unit.scale
    numbers = [n for found in (main, *tracks.values()) for n in found.numbers()] + ([] if level is None else [level])
    domain = score_domain(numbers, unit)
    panels = [
        Panel(
            key=f"p{index}",
            title=f"({letter(index)}) " + reading.label(arm).splitlines()[0],
            axis=f"{CURVE_SPLIT} {unit.axis}",
            curves=(
                Curve("main", BLUE, main, (6, 3), every_seed=False),
                Curve("ablation", RED, tracks[arm]),
            ),
            domain=domain,
            majority=level,
            decimals=unit.decimals,
            legend=index == 0,
            height=210,
        )
        for index, arm in enumerate(arms)
    ]
    lines, seeds, live = count_lines(panels)
    thin = (
        "Thin lines: one seed of the ablation each; thick: means (dashed: main); shaded: 95 % t interval (these rows, "
        "new seeds)."
        if seeds
        else f"{count(lines, 'line')} of single seeds are left out of this picture; shown: means (dashed: main) "
        "and 95 % t intervals (these rows, new seeds)."
    )
    listed = "; ".join(
        f"({letter(index)}) {reading.record.variants[arm].title}, {count(len(reading.done(arm)), 'seed')}"
        for index, arm in enumerate(arms)
    )
    caption = (
        f"{listed}. main: {reading.subject.title}. The ablation is applied to every split and the model is "
        "trained again; labels and factor weights stay those of the original row."
    )
    if left_out:
        caption += f" Not pictured: {count(len(left_out), 'more ablation')} ({', '.join(left_out)}); see the table."
    ends = [f"{arm} ends at {found.band[-1]['mean']:.3g} {unit.unit}" for arm, found in tracks.items() if found.band]
    ends += [f"main ends at {main.band[-1]['mean']:.3g}"] if main.band else []
    description = f"{title}. {'; '.join(ends)}"

    def spec(hover: bool) -> dict[str, object]:
        parts, datasets = draw_panels(panels, seeds, hover)
        rows = [parts[start : start + COLUMNS] for start in range(0, len(parts), COLUMNS)]
        across = [{"hconcat": row, "bounds": "flush", "spacing": GUTTER} for row in rows]
        body = {"datasets": datasets, "vconcat": across}
        return frame_spec(f"Held-out {unit.name} of the context ablations", thin, description, body, PANEL_TITLE)

    return Figure(name, title, caption, description, spec(False), spec(True) if live else None)


def letter(index: int) -> str:
    """a, b, …, z, aa, ab, …"""
    before, own = divmod(index, 26)
    return (letter(before - 1) if before else "") + chr(ord("a") + own)
