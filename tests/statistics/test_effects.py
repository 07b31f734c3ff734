"""Means over seeds and rows: against closed forms, and coverage on simulated seeds and rows."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from brittlestar.statistics.effects import estimate_effect, estimate_from_scores, subtract_effects


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
