"""Rows in groups against a jackknife by brute force, resamples against the textbook, two one-sided tests."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.weightstats import ttost_paired

from brittlestar.statistics.bootstrap import Resamples, estimate_over_resampled_rows, estimate_two_level
from brittlestar.statistics.estimates import (
    count_units,
    estimate_over_seeds,
    estimate_over_units,
    merge_groups,
    weigh_groups,
)

SIZES = np.array([1, 2, 3, 6, 4])


def test_unequal_groups_tell_as_much_as_kish_says() -> None:
    assert count_units(None, 7) == 7.0
    assert count_units(np.repeat([3, 1, 8], 4), 12) == pytest.approx(3.0)
    assert count_units(np.array([0, 1, 2, 2]), 4) == pytest.approx(8 / 3)


def test_the_error_over_groups_is_that_of_a_jackknife() -> None:
    groups = np.repeat(np.arange(5), SIZES)
    values = np.random.default_rng(0).normal(size=16)
    without = np.array([values[groups != one].mean() for one in range(5)])
    units = merge_groups(values[None], groups)[0]
    moved, worth = weigh_groups(units - units.mean(), groups)
    np.testing.assert_allclose(moved, 4 * (values.mean() - without))
    assert worth == pytest.approx(256 / (SIZES**2).sum())
    found = estimate_over_units(values, groups)
    assert found.value == pytest.approx(values.mean())
    assert found.se == pytest.approx(np.sqrt(4 / 5 * ((values.mean() - without) ** 2).sum()))
    assert found.df == pytest.approx(256 / (SIZES**2).sum() - 1)


def test_rows_by_themselves_are_a_t_interval() -> None:
    values = np.random.default_rng(1).normal(size=9)
    expected = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert estimate_over_units(values, None).interval(0.05) == pytest.approx((expected.low, expected.high))


def test_the_error_of_resampled_rows_is_that_of_the_mean() -> None:
    """A bootstrap of six rows is too small by sqrt(5 / 6)."""
    random, rows = np.random.default_rng(2), np.array([0.1, 0.4, -0.2, 0.3, 0.9, 0.2])
    draws = rows[random.integers(0, 6, (20_000, 6))].mean(axis=1)
    fixed = np.full(20_000, 0.25, np.float32)
    found = estimate_over_resampled_rows(Resamples((draws[:, None].astype(np.float32),), fixed, 6), 0.5)
    assert (found.value, found.df) == (0.5, 5.0)
    assert found.se == pytest.approx(rows.std(ddof=1) / np.sqrt(6), rel=0.02)


def test_the_error_of_resampled_seeds_is_that_of_their_mean() -> None:
    """Rows that change nothing: four seeds, and three of another block that is drawn apart."""
    first, second = np.array([0.1, 0.5, 0.2, 0.4]), np.array([0.3, 0.0, 0.6])
    blocks = tuple(np.tile(one, (20_000, 1)).astype(np.float32) for one in (first, second))
    nothing = np.zeros(20_000, np.float32)
    alone = estimate_two_level(Resamples(blocks[:1], nothing, 100), 0.3)
    assert alone.df == 3.0 and alone.se == pytest.approx(first.std(ddof=1) / 2, rel=0.02)
    both = estimate_two_level(Resamples(blocks, nothing, 100), 0.6)
    expected = np.sqrt(1.5 * (first.var() / 4 + second.var() / 3))
    assert both.df == 2.0 and both.se == pytest.approx(expected, rel=0.02)


def test_equivalence_is_two_one_sided_tests() -> None:
    random = np.random.default_rng(3)
    a, b = random.normal(0, 1, 12), random.normal(0.1, 1, 12)
    found = estimate_over_seeds(a - b)
    assert found.p_equal(1.0) == pytest.approx(ttost_paired(a, b, -1.0, 1.0)[0])
    assert found.p_value(0.3) == pytest.approx(stats.ttest_1samp(a - b, 0.3).pvalue)


def test_independent_blocks_add_up_as_welch_has_them() -> None:
    random = np.random.default_rng(4)
    a, b = random.normal(0.5, 1, 8), random.normal(0, 3, 5)
    expected = stats.ttest_ind(a, b, equal_var=False)
    found = estimate_over_seeds(a, -b)
    assert found.df == pytest.approx(expected.df) and found.p_value(0.0) == pytest.approx(expected.pvalue)


def test_without_spread_the_smallest_block_has_the_degrees_of_freedom() -> None:
    found = estimate_over_seeds(np.full(6, 0.25), np.full(4, 0.125), offset=-0.125)
    assert found.df == 3.0 and found.value == pytest.approx(0.25)
    assert found.p_value(0.0) is None and found.p_equal(0.1) is None
