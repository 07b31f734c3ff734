"""Estimates of a paired difference with their standard errors: over seeds, over seeds and rows, over drawn splits."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import stdtrit


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


@dataclass(frozen=True)
class Components:
    """Mean squares of a table of paired differences, `n` seeds x `m` units (rows or groups): `seeds`, `rows` and the
    `residual`; `mean` of all cells. `drawn` is how many equal units tell as much as these of unequal size (None: m)."""

    mean: float
    seeds: float
    rows: float
    residual: float
    n: int
    m: int
    drawn: float | None = None

    @property
    def crossed(self) -> Estimate:
        """The mean over seeds and rows that are both drawn: variance (S + R - E) / (n m), E / (n m) at least, and
        Satterthwaite's degrees of freedom (1946)."""
        return Estimate(self.mean, float(np.sqrt(self.variance(self.n, self.m))), self.freedom(self.n, self.m))

    @property
    def of_seeds(self) -> float:
        """Variance of the true mean of a seed, 0 at least."""
        return max(self.seeds - self.residual, 0.0) / self.m

    @property
    def of_rows(self) -> float:
        """Variance of the true mean of a row, 0 at least."""
        return max(self.rows - self.residual, 0.0) / self.n

    def variance(self, n: int, m: int) -> float:
        """Variance of the mean of a table of other size, float >= 0."""
        if (n, m) == (self.n, self.m):
            return max(self.seeds + self.rows - self.residual, self.residual) / (n * m)
        return self.of_seeds / n + self.of_rows / m + self.residual / (n * m)

    def freedom(self, n: int, m: int) -> float:
        """Degrees of freedom of that variance, at least 1."""
        s, r, e = self.seeds, self.rows, self.residual
        if (n, m) != (self.n, self.m):
            s, r = m * self.of_seeds + e, n * self.of_rows + e
        top = max(s + r - e, e) ** 2
        of_units = m - 1 if self.drawn is None else max(min(self.drawn, m) - 1, 1e-3)
        below = (s**2 / (n - 1) if n > 1 else 0.0) + (r**2 / of_units if m > 1 else 0.0)
        below += e**2 / ((n - 1) * (m - 1)) if n > 1 and m > 1 else 0.0
        return max(top / below, 1.0) if below > 0 else float(max(n - 1, 1))


def over_seeds(differences: np.ndarray) -> Estimate:
    """The mean of per-seed differences, float64 (n,), n >= 2: t interval for these very rows and new seeds."""
    n = len(differences)
    return Estimate(float(differences.mean()), float(differences.std(ddof=1)) / np.sqrt(n), n - 1.0)


def over_drawn_splits(differences: np.ndarray, held_out: float) -> Estimate:
    """The same where every seed drew its train rows anew from one pool: train sets overlap, so that the variance is
    (1/n + h) s^2 with h the rows left out over the rows trained on (Nadeau and Bengio 2003). `held_out` is h > 0."""
    n = len(differences)
    spread = float(differences.std(ddof=1))
    return Estimate(float(differences.mean()), spread * float(np.sqrt(1 / n + held_out)), n - 1.0)


def components(differences: np.ndarray) -> Components:
    """Mean squares of float64 (n, m), n and m >= 2."""
    n, m = differences.shape
    mean = float(differences.mean())
    by_seed, by_row = differences.mean(axis=1), differences.mean(axis=0)
    seeds = m * float(((by_seed - mean) ** 2).sum()) / (n - 1)
    rows = n * float(((by_row - mean) ** 2).sum()) / (m - 1)
    total = float(((differences - mean) ** 2).sum())
    residual = max(total - seeds * (n - 1) - rows * (m - 1), 0.0) / ((n - 1) * (m - 1))
    return Components(mean, seeds, rows, residual, n, m)


def of_groups(differences: np.ndarray, groups: np.ndarray) -> Components:
    """Mean squares of float64 (n, m) whose rows are drawn in groups, int (m,), n and the groups 2 or more.

    A group that holds the share w of the rows pulls the mean towards itself, so that its distance from it is too
    small by 1 - w: the row part of each unit is divided by that, in units of what equal groups have (as in a
    jackknife; MacKinnon & White 1985). Unequal groups tell as much as 1 / sum(w^2) equal ones (Kish 1965).
    """
    units = grouped(differences, groups)
    share = np.unique(groups, return_counts=True)[1] / differences.shape[1]
    mean = float(differences.mean())
    by_unit = units.mean(axis=0) - mean
    found = components(units)
    moved = by_unit * (1 - 1 / len(share)) / (1 - share)
    rows = found.n * float((moved**2).sum()) / (len(share) - 1)
    return replace(found, rows=rows, drawn=float(1 / (share**2).sum()))


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
