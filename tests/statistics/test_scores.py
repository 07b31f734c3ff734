"""The one interval of a score: inside what can be, never of width 0, and that of more rows with more of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.core.answers import Answers, Rows
from brittlestar.core.metrics import metric_of
from brittlestar.core.scores import tabulate
from brittlestar.statistics.scores import estimate_score


@given(st.integers(2, 80), st.integers(1, 6), st.integers(0, 1000), st.booleans())
def test_a_share_has_an_interval_inside_0_and_1_around_it(rows: int, runs: int, seed: int, grouped: bool) -> None:
    random = np.random.default_rng(seed)
    table = (random.random((runs, rows)) < random.random()).astype(np.float64)
    units = np.arange(rows) // 2 if grouped and rows > 3 else None
    found = estimate_score(table, units, (0.0, 1.0))
    assert found is not None
    low, high = found
    assert 0 <= low <= table.mean() + 1e-12 and table.mean() - 1e-12 <= high <= 1 and low < high


@pytest.mark.parametrize("rows", [41, 150, 300])
def test_one_answer_in_every_row_has_no_interval_of_width_0(rows: int) -> None:
    labels = np.random.default_rng(rows).integers(0, 2, rows)
    answers = Answers(rows=Rows(labels=labels, n_classes=2), predicted=np.zeros((1, rows), np.int64))
    found = estimate_score(tabulate(answers, "balanced_accuracy"), None, metric_of("balanced_accuracy").range)
    assert found is not None and found[0] < 0.49 and found[1] > 0.51


def test_a_loss_is_bounded_by_its_range_and_one_unit_says_nothing() -> None:
    table = np.abs(np.random.default_rng(0).normal(size=(1, 5))) * 1e-3
    found = estimate_score(table, None, (0.0, float("inf")))
    assert found is not None and 0.0 <= found[0] < table.mean() < found[1]
    assert estimate_score(table, np.zeros(5, np.int64), (0.0, 1.0)) is None
    assert estimate_score(table[:, :1], None, (0.0, 1.0)) is None
