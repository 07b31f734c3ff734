"""Means and differences over seeds, rows and groups: against closed forms, brute force and simulations."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.weightstats import ttost_paired

from brittlestar.statistics.effects import estimate_effect, estimate_from_scores, subtract_effects
from brittlestar.statistics.estimates import (
    count_units,
    estimate_over_seeds,
    estimate_over_units,
    merge_groups,
    weigh_groups,
)
from brittlestar.statistics.row_bounds import SplitRows, join_groups, join_splits
from brittlestar.statistics.t_intervals import bound_deviation


def test_one_seed_is_a_t_interval_over_rows() -> None:
    values = np.random.default_rng(0).normal(0.1, 1, (1, 80))
    found = estimate_effect(values, [3])
    expected = stats.t.interval(0.95, 79, values.mean(), stats.sem(values[0]))
    assert found.interval() == pytest.approx(expected)
    assert found.p_above(0.0) == pytest.approx(stats.ttest_1samp(values[0], 0, alternative="greater").pvalue)
    assert found.by_seed == {3: pytest.approx(values.mean())}


def test_a_mean_without_variation_is_as_wide_as_the_rule_of_three() -> None:
    found = estimate_effect(np.zeros((3, 100)), [0, 1, 2])
    assert found.interval()[1] == pytest.approx(0.03, abs=0.002)


@pytest.mark.parametrize(("of_seeds", "of_rows"), [(0.05, 0.2), (0.2, 0.05), (0.0, 0.3)])
def test_intervals_cover_new_seeds_and_new_rows(of_seeds: float, of_rows: float) -> None:
    random = np.random.default_rng(1)
    covered = 0
    for _ in range(400):
        table = random.normal(0, of_seeds, (5, 1)) + random.normal(0, of_rows, (1, 60)) + random.normal(0, 0.3, (5, 60))
        low, high = estimate_effect(table, list(range(5))).interval()
        covered += low <= 0 <= high
    assert covered >= 0.92 * 400


def test_a_difference_adds_variances_and_keeps_shared_seeds() -> None:
    random = np.random.default_rng(2)
    first, second = estimate_effect(random.random((2, 50)), [0, 1]), estimate_effect(random.random((2, 70)), [1, 2])
    found = subtract_effects(first, second)
    assert found.error == pytest.approx(np.hypot(first.error, second.error))
    assert found.by_seed == {1: pytest.approx(first.by_seed[1] - second.by_seed[1])} and found.rows == 50


def test_an_accuracy_of_which_only_scores_are_known_has_the_error_of_its_rows() -> None:
    assert estimate_from_scores({0: 0.8}, 400).error == pytest.approx(np.sqrt(0.8 * 0.2 / 400))


def test_copies_add_nothing_and_rows_by_themselves_are_rows() -> None:
    values = np.random.default_rng(4).normal(0.1, 1, (3, 50))
    once, alone = estimate_effect(values, [0, 1, 2]), estimate_effect(values, [0, 1, 2], np.arange(50))
    copies = estimate_effect(np.repeat(values, 7, axis=1), [0, 1, 2], np.repeat(np.arange(50), 7))
    assert alone.interval() == pytest.approx(once.interval())
    assert copies.interval() == pytest.approx(once.interval())
    assert copies.rows == 350 and copies.units == 50
    still = estimate_effect(np.zeros((2, 350)), [0, 1], np.repeat(np.arange(50), 7))
    assert still.interval() == pytest.approx(estimate_effect(np.zeros((2, 50)), [0, 1]).interval())


def test_rows_of_a_group_cover_new_groups() -> None:
    random, covered = np.random.default_rng(5), 0
    for _ in range(300):
        groups = np.repeat(np.arange(25), random.integers(1, 8, 25))
        values = random.normal(0, 0.4, 25)[groups] + random.normal(0, 0.2, (3, len(groups)))
        low, high = estimate_effect(values, [0, 1, 2], groups).interval()
        covered += low <= 0 <= high
    assert covered >= 0.9 * 300


# Rows of several splits side by side: against the sum of their means, and groups that stay apart


def split(values: np.ndarray, groups: np.ndarray | None = None) -> SplitRows:
    return SplitRows((values[None],), np.zeros(len(values)), groups, None)


def test_joined_rows_have_the_sum_of_means_and_the_variance_of_stratified_samples() -> None:
    random = np.random.default_rng(0)
    tables = [random.normal(0.2, 1, (3, 40)), random.normal(-0.1, 0.3, (3, 200))]
    joined = join_splits(tables)
    assert joined.shape == (3, 240)
    assert joined.mean(axis=1) == pytest.approx(tables[0].mean(axis=1) + tables[1].mean(axis=1))
    # With variances over n, that of the mean of all is the sum of those of both means.
    expected = tables[0].var(axis=1) / 40 + tables[1].var(axis=1) / 200
    assert joined.var(axis=1) / 240 == pytest.approx(expected)


def test_groups_of_different_splits_stay_apart_and_a_row_without_a_group_is_alone() -> None:
    grouped, single = split(np.zeros(4), np.array([0, 0, 1, 1])), split(np.zeros(3))
    assert join_groups([single, single]) is None
    first = join_groups([grouped, single, grouped])
    assert first is not None
    expected = ["a", "a", "b", "b", "c", "d", "e", "f", "f", "g", "g"]
    same = first[:, None] == first
    assert (same == (np.array(expected)[:, None] == np.array(expected))).all()


# Rows in groups against a jackknife by brute force, resamples against the textbook, two one-sided tests


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


@given(st.lists(st.floats(-10, 10), min_size=2, max_size=20))
def test_spread_interval_equals_scipy(values):
    degrees, squares = len(values) - 1, (len(values) - 1) * np.var(values, ddof=1)
    expected = np.sqrt(squares / stats.chi2.ppf([0.975, 0.025], degrees))
    assert bound_deviation(values) == pytest.approx(tuple(expected), rel=1e-8, abs=1e-12)
