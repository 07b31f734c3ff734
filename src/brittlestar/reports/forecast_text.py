"""Forecasts in words: what is expected, what it rests on, how far such forecasts are to be trusted."""

from collections.abc import Iterator, Sequence

from brittlestar.core.forecasts import Forecast, ForecastPart
from brittlestar.reports.paragraphs import Paragraph, cut_items
from brittlestar.study.units import count, unit_of

MOST_FORECASTS = 3
"""Forecasts that are printed: `-v` has all (convention)."""
POINTS = unit_of("accuracy")


def forecast_blocks(forecasts: Sequence[Forecast], history: bool) -> list[Paragraph]:
    """A forecast a paragraph, with what it rests on and how far to trust it; of a `history` a line each."""
    whole = () if history else forecasts
    blocks = [Paragraph(forecast.name, _tell_line(forecast)) for forecast in forecasts if history]
    blocks += cut_items([[*_describe(one)] for one in whole], MOST_FORECASTS, "forecast")
    return [*blocks, *([_blind_spot(forecasts)] if forecasts else [])]


def _describe(forecast: Forecast) -> Iterator[Paragraph]:
    answered = forecast.answer == "forecast"
    yield Paragraph("Forecast" if answered else (("Cannot say", "bold yellow"),), f"{forecast.sentence}.")
    if answered and forecast.tried:
        yield Paragraph("Tried", f"{'; '.join(tried.sentence for tried in forecast.worst_tried)}.")
    if forecast.joined is not None:
        yield Paragraph("Labelled", f"{forecast.joined.sentence}.")
    if rests := "; ".join(_list_signals(forecast)):
        yield Paragraph("Rests on", rests)
    if answered and forecast.measured_on is not None:
        yield Paragraph("Trust", forecast.measured_on.words)
    if parts := [*_list_parts(forecast.by_class, "answers "), *_list_parts(forecast.by_slice, "")]:
        yield Paragraph("Parts", f"the worst measured: {'; '.join(parts)}")


def _tell_line(forecast: Forecast) -> str:
    """A split in a history: what is expected, measured and answered, and how it differs from train."""
    expected = (
        "cannot say" if forecast.value is None else f"expected {POINTS.estimate(forecast.value, forecast.interval)}"
    )
    found = forecast.joined
    measured = (
        f"measured {POINTS.estimate(found.value, found.interval)} ({count(found.labels, 'label')})" if found else ""
    )
    notes = [
        expected,
        measured,
        forecast.answers and f"answers {forecast.answers}",
        f"differs from train: {forecast.differences}",
    ]
    return "; ".join(filter(None, notes))


def _list_signals(forecast: Forecast) -> Iterator[str]:
    signals, here = forecast.signals, "" if forecast.here is None else forecast.here["split"]
    if forecast.runs == 1:
        yield "one run (those that answer alike count as one), so that no agreement is known"
    if "runs_agree" in signals:
        agree, usual = (100 * signals[name] for name in ("runs_agree", "runs_agree_here"))
        yield f"agreement of the {forecast.runs} runs {agree:.1f} % ({here} {usual:.1f} %)"
    if "outsider" in signals:
        agree, usual = (100 * signals[name] for name in ("outsider_agrees", "outsider_agrees_here"))
        yield f"agreement with a bag of tokens {agree:.1f} % ({here} {usual:.1f} %)"
    if "mean_confidence" in signals:
        change = 100 * (signals["mean_confidence"] - signals["mean_confidence_here"])
        yield f"confidence {'+' if change > 0 else '−' if change < 0 else ''}{abs(change):.1f} points"
    if "unknown" in signals:
        yield f"{100 * signals['unknown']:.1f} % of tokens unknown ({here} {100 * signals['unknown_here']:.1f} %)"
    if signals.get("in_train", 0.0) >= 0.01:
        yield f"{100 * signals['in_train']:.0f} % of its rows are in train"


def _list_parts(parts: tuple[ForecastPart, ...], word: str) -> Iterator[str]:
    known = sorted((part for part in parts if part.value is not None), key=lambda one: one.value or 0.0)
    for one in known[:2]:
        yield f"{word}{one.name}: {POINTS.estimate(one.value or 0.0, one.interval)} ({count(one.labels, 'label')})"


def _blind_spot(forecasts: Sequence[Forecast]) -> Paragraph:
    needed = next((forecast.labels_needed for forecast in forecasts if forecast.labels_needed), None)
    sentence = "a changed rule: the same rows with other right answers."
    sentence += f" {count(needed, 'labelled row')} would show a fall of 15 points." if needed else ""
    return Paragraph("Cannot see", sentence)
