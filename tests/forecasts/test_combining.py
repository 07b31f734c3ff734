"""From signals to an interval, and what is outside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.forecasts.combining import RISE, choose_combination, reach_by_shares, read_combinations
from brittlestar.forecasts.signals import GUESSES

STILL = {
    **{"unknown": 0.05, "unknown_here": 0.05, "length": 10.0, "length_here": 10.0, "majority": 0.5},
    **{f"chance_{one}": 0.5 for one in GUESSES},
    **{f"most_{one}": 1.0 for one in GUESSES},
}
COMBINATIONS = sorted(read_combinations())


def signals(name: str, value: float, **more: float) -> dict[str, float]:
    own = {"all": ("agreement", "peers", "confidence"), "labels": ("agreement",), "one": ("confidence",), "bare": ()}
    names = (*own[name.removesuffix(" alone")], *(() if name.endswith(" alone") else ("outsider",)))
    return {**dict.fromkeys(names, value), **STILL, **more}


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
def test_no_rise_is_taken_at_its_word(name: str) -> None:
    one = read_combinations()[name]
    assert one.expect(0.7, signals(name, 0.97)) == pytest.approx(0.7 + RISE) and one.expect(0.99, signals(name, 1)) <= 1
    reach = one.reach(0.7, 0.71, 0.9)
    assert reach is None or reach <= 0.7 + RISE


@pytest.mark.parametrize("name", COMBINATIONS)
@pytest.mark.parametrize(
    ("change", "outside"),
    [
        ({"unknown": 0.2, "unknown_here": 0.0}, {"unknown_times"}),
        ({"unknown": 0.6, "unknown_here": 0.3}, {"unknown"}),
        ({"length": 190.0, "length_here": 3.0}, {"length_times"}),
        ({"length": 3.0, "length_here": 190.0}, {"length_times"}),
        ({"runs_agree": 0.97, "runs_agree_here": 0.77}, {"agreement_rise"}),
        ({"mean_confidence": 0.97, "mean_confidence_here": 0.77}, {"confidence_rise"}),
        ({"majority": 0.76}, {"learned"}),
        ({"chance_usual": 0.1, "most_usual": 0.3}, {"shares"}),
        ({}, set()),
    ],
)
def test_what_was_not_measured_well_is_outside(name: str, change: dict[str, float], outside: set[str]) -> None:
    found = read_combinations()[name].find_outside(0.8, 0.78, {**signals(name, 0.78), **change})
    assert {one.signal for one in found} == outside


def test_a_large_fall_is_outside() -> None:
    found = read_combinations()["all"].find_outside(0.9, 0.55, signals("all", 0.55))
    assert [(one.signal, round(one.value, 2)) for one in found] == [("fall", 0.35)]


@given(st.floats(0, 1), st.lists(st.floats(0.01, 1), min_size=12, max_size=12))
def test_shares_put_the_accuracy_between_chance_and_the_most(value: float, parts: list[float]) -> None:
    """By hand, of three classes: what is known is carried from the likeliest shares to the others."""
    threes = [parts[k : k + 3] for k in range(0, 12, 3)]
    shares = {guess: [part / sum(three) for part in three] for guess, three in zip(GUESSES, threes, strict=True)}
    answered = shares["answered"]
    told = {
        f"{name}_{guess}": sum(map(how, own, answered))
        for guess, own in shares.items()
        for name, how in (("chance", lambda a, b: a * b), ("most", min))
    }
    low, high = reach_by_shares(value, told)
    assert min(told[f"chance_{one}"] for one in GUESSES) - 1e-9 <= low <= high <= 1 + 1e-9
    chance, most = told["chance_likely"], told["most_likely"]
    if chance <= value <= most:
        assert low - 1e-9 <= value <= high + 1e-9


def test_bands_tell_how_forecasts_with_intervals_as_wide_did() -> None:
    one = read_combinations()["all"]
    near, far = one.describe(0.9, 0.9), one.describe(0.9, 0.66)
    assert near.median_error < far.median_error and near.forecasts >= 50 and far.forecasts >= 50
    assert f"on {near.forecasts} forecasts for rows of another source" in near.words


def test_nothing_follows_from_one_run_of_bare_labels_alone() -> None:
    assert choose_combination(STILL) is None and choose_combination({**STILL, "outsider": 0.7}) == "bare"
