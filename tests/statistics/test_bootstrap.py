"""Rows drawn in bundles vary as single rows do."""

from __future__ import annotations

import numpy as np
import pytest

from brittlestar.statistics import bootstrap
from brittlestar.statistics.bootstrap import MOST_UNITS, resample_scores
from brittlestar.statistics.metric_sums import Sums


def weighted(right: np.ndarray, weights: np.ndarray) -> Sums:
    """Accuracy weighted by row: the ratio of two sums."""
    runs = (right * weights)[:, :, None].astype(np.float32)
    return Sums(runs, weights[:, None].astype(np.float32), lambda mine, rows: (mine / rows)[..., 0])


def delta(right: np.ndarray, weights: np.ndarray, groups: np.ndarray) -> float:
    """The standard error of that ratio by the delta method, its residuals summed by group."""
    mean = (right * weights).sum() / weights.sum()
    by_group = np.bincount(groups, weights * (right - mean))
    return float(np.sqrt((by_group**2).sum()) / weights.sum())


@pytest.mark.parametrize("size", [1, 3])
def test_the_error_of_many_rows_is_that_of_the_delta_method(size: int) -> None:
    random = np.random.default_rng(size)
    units = 5 * MOST_UNITS
    groups = np.repeat(np.arange(units), size)
    right = (random.random(units) < 0.7)[groups] * (random.random(units * size) < 0.9)
    weights = random.integers(1, 5, units * size).astype(np.float64)
    drawn = resample_scores({"a": weighted(right[None], weights)}, None if size == 1 else groups, draws=4_000)["a"]
    assert drawn.std(ddof=1) == pytest.approx(delta(right, weights, groups), rel=0.06)


def test_bundles_hold_every_unit_once_and_up_to_the_limit_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    groups = np.array([7, 7, 3, 5, 3, 9, 1, 1, 2, 4])
    arms = {"a": weighted(np.ones((1, 10)), np.ones(10))}
    monkeypatch.setattr(bootstrap, "MOST_UNITS", 7)
    assert bootstrap.bundle_units(arms, groups, "rows") is groups
    monkeypatch.setattr(bootstrap, "MOST_UNITS", 3)
    found = bootstrap.bundle_units(arms, groups, "rows")
    assert found is not None and set(found) == {0, 1, 2}
    assert all(len(set(found[groups == one])) == 1 for one in set(groups))
    sizes = np.bincount([int(found[groups == one][0]) for one in set(groups)])
    assert sizes.max() - sizes.min() <= 1
