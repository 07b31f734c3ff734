from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from brittlestar.statistics.power import count_seeds_for_spread, count_seeds_needed


def test_seeds_needed_is_where_brute_force_finds_the_half_width():
    values = [0.1, 0.3, 0.2, 0.05, 0.4]
    spread, distance = np.std(values, ddof=1), abs(np.mean(values) - 0.1)
    n = next(n for n in range(5, 201) if stats.t.ppf(0.975, n - 1) * spread / np.sqrt(n) < distance)
    low, high = count_seeds_needed(values, 0.1)
    assert low == n
    assert high is not None and high > low


def test_the_upper_limit_of_a_five_seed_spread_is_1_56_times_it():
    assert np.sqrt(4 / stats.chi2.ppf(0.2, 4)) == pytest.approx(1.56, abs=0.01)
    values = np.array([-1.0, 0.5, 0.0, 1.5, -1.0]) + 0.8
    _, high = count_seeds_needed(values, 0.0)
    wide = 1.5576 * (values - values.mean()) + values.mean()
    assert count_seeds_needed(wide, 0.0)[0] == high


def test_seeds_for_a_spread_are_where_brute_force_finds_its_limit():
    spread = 0.03
    n = next(n for n in range(5, 201) if spread * np.sqrt((n - 1) / stats.chi2.ppf(0.975, n - 1)) > 0.02)
    assert count_seeds_for_spread(spread, 5, 0.02) == n
    n = next(n for n in range(5, 201) if spread * np.sqrt((n - 1) / stats.chi2.ppf(0.025, n - 1)) < 0.04)
    assert count_seeds_for_spread(spread, 5, 0.04) == n
    assert count_seeds_for_spread(spread, 5, 0.03) is None
