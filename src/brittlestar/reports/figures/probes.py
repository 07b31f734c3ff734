"""Figures of probes: a row for each condition, and a panel for each probe with several strengths."""

from collections import Counter
from collections.abc import Sequence
from functools import partial

from brittlestar.diagnosis.probes.phrasing import PLAIN_TITLE
from brittlestar.diagnosis.probes.readings import ProbedArm, Reading, labels_known
from brittlestar.reports.figures import marks
from brittlestar.reports.figures.colours import BLUE, GREEN, GREY, INK, ORANGE
from brittlestar.reports.figures.frame import PANEL_TITLE, Figure, Spec, make_figure, nominal, quantitative
from brittlestar.reports.figures.rows import WIDTH, clip_text, row_names, rows_axis
from brittlestar.statistics.effects import Effect

STEP = 24
MOST_ARMS = 3
COLOURS = (BLUE, ORANGE, GREEN)
DOTTED: Spec = {"strokeDash": [2, 3], "color": GREY}
PANEL_WIDTH, PANEL_HEIGHT, COLUMNS = 190, 150, 4
MOST_LETTERS = 38
"""Letters of a title that fit above a panel."""


def draw_conditions(
    arms: Sequence[ProbedArm], chance: float | None, rung: float | None, name: str, title: str
) -> Figure:
    """Accuracy under each condition where true labels are known, else the share of predictions that stay. `chance` and
    `trivial baseline` are accuracies of the majority class and of the best trivial baseline on the rows as they are;
    grey marks are that of the majority class after each change."""
    shown = arms[:MOST_ARMS]
    known = shown[0].plain.before is not None and labels_known(shown[0])
    rows: list[Spec] = []
    dots: list[Spec] = []
    trivial = [
        {"row": _label(one), "value": marks.scale_value(one.majority_after, 100)}
        for one in shown[0].readings
        if known and one.majority_after is not None
    ]
    for arm in shown:
        for one in arm.readings:
            value = _value(one, known)
            if value is not None:
                row: Spec = {"row": _label(one), "variant": arm.arm.name}
                rows.append(row | scale_effect(value))
                dots += [
                    row | {"value": marks.scale_value(share, 100), "seed": str(seed)}
                    for seed, share in value.by_seed.items()
                ]
    labels = list(dict.fromkeys(row["row"] for row in rows))
    y = rows_axis(labels)
    names = [arm.arm.name for arm in shown]
    colour = arm_colour(names, {"orient": "top", "symbolType": "circle"})
    offset: Spec = {"field": "variant", "type": "nominal", "scale": {"domain": names, "paddingOuter": 0.25}}
    axis = "accuracy on true labels, points" if known else "predictions that stay, %"
    x = partial(quantitative, title=axis, domain=[0, 100])
    level = quantitative("value", "", [0, 100])
    grey = {"type": "tick", "thickness": 2, "size": 18, "color": GREY, "opacity": 0.8}
    place = {"x": x("value"), "y": y, "yOffset": offset, "color": colour}
    layers = [
        *row_names(labels, y),
        *(
            marks.make_layer([{"value": marks.scale_value(value, 100)}], {"type": "rule", **dashed}, x=level)
            for value, dashed in ((chance, DOTTED), (rung, {"strokeDash": [6, 4], "color": INK}))
            if known and value is not None
        ),
        marks.make_layer(trivial, grey, x=x("value"), y=y),
        marks.draw_intervals(rows, x, {"strokeWidth": 2}, y=y, yOffset=offset, color=colour),
        marks.make_layer(dots, {"type": "point", "size": 14, "opacity": 0.55, "filled": True}, **place),
        marks.make_layer(rows, {"type": "tick", "thickness": 3, "size": 10}, **place),
    ]
    subtitle = (
        "Thick marks: means; dots: every seed; lines: 95 % over seeds and rows. "
        + (
            "Grey marks: the majority class after the change. "
            "Dotted: the majority class; dashed: the best trivial baseline, both on the rows as they are. "
            if known
            else ""
        )
        + (f"{len(arms) - MOST_ARMS} more variants are in the table." if len(arms) > MOST_ARMS else "")
    )
    described = _describe_variant(shown[0], known)
    body = {"width": WIDTH, "height": {"step": STEP, "for": "position"}, "layer": layers}
    return make_figure(name, (title, "Under changes of the input"), subtitle, described, body)


def arm_colour(names: Sequence[str], legend: Spec) -> Spec:
    """The channel that gives each variant its colour."""
    return nominal("variant", names, COLOURS[: len(names)], title=None, legend=legend)


def scale_effect(one: Effect) -> Spec:
    """An effect that is a share, in points, with its interval as far as a share can go."""
    low, high = one.interval()
    return {"value": marks.scale_value(one.estimate, 100), **marks.scale_ends((max(low, 0.0), min(high, 1.0)), 100)}


def _value(one: Reading, known: bool) -> Effect | None:
    if known:
        return one.after
    if one.flips is None or one.condition.weights is not None:
        return None
    flips = one.flips
    by_seed = {seed: 1 - value for seed, value in flips.by_seed.items()}
    return Effect(1 - flips.estimate, flips.error, flips.degrees, flips.rows, by_seed)


