"""Figures of probes: a row for each condition, and a panel for each probe with several strengths."""

from collections import Counter
from collections.abc import Sequence
from functools import partial

from brittlestar.diagnosis.probes.phrasing import PLAIN_TITLE
from brittlestar.diagnosis.probes.readings import ConditionReading, ProbedVariant, labels_known
from brittlestar.reports.figures import marks
from brittlestar.reports.figures.frame import BLUE, GREEN, GREY, INK, ORANGE, PANEL_TITLE, Figure, Spec, make_figure
from brittlestar.reports.figures.marks import WIDTH, clip_text, nominal, quantitative, row_names, rows_axis, scale_value
from brittlestar.statistics.effects import Effect

STEP = 24
MOST_VARIANTS = 3
COLOURS = (BLUE, ORANGE, GREEN)
DOTTED: Spec = {"strokeDash": [2, 3], "color": GREY}
PANEL_WIDTH, PANEL_HEIGHT, COLUMNS = 190, 150, 4
MOST_LETTERS = 38
"""Letters of a title that fit above a panel."""


def draw_conditions(variants: Sequence[ProbedVariant], chance: float | None, baseline: float | None) -> Figure:
    """Accuracy under each condition where true labels are known, else the share of predictions that stay. `chance` and
    `baseline` are accuracies of the majority class and of the best trivial baseline on the rows as they are; grey marks
    are that of the majority class after each change."""
    shown = variants[:MOST_VARIANTS]
    known = shown[0].plain.before is not None and labels_known(shown[0])
    trivial = [
        {"row": _label(reading), "value": scale_value(reading.majority_after, 100)}
        for reading in shown[0].readings
        if known and reading.majority_after is not None
    ]
    found = [(_label(one), variant.name, value) for variant in shown for one, value in _list_values(variant, known)]
    rows = [{"row": label, "variant": name, **_scale_effect(value)} for label, name, value in found]
    dots: list[Spec] = [
        {"row": label, "variant": name, "value": scale_value(share, 100), "seed": str(seed)}
        for label, name, value in found
        for seed, share in value.by_seed.items()
    ]
    labels = list(dict.fromkeys(row["row"] for row in rows))
    y = rows_axis(labels)
    names = [variant.name for variant in shown]
    colour = _colour_variants(names, {"orient": "top", "symbolType": "circle"})
    offset: Spec = {"field": "variant", "type": "nominal", "scale": {"domain": names, "paddingOuter": 0.25}}
    axis = "accuracy on true labels, points" if known else "predictions that stay, %"
    x = partial(quantitative, title=axis, domain=[0, 100])
    level = quantitative("value", "", [0, 100])
    grey = {"type": "tick", "thickness": 2, "size": 18, "color": GREY, "opacity": 0.8}
    place = {"x": x("value"), "y": y, "yOffset": offset, "color": colour}
    layers = [
        *row_names(labels, y),
        *(
            marks.make_layer([{"value": scale_value(value, 100)}], {"type": "rule", **dashed}, x=level)
            for value, dashed in ((chance, DOTTED), (baseline, {"strokeDash": [6, 4], "color": INK}))
            if known and value is not None
        ),
        marks.make_layer(trivial, grey, x=x("value"), y=y),
        marks.draw_intervals(rows, x, {"strokeWidth": 2}, y=y, yOffset=offset, color=colour),
        marks.make_layer(dots, {"type": "point", "size": 14, "opacity": 0.55, "filled": True}, **place),
        marks.make_layer(rows, {"type": "tick", "thickness": 3, "size": 10}, **place),
    ]
    body = {"width": WIDTH, "height": {"step": STEP, "for": "position"}, "layer": layers}
    values = [pair for pair in _list_values(shown[0], known) if pair[0] is not shown[0].readings[0]]
    worst = min(values, key=lambda pair: pair[1].estimate, default=None)
    counts = {"conditions": len(values), "more": len(variants) - len(shown)}
    return make_figure("probes", body, {"known": known, "first": shown[0].name, "worst": worst, **counts})


def _colour_variants(names: Sequence[str], legend: Spec) -> Spec:
    """The channel that gives each variant its colour."""
    return nominal("variant", names, COLOURS[: len(names)], title=None, legend=legend)


def _scale_effect(one: Effect) -> Spec:
    """An effect that is a share, in points, with its interval as far as a share can go."""
    low, high = one.interval()
    return {"value": scale_value(one.estimate, 100), **marks.scale_ends((max(low, 0.0), min(high, 1.0)), 100)}


def _list_values(variant: ProbedVariant, known: bool) -> list[tuple[ConditionReading, Effect]]:
    """What is drawn of each condition that has a value: its accuracy, or the share of predictions that stay."""
    if known:
        return [(reading, reading.after) for reading in variant.readings if reading.after is not None]
    kept = [
        (reading, reading.flips)
        for reading in variant.readings
        if reading.flips is not None and reading.condition.weights is None
    ]
    return [(one, _count_stays(flips)) for one, flips in kept]


