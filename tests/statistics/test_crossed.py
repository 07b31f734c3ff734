"""Variance by source: against an analysis of variance and known truth."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm

from brittlestar.statistics.crossed import estimate_axis_variances


def table(random: np.random.Generator, k: int, first: float, second: float, rest: float) -> np.ndarray:
    return random.normal(0, first, (k, 1)) + random.normal(0, second, (1, k)) + random.normal(0, rest, (k, k))


def test_mean_squares_are_those_of_an_analysis_of_variance() -> None:
    values = table(np.random.default_rng(0), 5, 0.02, 0.01, 0.01)
    (first, second), left_over = estimate_axis_variances(values)
    places = [(i, j, values[i, j]) for i in range(5) for j in range(5)]
    squares = anova_lm(ols("y ~ C(i) + C(j)", pd.DataFrame(places, columns=["i", "j", "y"])).fit())["mean_sq"]
    assert first.raw == pytest.approx((squares["C(i)"] - squares["Residual"]) / 5)
    assert second.raw == pytest.approx((squares["C(j)"] - squares["Residual"]) / 5)
    assert left_over == pytest.approx(squares["Residual"])


def test_estimates_are_unbiased_and_intervals_cover() -> None:
    random = np.random.default_rng(1)
    truth = (0.02**2, 0.005**2)
    raw: tuple[list[float], list[float]] = ([], [])
    covered = [0, 0]
    for _ in range(1_000):
        for axis, one in enumerate(estimate_axis_variances(table(random, 5, 0.02, 0.005, 0.01))[0]):
            raw[axis].append(one.raw)
            covered[axis] += one.interval[0] <= truth[axis] <= one.interval[1]
    for axis, value in enumerate(truth):
        assert np.mean(raw[axis]) == pytest.approx(value, abs=3.3 * np.std(raw[axis]) / np.sqrt(1_000))
        assert covered[axis] >= 927, "95 %, less 3.3 standard errors"