def _label(one: Reading) -> str:
    return PLAIN_TITLE if one.condition.probe == "plain" else one.condition.title


def _describe_variant(arm: ProbedArm, known: bool) -> str:
    values = [(one, value) for one in arm.readings[1:] if (value := _value(one, known)) is not None]
    if not values:
        return f"{arm.arm.name} under no condition."
    worst, value = min(values, key=lambda pair: pair[1].estimate)
    what = "accuracy" if known else "predictions that stay"
    least = f"least {what}, {100 * value.estimate:.1f}, with {worst.condition.title}"
    return f"{arm.arm.name} under {len(values)} conditions; {least}."


def with_strengths(arms: Sequence[ProbedArm]) -> list[str]:
    """Probes with two strengths or more whose accuracy is known."""
    found = Counter(
        one.condition.probe
        for arm in arms[:1]
        for one in arm.readings[1:]
        if one.after is not None and not one.condition.probe.startswith("order.pinned")
    )
    return [probe for probe, many in found.items() if many > 1]


def strengths(arms: Sequence[ProbedArm], chance: float | None, name: str, title: str) -> Figure:
    """One panel a probe with two strengths or more: accuracy on true labels, in points."""
    shown = arms[:MOST_ARMS]
    probes = with_strengths(shown)
    colour = arm_colour([arm.arm.name for arm in shown], {"orient": "bottom", "symbolType": "stroke"})
    panels = [_panel(shown, probe, chance, colour) for probe in probes]
    grid = [{"hconcat": panels[at : at + COLUMNS]} for at in range(0, len(panels), COLUMNS)]
    subtitle = (
        "Thin lines: every seed; bold: the mean; band: 95 % over seeds and rows. Grey marks: the majority class "
        "after the change; dotted: on the rows as they are."
    )
    described = f"Accuracy against strength: {'; '.join(_name_probe(shown[0], probe) for probe in probes)}."
    titles = title, "The stronger the change"
    return make_figure(name, titles, subtitle, described, {"vconcat": grid}, above=PANEL_TITLE)


def _panel(arms: Sequence[ProbedArm], probe: str, chance: float | None, colour: Spec) -> Spec:
    means: list[Spec] = []
    seeds: list[Spec] = []
    unit = ""
    for arm in arms:
        points = [(_least(arm, probe), arm.plain), *((one.condition.strength, one) for one in _select(arm, probe))]
        for strength, one in points:
            if one.after is None:
                continue
            unit = one.condition.unit or unit
            row: Spec = {"strength": strength, "variant": arm.arm.name}
            means.append(row | scale_effect(one.after))
            seeds += [
                row | {"value": marks.scale_value(value, 100), "line": f"{arm.arm.name} {seed}"}
                for seed, value in one.after.by_seed.items()
            ]
    x: Spec = {
        "field": "strength",
        "type": "quantitative",
        "title": unit,
        "axis": {"tickCount": 5, "grid": False},
        "scale": {"nice": False},
    }
    y = partial(quantitative, title="accuracy, points", domain=[0, 100], tickCount=5)
    trivial = [
        {"strength": one.condition.strength, "value": marks.scale_value(one.majority_after, 100)}
        for one in _select(arms[0], probe)
        if one.majority_after is not None
    ]
    line, value = {"field": "line", "type": "nominal"}, y("value")
    bold: Spec = {"type": "line", "strokeWidth": 2.5, "point": True}
    grey: Spec = {"type": "tick", "orient": "horizontal", "thickness": 2, "size": 12, "color": GREY}
    band: Spec = {"type": "area", "opacity": 0.16}
    layers = [
        marks.write_title(clip_text(_name_probe(arms[0], probe), MOST_LETTERS)),
        marks.make_layer(means, band, x=x, y=y("low"), y2={"field": "high"}, color=colour),
        marks.make_layer(
            seeds, {"type": "line", "strokeWidth": 1, "opacity": 0.5}, x=x, y=value, color=colour, detail=line
        ),
        marks.make_layer(means, bold, x=x, y=value, color=colour),
        marks.make_layer(trivial, grey, x=x, y=value),
    ]
    if chance is not None:
        layers.append(
            marks.make_layer([{"value": marks.scale_value(chance, 100)}], {"type": "rule", **DOTTED}, y=value)
        )
    return {"width": PANEL_WIDTH, "height": PANEL_HEIGHT, "layer": layers}


def _least(arm: ProbedArm, probe: str) -> float:
    """The strength of the rows as they are: once, where lengths are multiplied, else 0."""
    return 1.0 if any(one.condition.unit.startswith("times") for one in _select(arm, probe)) else 0.0


def _name_probe(arm: ProbedArm, probe: str) -> str:
    """The change in words, at no strength in particular."""
    return _select(arm, probe)[0].condition.about


def _select(arm: ProbedArm, probe: str) -> list[Reading]:
    return [one for one in arm.readings if one.condition.probe == probe]
