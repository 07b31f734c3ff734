from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from brittlestar.core.seeds import generator
from brittlestar.statistics.t_intervals import t_interval, t_quantile

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


@given(values, st.floats(-100, 100))
def test_a_constant_shifts_the_interval_and_nothing_else(sample, constant):
    plain, moved = t_interval(sample), t_interval([value + constant for value in sample])
    assert moved.interval == pytest.approx(tuple(end + constant for end in plain.interval), abs=1e-6)
    assert moved.n == plain.n == len(sample)


def test_one_seed_has_a_mean_and_no_interval():
    found = t_interval([0.7])
    assert (found.mean, found.interval, found.n) == (0.7, None, 1)


@pytest.mark.parametrize("sample", [[], [0.1, float("nan")], [float("inf")]])
def test_a_missing_seed_is_an_error_and_no_nan_interval(sample):
    with pytest.raises(ValueError, match="at least one value and only finite ones"):
        t_interval(sample)


def test_coverage_of_the_mean_is_95_percent_at_five_seeds():
    rng = generator(0, "coverage")
    covered = sum((found := t_interval(rng.normal(0.8, 0.02, 5)).interval)[0] <= 0.8 <= found[1] for _ in range(2000))
    assert 0.934 <= covered / 2000 <= 0.966


def test_quantile_equals_the_table():
    assert t_quantile(0.975, 4) == pytest.approx(2.776, abs=5e-4)
    assert t_quantile(0.5, 9) == pytest.approx(0, abs=1e-12)


def test_intervals_do_not_import_scipy_stats():
    code = (
        "import sys; from brittlestar.statistics.t_intervals import t_interval\n"
        "t_interval([1, 2]); print('scipy.stats' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
