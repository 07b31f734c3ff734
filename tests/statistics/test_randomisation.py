"""Tests by chance signs and chance sides: against SciPy, exact and drawn."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import mannwhitneyu, permutation_test

from brittlestar.statistics.randomisation import (
    find_permutation_p,
    find_share_above,
    find_sign_flip_p,
    find_superiority,
)


def test_chance_sides_are_a_permutation_of_runs() -> None:
    random = np.random.default_rng(6)
    for n in (4, 5, 12):
        first, second = random.normal(0.5, 1, n), random.normal(0, 1, n)
        expected = permutation_test(
            (first, second), lambda x, y, axis: x.mean(axis=axis) - y.mean(axis=axis), alternative="greater",
            n_resamples=20_000, random_state=0, vectorized=True,
        ).pvalue  # fmt: skip
        assert find_permutation_p(first, second) == pytest.approx(expected, abs=1e-9 if n < 8 else 0.015)


@pytest.mark.parametrize(("n", "within"), [(3, 1e-9), (10, 1e-9), (16, 0.015), (20, 0.015)])
def test_chance_signs_are_a_permutation_of_signs(n: int, within: float) -> None:
    distances = np.random.default_rng(n).normal(0.3, 1, n)
    expected = permutation_test(
        (distances,), lambda x, axis: x.mean(axis=axis), permutation_type="samples", alternative="greater",
        n_resamples=10_000, random_state=0, vectorized=True,
    ).pvalue  # fmt: skip
    assert find_sign_flip_p(distances) == pytest.approx(expected, abs=within)


def test_shares_count_ties_half() -> None:
    assert find_share_above(np.asarray([1.0, 0.0, -1.0, 2.0])) == 0.625
    random = np.random.default_rng(0)
    first, second = random.integers(0, 5, 30).astype(float), random.integers(0, 5, 20).astype(float)
    expected = mannwhitneyu(first, second).statistic / (30 * 20)
    assert find_superiority(first, second) == pytest.approx(expected)
    assert find_superiority(first, second) + find_superiority(second, first) == pytest.approx(1)
