"""Overshoot of studies that stop, and how sure so many seeds are: against brute force."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import stdtr
from scipy.stats import nct, t

from brittlestar.statistics.looks import DEFAULT, expected_seeds, nominal_level
from brittlestar.statistics.overshoot import remove_overshoot
from brittlestar.statistics.power import power_where

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


def test_a_study_with_one_look_has_nothing_to_correct() -> None:
    assert remove_overshoot(0.7, (12,), 0.05) == pytest.approx(0.7, abs=0.01)


@pytest.mark.parametrize(("effect", "mean"), [(0.0, 38.9), (0.75, 20.7), (1.0, 13.9), (1.5, 8.6), (3.0, 5.3)])
def test_seeds_to_a_settled_claim_are_those_of_the_table(effect: float, mean: float) -> None:
    assert expected_seeds(DEFAULT, 0.05, effect) == pytest.approx(mean, abs=0.4)
    assert stopped(effect)[1].mean() == pytest.approx(mean, abs=0.4)


def test_power_is_that_of_the_noncentral_t_and_never_nan() -> None:
    for df, se, distance in ((4.0, 0.01, 0.02), (9.0, 0.004, 0.01), (39.0, 0.01, 0.001)):
        expected = 1 - nct.cdf(t.ppf(0.975, df), df, distance / se)
        assert power_where(distance, se, df, 0.05) == pytest.approx(expected, abs=1e-6)
    assert power_where(5.0, 0.001, 39.0, 0.05) == 1.0 and power_where(0.1, 0.0, 4.0, 0.05) == 1.0
    assert power_where(0.0, 0.01, 9.0, 0.05) == pytest.approx(0.025)
