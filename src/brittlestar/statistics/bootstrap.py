"""Scores of runs under rows drawn with replacement, for metrics that are no mean over rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from brittlestar.core.seeds import generator
from brittlestar.statistics.estimates import Estimate
from brittlestar.statistics.metric_sums import SplitSums, Sums

DRAWS = 10_000  # a level of .025 is met to .0016 (binomial standard error)
BLOCK_CELLS = 5_000_000  # budget: 40 MB at a time
MOST_UNITS = 4_000
"""More rows or groups than this are drawn in so many bundles, each of them put together at random. Sums over bundles
have the same variance, and 4,000 of them know a standard error to 1.1 % (1 / sqrt(2 * 4,000)); the cost of a claim then
no longer grows with the rows."""
FEWEST_UNITS = 200
"""Rows or groups that a bootstrap over rows alone takes (statistics, rule 17)."""


@dataclass(frozen=True)
class Resamples:
    """What each block of runs adds to the difference on resamples of the rows: `blocks` float32 (draws, n_k) each;
    `fixed` float32 (draws,) is what variants without seeds add, and `units` how many rows or groups were drawn from."""

    blocks: tuple[np.ndarray, ...]
    fixed: np.ndarray
    units: int

    def take(self, kept: Sequence[np.ndarray]) -> "Resamples":
        """Some runs of each block, by their places, int64, and the same rows."""
        cut = tuple(block[:, places] for block, places in zip(self.blocks, kept, strict=True))
        return Resamples(cut, self.fixed, self.units)


def resample_rows(splits: Sequence[SplitSums], blocks: int, draws: int = DRAWS) -> Resamples | None:
    """Differences on the same `draws` resamples of the rows of each split, for so many blocks of runs; None without
    splits."""
    if not splits:
        return None
    totals: dict[int, np.ndarray] = {}
    for place, split in enumerate(splits):
        names = {str(k): sums for k, (_, _, sums) in enumerate(split.parts)}
        drawn = resample_scores(names, split.groups, draws, of=f"rows of split {place + 1}" if place else "rows")
        for k, (block, sign, _) in enumerate(split.parts):
            mine = sign * drawn[str(k)]
            totals[block] = totals[block] + mine if block in totals else mine
    fixed = totals[-1][:, 0] if -1 in totals else np.zeros(draws, np.float32)
    return Resamples(tuple(totals[k] for k in range(blocks)), fixed, sum(split.units for split in splits))


def resample_scores(
    arms: Mapping[str, Sums], groups: np.ndarray | None = None, draws: int = DRAWS, of: str = "rows"
) -> dict[str, np.ndarray]:
    """Scores of every run of each variant on the same `draws` resamples of rows: float32 (draws, n) by variant. Rows of
    one group, `groups` int (m,), are drawn together, and so are bundles of either above MOST_UNITS. The seed of the
    draws is fixed, so that the same table gives the same numbers; tables of different rows are drawn apart when they
    are resamples `of` different names."""
    runs, shared = _by_unit(arms, bundle_units(arms, groups, of))
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


def estimate_two_level(drawn: Resamples, value: float) -> Estimate:
    """The mean difference over seeds and rows that are both drawn, from resamples of rows: the seeds of each block are
    resampled in each draw too; the standard error is that of the draws times sqrt(n / (n - 1)), the t quantile has
    n - 1 degrees of freedom, n being the runs of the smallest block. `value` is the difference on the rows as they
    are."""
    means = drawn.fixed.astype(np.float64)
    for place, block in enumerate(drawn.blocks):
        draws, n = block.shape
        name = ("seeds", n) if place == 0 else ("seeds", n, place)
        seeds = generator(0, "two-level bootstrap", *name).integers(0, n, (draws, n))
        means = means + np.take_along_axis(block, seeds, axis=1).mean(axis=1, dtype=np.float64)
    n = min(block.shape[1] for block in drawn.blocks)
    return Estimate(value, float(means.std(ddof=1) * np.sqrt(n / (n - 1))), n - 1.0)


def estimate_over_resampled_rows(drawn: Resamples, value: float) -> Estimate:
    """The mean difference of the runs at hand over rows that are drawn: the standard error is that of the draws times
    sqrt(m / (m - 1)), the t quantile has m - 1 degrees of freedom, m being the units."""
    means = sum((block.mean(axis=1, dtype=np.float64) for block in drawn.blocks), drawn.fixed.astype(np.float64))
    m = drawn.units
    return Estimate(value, float(means.std(ddof=1) * np.sqrt(m / (m - 1))), m - 1.0)


def bundle_units(arms: Mapping[str, Sums], groups: np.ndarray | None, of: str) -> np.ndarray | None:
    """The unit of each row, int64 (m,), at most MOST_UNITS of them; None where every row is one."""
    rows = len(next(iter(arms.values())).shared)
    place = np.arange(rows) if groups is None else np.unique(groups, return_inverse=True)[1].reshape(-1)
    units = int(place.max()) + 1
    if units <= MOST_UNITS:
        return groups
    return generator(0, "bundles of rows", of, units).permutation(units)[place] % MOST_UNITS


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
