"""A number against the strength of a probe: every seed, the mean, and the band; the rows as they are at strength 0."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial

from brittlestar.diagnosis.probes.readings import ProbedArm, Reading
from brittlestar.reports.figures import marks
from brittlestar.reports.figures.colours import GREY
from brittlestar.reports.figures.frame import PANEL_TITLE, Figure, Spec, make_figure, quantitative
from brittlestar.reports.figures.probed import MOST_ARMS, arm_colour, scale_effect
from brittlestar.reports.figures.rows import clip_text

WIDTH, HEIGHT, COLUMNS = 190, 150, 4
MOST_LETTERS = 38
"""Letters of a title that fit above a panel."""


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
        dotted: Spec = {"type": "rule", "strokeDash": [2, 3], "color": GREY}
        layers.append(marks.make_layer([{"value": marks.scale_value(chance, 100)}], dotted, y=value))
    return {"width": WIDTH, "height": HEIGHT, "layer": layers}


def _least(arm: ProbedArm, probe: str) -> float:
    """The strength of the rows as they are: once, where lengths are multiplied, else 0."""
    return 1.0 if any(one.condition.unit.startswith("times") for one in _select(arm, probe)) else 0.0


def _name_probe(arm: ProbedArm, probe: str) -> str:
    """The change in words, at no strength in particular."""
    return _select(arm, probe)[0].condition.about


def _select(arm: ProbedArm, probe: str) -> list[Reading]:
    return [one for one in arm.readings if one.condition.probe == probe]
