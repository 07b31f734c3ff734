"""Figure 3: the context ablations, one small panel each, against main's curve."""

from brittlestar.reports.figures.colours import BLUE, RED
from brittlestar.reports.figures.frame import GUTTER, PANEL_TITLE, Figure, frame_spec, score_domain
from brittlestar.reports.figures.panel import Curve, Panel, count_lines, draw_panels, track
from brittlestar.reports.reading import CURVE_SPLIT, Reading
from brittlestar.study.units import count

CONTEXT = ("data.order", "data.factor", "data.spelling")
COLUMNS = 3  # panels side by side at 720 pixels
MOST_PANELS = 12  # a figure that a person reads


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
