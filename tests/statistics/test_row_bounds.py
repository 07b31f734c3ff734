"""Intervals over rows for models at hand: against SciPy, and by inverting the bounds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import binomtest, ttest_ind

from brittlestar.statistics.row_bounds import SplitRows, bound_discordant, bound_split, estimate_over_rows


def test_several_splits_have_the_degrees_of_freedom_of_welch() -> None:
    random = np.random.default_rng(0)
    values = [random.normal(0.1, 1, 30), random.normal(0, 0.2, 200)]
    splits = [SplitRows((one[None],), np.zeros(len(one)), None, None) for one in values]
    splits[1] = replace(splits[1], tables=(-values[1][None],))
    found = estimate_over_rows(splits)
    expected = ttest_ind(*values, equal_var=False).confidence_interval(0.95)
    assert found.interval(0.05) == pytest.approx((expected.low, expected.high))


@pytest.mark.parametrize("level", [0.05, 0.0147])
def test_the_interval_leaves_out_nothing_exactly_where_mcnemars_exact_test_rejects(level: float) -> None:
    for gained in range(13):
        for lost in range(12):
            if gained + lost:
                low, high = bound_discordant(gained, lost, 300, level)
                rejected = binomtest(gained, gained + lost).pvalue <= level
                assert (low > 0 or high < 0) == rejected, (gained, lost)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 12), st.integers(0, 12), st.integers(24, 2_000), st.floats(1e-4, 0.4))
def test_bounds_hold_the_estimate_mirror_and_narrow(gained: int, lost: int, rows: int, level: float) -> None:
    low, high = bound_discordant(gained, lost, rows, level)
    assert -1 <= low <= (gained - lost) / rows <= high <= 1
    assert bound_discordant(lost, gained, rows, level) == pytest.approx((-high, -low))
    wider = bound_discordant(gained, lost, rows, level / 2)
    assert wider[0] <= low and high <= wider[1]


def test_where_no_row_disagrees_the_interval_is_that_of_a_rate_never_seen() -> None:
    low, high = bound_discordant(0, 0, 400, 0.05)
    assert high == pytest.approx(1 - 0.025 ** (1 / 400)) and low == -high


def bounds(values: np.ndarray, groups: np.ndarray | None = None, level: float = 0.05) -> tuple[float, float]:
    return bound_split(SplitRows((values[None],), np.zeros(len(values)), groups, (-1.0, 1.0)), level)


def test_means_of_several_runs_have_the_bound_of_hoeffding() -> None:
    values = np.r_[np.full(6, 1 / 3), np.full(4, 2 / 3), np.full(2, -1 / 3), np.zeros(388)]

    def inverted(mean: float, above: bool) -> float:
        def excess(q: float) -> float:
            first = mean * np.log(mean / q) + (1 - mean) * np.log((1 - mean) / (1 - q))
            return float(first - np.log(4 / 0.05) / 400)

        return brentq(excess, mean, 0.5) if above else brentq(excess, 1e-12, mean)

    gain, loss = np.maximum(values, 0).mean(), np.maximum(-values, 0).mean()
    expected = inverted(gain, False) - inverted(loss, True), inverted(gain, True) - inverted(loss, False)
    assert bounds(values) == pytest.approx(expected, abs=1e-9)
    groups = np.repeat(np.arange(200), 2)
    low, high = bounds(values, groups)
    assert low < expected[0] and high > expected[1], "fewer units tell less"
