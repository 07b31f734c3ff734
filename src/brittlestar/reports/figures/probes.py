"""Figures of probes: a row for each condition, and a panel for each probe with several strengths."""

from collections import Counter
from collections.abc import Sequence
from functools import partial

from brittlestar.diagnosis.probes.phrasing import PLAIN_TITLE
from brittlestar.diagnosis.probes.readings import ProbedArm, Reading, labels_known
from brittlestar.reports.figures import marks
from brittlestar.reports.figures.frame import BLUE, GREEN, GREY, INK, ORANGE, PANEL_TITLE, Figure, Spec, make_figure
from brittlestar.reports.figures.marks import WIDTH, clip_text, nominal, quantitative, row_names, rows_axis, scale_value
from brittlestar.statistics.effects import Effect

STEP = 24
MOST_ARMS = 3
COLOURS = (BLUE, ORANGE, GREEN)
DOTTED: Spec = {"strokeDash": [2, 3], "color": GREY}
PANEL_WIDTH, PANEL_HEIGHT, COLUMNS = 190, 150, 4
MOST_LETTERS = 38
"""Letters of a title that fit above a panel."""


def draw_conditions(arms: Sequence[ProbedArm], chance: float | None, rung: float | None) -> Figure:
    """Accuracy under each condition where true labels are known, else the share of predictions that stay. `chance` and
    `rung` are accuracies of the majority class and of the best trivial baseline on the rows as they are; grey marks are
    that of the majority class after each change."""
    shown = arms[:MOST_ARMS]
    known = shown[0].plain.before is not None and labels_known(shown[0])
    trivial = [
        {"row": _label(one), "value": scale_value(one.majority_after, 100)}
        for one in shown[0].readings
        if known and one.majority_after is not None
    ]
    found = [(_label(one), arm.arm.name, value) for arm in shown for one, value in _list_values(arm, known)]
    rows = [{"row": label, "variant": name, **_scale_effect(value)} for label, name, value in found]
    dots: list[Spec] = [
        {"row": label, "variant": name, "value": scale_value(share, 100), "seed": str(seed)}
        for label, name, value in found
        for seed, share in value.by_seed.items()
    ]
    labels = list(dict.fromkeys(row["row"] for row in rows))
    y = rows_axis(labels)
    names = [arm.arm.name for arm in shown]
    colour = _colour_arms(names, {"orient": "top", "symbolType": "circle"})
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
            for value, dashed in ((chance, DOTTED), (rung, {"strokeDash": [6, 4], "color": INK}))
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
    counts = {"conditions": len(values), "more": len(arms) - len(shown)}
    return make_figure("probes", body, {"known": known, "first": shown[0].arm.name, "worst": worst, **counts})


def _colour_arms(names: Sequence[str], legend: Spec) -> Spec:
    """The channel that gives each variant its colour."""
    return nominal("variant", names, COLOURS[: len(names)], title=None, legend=legend)


def _scale_effect(one: Effect) -> Spec:
    """An effect that is a share, in points, with its interval as far as a share can go."""
    low, high = one.interval()
    return {"value": scale_value(one.estimate, 100), **marks.scale_ends((max(low, 0.0), min(high, 1.0)), 100)}


def _list_values(arm: ProbedArm, known: bool) -> list[tuple[Reading, Effect]]:
    """What is drawn of each condition that has a value: its accuracy, or the share of predictions that stay."""
    if known:
        return [(one, one.after) for one in arm.readings if one.after is not None]
    kept = [(one, one.flips) for one in arm.readings if one.flips is not None and one.condition.weights is None]
    return [(one, _count_stays(flips)) for one, flips in kept]


def _count_stays(flips: Effect) -> Effect:
    by_seed = {seed: 1 - value for seed, value in flips.by_seed.items()}
    return Effect(1 - flips.estimate, flips.error, flips.degrees, flips.rows, by_seed)


def _label(one: Reading) -> str:
    return PLAIN_TITLE if one.condition.probe == "plain" else one.condition.title


