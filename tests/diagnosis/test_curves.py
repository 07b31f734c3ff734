"""Curves, and the decisions that they lead to."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from brittlestar.core.seeds import generator
from brittlestar.diagnosis.curves import change_after, late_change, late_level, onset, onsets_from_others, value_at
from brittlestar.diagnosis.decisions import decide, decide_spread

losses = st.lists(st.integers(0, 9).map(lambda k: k / 10), min_size=7, max_size=30).map(np.array)


@given(losses)
def test_onset_equals_a_search_by_hand(curve):
    best = 0
    for epoch in range(1, len(curve)):
        if curve[epoch] < curve[best]:
            best = epoch
    assert onset(curve) == best


@given(st.lists(losses, min_size=2, max_size=5))
def test_onsets_from_others_equal_a_search_by_hand(curves):
    expected = []
    for i, own in enumerate(curves):
        means = []
        for epoch in range(len(own)):
            values = [c[epoch] for j, c in enumerate(curves) if j != i and len(c) > epoch]
            means.append(sum(values) / len(values) if values else np.inf)
        expected.append(means)
    for found, means in zip(onsets_from_others(curves), expected, strict=True):
        assert means[found] == pytest.approx(min(means))


def test_flat_noise_does_not_rise_on_average_after_the_onset_of_the_others_but_does_after_its_own():
    crossed, own = [], []
    for study in range(300):
        curves = list(generator(study, "flat").normal(0.5, 0.05, (5, 21)))
        crossed += [change_after(c, place) for c, place in zip(curves, onsets_from_others(curves), strict=True)]
        own += [c[-1] - c.min() for c in curves]
    assert abs(np.mean(crossed)) < 0.005
    assert np.mean(own) > 0.05


def test_one_wild_epoch_does_not_move_a_value():
    curve = np.full(21, 0.3)
    curve[[7, 20]] = 5.0
    assert (value_at(curve, 7), value_at(curve, 20), late_change(curve), late_level(curve)) == (0.3, 0.3, 0.0, 0.3)


@pytest.mark.parametrize("epochs", [6, 7, 12, 20, 100])
def test_late_change_of_a_line_is_its_slope_times_a_third(epochs):
    assert late_change(np.arange(epochs + 1.0)) == pytest.approx(epochs // 3)


@pytest.mark.parametrize(
    ("values", "status", "missing"),
    [
        ([0.5, 0.51, 0.49, 0.5, 0.5], "present", ""),
        ([0.5, 0.51, 0.49], "inconclusive", "2 more seeds (at least 5)"),
        ([0.5, 0.51, 0.49, 0.5], "inconclusive", "1 more seed (at least 5)"),
        ([0.0, 0.01, -0.01], "absent", ""),
        ([0.0], "inconclusive", "4 more seeds (at least 5)"),
        ([0.0, 0.4, 0.1, 0.3, -0.1], "inconclusive", "more seeds"),
    ],
)
def test_one_rule_for_every_effect(values, status, missing):
    found = decide(values, 0.1)
    assert found.status == status
    assert missing in found.missing and (missing != "" or found.missing == "")


def test_spread_of_equal_values_is_absent_and_of_wild_ones_present():
    assert decide_spread([0.8] * 5, 0.02).status == "absent"
    assert decide_spread([0.5, 0.9, 0.6, 0.95, 0.7], 0.02).status == "present"
    assert decide_spread([0.5, 0.9, 0.6], 0.02).status == "inconclusive"


def test_a_spread_that_is_open_says_how_many_seeds_would_settle_it():
    values = [0.78, 0.82, 0.80, 0.85, 0.79]
    spread = np.std(values, ddof=1)
    n = next(n for n in range(5, 201) if spread * np.sqrt((n - 1) / stats.chi2.ppf(0.975, n - 1)) > 0.02)
    found = decide_spread(values, 0.02)
    assert (found.status, found.missing) == ("inconclusive", f"about {n - 5} more seeds")


@pytest.mark.parametrize(("n", "most"), [(5, 0.04), (10, 0.04)])
def test_false_alarms_at_the_threshold_itself_stay_near_half_the_level(n, most):
    rng = generator(1, "boundary")
    alarms = sum(decide(rng.normal(0.1, 0.05, n), 0.1).status == "present" for _ in range(1000))
    assert 0.01 <= alarms / 1000 <= most
