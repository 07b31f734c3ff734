"""Tests by chance, and rows drawn anew: against exact values, all deals and brute force."""

from itertools import combinations

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from scipy.stats import binomtest, mannwhitneyu, permutation_test

from brittlestar.statistics import bootstrap
from brittlestar.statistics.bootstrap import MOST_UNITS, resample_scores
from brittlestar.statistics.metric_sums import Sums
from brittlestar.statistics.randomisation import (
    compare_groups,
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


# The test of two groups by distances, against all deals and against chance


def excess(distances: np.ndarray, left: tuple[int, ...]) -> float:
    right = [one for one in range(len(distances)) if one not in left]
    between = np.mean([distances[a, b] for a in left for b in right])
    within = [np.mean([distances[a, b] for a, b in combinations(side, 2)]) for side in (left, right)]
    return float(between - np.mean(within))


@pytest.mark.parametrize("shift", [0.0, 0.8, 5.0])
def test_it_is_the_share_of_all_deals(shift: float) -> None:
    random = np.random.default_rng(int(shift * 10))
    points = random.normal(0, 1, (8, 2)) + np.repeat([[0.0, 0.0], [shift, 0.0]], 4, axis=0)
    distances = cdist(points, points)
    observed = excess(distances, (0, 1, 2, 3))
    every = [excess(distances, left) for left in combinations(range(8), 4)]
    found, p = compare_groups(distances, 4)
    assert found == pytest.approx(observed)
    assert p == pytest.approx(np.mean([one >= observed - 1e-12 for one in every]))


def test_one_healthy_pair_of_groups_in_a_hundred_is_called_unlike() -> None:
    random = np.random.default_rng(1)
    called = sum(compare_groups(cdist(points, points), 5)[1] <= 0.01 for points in random.normal(0, 1, (400, 10, 3)))
    assert binomtest(called, 400, 2 / 252).pvalue > 0.001


def test_groups_that_are_each_one_point_differ() -> None:
    distances = np.kron([[0.0, 1.0], [1.0, 0.0]], np.ones((5, 5)))
    excess_found, p = compare_groups(distances, 5)
    assert (excess_found, p) == (1.0, pytest.approx(2 / 252))


# Rows drawn in bundles vary as single rows do


def weighted(right: np.ndarray, weights: np.ndarray) -> Sums:
    """Accuracy weighted by row: the ratio of two sums."""
    runs = (right * weights)[:, :, None].astype(np.float32)
    return Sums(runs, weights[:, None].astype(np.float32), lambda mine, rows: (mine / rows)[..., 0])


def delta(right: np.ndarray, weights: np.ndarray, groups: np.ndarray) -> float:
    """The standard error of that ratio by the delta method, its residuals summed by group."""
    mean = (right * weights).sum() / weights.sum()
    by_group = np.bincount(groups, weights * (right - mean))
    return float(np.sqrt((by_group**2).sum()) / weights.sum())


@pytest.mark.parametrize("size", [1, 3])
def test_the_error_of_many_rows_is_that_of_the_delta_method(size: int) -> None:
    random = np.random.default_rng(size)
    units = 5 * MOST_UNITS
    groups = np.repeat(np.arange(units), size)
    right = (random.random(units) < 0.7)[groups] * (random.random(units * size) < 0.9)
    weights = random.integers(1, 5, units * size).astype(np.float64)
    drawn = resample_scores({"a": weighted(right[None], weights)}, None if size == 1 else groups, draws=4_000)["a"]
    assert drawn.std(ddof=1) == pytest.approx(delta(right, weights, groups), rel=0.06)


def test_bundles_hold_every_unit_once_and_up_to_the_limit_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    groups = np.array([7, 7, 3, 5, 3, 9, 1, 1, 2, 4])
    arms = {"a": weighted(np.ones((1, 10)), np.ones(10))}
    monkeypatch.setattr(bootstrap, "MOST_UNITS", 7)
    assert bootstrap.bundle_units(arms, groups, "rows") is groups
    monkeypatch.setattr(bootstrap, "MOST_UNITS", 3)
    found = bootstrap.bundle_units(arms, groups, "rows")
    assert found is not None and set(found) == {0, 1, 2}
    assert all(len(set(found[groups == one])) == 1 for one in set(groups))
    sizes = np.bincount([int(found[groups == one][0]) for one in set(groups)])
    assert sizes.max() - sizes.min() <= 1