def draw_strengths(arms: Sequence[ProbedArm], chance: float | None) -> Figure | None:
    """One panel for each probe with two strengths or more whose accuracy is known, in points; None without one."""
    shown = arms[:MOST_ARMS]
    probes = _list_with_strengths(shown)
    if not probes:
        return None
    colour = _colour_arms([arm.arm.name for arm in shown], {"orient": "bottom", "symbolType": "stroke"})
    panels = [_panel(shown, probe, chance, colour) for probe in probes]
    grid = [{"hconcat": panels[at : at + COLUMNS]} for at in range(0, len(panels), COLUMNS)]
    about = [_name_probe(shown[0], probe) for probe in probes]
    return make_figure("strengths", {"vconcat": grid}, {"about": about}, above=PANEL_TITLE)


def _list_with_strengths(arms: Sequence[ProbedArm]) -> list[str]:
    found = Counter(
        one.condition.probe
        for arm in arms[:1]
        for one in arm.readings[1:]
        if one.after is not None and not one.condition.probe.startswith("order.pinned")
    )
    return [probe for probe, many in found.items() if many > 1]


def _panel(arms: Sequence[ProbedArm], probe: str, chance: float | None, colour: Spec) -> Spec:
    points = [(arm.arm.name, *point) for arm in arms for point in _list_points(arm, probe)]
    means = [{"strength": at, "variant": name, **_scale_effect(effect)} for name, at, effect in points]
    seeds = [
        {"strength": at, "variant": name, "value": scale_value(value, 100), "line": f"{name} {seed}"}
        for name, at, effect in points
        for seed, value in effect.by_seed.items()
    ]
    units = [one.condition.unit for arm in arms for one in _select(arm, probe) if one.after is not None]
    unit = next((unit for unit in reversed(units) if unit), "")
    axis: Spec = {"axis": {"tickCount": 5, "grid": False}, "scale": {"nice": False}}
    x: Spec = {"field": "strength", "type": "quantitative", "title": unit, **axis}
    y = partial(quantitative, title="accuracy, points", domain=[0, 100], tickCount=5)
    trivial = [
        {"strength": one.condition.strength, "value": scale_value(one.majority_after, 100)}
        for one in _select(arms[0], probe)
        if one.majority_after is not None
    ]
    line, value = {"field": "line", "type": "nominal"}, y("value")
    bold: Spec = {"type": "line", "strokeWidth": 2.5, "point": True}
    thin: Spec = {"type": "line", "strokeWidth": 1, "opacity": 0.5}
    grey: Spec = {"type": "tick", "orient": "horizontal", "thickness": 2, "size": 12, "color": GREY}
    band: Spec = {"type": "area", "opacity": 0.16}
    level = [] if chance is None else [{"value": scale_value(chance, 100)}]
    layers = [
        marks.write_title(clip_text(_name_probe(arms[0], probe), MOST_LETTERS)),
        marks.make_layer(means, band, x=x, y=y("low"), y2={"field": "high"}, color=colour),
        marks.make_layer(seeds, thin, x=x, y=value, color=colour, detail=line),
        marks.make_layer(means, bold, x=x, y=value, color=colour),
        marks.make_layer(trivial, grey, x=x, y=value),
        *(marks.make_layer([one], {"type": "rule", **DOTTED}, y=value) for one in level),
    ]
    return {"width": PANEL_WIDTH, "height": PANEL_HEIGHT, "layer": layers}


def _list_points(arm: ProbedArm, probe: str) -> list[tuple[float, Effect]]:
    """Accuracies with the strengths that they are under, those of the rows as they are first."""
    found = [(_least(arm, probe), arm.plain), *((one.condition.strength, one) for one in _select(arm, probe))]
    return [(strength, one.after) for strength, one in found if one.after is not None]


def _least(arm: ProbedArm, probe: str) -> float:
    """The strength of the rows as they are: once, where lengths are multiplied, else 0."""
    return 1.0 if any(one.condition.unit.startswith("times") for one in _select(arm, probe)) else 0.0


def _name_probe(arm: ProbedArm, probe: str) -> str:
    """The change in words, at no strength in particular."""
    return _select(arm, probe)[0].condition.about


def _select(arm: ProbedArm, probe: str) -> list[Reading]:
    return [one for one in arm.readings if one.condition.probe == probe]
