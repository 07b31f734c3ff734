"""Seeds and looks at them: limits, power, overshoot and the best of several runs, against brute force."""

import numpy as np
import pytest
from scipy import stats
from scipy.special import stdtr

from brittlestar.statistics.interim_analyses import DEFAULT, nominal_level
from brittlestar.statistics.overshoot import find_expected_maximum, remove_overshoot
from brittlestar.statistics.power import (
    count_seeds_for_spread,
    count_seeds_needed,
    deviation_range,
    find_detectable,
    power,
    seeds_for,
    seeds_where,
)


def test_the_default_looks_have_their_published_limits() -> None:
    level = nominal_level((5, 10, 20, 40), 0.05)
    found = stats.t.ppf(1 - level / 2, [4, 9, 19, 39]).tolist()
    assert found[0] == pytest.approx(4.11, abs=0.2)
    assert found[1:] == pytest.approx([3.01, 2.68, 2.55], abs=0.05)


@pytest.mark.parametrize(("looks", "alpha"), [((5, 10, 20, 40), 0.05), ((5, 12), 0.1), ((6, 8, 10), 0.01)])
def test_all_looks_together_err_as_often_as_asked(looks: tuple[int, ...], alpha: float) -> None:
    x = np.random.default_rng(7).normal(size=(40_000, looks[-1]))
    level = nominal_level(looks, alpha)
    p = np.stack([stats.ttest_1samp(x[:, :n], 0, axis=1).pvalue for n in looks])
    error = float((p <= level).any(axis=0).mean())
    assert error == pytest.approx(alpha, abs=4 * np.sqrt(alpha * (1 - alpha) / 40_000))


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


# Overshoot of studies that stop, and how sure so many seeds are: against brute force


LEVEL = nominal_level(DEFAULT, 0.05)


def stopped(effect: float, studies: int = 40_000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Estimates, seeds taken and whether settled, of studies that look at 5, 10, 20 and 40 seeds, one at a time."""
    drawn = effect + np.random.default_rng(1).standard_normal((studies, 40))
    estimate, taken, settled = np.full(studies, np.nan), np.full(studies, 40), np.zeros(studies, np.bool_)
    for n in DEFAULT:
        seen = drawn[:, :n]
        p = 2 * stdtr(n - 1, -np.abs(seen.mean(axis=1) / seen.std(axis=1, ddof=1) * np.sqrt(n)))
        now = ~settled & (p <= LEVEL)
        estimate[now], taken[now] = seen.mean(axis=1)[now], n
        settled |= now
    estimate[~settled] = drawn.mean(axis=1)[~settled]
    return estimate, taken, settled


@pytest.mark.parametrize(("effect", "beyond"), [(0.5, 0.34), (1.0, 0.09)])
def test_estimates_overshoot_as_simulated_studies_do(effect: float, beyond: float) -> None:
    estimate, _, settled = stopped(effect)
    assert estimate[settled].mean() / effect - 1 == pytest.approx(beyond, abs=0.015), "as published with the rules"


@pytest.mark.parametrize("effect", [-1.0, 0.0, 0.4, 0.75, 1.5, 3.0])
def test_the_corrected_estimate_is_the_effect_whose_studies_show_that_on_average(effect: float) -> None:
    assert remove_overshoot(float(stopped(effect)[0].mean()), DEFAULT, LEVEL) == pytest.approx(effect, abs=0.02)


@pytest.mark.parametrize(("effect", "mean"), [(0.0, 38.9), (0.75, 20.7), (1.0, 13.9), (1.5, 8.6), (3.0, 5.3)])
def test_seeds_to_a_settled_claim_are_those_of_the_table(effect: float, mean: float) -> None:
    assert stopped(effect)[1].mean() == pytest.approx(mean, abs=0.4)


def test_seeds_needed_is_where_brute_force_finds_the_half_width():
    values = [0.1, 0.3, 0.2, 0.05, 0.4]
    spread, distance = np.std(values, ddof=1), abs(np.mean(values) - 0.1)
    n = next(n for n in range(5, 201) if stats.t.ppf(0.975, n - 1) * spread / np.sqrt(n) < distance)
    low, high = count_seeds_needed(values, 0.1)
    assert low == n
    assert high is not None and high > low


def test_seeds_for_a_spread_are_where_brute_force_finds_its_limit():
    spread = 0.03
    n = next(n for n in range(5, 201) if spread * np.sqrt((n - 1) / stats.chi2.ppf(0.975, n - 1)) > 0.02)
    assert count_seeds_for_spread(spread, 5, 0.02) == n
    n = next(n for n in range(5, 201) if spread * np.sqrt((n - 1) / stats.chi2.ppf(0.025, n - 1)) < 0.04)
    assert count_seeds_for_spread(spread, 5, 0.04) == n
    assert count_seeds_for_spread(spread, 5, 0.03) is None


# The best of k runs: against brute force


def test_the_best_of_k_is_expected_where_order_statistics_have_it() -> None:
    """The mean of the largest of k normal values, k z pdf(z) cdf(z)^(k - 1) summed over a fine grid."""
    z = np.linspace(-9, 9, 36_001)
    for k in (2, 3, 5, 10, 30):
        exact = float((k * z * stats.norm.pdf(z) * stats.norm.cdf(z) ** (k - 1)).sum() * (z[1] - z[0]))
        assert find_expected_maximum(k) == pytest.approx(exact, abs=0.03)
    assert find_expected_maximum(1) == 0.0
