import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.core.seeds import generator
from brittlestar.diagnosis.curves import change_after, late_change, late_level, onset, onsets_from_others, value_at

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


def test_a_curve_that_only_falls_has_not_risen():
    curve = np.linspace(1, 0, 21)
    assert change_after(curve, onset(curve)) == 0.0


@pytest.mark.parametrize("epochs", [6, 7, 12, 20, 100])
def test_late_change_of_a_line_is_its_slope_times_a_third(epochs):
    assert late_change(np.arange(epochs + 1.0)) == pytest.approx(epochs // 3)
