"""Levels of several comparisons with one variant: against closed forms, SciPy and brute force."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import multivariate_t, t

from brittlestar.statistics.multiplicity import level_of, likeness, simultaneous_level


@pytest.mark.parametrize("k", [2, 5, 20])
@pytest.mark.parametrize("df", [4.0, 19.0, 60.0])
def test_without_likeness_the_level_is_that_of_sidak(k: int, df: float) -> None:
    assert level_of(k, df, 0.0, 0.05) == pytest.approx(1 - 0.95 ** (1 / k), rel=1e-4)


@pytest.mark.parametrize(("k", "df", "correlation"), [(2, 4, 0.5), (5, 9, 0.5), (10, 19, 0.3)])
def test_the_level_is_that_of_simulated_comparisons(k: int, df: int, correlation: float) -> None:
    random = np.random.default_rng(0)
    common = random.standard_normal((200_000, 1)) * np.sqrt(correlation)
    means = common + random.standard_normal((200_000, k)) * np.sqrt(1 - correlation)
    statistics = means / np.sqrt(random.chisquare(df, (200_000, k)) / df)
    limit = -t.ppf(level_of(k, df, correlation, 0.05) / 2, df)
    assert (np.abs(statistics).max(axis=1) > limit).mean() == pytest.approx(0.05, abs=0.002)


def test_with_many_seeds_it_is_dunnett_with_a_pooled_deviation() -> None:
    k, df, correlation = 4, 400, 0.5
    shape = np.full((k, k), correlation) + (1 - correlation) * np.eye(k)
    limit = -t.ppf(level_of(k, df, correlation, 0.05) / 2, df)
    inside = multivariate_t.cdf(np.full(k, limit), shape=shape, df=df, lower_limit=np.full(k, -limit), random_state=0)
    assert inside == pytest.approx(0.95, abs=0.002)


def test_a_level_lies_between_one_and_a_share_and_falls_with_the_number() -> None:
    random = np.random.default_rng(1)
    levels = [simultaneous_level(random.standard_normal((k, 8)) + random.standard_normal(8), 0.05) for k in range(1, 9)]
    assert levels[0] == 0.05
    assert all(0.05 / k <= level <= 0.05 for k, level in enumerate(levels, 1))
    assert likeness(np.ones((3, 5))) == 0.0 and likeness(np.tile(np.arange(5.0), (3, 1))) == 0.5
    fixed = [level_of(k, 9.0, 0.5, 0.05) for k in range(1, 9)]
    assert all(a > b for a, b in pairwise(fixed))
