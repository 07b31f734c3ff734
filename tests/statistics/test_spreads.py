from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from brittlestar.statistics.t_intervals import bound_deviation


@given(st.lists(st.floats(-10, 10), min_size=2, max_size=20))
def test_spread_interval_equals_scipy(values):
    degrees, squares = len(values) - 1, (len(values) - 1) * np.var(values, ddof=1)
    expected = np.sqrt(squares / stats.chi2.ppf([0.975, 0.025], degrees))
    assert bound_deviation(values) == pytest.approx(tuple(expected), rel=1e-8, abs=1e-12)