def _count_stays(flips: Effect) -> Effect:
    by_seed = {seed: 1 - value for seed, value in flips.by_seed.items()}
    return Effect(1 - flips.estimate, flips.error, flips.degrees, flips.rows, by_seed)


def _label(reading: ConditionReading) -> str:
    return PLAIN_TITLE if reading.condition.probe == "plain" else reading.condition.title


def draw_strengths(variants: Sequence[ProbedVariant], chance: float | None) -> Figure | None:
    """One panel for each probe with two strengths or more whose accuracy is known, in points; None without one."""
    shown = variants[:MOST_VARIANTS]
    probes = _list_with_strengths(shown)
    if not probes:
        return None
    colour = _colour_variants([variant.name for variant in shown], {"orient": "bottom", "symbolType": "stroke"})
    panels = [_panel(shown, probe, chance, colour) for probe in probes]
    grid = [{"hconcat": panels[at : at + COLUMNS]} for at in range(0, len(panels), COLUMNS)]
    about = [_name_probe(shown[0], probe) for probe in probes]
    return make_figure("strengths", {"vconcat": grid}, {"about": about}, above=PANEL_TITLE)


def _list_with_strengths(variants: Sequence[ProbedVariant]) -> list[str]:
    found = Counter(
        reading.condition.probe
        for variant in variants[:1]
        for reading in variant.readings[1:]
        if reading.after is not None and not reading.condition.probe.startswith("order.pinned")
    )
    return [probe for probe, many in found.items() if many > 1]


def _panel(variants: Sequence[ProbedVariant], probe: str, chance: float | None, colour: Spec) -> Spec:
    points = [(variant.name, *point) for variant in variants for point in _list_points(variant, probe)]
    means = [{"strength": at, "variant": name, **_scale_effect(effect)} for name, at, effect in points]
    seeds = [
        {"strength": at, "variant": name, "value": scale_value(value, 100), "line": f"{name} {seed}"}
        for name, at, effect in points
        for seed, value in effect.by_seed.items()
    ]
    units = [one.condition.unit for variant in variants for one in _select(variant, probe) if one.after is not None]
    unit = next((unit for unit in reversed(units) if unit), "")
    axis: Spec = {"axis": {"tickCount": 5, "grid": False}, "scale": {"nice": False}}
    x: Spec = {"field": "strength", "type": "quantitative", "title": unit, **axis}
    y = partial(quantitative, title="accuracy, points", domain=[0, 100], tickCount=5)
    trivial = [
        {"strength": one.condition.strength, "value": scale_value(one.majority_after, 100)}
        for one in _select(variants[0], probe)
        if one.majority_after is not None
    ]
    line, value = {"field": "line", "type": "nominal"}, y("value")
    bold: Spec = {"type": "line", "strokeWidth": 2.5, "point": True}
    thin: Spec = {"type": "line", "strokeWidth": 1, "opacity": 0.5}
    grey: Spec = {"type": "tick", "orient": "horizontal", "thickness": 2, "size": 12, "color": GREY}
    band: Spec = {"type": "area", "opacity": 0.16}
    level = [] if chance is None else [{"value": scale_value(chance, 100)}]
    layers = [
        marks.write_title(clip_text(_name_probe(variants[0], probe), MOST_LETTERS)),
        marks.make_layer(means, band, x=x, y=y("low"), y2={"field": "high"}, color=colour),
        marks.make_layer(seeds, thin, x=x, y=value, color=colour, detail=line),
        marks.make_layer(means, bold, x=x, y=value, color=colour),
        marks.make_layer(trivial, grey, x=x, y=value),
        *(marks.make_layer([one], {"type": "rule", **DOTTED}, y=value) for one in level),
    ]
    return {"width": PANEL_WIDTH, "height": PANEL_HEIGHT, "layer": layers}


def _list_points(variant: ProbedVariant, probe: str) -> list[tuple[float, Effect]]:
    """Accuracies with the strengths that they are under, those of the rows as they are first."""
    found = [
        (_least(variant, probe), variant.plain),
        *((one.condition.strength, one) for one in _select(variant, probe)),
    ]
    return [(strength, one.after) for strength, one in found if one.after is not None]


def _least(variant: ProbedVariant, probe: str) -> float:
    """The strength of the rows as they are: once, where lengths are multiplied, else 0."""
    return 1.0 if any(one.condition.unit.startswith("times") for one in _select(variant, probe)) else 0.0


def _name_probe(variant: ProbedVariant, probe: str) -> str:
    """The change in words, at no strength in particular."""
    return _select(variant, probe)[0].condition.about


def _select(variant: ProbedVariant, probe: str) -> list[ConditionReading]:
    return [reading for reading in variant.readings if reading.condition.probe == probe]
