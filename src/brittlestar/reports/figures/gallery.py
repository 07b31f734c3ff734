"""All figures of a report, in the order a reader meets them."""

from functools import partial

import numpy as np

from brittlestar.claims.headline_numbers import list_judged
from brittlestar.claims.sources import Sources, sources_of
from brittlestar.reports.figures import marks
from brittlestar.reports.figures.axis import axis
from brittlestar.reports.figures.claims import drawable, looks, power, verdicts, with_path, with_power
from brittlestar.reports.figures.colours import BLUE, GREY, INK
from brittlestar.reports.figures.frame import Figure, Spec, make_figure, nominal, quantitative, round_value
from brittlestar.reports.figures.learning import ablations, bidirectional, context, has_curves, learning
from brittlestar.reports.figures.of_audit import audit_figures
from brittlestar.reports.figures.probes import draw_conditions, strengths, with_strengths
from brittlestar.reports.figures.rows import NUMBERS_AT, WIDTH, row_names, rows_axis
from brittlestar.reports.figures.variants import checkpoints, gaps, results
from brittlestar.reports.reading import CURVE_SPLIT, Reading

MOST_BIDIRECTIONAL = 3
"""Learning figures of bidirectional variants; the page names the variants beyond."""
OF_MAIN, BOTH_WAYS, WITHOUT_CONTEXT = "Learning curves of main", "Reading both ways", "What is left without context"
"""What the figures of curves show: they are numbered as they stand, without gaps."""
STEP = 30
REACH = 3.0
"""The axis ends at so many times the largest estimate; intervals beyond are cut there."""


def gallery(reading: Reading) -> dict[str, Figure]:
    """Figures by name; a figure that the record cannot fill is left out, and the page says why."""
    found: dict[str, Figure] = {}

    def add(figure: Figure) -> None:
        found[figure.name] = figure

    first = axis(reading, "axis", "Main against the trivial baselines")
    if first is not None:
        add(first)
    main = reading.record.main
    both = [name for name in bidirectional(reading) if has_curves(reading, name)]
    number = 1
    if has_curves(reading, main):
        add(learning(reading, main, "figure-1", f"Figure 1. {OF_MAIN}", both))
        number = 2
    others = [name for name in both if name != main][:MOST_BIDIRECTIONAL]
    for index, variant in enumerate(others):
        suffix, letter = (f"-{index + 1}", "abc"[index]) if index else ("", "")
        name, title = f"figure-{number}{suffix}", f"Figure {number}{letter}. {BOTH_WAYS}: {variant}"
        add(learning(reading, variant, name, title, [main, *both]))
    number += bool(others)
    column = f"{CURVE_SPLIT}.{reading.metric}"
    if any(column in cell.curves for name in ablations(reading) for cell in reading.done(name)):
        add(context(reading, f"figure-{number}", f"Figure {number}. {WITHOUT_CONTEXT}"))
    scored = [name for name in reading.record.variants if reading.values(name, reading.split)] if reading.split else []
    if len(scored) > 1 or (scored and first is None):
        add(results(reading, "results", "Every variant, every seed"))
    if sum(any(reading.values(name, split) for name in scored) for split in reading.record.splits) > 1:
        add(gaps(reading, "gaps", "Score on every split"))
    if any(_differs_from_last(reading, name) for name in scored):
        add(checkpoints(reading, "checkpoints", "Best against last checkpoint"))
    spread = sources_of(reading.record)
    if any(not one.missing for one in spread):
        add(sources(spread, "sources", "Where the spread comes from"))
    judged = list_judged(reading.judgements, reading.numbers)
    if drawable(judged):
        add(verdicts(judged, "verdicts", "Every claim against its threshold"))
    if with_path(reading.judgements):
        add(looks(reading.judgements, "looks", "Claims at each look: the interim analyses at planned numbers of seeds"))
    if with_power(reading.judgements):
        add(power(reading.judgements, "power", "What so many seeds can find"))
    found.update(audit_figures(reading.record.audit, tuple(reading.record.splits)))
    if reading.probed is not None:
        arms = reading.probed.arms
        majority = reading.majority(reading.probed.study.probes.split, "accuracy")
        add(draw_conditions(arms, majority, _best_trivial(reading), "probes", "Under changes of the input"))
        if with_strengths(arms):
            add(strengths(arms, majority, "strengths", "The stronger the change"))
    return found


def _differs_from_last(reading: Reading, variant: str) -> bool:
    """Whether the selected checkpoint scores otherwise than the last one: neither predictions that were given nor a
    model that is fitted at once have two."""
    last = reading.values(variant, reading.split, last=True)
    return bool(last) and last != reading.values(variant, reading.split)


def _best_trivial(reading: Reading) -> float | None:
    audit, probes = reading.record.audit, reading.record.probes
    if audit is None or audit.ladder is None or probes is None:
        return None
    score = audit.ladder.best(probes.split).score(probes.split, "accuracy")
    return score.value


def sources(found: tuple[Sources, ...], name: str, title: str) -> Figure:
    """Standard deviations in points, one row a stream and variant, and what is left over."""
    shown = [one for one in found if not one.missing]
    rows: list[Spec] = []
    for one in shown:
        for source in one.sources:
            low, high, value = (marks.scale_value(float(np.sqrt(v)), 100) for v in (*source.interval, source.variance))
            row = {"row": f"{source.stream}\n{one.variant}", "value": value}
            rows.append(row | {"low": low, "high": high, "kind": "stream"})
        left = marks.scale_value(float(np.sqrt(one.left_over)), 100)
        rows.append({"row": f"left over\n{one.variant}", "value": left, "kind": "rest"})
    furthest = REACH * max((row["value"] for row in rows), default=1.0) or 1.0
    for row in rows:
        row["text"] = f"{row['value']:.1f}"
        if "high" in row:
            row["text"] += f" [{row['low']:.1f}, {row['high']:.1f}]"
            row["high"], row["low"] = min(row["high"], furthest), min(row["low"], furthest)
    labels = [row["row"] for row in rows]
    x = partial(quantitative, title="standard deviation in points", domain=[0, round_value(furthest)])
    y = rows_axis(labels)
    colour = nominal("kind", ["stream", "rest"], [BLUE, GREY], legend=None)
    layers = [
        *row_names(labels, y),
        marks.make_layer(rows, {"type": "bar", "height": 12}, x=x("value"), y=y, color=colour),
        marks.draw_intervals(rows, x, {"color": INK, "strokeWidth": 1.5}, y=y),
        marks.write_numbers(rows, NUMBERS_AT, y),
    ]
    subtitle = (
        "Bars: the spread of each stream by itself; lines: 95 % intervals (Williams, new draws of all streams), cut at "
        "the end of the axis; grey: the streams' interaction, and streams that vary in every run."
    )
    told = " ".join(one.sentence for one in shown)
    body = {"width": WIDTH, "height": {"step": STEP}, "layer": layers}
    return make_figure(name, (title, "The spread by its sources"), subtitle, told, body)
