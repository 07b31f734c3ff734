"""Variance by source, and fractions of a factorial design: against an analysis of variance and known truth."""

from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm

from brittlestar.statistics.crossed import estimate_axis_variances
from brittlestar.statistics.factorial import choose_fraction, fit_main_effects


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


# A fraction of a factorial design meets all pairs, and its main effects are those of least squares


@pytest.mark.parametrize("levels", [[2, 3], [2, 2, 2], [4]])
def test_what_fits_is_run_whole(levels: list[int]) -> None:
    found = choose_fraction(levels, 16)
    assert sorted(map(tuple, found.tolist())) == sorted(product(*map(range, levels))) and not found[0].any()


@given(st.lists(st.integers(2, 4), min_size=2, max_size=6), st.integers(12, 40))
def test_a_fraction_has_other_rows_and_meets_levels_evenly(levels: list[int], most: int) -> None:
    found = choose_fraction(levels, most)
    assert len(found) == min(most, np.prod(levels)) and len({*map(tuple, found.tolist())}) == len(found)
    assert not found[0].any() and (found.max(axis=0) < levels).all() and found.min() == 0
    for column, many in enumerate(levels):
        counts = np.bincount(found[:, column], minlength=many)
        assert counts.max() - counts.min() <= 3, "levels are met about equally often"


def test_all_pairs_of_choices_of_two_are_met_by_few_rows() -> None:
    found = choose_fraction([2] * 7, 12)
    for one, other in combinations(range(7), 2):
        assert len({*zip(found[:, one].tolist(), found[:, other].tolist(), strict=True)}) == 4, (one, other)


def test_many_choices_are_drawn_from() -> None:
    first, again = choose_fraction([3] * 14, 30), choose_fraction([3] * 14, 30)
    assert first.shape == (30, 14) and (first == again).all() and not first[0].any()


def test_effects_are_those_of_least_squares() -> None:
    random, levels = np.random.default_rng(0), [2, 3, 2]
    design = choose_fraction(levels, 10)
    values = random.normal(size=10)
    dummies = [(design[:, k] == level).astype(float) for k, many in enumerate(levels) for level in range(1, many)]
    fitted = sm.OLS(values, sm.add_constant(np.column_stack(dummies))).fit().params
    found = np.concatenate([one[1:] for one in fit_main_effects(design, values, levels)])
    assert np.allclose(found, fitted[1:])
    (only, missing) = fit_main_effects(np.array([[0, 0], [1, 0]]), np.array([1.0, 3.0]), [2, 2])
    assert np.allclose(only, [0, 2]) and missing[0] == 0 and np.isnan(missing[1])


@given(st.integers(0, 10_000))
def test_an_effect_is_told_where_no_other_solution_has_another(seed: int) -> None:
    random = np.random.default_rng(seed)
    levels = random.integers(2, 4, 3).tolist()
    design = random.integers(0, levels, (int(random.integers(2, 9)), 3))
    values = random.normal(size=len(design))
    dummies = [(design[:, k] == level).astype(float) for k, many in enumerate(levels) for level in range(1, many)]
    rows = np.column_stack([np.ones(len(design)), *dummies])
    _, sizes, directions = np.linalg.svd(rows)
    free = directions[(np.append(sizes, np.zeros(len(directions) - len(sizes))) < 1e-9)]
    unknown = np.any(np.abs(free) > 1e-9, axis=0, keepdims=True)[0, 1:]
    found = np.concatenate([one[1:] for one in fit_main_effects(design, values, levels)])
    assert (np.isnan(found) == unknown).all()
