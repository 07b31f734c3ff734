"""Where searches, levels and intervals end: at their first and last value, and one beyond."""

import numpy as np
import pytest
from scipy import stats

from brittlestar.statistics.effects import compare_by_seed, estimate_effect, estimate_from_scores
from brittlestar.statistics.interim_analyses import anytime_half_width, nominal_level
from brittlestar.statistics.power import seeds_where, smallest_n


@pytest.mark.parametrize("wanted", [2, 3, 4, 5, 8, 9, 63, 64, 65, 100])
def test_the_smallest_number_is_the_first_that_reaches_it(wanted: int) -> None:
    assert smallest_n(lambda n: n >= wanted, 2, 100) == wanted
    assert smallest_n(lambda n: n >= wanted, 5, 100) == max(wanted, 5)


def test_beyond_the_most_there_is_no_number() -> None:
    assert smallest_n(lambda n: n >= 101, 2, 100) is None


@pytest.mark.parametrize("sides", [1, 2])
@pytest.mark.parametrize(("fixed", "factor"), [(2e-5, 1.0), (2e-5, 1.5), (1e-5, 0.8)])
def test_seeds_beside_rows_are_where_brute_force_finds_them(fixed: float, factor: float, sides: int) -> None:
    def reaches(n: int) -> bool:
        df = sides * (n - 1)
        return (stats.t.isf(0.025, df) + stats.t.isf(0.2, df)) * np.sqrt(factor**2 * 1e-3 / n + fixed) <= 0.02

    expected = next(n for n in range(2, 1_000) if reaches(n))
    assert seeds_where(1e-3, fixed, 0.02, 0.025, factor, sides) == expected > 5


def test_no_distance_needs_no_seeds() -> None:
    assert seeds_where(1e-3, 1e-5, 0.0, 0.025) is None
    assert seeds_where(0.0, 0.0, 0.01, 0.025) == 2


def test_levels_of_looks_are_shared_out_up_to_one_in_a_thousand_and_simulated_beyond() -> None:
    assert nominal_level((5, 12), 0.001) == pytest.approx(0.0005)
    assert 0.0011 / 2 < nominal_level((5, 12), 0.0011) < 0.0011
    level = nominal_level((5, 12), 0.55)
    x = np.random.default_rng(3).normal(size=(20_000, 12))
    p = np.stack([stats.ttest_1samp(x[:, :n], 0, axis=1).pvalue for n in (5, 12)])
    assert (p <= level).any(axis=0).mean() == pytest.approx(0.55, abs=0.014)


@pytest.mark.parametrize(("n", "alpha", "prior"), [(8, 0.05, 1.0), (40, 0.01, 1.0), (20, 0.05, 0.5)])
def test_at_the_end_of_an_anytime_interval_the_likelihood_ratio_is_one_over_alpha(
    n: int, alpha: float, prior: float
) -> None:
    half, v, k = anytime_half_width(n, 0.3, alpha, prior), n - 1, 1 + n * prior**2
    t = half / (0.3 / np.sqrt(n))
    assert k**-0.5 * ((1 + t**2 / v) / (1 + t**2 / (v * k))) ** ((v + 1) / 2) == pytest.approx(1 / alpha)


def test_too_few_seeds_exclude_nothing_at_any_time() -> None:
    assert anytime_half_width(2, 1.0, 0.3) == float("inf") and np.isfinite(anytime_half_width(3, 1.0, 0.3))


def test_an_effect_ends_where_values_end() -> None:
    wide = estimate_effect(np.array([[0.0, 1.0, 1.0, 1.0]]), [0])
    assert wide.interval() == (0.0, 1.0)  # 0.75, and an error of one row and a half of four
    signed = estimate_effect(np.array([[-1.0, -1.0, 0.0, -1.0]]), [0])
    assert signed.interval() == (-1.0, pytest.approx(-0.75 + stats.t.ppf(0.975, 3) * 1.5 / 4))
    assert signed.p_above(0.0) + signed.p_below(0.0) == pytest.approx(1.0)


def test_scores_of_some_seeds_add_the_variance_of_rows_and_seeds() -> None:
    """Satterthwaite's degrees of freedom by hand: 400 rows at 0.8, and three seeds."""
    scores = {0: 0.78, 1: 0.80, 2: 0.82}
    found = estimate_from_scores(scores, 400)
    rows, seeds = 0.8 * 0.2 / 400, 0.02**2 / 3
    assert found.error == pytest.approx(np.sqrt(rows + seeds))
    assert found.degrees == pytest.approx((rows + seeds) ** 2 / (rows**2 / 399 + seeds**2 / 2))


def test_scores_by_seed_are_compared_as_pairs() -> None:
    first, second = {0: 0.9, 1: 0.7, 2: 0.8, 5: 0.1}, {0: 0.8, 1: 0.65, 2: 0.6, 7: 0.2}
    found = compare_by_seed(first, second, 10_000)
    expected = stats.ttest_rel([0.9, 0.7, 0.8], [0.8, 0.65, 0.6]).confidence_interval(0.95)
    assert found is not None and found.interval() == pytest.approx((expected.low, expected.high))
    assert set(found.by_seed) == {0, 1, 2}
    assert compare_by_seed({0: 0.5}, {1: 0.5}, 10) is None
