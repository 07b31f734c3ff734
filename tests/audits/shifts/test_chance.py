import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse, stats

from brittlestar.audits.draws import copies_of
from brittlestar.audits.shifts.chance import Shares, all_in_second, drift, tail
from brittlestar.audits.shifts.margins import chi_square, kolmogorov_smirnov
from brittlestar.audits.shifts.order import under_margins

SEED = np.random.default_rng(7)


def test_shares_agree_with_loops_over_rows():
    counts = SEED.poisson(1.0, (40, 6))
    totals = counts.sum(axis=1)
    found = Shares.of(sparse.csr_matrix(counts), totals, None)
    rates = counts.sum(axis=0) / totals.sum()
    np.testing.assert_allclose(found.rates, rates)
    np.testing.assert_allclose(found.squares, ((counts - rates * totals[:, None]) ** 2).sum(axis=0))


def test_rows_of_one_unit_are_added_up_first():
    counts, units = SEED.poisson(1.0, (40, 6)), SEED.integers(0, 9, 40)
    added = np.stack([counts[units == unit].sum(axis=0) for unit in range(9)])
    found = Shares.of(sparse.csr_matrix(counts), counts.sum(axis=1), units)
    np.testing.assert_allclose(found.squares, Shares.of(sparse.csr_matrix(added), added.sum(axis=1), None).squares)


def test_a_tail_is_that_of_the_shifted_gamma_distribution():
    z, skew = 2.5, 0.7
    expected = stats.pearson3.sf(z, skew)
    assert tail(np.array([z * 3]), np.array([9.0]), np.array([skew * 27]))[0] == pytest.approx(expected)


def test_without_skew_a_tail_is_normal():
    assert tail(np.array([2.0]), np.array([1.0]), np.array([0.0]))[0] == pytest.approx(stats.norm.sf(2))


@pytest.mark.parametrize("mean", [3, 10, 40])
def test_a_tail_comes_close_to_that_of_rare_counts(mean: int):
    far = mean + 6 * math.sqrt(mean)
    exact = stats.poisson.sf(math.ceil(far) - 1, mean)
    mine = tail(np.array([math.ceil(far) - mean]), np.array([float(mean)]), np.array([float(mean)]))[0]
    assert exact / 3 < mine < exact * 3


def test_drift_under_one_source_has_uniform_p():
    random = np.random.default_rng(3)
    p: list[float] = []
    for _ in range(150):
        first, second = (sparse.csr_matrix(random.poisson([2.0, 0.5, 0.1], (size, 3))) for size in (400, 80))
        shares = [Shares.of(one, np.asarray(one.sum(axis=1)).reshape(-1), None) for one in (first, second)]
        p += drift(*shares).p.tolist()
    assert 0.02 < np.mean(np.array(p) < 0.05) < 0.09


def test_all_rows_in_the_second_agrees_with_the_hypergeometric_distribution():
    found = all_in_second(np.array([0, 1, 3, 7, 9]), 20, 8)
    exact = [stats.hypergeom.pmf(k, 28, 8, k) if k <= 8 else 0.0 for k in (0, 1, 3, 7, 9)]
    np.testing.assert_allclose(found, exact)


def test_chi_square_agrees_with_scipy():
    first, second = np.array([50.0, 30.0, 20.0]), np.array([20.0, 30.0, 10.0])
    expected = stats.chi2_contingency(np.stack([first, second]), correction=False)
    statistic, freedom = chi_square(first, second)
    assert (statistic, freedom) == (pytest.approx(expected.statistic), expected.dof)


@given(
    st.lists(st.integers(0, 20), min_size=1, max_size=30),
    st.lists(st.integers(0, 20), min_size=1, max_size=30),
)
@settings(deadline=None, max_examples=50)
def test_the_distance_of_lengths_agrees_with_the_definition(first: list[int], second: list[int]):
    apart = [abs(np.mean(np.array(first) <= cut) - np.mean(np.array(second) <= cut)) for cut in range(21)]
    distance, at = kolmogorov_smirnov(np.array(first), np.array(second))
    assert distance == pytest.approx(max(apart))
    assert apart[at] == pytest.approx(max(apart))


def test_a_table_under_other_margins_has_these_and_keeps_its_odds_ratios():
    table, other = SEED.uniform(1e4, 9e4, (4, 4)), SEED.uniform(1, 9, (4, 4))
    table[-1, -1] = other[-1, -1] = 0  # the edge of a row never follows itself
    found = under_margins(table, other)
    for axis in (0, 1):
        np.testing.assert_allclose(found.sum(axis=axis), other.sum(axis=axis) / other.sum(), rtol=1e-5)
    for a, b in itertools.combinations(range(3), 2):
        ratios = [one[a, a] * one[b, b] / (one[a, b] * one[b, a]) for one in (table, found)]
        assert ratios[0] == pytest.approx(ratios[1], rel=1e-3)


def test_variation_beyond_chance_has_uniform_p_under_one_source_and_a_small_one_otherwise():
    random = np.random.default_rng(5)
    source, p = random.dirichlet(np.ones(40)), []
    for _ in range(150):
        first, second = (sparse.csr_matrix(random.multinomial(12, source, n)) for n in (300, 200))
        p.append(drift(Shares.of(first, None, None), Shares.of(second, None, None)).p_of_variation)
    assert 0.01 < np.mean(np.array(p) < 0.05) < 0.12
    moved = sparse.csr_matrix(random.multinomial(12, 0.7 * source + 0.3 * random.dirichlet(np.ones(40)), 200))
    assert drift(Shares.of(first, None, None), Shares.of(moved, None, None)).p_of_variation < 1e-3


def test_copies_that_no_other_split_repeats_are_one_draw():
    own = np.array([1, 1, 1, 2, 3], np.uint64)
    numbers = copies_of(own, [np.arange(100, 400, dtype=np.uint64)])
    assert numbers is not None
    assert len(np.unique(numbers)) == 3
    assert len(set(numbers[:3].tolist())) == 1


def test_copies_that_the_source_repeats_are_draws_of_their_own():
    random = np.random.default_rng(0)
    first, second = (random.integers(0, 20, size).astype(np.uint64) for size in (500, 200))
    assert copies_of(first, [second]) is None
    assert copies_of(first, [np.arange(1000, 1200, dtype=np.uint64), second]) is None
