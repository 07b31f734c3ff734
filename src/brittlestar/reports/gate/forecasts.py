"""Forecasts of splits without labels that must lie at an accuracy."""

from collections.abc import Iterator, Mapping, Sequence

from brittlestar.core.errors import InputError
from brittlestar.core.forecasts import Forecast
from brittlestar.core.gating import Requirement, decide_least
from brittlestar.core.texts import suggest
from brittlestar.forecasts.combining import RISE, choose_combination, read_combinations
from brittlestar.forecasts.labels import count_labels_to_decide
from brittlestar.reports.gate.ask import Gated, ask
from brittlestar.study.gate_values import LeastBySplit
from brittlestar.study.units import count, unit_of


@ask(
    key="min_expected",
    form=LeastBySplit,
    must_be="SHARE=SPLIT with a share from 0 to 1 and a split without labels",
    example="0.65=new_march",
    reads="forecasts",
)
def decide_all_expected(least: Mapping[str, float], gated: Gated) -> Iterator[Requirement]:
    """The forecast of a split without labels is this accuracy or more, also at the lower end of its interval."""
    for split, accuracy in least.items():
        yield decide_expected(gated.forecasts, split, accuracy)


def decide_expected(forecasts: Sequence[Forecast], split: str, least: float) -> Requirement:
    """A forecast whose interval, with the labels that are known, must lie at this accuracy or above; one that reaches
    below and above is open, and says from where on it would pass, and how many labels would do. Raises InputError where
    nothing is forecast of the split."""
    name = f"min expected {split} {unit_of('accuracy').number(least)}"
    found = next((forecast for forecast in forecasts if forecast.name == split), None)
    if found is None:
        known = [forecast.name for forecast in forecasts]
        to_do = f"add {split}.csv beside the data, or take its rows in: brittlestar forecast STUDY --rows FILE"
        raise InputError(f"there is no split {split}", "--min-expected", suggest(split, known) or to_do)
    sentence = found.sentence if found.joined is None else found.joined.sentence
    outcome = decide_least(found.decisive, least)
    if outcome != "cannot-say":
        return Requirement(name, outcome, f"{sentence}.")
    more = count_labels_to_decide(found, least) or found.labels_needed
    only = f"; these are {count(found.rows, 'row')}" if (more or 0) > found.rows else ""
    what = count(more or 0, "more label" if found.joined else "label")
    labels = f" About {what} of rows drawn at random would do (`labelled: FILE` in the policy){only}." if more else ""
    return Requirement(name, "cannot-say", f"{sentence}.{_tell_reach(found, least)}{labels}")


def _tell_reach(found: Forecast, least: float) -> str:
    """From where on a forecast of these rows would pass."""
    combination = choose_combination(found.signals)
    if combination is None or found.here is None or found.interval is None or found.joined:
        return ""
    reach, points = read_combinations()[combination].reach(found.here["value"], least, found.level), unit_of("accuracy")
    if reach is None:
        most, split = points.amount(min(found.here["value"] + RISE, 1.0)), found.here["split"]
        return f" No forecast of these rows could pass: at most {most}, two above {split}, are expected of any."
    above = points.amount(reach - least)
    return f" On these rows a forecast passes from {points.number(reach)} on, {above} above the bar."


ASKS = (decide_all_expected,)
