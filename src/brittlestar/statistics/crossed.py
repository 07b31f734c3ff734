"""What a difference over seeds and rows varies by: mean squares, and the estimate where both are drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtri, fdtri

from brittlestar.statistics.estimates import Estimate, estimate_over_units, merge_groups, weigh_groups
from brittlestar.statistics.floors import MIN_SEEDS

LEVEL = 0.05  # convention: 95 % intervals


@dataclass(frozen=True)
class AxisVariance:
    """The variance that one axis brings, in squared units of the table: `variance` is 0 at least, `raw` as it was
    estimated, `interval` at 95 %."""

    variance: float
    raw: float
    interval: tuple[float, float]


@dataclass(frozen=True)
class Spread:
    """Mean squares of a table of `n` runs x units: `seeds`, and the `residual`."""

    n: int
    seeds: float
    residual: float


@dataclass(frozen=True)
class VarianceParts:
    """The variance of a mean over n seeds and m units is seed / n + row / m + cell / (n m)."""

    seed: float
    row: float = 0.0
    cell: float = 0.0

    def split_at(self, units: int | None) -> tuple[float, float]:
        """Of a mean over so many units: the variance over seeds of one run, and what rows bring whatever the seeds.
        None stands for rows that are not drawn."""
        return (self.seed, 0.0) if units is None else (self.seed + self.cell / units, self.row / units)

    def error_at(self, seeds: int, units: int, sides: int = 1) -> tuple[float, float]:
        """Standard error of the mean over so many seeds and units, and its degrees of freedom (Satterthwaite 1946)."""
        cell = self.cell / (seeds * units)
        of_seeds, of_units = self.seed / seeds + cell, self.row / units + cell
        top = of_seeds + of_units - cell
        below = of_units**2 / (units - 1) + (of_seeds**2 + cell**2 / (units - 1)) / (sides * (seeds - 1))
        return float(np.sqrt(top)), top**2 / below if below > 0 else float(seeds - 1)


@dataclass(frozen=True)
class Components:
    """What a difference over seeds and `m` units (rows or groups) varies by, each side in blocks of runs of their own.

    `mean` of all; `blocks` are the mean squares of each block; `rows` is the variance over units of the difference of
    the blocks' means. `drawn` is how many equal units tell as much as these of unequal size (None: m).
    """

    mean: float
    blocks: tuple[Spread, ...]
    rows: float
    m: int
    drawn: float | None = None

    @property
    def noise(self) -> float:
        """How much of `rows` is what single runs do in single units."""
        return sum(block.residual / block.n for block in self.blocks)

    @property
    def estimate(self) -> Estimate:
        """The mean over seeds and rows that are both drawn. Of one block of n runs the variance is (S + R - E) / (n m),
        E / (n m) at least, S, R and E being mean squares of seeds, rows and the residual; seeds and residuals of
        several blocks add up. Satterthwaite's degrees of freedom (1946)."""
        of_seeds = [block.seeds / block.n for block in self.blocks]
        top = max(sum(of_seeds) + self.rows - self.noise, self.noise)
        of_units = self.m - 1 if self.drawn is None else max(min(self.drawn, self.m) - 1, 1e-3)
        below = self.rows**2 / of_units
        for block, part in zip(self.blocks, of_seeds, strict=True):
            below += part**2 / (block.n - 1) + (block.residual / block.n) ** 2 / ((block.n - 1) * (self.m - 1))
        df = max(top**2 / below, 1.0) if below > 0 else float(max(min(block.n for block in self.blocks) - 1, 1))
        return Estimate(self.mean, float(np.sqrt(top / self.m)), df)

    @property
    def parts(self) -> VarianceParts:
        """The variance of the mean by its sources, each 0 at least, of as many runs a block as the smallest has."""
        n = min(block.n for block in self.blocks)
        seed = sum(n / block.n * max(block.seeds - block.residual, 0.0) for block in self.blocks) / self.m
        cell = sum(n / block.n * block.residual for block in self.blocks)
        return VarianceParts(seed, max(self.rows - self.noise, 0.0), cell)


def estimate_components(
    *tables: np.ndarray, fixed: np.ndarray | float = 0.0, groups: np.ndarray | None = None
) -> Components:
    """Mean squares of signed outcomes of one or more blocks of runs, float64 (n, m) each, n and m >= 2, on the same
    rows; `fixed` float64 (m,) is what variants without seeds add in each row, and `groups` int (m,) are rows that are
    drawn together."""
    rows = tables[0].shape[1]
    constant = np.broadcast_to(np.asarray(fixed, np.float64), (rows,))
    units = [table if groups is None else merge_groups(table, groups) for table in tables]
    base = constant if groups is None else merge_groups(constant[None], groups)[0]
    by_unit = sum((table.mean(axis=0) for table in units), base)
    mean, m = float(by_unit.mean()), len(by_unit)
    moved, drawn = by_unit - mean, None
    if groups is not None:
        moved, drawn = weigh_groups(moved, groups)
    return Components(mean, tuple(map(_spread, units)), float((moved**2).sum()) / (m - 1), m, drawn)


