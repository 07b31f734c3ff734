"""Limits of looks against fresh simulations, power against SciPy and brute force."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from brittlestar.statistics.looks import limits, nominal_level
from brittlestar.statistics.power import (
    deviation_range,
    find_detectable,
    power,
    rows_where,
    seeds_for,
    seeds_where,
)


def test_the_default_looks_have_their_published_limits() -> None:
    found = limits((5, 10, 20, 40), 0.05)
    assert found[0] == pytest.approx(4.11, abs=0.2)
    assert found[1:] == pytest.approx([3.01, 2.68, 2.55], abs=0.05)


def test_one_look_is_no_correction() -> None:
    assert nominal_level((12,), 0.05) == 0.05


@pytest.mark.parametrize(("looks", "alpha"), [((5, 10, 20, 40), 0.05), ((5, 12), 0.1), ((6, 8, 10), 0.01)])
def test_all_looks_together_err_as_often_as_asked(looks: tuple[int, ...], alpha: float) -> None:
    x = np.random.default_rng(7).normal(size=(40_000, looks[-1]))
    level = nominal_level(looks, alpha)
    p = np.stack([stats.ttest_1samp(x[:, :n], 0, axis=1).pvalue for n in looks])
    error = float((p <= level).any(axis=0).mean())
    assert error == pytest.approx(alpha, abs=4 * np.sqrt(alpha * (1 - alpha) / 40_000))


def test_very_small_levels_are_shared_out() -> None:
    assert nominal_level((5, 10, 20, 40), 0.0004) == pytest.approx(0.0001)


@pytest.mark.parametrize(("effect", "n"), [(0.5, 27), (1.0, 8), (1.5, 5), (0.3, 60)])
def test_power_is_that_of_the_noncentral_t(effect: float, n: int) -> None:
    wanted = stats.t.isf(0.05, n - 1)
    assert power(effect, n, 0.05) == pytest.approx(stats.nct.sf(wanted, n - 1, effect * np.sqrt(n)), abs=1e-6)
    x = np.random.default_rng(0).normal(effect, 1, (20_000, n))
    seen = (stats.ttest_1samp(x, 0, axis=1, alternative="greater").pvalue < 0.05).mean()
    assert power(effect, n, 0.05) == pytest.approx(seen, abs=0.012)


def test_seeds_for_effects() -> None:
    assert [seeds_for(0.5), seeds_for(1.0)] == [27, 8]
    assert seeds_for(0.0) is None


def test_what_is_detectable_is_detected_four_times_in_five() -> None:
    n, level = 10, 0.01
    effect = find_detectable(1 / np.sqrt(n), n - 1, level)
    assert power(effect, n, level) == pytest.approx(0.8, abs=1e-6)


def test_the_true_deviation_lies_in_its_range() -> None:
    low, high = deviation_range(5)
    assert high == pytest.approx(1.56, abs=0.01) and high**2 == pytest.approx(2.4, abs=0.05)
    x = np.random.default_rng(2).normal(size=(50_000, 5)).std(axis=1, ddof=1)
    assert (high * x < 1).mean() == pytest.approx(0.2, abs=0.01)
    assert (low * x > 1).mean() == pytest.approx(0.2, abs=0.01)


def test_no_number_of_seeds_helps_where_rows_scatter_too_much() -> None:
    assert seeds_where(per_seed=1e-4, fixed=1e-3, distance=0.01, level=0.025) is None
    needed = rows_where(fixed=1e-6, per_row=0.2, distance=0.01, level=0.025, df=9)
    assert needed is not None
    reach = stats.t.isf(0.025, 9) + stats.t.isf(0.2, 9)
    assert 0.01 >= reach * np.sqrt(1e-6 + 0.2 / needed) >= 0.0099
