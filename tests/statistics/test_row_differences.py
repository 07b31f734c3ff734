"""Rows of several splits side by side: against the sum of their means, and groups that stay apart."""

from __future__ import annotations

import numpy as np
import pytest

from brittlestar.statistics.row_bounds import SplitRows, join_groups, join_splits


def split(values: np.ndarray, groups: np.ndarray | None = None) -> SplitRows:
    return SplitRows((values[None],), np.zeros(len(values)), groups, None)


def test_joined_rows_have_the_sum_of_means_and_the_variance_of_stratified_samples() -> None:
    random = np.random.default_rng(0)
    tables = [random.normal(0.2, 1, (3, 40)), random.normal(-0.1, 0.3, (3, 200))]
    joined = join_splits(tables)
    assert joined.shape == (3, 240)
    assert joined.mean(axis=1) == pytest.approx(tables[0].mean(axis=1) + tables[1].mean(axis=1))
    # With variances over n, that of the mean of all is the sum of those of both means.
    expected = tables[0].var(axis=1) / 40 + tables[1].var(axis=1) / 200
    assert joined.var(axis=1) / 240 == pytest.approx(expected)


def test_groups_of_different_splits_stay_apart_and_a_row_without_a_group_is_alone() -> None:
    grouped, single = split(np.zeros(4), np.array([0, 0, 1, 1])), split(np.zeros(3))
    assert join_groups([single, single]) is None
    first = join_groups([grouped, single, grouped])
    assert first is not None
    expected = ["a", "a", "b", "b", "c", "d", "e", "f", "f", "g", "g"]
    same = first[:, None] == first
    assert (same == (np.array(expected)[:, None] == np.array(expected))).all()
