"""What is expected on rows without labels, beside what was measured on splits with labels."""

from collections.abc import Mapping, Sequence
from functools import partial

from brittlestar.core.forecasts import Forecast
from brittlestar.reports.figures import marks
from brittlestar.reports.figures.frame import BLUE, INK, ORANGE, Figure, Spec, make_figure
from brittlestar.study.units import unit_of

STEP = 30


def draw_forecasts(forecasts: Sequence[Forecast], measured: Mapping[str, float]) -> Figure | None:
    """A row for each split: the mean score where there are labels (`measured`, fractions), the expected one with its
    interval where there are none, and what labels that came later say. None where nothing is known of any."""
    expected = [forecast for forecast in forecasts if forecast.value is not None or forecast.joined is not None]
    if not expected:
        return None
    unit = unit_of("accuracy")

    def draw_row(name: str, value: float, interval: tuple[float, float] | None = None) -> Spec:
        return {"row": name, **marks.scale_score(value, interval, unit), "text": unit.estimate(value, interval)}

    known = [draw_row(name, value) for name, value in measured.items()]
    notes = [
        draw_row(forecast.name, forecast.value, forecast.interval)
        for forecast in expected
        if forecast.value is not None
    ]
    found = [
        draw_row(forecast.name, forecast.joined.value, forecast.joined.interval)
        for forecast in expected
        if forecast.joined is not None
    ]
    numbers = {row["row"]: row for row in (*known, *notes, *found)}
    labels = [*measured, *(forecast.name for forecast in expected)]
    y = marks.rows_axis(labels)
    x = partial(
        marks.quantitative,
        title="accuracy (points)",
        domain=marks.score_domain(marks.list_numbers([*known, *notes, *found], "value"), unit),
    )
    layers: list[Spec] = [
        marks.draw_intervals(notes, x, {"strokeWidth": 6, "color": BLUE, "opacity": 0.35}, y=y),
        marks.draw_ticks(notes, x("value"), y, BLUE),
        marks.draw_intervals(found, x, {"strokeWidth": 2.5, "color": ORANGE}, y=y),
        marks.make_layer(
            found,
            {"type": "point", "shape": "diamond", "filled": True, "size": 120, "color": ORANGE},
            x=x("value"),
            y=y,
        ),
        marks.make_layer(known, {"type": "point", "filled": True, "size": 50, "color": INK}, x=x("value"), y=y),
    ]
    body = marks.draw_labelled_rows(labels, y, STEP, layers, [*numbers.values()])
    return make_figure("forecasts", body, {"expected": expected, "measured": known, "unit": unit, "later": found})
