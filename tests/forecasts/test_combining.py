"""From signals to an interval, and what is outside."""

import pytest

from brittlestar.forecasts.combining import choose_combination, read_combinations

STILL = {"unknown": 0.05, "unknown_here": 0.05}
COMBINATIONS = sorted(read_combinations())


def signals(name: str, value: float, **more: float) -> dict[str, float]:
    names = {
        "all": ("agreement", "peers", "confidence", "threshold"),
        "labels": ("agreement",),
        "one": ("confidence", "threshold"),
    }
    return {**dict.fromkeys(names[name], value), **STILL, **more}


@pytest.mark.parametrize("name", COMBINATIONS)
def test_rows_on_which_no_signal_moves_score_as_the_labelled_ones(name: str) -> None:
    assert choose_combination(signals(name, 0.7)) == name
    assert read_combinations()[name].expect(0.7, signals(name, 0.7)) == pytest.approx(0.7)


@pytest.mark.parametrize("name", COMBINATIONS)
def test_less_agreement_expects_less_and_tells_less_exactly(name: str) -> None:
    one = read_combinations()[name]
    values = [one.expect(0.8, signals(name, value)) for value in (0.8, 0.75, 0.65)]
    assert values == sorted(values, reverse=True) and values[2] < 0.72
    widths = [high - low for low, high in (one.interval(0.8, value, 0.9) for value in values)]
    assert widths == sorted(widths)
    low, high = one.interval(0.8, 0.78, 0.9)
    wider = one.interval(0.8, 0.78, 0.95)
    assert wider[0] < low < 0.78 < high < wider[1]


@pytest.mark.parametrize("name", COMBINATIONS)
@pytest.mark.parametrize(
    ("change", "outside"),
    [
        ({"unknown": 0.2, "unknown_here": 0.0}, {"unknown_times"}),
        ({"unknown": 0.6, "unknown_here": 0.3}, {"unknown"}),
        ({}, set()),
    ],
)
def test_what_was_not_measured_well_is_outside(name: str, change: dict[str, float], outside: set[str]) -> None:
    found = read_combinations()[name].find_outside(0.8, 0.78, {**signals(name, 0.78), **change})
    assert {one.signal for one in found} == outside


def test_a_large_fall_is_outside() -> None:
    found = read_combinations()["all"].find_outside(0.9, 0.5, signals("all", 0.5))
    assert [(one.signal, round(one.value, 2)) for one in found] == [("fall", 0.4)]


def test_nothing_follows_from_one_run_of_bare_labels() -> None:
    assert choose_combination(STILL) is None
