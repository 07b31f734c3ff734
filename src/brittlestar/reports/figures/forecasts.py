"""What is expected on rows without labels, beside what was measured on splits with labels."""

from collections.abc import Mapping, Sequence
from functools import partial

from brittlestar.core.forecasts import Forecast
from brittlestar.reports.figures import marks
from brittlestar.reports.figures.frame import BLUE, INK, Figure, Spec, make_figure
from brittlestar.study.units import unit_of

STEP = 30


def draw_forecasts(forecasts: Sequence[Forecast], measured: Mapping[str, float]) -> Figure | None:
    """A row for each split: the mean score where there are labels (`measured`, fractions), the expected one with its
    interval where there are none. None where nothing could be forecast."""
    expected = [one for one in forecasts if one.value is not None]
    if not expected:
        return None
    unit = unit_of("accuracy")
    known = [{"row": name, **marks.scale_score(value, None, unit)} for name, value in measured.items()]
    told = [{"row": one.name, **marks.scale_score(one.value or 0.0, one.interval, unit)} for one in expected]
    numbers = [
        *known,
        *(
            {**one, "text": unit.estimate(row.value or 0.0, row.interval)}
            for one, row in zip(told, expected, strict=True)
        ),
    ]
    labels = [row["row"] for row in numbers]
    y = marks.rows_axis(labels)
    x = partial(
        marks.quantitative,
        title="accuracy (points)",
        domain=marks.score_domain(marks.list_numbers(numbers, "value"), unit),
    )
    layers: list[Spec] = [
        marks.draw_intervals(told, x, {"strokeWidth": 6, "color": BLUE, "opacity": 0.35}, y=y),
        marks.draw_ticks(told, x("value"), y, BLUE),
        marks.make_layer(known, {"type": "point", "filled": True, "size": 50, "color": INK}, x=x("value"), y=y),
    ]
    body = marks.draw_labelled_rows(labels, y, STEP, layers, numbers)
    return make_figure("forecasts", body, {"expected": expected, "measured": known, "unit": unit})
