"""The test of two groups by distances, against all deals and against chance."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from scipy.stats import binomtest

from brittlestar.statistics.randomisation import compare_groups


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
