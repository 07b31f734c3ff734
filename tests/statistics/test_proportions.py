"""Intervals of a proportion against SciPy and statsmodels."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from brittlestar.statistics.proportions import bound_share, bound_share_above, bound_share_below, wilson_interval

counts = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts)
def test_the_exact_interval_is_that_of_scipy(pair: tuple[int, int]) -> None:
    count, total = pair
    expected = stats.binomtest(count, total).proportion_ci(method="exact")
    assert bound_share(count, total) == pytest.approx((expected.low, expected.high), abs=1e-9)


@pytest.mark.parametrize(("count", "total"), [(0, 56), (8, 400), (20, 20), (3, 7)])
def test_the_exact_interval_is_that_of_statsmodels(count: int, total: int) -> None:
    low, high = proportion_confint(count, total, 0.05, "beta")
    expected = (0.0 if count == 0 else low, 1.0 if count == total else high)
    assert bound_share(count, total) == pytest.approx(expected, abs=1e-9)


@given(counts, st.sampled_from([0.05, 0.01, 0.005]))
def test_a_count_beyond_a_one_sided_bound_has_the_probability_that_is_asked(pair: tuple[int, int], tail: float) -> None:
    count, total = pair
    low, high = bound_share_below(count, total, tail), bound_share_above(count, total, tail)
    assert low == 0.0 if count == 0 else stats.binom.sf(count - 1, total, low) == pytest.approx(tail)
    assert high == 1.0 if count == total else stats.binom.cdf(count, total, high) == pytest.approx(tail)


def test_of_nothing_the_share_can_be_anything() -> None:
    assert bound_share(0, 0) == (0.0, 1.0)


@given(counts)
def test_wilsons_interval_is_that_of_scipy(pair: tuple[int, int]) -> None:
    count, total = pair
    expected = stats.binomtest(count, total).proportion_ci(method="wilson")
    found = wilson_interval(count / total, total, float(stats.norm.ppf(0.975)))
    assert found == pytest.approx((expected.low, expected.high), abs=1e-9)
