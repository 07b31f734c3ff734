"""The figure of the first screen: main against the trivial baselines on the rows of the headline, on one axis."""

from functools import partial

from brittlestar.core.headline import HeadlineScore
from brittlestar.core.trivial_baselines import Population
from brittlestar.reports.document import find_baselines
from brittlestar.reports.figures import marks
from brittlestar.reports.figures.baselines import label_baselines
from brittlestar.reports.figures.frame import BLUE, GREY, INK, ORANGE, RED, Figure, Spec, make_figure
from brittlestar.reports.figures.marks import quantitative, row_names, rows_axis, score_domain
from brittlestar.reports.study_view import StudyView
from brittlestar.study.claims import DEFAULT_MARGIN, UNSEEN
from brittlestar.study.names import MAIN
from brittlestar.study.units import Unit, unit_of

WIDTH = 300
"""Of the plot, in pixels: with names and numbers it fills one of two columns."""
NUMBERS_AT = WIDTH + 14
STEP = 25  # pixels of a line of text
MOST_DOTS = 2_000  # budget: beyond it a page grows by megabytes


def draw_axis(reading: StudyView) -> Figure | None:
    """A row for main and one for each trivial baseline, best first; None where main has no score."""
    score, best = reading.headline.score, reading.headline.best_trivial
    if score is None or reading.numbers is None:
        return None
    unit = unit_of(score.metric)
    runs, trivial = _list_runs(reading, score, unit), _list_trivial(reading, score, unit)
    threshold = None
    if best is not None and best.score is not None:
        margin = -DEFAULT_MARGIN if unit.lower_is_better else DEFAULT_MARGIN
        threshold = marks.scale_value(best.score + margin, unit.scale)
    mean = {"row": MAIN, **marks.scale_score(score.mean, score.interval, unit)}
    body = _draw_marks(runs, mean, trivial, threshold, unit)
    margin_words = None if threshold is None else f"{unit.number(DEFAULT_MARGIN)} {unit.unit}".strip()
    facts = {"unit": unit, "score": score, "best": best, "trivial": trivial, "margin": margin_words}
    return make_figure("axis", body, facts, live=len(runs) <= MOST_DOTS)


def _find_rows(score: HeadlineScore) -> tuple[str, Population]:
    """The split of a headline's score, and which of its rows."""
    return score.split.removesuffix(UNSEEN), "unseen" if score.split.endswith(UNSEEN) else "all"


def _list_runs(reading: StudyView, score: HeadlineScore, unit: Unit) -> list[Spec]:
    split, population = _find_rows(score)
    assert reading.numbers is not None
    here = reading.numbers.all if population == "all" else reading.numbers.unseen
    by_seed = () if here is None or here.score is None else here.score.by_seed
    named = reading.values(score.variant, split) if population == "all" else {}
    values = named or {str(k + 1): value for k, value in enumerate(by_seed)}
    return [{"row": MAIN, "value": marks.scale_value(v, unit.scale), "run": run} for run, v in values.items()]


def _list_trivial(reading: StudyView, score: HeadlineScore, unit: Unit) -> list[Spec]:
    split, population = _find_rows(score)
    found: list[tuple[float, Spec]] = []
    for label, baseline in label_baselines(find_baselines(reading.record), score.metric).items():
        here = baseline.score(split, score.metric, population)
        if here.value is not None and baseline.kind != "given":
            found.append((here.value, {"row": label, **marks.scale_score(here.value, here.interval, unit)}))
    found.sort(key=lambda one: one[0], reverse=not unit.lower_is_better)
    return [mark for _, mark in found]


def _draw_marks(runs: list[Spec], mean: Spec, trivial: list[Spec], threshold: float | None, unit: Unit) -> Spec:
    """The plot; `threshold` is what main has to reach."""
    least = [] if threshold is None else [{"value": threshold}]
    numbers = marks.list_numbers([*runs, mean, *trivial, *least], "value")
    labels = [MAIN, *(row["row"] for row in trivial)]
    x, y = partial(quantitative, title=unit.axis, domain=score_domain(numbers, unit), tickCount=6), rows_axis(labels)
    value = x("value")
    diamond: Spec = {"type": "point", "shape": "diamond", "filled": True, "size": 60, "color": ORANGE, "opacity": 1}
    dot: Spec = {"type": "point", "filled": True, "size": 40, "color": INK, "opacity": 0.7}
    below: Spec = {"type": "rule", "color": GREY, "strokeWidth": 1, "yOffset": STEP / 2}
    ends = {"x": {"value": 0}, "x2": {"value": WIDTH}}
    what, run = (
        marks.list_titles(**{name: title}, value=unit.axis) for name, title in (("row", "what"), ("run", "run"))
    )
    layers = [
        marks.make_layer(least, {"type": "rule", "color": RED, **marks.DASHED}, x=value),
        marks.draw_intervals(trivial, x, {"strokeWidth": 4, "color": ORANGE, "opacity": 0.4}, y=y),
        marks.make_layer(trivial, diamond, x=value, y=y, tooltip=what),
        marks.draw_intervals([mean], x, {"strokeWidth": 11, "color": BLUE, "opacity": 0.3}, y=y),
        marks.make_layer([mean], {"type": "tick", "thickness": 3, "size": 20, "color": BLUE}, x=value, y=y),
        marks.make_layer(runs, dot, x=value, y=y, tooltip=run),
        marks.write_numbers([mean, *trivial], NUMBERS_AT, y),
        marks.make_layer([{"row": MAIN}], below, **ends, y=y),
    ]
    drawn = [layer for layer in layers if layer["data"]["values"]]
    return {"width": WIDTH, "height": {"step": STEP}, "layer": [*row_names(labels, y), *drawn]}
