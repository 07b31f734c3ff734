"""Intervals and bounds: against closed forms, SciPy, statsmodels and brute force."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.stats import beta, binomtest, ttest_ind

from brittlestar.statistics.proportions import bound_share, bound_share_above, bound_share_below, wilson_interval
from brittlestar.statistics.row_bounds import SplitRows, bound_discordant, estimate_over_rows, find_bounds
from brittlestar.statistics.t_intervals import t_interval

values = st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=30)


@given(values, st.sampled_from([0.8, 0.95, 0.99]))
def test_interval_equals_scipy(sample, level):
    found = t_interval(sample, level)
    error = float(np.std(sample, ddof=1) / np.sqrt(len(sample)))
    if error == 0:
        assert found.interval == (found.mean, found.mean)
        return
    expected = stats.t.interval(level, len(sample) - 1, loc=np.mean(sample), scale=error)
    assert found.interval == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_one_seed_has_a_mean_and_no_interval():
    found = t_interval([0.7])
    assert (found.mean, found.interval, found.n) == (0.7, None, 1)


@pytest.mark.parametrize("sample", [[], [0.1, float("nan")], [float("inf")]])
def test_a_missing_seed_is_an_error_and_no_nan_interval(sample):
    with pytest.raises(ValueError, match="at least one value and only finite ones"):
        t_interval(sample)


def test_intervals_do_not_import_scipy_stats():
    code = (
        "import sys; from brittlestar.statistics.t_intervals import t_interval\n"
        "t_interval([1, 2]); print('scipy.stats' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"


# Intervals of a proportion against SciPy and statsmodels


counts = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts)
def test_the_exact_interval_is_that_of_scipy(pair: tuple[int, int]) -> None:
    count, total = pair
    expected = stats.binomtest(count, total).proportion_ci(method="exact")
    assert bound_share(count, total) == pytest.approx((expected.low, expected.high), abs=1e-9)


@given(counts, st.sampled_from([0.05, 0.01, 0.005]))
def test_a_count_beyond_a_one_sided_bound_has_the_probability_that_is_asked(pair: tuple[int, int], tail: float) -> None:
    count, total = pair
    low, high = bound_share_below(count, total, tail), bound_share_above(count, total, tail)
    assert low == 0.0 if count == 0 else stats.binom.sf(count - 1, total, low) == pytest.approx(tail)
    assert high == 1.0 if count == total else stats.binom.cdf(count, total, high) == pytest.approx(tail)


def test_of_nothing_the_share_can_be_anything() -> None:
    assert bound_share(0, 0) == (0.0, 1.0)


@given(counts)
def test_wilsons_interval_is_that_of_scipy(pair: tuple[int, int]) -> None:
    count, total = pair
    expected = stats.binomtest(count, total).proportion_ci(method="wilson")
    found = wilson_interval(count / total, total, float(stats.norm.ppf(0.975)))
    assert found == pytest.approx((expected.low, expected.high), abs=1e-9)


# Intervals over rows for models at hand: against SciPy, and by inverting the bounds


def test_several_splits_have_the_degrees_of_freedom_of_welch() -> None:
    random = np.random.default_rng(0)
    values = [random.normal(0.1, 1, 30), random.normal(0, 0.2, 200)]
    splits = [SplitRows((value[None],), np.zeros(len(value)), None, None) for value in values]
    splits[1] = replace(splits[1], tables=(-values[1][None],))
    found = estimate_over_rows(splits)
    expected = ttest_ind(*values, equal_var=False).confidence_interval(0.95)
    assert found.interval(0.05) == pytest.approx((expected.low, expected.high))


@pytest.mark.parametrize("level", [0.05, 0.0147])
def test_the_interval_leaves_out_nothing_exactly_where_mcnemars_exact_test_rejects(level: float) -> None:
    for gained in range(13):
        for lost in range(12):
            if gained + lost:
                low, high = bound_discordant(gained, lost, 300, level)
                rejected = binomtest(gained, gained + lost).pvalue <= level
                assert (low > 0 or high < 0) == rejected, (gained, lost)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 12), st.integers(0, 12), st.integers(24, 2_000), st.floats(1e-4, 0.4))
def test_bounds_hold_the_estimate_mirror_and_narrow(gained: int, lost: int, rows: int, level: float) -> None:
    low, high = bound_discordant(gained, lost, rows, level)
    assert -1 <= low <= (gained - lost) / rows <= high <= 1
    assert bound_discordant(lost, gained, rows, level) == pytest.approx((-high, -low))
    wider = bound_discordant(gained, lost, rows, level / 2)
    assert wider[0] <= low and high <= wider[1]


def test_where_no_row_disagrees_the_interval_is_that_of_a_rate_never_seen() -> None:
    low, high = bound_discordant(0, 0, 400, 0.05)
    assert high == pytest.approx(1 - 0.025 ** (1 / 400)) and low == -high


def split(values: np.ndarray, groups: np.ndarray | None = None, *each: np.ndarray) -> SplitRows:
    return SplitRows((values[None],), np.zeros(len(values)), groups, (-1.0, 1.0), each)


def test_means_of_several_runs_are_exact_shares_joined() -> None:
    values = np.r_[np.full(6, 1 / 3), np.full(4, 2 / 3), np.zeros(390)]
    found = estimate_over_rows([split(values)])
    share = values.sum()  # what one side gains, as a number of rows; nothing is lost
    low, high = beta.ppf(0.025, share, 401 - share), beta.ppf(0.975, share + 1, 400 - share)
    lost = 1 - 0.025 ** (1 / 400)
    mean = share / 400
    expected = mean - np.hypot(mean - low, lost), high
    assert found.interval(0.05) == pytest.approx(expected)


def test_rows_of_a_group_tell_less_the_more_alike_they_are() -> None:
    """The design effect against Kish's formula by hand: 50 groups of 4, then of rows that are alike."""
    groups, random = np.repeat(np.arange(50), 4), np.random.default_rng(0)
    alike, apart = np.repeat(random.random(50) < 0.5, 4) * 1.0, np.tile([1.0, 1.0, 0.0, 0.0], 50)
    for right, design in ((alike, 4.0), (apart, 1.0)):
        values = np.zeros(200)
        values[::40] = 1.0
        found = find_bounds(split(values, groups, right, right - values))
        assert found is not None and found.groups == 50
        assert found.design == pytest.approx(design, abs=0.15)


def test_one_large_group_does_not_decide() -> None:
    """1,072 rows, 37 of one text; 20 rows disagree, 8 one way and 12 the other."""
    random = np.random.default_rng(1)
    sizes = np.r_[37, np.ones(600, np.int64), np.full(145, 3)]
    groups = np.repeat(np.arange(len(sizes)), sizes)
    values = np.zeros(1_072)
    values[random.choice(np.arange(37, 1_072), 20, replace=False)] = np.r_[np.ones(8), -np.ones(12)]
    right = (random.random(len(sizes)) < 0.8)[groups] * 1.0
    low, high = estimate_over_rows([split(values, groups, right, np.clip(right - values, 0, 1))]).interval(0.05)
    assert -0.03 < low < -0.005 and 0.005 < high < 0.02


@pytest.mark.parametrize("groups", [None, np.repeat(np.arange(50), 8)])
def test_a_solved_task_has_an_interval(groups: np.ndarray | None) -> None:
    right = np.ones(400)
    low, high = estimate_over_rows([split(np.zeros(400), groups, right, right)]).interval(0.05)
    assert -0.1 < low < 0 < high < 0.1
    assert estimate_over_rows([split(right, groups, right, right - 1)]).interval(0.05)[0] > 0.85
