"""The best of k runs: against brute force."""

from __future__ import annotations

import numpy as np
import pytest

from brittlestar.statistics.overshoot import find_expected_maximum, find_wrong_winner_rate


def test_the_best_of_k_and_the_wrong_winner_against_brute_force() -> None:
    random = np.random.default_rng(0)
    for k in (2, 5, 20):
        drawn = random.standard_normal((100_000, k)).max(axis=1).mean()
        assert find_expected_maximum(k) == pytest.approx(drawn, abs=0.03)
    first, second = random.normal(0.01, 0.02, (200_000, 3)), random.normal(0, 0.01, (200_000, 3))
    assert find_wrong_winner_rate(0.01, 0.02, 0.01) == pytest.approx((first[:, 0] < second[:, 0]).mean(), abs=0.004)
    assert find_wrong_winner_rate(0.01, 0.02, 0.01, k=3) == pytest.approx(
        (first.max(1) < second.max(1)).mean(), abs=0.004
    )


def test_a_side_without_any_spread_loses_what_the_other_one_loses_to_its_value() -> None:
    assert find_wrong_winner_rate(3e7, 4.3e7, 0.0) == pytest.approx(0.2427, abs=1e-3)
    assert find_wrong_winner_rate(1.0, 0.0, 5e-324) == 0.0
