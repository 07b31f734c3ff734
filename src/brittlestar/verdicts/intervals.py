"""Estimates of a difference with their standard errors: over seeds, over seeds and rows, over drawn splits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit


@dataclass(frozen=True)
class Estimate:
    """A mean difference `value` with its standard error `se` and degrees of freedom `df` (Student's t)."""

    value: float
    se: float
    df: float

    def interval(self, level: float) -> tuple[float, float]:
        """Two-sided t interval that misses with probability `level` (0 to 1)."""
        half = float(stdtrit(self.df, 1 - level / 2) * self.se)
        return self.value - half, self.value + half

    def p_value(self, threshold: float) -> float | None:
        """Two-sided p-value of a true difference of `threshold`; None where nothing varies."""
        if self.se <= 0:
            return None
        return float(min(1.0, 2 * stdtr(self.df, -abs(self.value - threshold) / self.se)))

    def p_equal(self, margin: float) -> float | None:
        """P-value of two one-sided tests against a true difference of `margin` or more, either way (Schuirmann
        1987)."""
        return None if self.se <= 0 else float(stdtr(self.df, -(margin - abs(self.value)) / self.se))


@dataclass(frozen=True)
class Spread:
    """Mean squares of a table of `n` runs x units: `seeds`, and the `residual`."""

    n: int
    seeds: float
    residual: float


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
        return sum(one.residual / one.n for one in self.blocks)

    @property
    def crossed(self) -> Estimate:
        """The mean over seeds and rows that are both drawn. Of one block of n runs the variance is (S + R - E) / (n m),
        E / (n m) at least, S, R and E being mean squares of seeds, rows and the residual; seeds and residuals of
        several blocks add up. Satterthwaite's degrees of freedom (1946)."""
        of_seeds = [one.seeds / one.n for one in self.blocks]
        top = max(sum(of_seeds) + self.rows - self.noise, self.noise)
        of_units = self.m - 1 if self.drawn is None else max(min(self.drawn, self.m) - 1, 1e-3)
        below = self.rows**2 / of_units
        for one, part in zip(self.blocks, of_seeds, strict=True):
            below += part**2 / (one.n - 1) + (one.residual / one.n) ** 2 / ((one.n - 1) * (self.m - 1))
        df = max(top**2 / below, 1.0) if below > 0 else float(max(min(one.n for one in self.blocks) - 1, 1))
        return Estimate(self.mean, float(np.sqrt(top / self.m)), df)

    @property
    def per_seed(self) -> float:
        """Variance over seeds of the mean of these units, of one run a block."""
        n = min(one.n for one in self.blocks)
        return sum(n / one.n * max(one.seeds, one.residual) for one in self.blocks) / self.m

    @property
    def per_row(self) -> float:
        """Variance of the true difference in a unit, 0 at least."""
        return max(self.rows - self.noise, 0.0)


def over_seeds(*blocks: np.ndarray, offset: float = 0.0) -> Estimate:
    """The mean of per-seed differences, float64 (n,), n >= 2: t interval for these very rows and new seeds. Of several
    blocks of runs that are independent, the sum of their means, with the degrees of freedom of Satterthwaite (1946) and
    Welch (1947). `offset` is added."""
    parts = [float(values.var(ddof=1)) / len(values) for values in blocks]
    total = sum(parts)
    value = sum(float(values.mean()) for values in blocks) + offset
    below = sum(part**2 / (len(values) - 1) for part, values in zip(parts, blocks, strict=True))
    df = total**2 / below if below > 0 else float(min(len(values) for values in blocks) - 1)
    return Estimate(value, float(np.sqrt(total)), df)


def over_drawn_splits(differences: np.ndarray, held_out: float) -> Estimate:
    """The same where every seed drew its train rows anew from one pool: train sets overlap, so that the variance is
    (1/n + h) s^2 with h the rows left out over the rows trained on (Nadeau and Bengio 2003). `held_out` is h > 0."""
    n = len(differences)
    spread = float(differences.std(ddof=1))
    return Estimate(float(differences.mean()), spread * float(np.sqrt(1 / n + held_out)), n - 1.0)


def components(*tables: np.ndarray, fixed: np.ndarray | float = 0.0, groups: np.ndarray | None = None) -> Components:
    """Mean squares of signed outcomes of one or more blocks of runs, float64 (n, m) each, n and m >= 2, on the same
    rows; `fixed` float64 (m,) is what variants without seeds add in each row, and `groups` int (m,) are rows that are
    drawn together."""
    rows = tables[0].shape[1]
    constant = np.broadcast_to(np.asarray(fixed, np.float64), (rows,))
    units = [table if groups is None else grouped(table, groups) for table in tables]
    base = constant if groups is None else grouped(constant[None], groups)[0]
    by_unit = sum((table.mean(axis=0) for table in units), base)
    mean, m = float(by_unit.mean()), len(by_unit)
    moved, drawn = by_unit - mean, None
    if groups is not None:
        moved, drawn = _leverage(moved, groups)
    return Components(mean, tuple(map(_spread, units)), float((moved**2).sum()) / (m - 1), m, drawn)


def over_units(values: np.ndarray, groups: np.ndarray | None) -> Estimate:
    """The mean of a difference over rows that are drawn, float64 (m,), m >= 2: t interval over rows, or over groups of
    rows, int (m,)."""
    if groups is None:
        m = len(values)
        return Estimate(float(values.mean()), float(values.std(ddof=1)) / np.sqrt(m), m - 1.0)
    units = grouped(values[None], groups)[0]
    m = len(units)
    moved, drawn = _leverage(units - units.mean(), groups)
    se = float(np.sqrt((moved**2).sum() / (m - 1) / m))
    return Estimate(float(units.mean()), se, max(min(drawn, m) - 1, 1e-3))


def count_units(groups: np.ndarray | None, rows: int) -> float:
    """How many equal units tell as much as these rows, or groups of rows (Kish 1965)."""
    if groups is None:
        return float(rows)
    share = np.unique(groups, return_counts=True)[1] / rows
    return float(1 / (share**2).sum())


def grouped(differences: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Rows of one group as one unit: float64 (n, g) whose mean over all cells is the mean over rows.

    `differences` float64 (n, m); `groups` int (m,). The mean over rows is a ratio of sums over groups; each unit is its
    linearisation, mean + g/m (sum of the group - rows of the group x mean) (Cochran 1977, chapter 6).
    """
    _, place, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    order = np.argsort(place.reshape(-1), kind="stable")
    starts = np.r_[0, np.cumsum(sizes)[:-1]]
    sums = np.add.reduceat(differences[:, order], starts, axis=1)
    mean = differences.mean()
    return mean + len(sizes) / differences.shape[1] * (sums - sizes * mean)


def _spread(table: np.ndarray) -> Spread:
    n, m = table.shape
    mean = float(table.mean())
    by_seed, by_row = table.mean(axis=1), table.mean(axis=0)
    seeds = m * float(((by_seed - mean) ** 2).sum())
    rows = n * float(((by_row - mean) ** 2).sum())
    total = float(((table - mean) ** 2).sum())
    residual = max(total - seeds - rows, 0.0) / ((n - 1) * (m - 1))
    return Spread(n, seeds / (n - 1), residual)


def _leverage(moved: np.ndarray, groups: np.ndarray) -> tuple[np.ndarray, float]:
    """Distances of groups from their mean, and how many equal groups they are worth.

    A group that holds the share w of the rows pulls the mean towards itself, so that its distance from it is too
    small by 1 - w: it is divided by that, in units of what equal groups have (as in a jackknife; MacKinnon & White
    1985). Unequal groups tell as much as 1 / sum(w^2) equal ones (Kish 1965).
    """
    share = np.unique(groups, return_counts=True)[1] / len(groups)
    return moved * (1 - 1 / len(share)) / (1 - share), float(1 / (share**2).sum())
