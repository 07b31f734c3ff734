"""Scores of runs under rows drawn with replacement, for metrics that are no mean over rows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from brittlestar.core.seeds import generator
from brittlestar.verdicts.intervals import Estimate
from brittlestar.verdicts.scoring import Sums

DRAWS = 10_000
BLOCK_CELLS = 5_000_000


def resampled(
    arms: Mapping[str, Sums], groups: np.ndarray | None = None, draws: int = DRAWS, of: str = "rows"
) -> dict[str, np.ndarray]:
    """Scores of every run of each variant on the same `draws` resamples of rows: float32 (draws, n) by variant. Rows of
    one group, `groups` int (m,), are drawn together. The seed of the draws is fixed, so that the same table gives the
    same numbers; tables of different rows are drawn apart when they are resamples `of` different names."""
    runs, shared = _by_unit(arms, groups)
    units = len(next(iter(shared.values())))
    random = generator(0, "two-level bootstrap", of, units)
    found = {name: np.empty((draws, one.shape[1]), np.float32) for name, one in runs.items()}
    flat = {name: one.reshape(units, -1) for name, one in runs.items()}
    block = max(1, min(draws, BLOCK_CELLS // units))
    for start in range(0, draws, block):
        many = min(block, draws - start)
        cells = random.integers(0, units, (many, units)) + units * np.arange(many)[:, None]
        times = np.bincount(cells.reshape(-1), minlength=many * units).reshape(many, units).astype(np.float32)
        for name, sums in arms.items():
            n, k = runs[name].shape[1:]
            mine = (times @ flat[name]).reshape(many, n, k)
            rows = (times @ shared[name])[:, None, :]
            found[name][start : start + many] = sums.combine(mine, rows)
    return found


def two_level(difference: np.ndarray, value: float) -> Estimate:
    """The mean difference over seeds and rows that are both drawn, from resampled differences float32 (draws, n) of
    paired runs: seeds are resampled in each draw too; the standard error is that of the draws times sqrt(n / (n - 1)),
    the t quantile has n - 1 degrees of freedom. `value` is the difference on the rows as they are."""
    draws, n = difference.shape
    seeds = generator(0, "two-level bootstrap", "seeds", n).integers(0, n, (draws, n))
    means = np.take_along_axis(difference, seeds, axis=1).mean(axis=1, dtype=np.float64)
    return Estimate(value, float(means.std(ddof=1) * np.sqrt(n / (n - 1))), n - 1.0)


def _by_unit(
    arms: Mapping[str, Sums], groups: np.ndarray | None
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """What units (rows or groups) add: runs (units, n, k) and shared (units, r) by variant."""
    if groups is None:
        runs = {name: np.ascontiguousarray(one.runs.transpose(1, 0, 2)) for name, one in arms.items()}
        return runs, {name: one.shared for name, one in arms.items()}
    place = np.unique(groups, return_inverse=True)[1].reshape(-1)
    order = np.argsort(place, kind="stable")
    starts = np.flatnonzero(np.diff(place[order], prepend=-1))
    runs = {
        name: np.ascontiguousarray(np.add.reduceat(one.runs[:, order], starts, axis=1).transpose(1, 0, 2))
        for name, one in arms.items()
    }
    return runs, {name: np.add.reduceat(one.shared[order], starts, axis=0) for name, one in arms.items()}
