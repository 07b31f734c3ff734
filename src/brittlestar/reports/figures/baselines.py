"""The trivial baselines: what trivial predictors score on each split, on all rows and on rows not in train."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from brittlestar.core.trivial_baselines import (
    Population,
    TrivialBaseline,
    TrivialBaselines,
    choose_highest,
    place_words,
)
from brittlestar.reports.figures import marks
from brittlestar.reports.figures.frame import BLUE, GREY, INK, ORANGE, QUIET, Figure, Spec, make_figure
from brittlestar.reports.figures.marks import clip_text, nominal, quantitative, row_names, rows_axis, score_domain
from brittlestar.study.units import Unit, count, unit_of

STEP = 30
ROOM = 600
"""Width of all panels together, numbers left out, in pixels."""
NARROWEST, WIDEST = 96, 420
"""Of one panel."""
NUMBERS = 42
GAP = 20
UPPER, LOWER = 4, 5
"""Pixels from the middle of a row to its two marks."""
NAMES: dict[Population, str] = {"all": "all rows", "unseen": "rows not in train"}
MOST_DETAIL = 18  # characters beside a bar


def draw_baselines(baselines: TrivialBaselines, metric: str = "accuracy", splits: Iterable[str] = ()) -> Figure:
    """One row per trivial baseline, predictions at hand below them; one panel per split (those named, or all), one
    scale for all.

    A filled mark is the score on all rows, an open one that on rows not in train; the dashed line is the majority
    class.
    """
    unit = unit_of(metric)
    shown = [split for split in (tuple(splits) or tuple(baselines.rows)) if baselines.rows.get(split)]
    members = label_baselines(baselines, metric)
    labels = list(members)
    drawn = {split: _list_marks(members, baselines, split, metric, unit) for split in shown}
    domain = score_domain([number for rows in drawn.values() for number in marks.list_numbers(rows, "value")], unit)
    y = rows_axis(labels)
    width = min(WIDEST, max(NARROWEST, ROOM // max(len(shown), 1)))
    panels: list[Spec] = []
    for split, rows in drawn.items():
        axis, names = ("", []) if panels else (unit.axis, row_names(labels, y))
        x = partial(quantitative, title=axis, domain=domain, tickCount=max(3, width // 40), grid=True)
        majority = baselines.majority.score(split, metric).value
        level = [] if majority is None else [{"level": marks.scale_value(majority, unit.scale)}]
        lines = marks.make_layer(level, {"type": "rule", "color": GREY, **marks.DASHED}, x=x("level"))
        drawn_marks = _draw_marks(rows, x, y, unit, width)
        layers = [*names, *_write_heads(baselines, split), *([lines] if level else []), *drawn_marks]
        panels.append({"width": width, "height": STEP * len(labels), "layer": layers})
    body: Spec = {"hconcat": panels, "spacing": GAP} if panels else {"hconcat": []}
    higher = find_higher(baselines, shown, metric)
    about = {"unit": unit, "metric": metric, "splits": shown}
    facts = {**about, "baselines": baselines, "members": members, "higher": higher}
    return make_figure("ladder", body, facts, above=14)


def label_baselines(baselines: TrivialBaselines, metric: str | None = None) -> dict[str, TrivialBaseline]:
    """Trivial baselines, then predictions at hand, by their label: the name, what it looks at, a star for what leads
    under `metric`, and for predictions that they are such. No two are the same."""
    found: dict[str, TrivialBaseline] = {}
    leaders = () if metric is None else baselines.leaders(metric)
    for baseline in (*baselines.members, *baselines.given.values()):
        label = clip_text(baseline.name, 28)
        if baseline.kind in ("position", "marker"):
            detail = place_words(baseline.detail) if baseline.kind == "position" else baseline.detail
            label += f": {clip_text(detail, MOST_DETAIL)}"
        if baseline.kind == "given":
            label = f"predictions: {label}"
        label = label.replace("\n", " ") + (" *" if baseline in leaders else "")
        while label in found:
            label += " ′"
        found[label] = baseline
    return found


def find_higher(baselines: TrivialBaselines, splits: Sequence[str], metric: str) -> dict[str, list[str]]:
    """Each baseline without a star that stands above all with one, and where: dev tells that it is worse."""
    higher: dict[str, list[str]] = {}
    for split in splits:
        first = (*baselines.leaders(metric), *baselines.members)  # of equals one with a star
        best = choose_highest(first, split, metric)
        if split != "train" and best is not None and best not in baselines.leaders(metric):
            higher.setdefault(best.name, []).append(split)
    return higher


def _list_marks(
    members: Mapping[str, TrivialBaseline], baselines: TrivialBaselines, split: str, metric: str, unit: Unit
) -> list[Spec]:
    """A mark for each score; none on rows not in train where these are all rows."""
    found: list[Spec] = []
    some = baselines.unseen.get(split) != baselines.rows.get(split)
    for label, baseline in members.items():
        for population, rows in NAMES.items():
            score = baseline.score(split, metric, population)
            if score.value is not None and (some or population == "all"):
                kind = "given" if baseline.kind == "given" else "trivial"
                mark = {"row": label, "rows": rows, "kind": kind, "n": score.rows}
                found.append(mark | marks.scale_score(score.value, score.interval, unit))
    return found


def _draw_marks(rows: Sequence[Spec], x: partial[Spec], y: Spec, unit: Unit, width: int) -> list[Spec]:
    """Scores on all rows, then on rows not in train, then the numbers of the former."""
    colour = nominal("kind", ["trivial", "given"], [BLUE, ORANGE], legend=None)
    tooltip = marks.list_titles(
        row="trivial baseline", rows="on", value=unit.axis, low="95 % from", high="to", n="rows"
    )
    everywhere, unseen = ([row for row in rows if row["rows"] == name] for name in NAMES.values())
    open_ = {"fill": "white", "strokeWidth": 1.6}
    layers: list[Spec] = []
    for mine, place, paint, channel in (
        (everywhere, -UPPER if unseen else 0, {}, {"color": colour}),
        (unseen, LOWER, open_, {"stroke": colour}),
    ):
        line: Spec = {"strokeWidth": 2, "opacity": 0.55, "yOffset": place}
        point = {"type": "point", "filled": True, "size": 46, "opacity": 1, "yOffset": place, **paint}
        layers += [
            marks.draw_intervals(mine, x, line, y=y, color=colour),
            marks.make_layer(mine, point, x=x("value"), y=y, **channel, tooltip=tooltip),
        ]
    text: Spec = {"type": "text", "align": "right", "fontSize": 11, "color": INK}
    place = {"value": width + NUMBERS - 4}
    return [*layers, marks.make_layer(everywhere, text, x=place, y=y, text={"field": "text"})]


def _write_heads(baselines: TrivialBaselines, split: str) -> list[Spec]:
    rows, unseen = baselines.rows[split], baselines.unseen.get(split)
    known = "out of fold" if unseen is None else "none in train" if unseen == rows else f"{unseen:,} not in train"
    lines = (
        (clip_text(split, 26), 12, "bold", INK, -22),
        (f"{count(rows, 'row')}, {known}", 11, "normal", QUIET, -8),
    )
    layers: list[Spec] = []
    for text, size, weight, colour, place in lines:
        mark: Spec = {"type": "text", "align": "left", "baseline": "bottom", "fontSize": size, "fontWeight": weight}
        at = {"x": {"value": 0}, "y": {"value": place}}
        layers.append(marks.make_layer([{"title": text}], {**mark, "color": colour}, **at, text={"field": "title"}))
    return layers