def estimate_over_runs(table: np.ndarray, groups: np.ndarray | None = None) -> Estimate:
    """The mean of float64 (n runs, m rows): over runs and rows that are both drawn where there are enough runs, else of
    these runs over rows; `groups` int (m,) are rows that are drawn together."""
    if len(table) >= MIN_SEEDS:
        return estimate_components(table, groups=groups).estimate
    return estimate_over_units(table.mean(axis=0), groups)


def take_out_rows(everything: np.ndarray, alone: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """float64 (n, m) whose mean is what the mean over rows changes by where only those `kept`, bool (m,), stay.

    `everything` float64 (n, m) are values of all rows and `alone` float64 (n, k) of those kept: row by row
    S_kept + kept/share (x - S_kept) - x (linearisation of a ratio; Cochran 1977, chapter 6).
    """
    mean = alone.mean(axis=1, keepdims=True)
    without = np.repeat(mean, everything.shape[1], axis=1)
    without[:, kept] += (alone - mean) / kept.mean()
    return without - everything


def take_out_copies(
    table: np.ndarray, copies: np.ndarray, clean: np.ndarray, labels: np.ndarray
) -> tuple[np.ndarray, float]:
    """float64 (n, m) whose mean is what the mean of `table`, (n, m), changes by where each of `copies`, bool (m,),
    scores what the `clean` rows of its class do, bool (m,): class by class of `labels`, int (m,), as `take_out_rows`
    has it. Also how much lower it may be for classes with too few clean rows to tell: as if none of their copies were
    right."""
    change, gone = np.zeros_like(table), 0.0
    for label in np.unique(labels[copies]):
        rows, others = (np.flatnonzero(some & (labels == label)) for some in (copies, clean))
        if len(others) > 1:
            mean = table[:, others].mean(axis=1, keepdims=True)
            change[:, rows] = mean - table[:, rows]
            change[:, others] = len(rows) / len(others) * (table[:, others] - mean)
        else:
            gone += float(np.abs(table[:, rows]).sum() / table.size)
    return change, gone


def contrast_rows(table: np.ndarray, first: np.ndarray) -> np.ndarray:
    """float64 (n, m) whose mean is the mean over the rows of `first`, bool (m,), less that over all others, and whose
    spread is that difference's own to first order (a difference of two ratios)."""
    means = [table[:, rows].mean(axis=1, keepdims=True) for rows in (first, ~first)]
    apart = np.where(first, (table - means[0]) / first.mean(), -(table - means[1]) / (~first).mean())
    return means[0] - means[1] + apart


def _spread(table: np.ndarray) -> Spread:
    n, m = table.shape
    mean = float(table.mean())
    by_seed, by_row = table.mean(axis=1), table.mean(axis=0)
    seeds = m * float(((by_seed - mean) ** 2).sum())
    rows = n * float(((by_row - mean) ** 2).sum())
    total = float(((table - mean) ** 2).sum())
    residual = max(total - seeds - rows, 0.0) / ((n - 1) * (m - 1))
    return Spread(n, seeds / (n - 1), residual)


def estimate_axis_variances(table: np.ndarray) -> tuple[tuple[AxisVariance, ...], float]:
    """Variance by axis of a balanced table, float64 with at least 2 levels on each axis, and the one that is left over:
    everything but the axes' own effects.

    Method of moments on mean squares: the variance of an axis is (its mean square - the one left over) over the cells
    of a level. Its interval is that of Williams (1962), which covers at least as often as it says.
    """
    mean, cells = float(table.mean()), table.size
    squares: list[tuple[float, int]] = []
    explained, freedom = 0.0, cells - 1
    for axis in range(table.ndim):
        others = tuple(k for k in range(table.ndim) if k != axis)
        by_level = table.mean(axis=others)
        own = cells // len(by_level) * float(((by_level - mean) ** 2).sum())
        squares.append((own / (len(by_level) - 1), len(by_level) - 1))
        explained, freedom = explained + own, freedom - (len(by_level) - 1)
    rest = max(float(((table - mean) ** 2).sum()) - explained, 0.0) / freedom if freedom else 0.0
    found = [
        _of_axis(own, df, rest, freedom, cells // levels)
        for levels, (own, df) in zip(table.shape, squares, strict=True)
    ]
    return tuple(found), rest


def _of_axis(own: float, df: int, rest: float, rest_df: int, cells: int) -> AxisVariance:
    raw = (own - rest) / cells
    low, high = LEVEL / 2, 1 - LEVEL / 2
    if rest_df < 1:
        ends = [own * df / chdtri(df, 1 - q) / cells for q in (high, low)]
    else:
        ends = [(own - rest * fdtri(df, rest_df, q)) * df / (cells * chdtri(df, 1 - q)) for q in (high, low)]
    interval = max(float(ends[0]), 0.0), max(float(ends[1]), 0.0)
    return AxisVariance(max(raw, 0.0), raw, interval)
