"""Estimates of a mean with their standard errors: over seeds, over rows, over drawn splits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import stdtr

from brittlestar.statistics.t_intervals import t_half_width


@dataclass(frozen=True)
class Estimate:
    """A mean difference `value` with its standard error `se` and degrees of freedom `df` (Student's t): what claims and
    the scores of variants are judged by. Probes have `effects.Effect`, which is never surer than one row allows."""

    value: float
    se: float
    df: float

    def interval(self, level: float) -> tuple[float, float]:
        """Two-sided t interval that misses with probability `level` (0 to 1)."""
        half = float(t_half_width(self.se, self.df, 1 - level / 2))
        return self.value - half, self.value + half

    def minus(self, other: Estimate) -> Estimate:
        """This less another one that is independent of it (Satterthwaite 1946)."""
        parts = [(one.se**2, one.df) for one in (self, other)]
        return Estimate(self.value - other.value, *add_variances(parts, otherwise=min(self.df, other.df)))

    def grow(self, factor: float) -> Estimate:
        """The same estimate from so many times the rows."""
        return replace(self, se=self.se / float(np.sqrt(factor)))

    def find_power(self, level: float, bounds: Sequence[tuple[float, int]]) -> float:
        """How often an interval that misses with `level` keeps to one side of each of these bounds, given as (bound, 1
        where it must lie above, -1 below), where this is the mean of estimates; the ends move as they do."""
        low, high = self.interval(level)
        rooms = [low - bound if side > 0 else bound - high for bound, side in bounds]
        if self.se <= 0:
            return float(min(rooms) >= 0)
        return sum(float(stdtr(self.df, room / self.se)) for room in rooms) - (len(rooms) - 1)

    def p_value(self, threshold: float) -> float | None:
        """Two-sided p-value of a true difference of `threshold`; None where nothing varies."""
        if self.se <= 0:
            return None
        return float(min(1.0, 2 * stdtr(self.df, -abs(self.value - threshold) / self.se)))

    def p_equal(self, margin: float) -> float | None:
        """P-value of two one-sided tests against a true difference of `margin` or more, either way (Schuirmann
        1987)."""
        return None if self.se <= 0 else float(stdtr(self.df, -(margin - abs(self.value)) / self.se))


def estimate_over_seeds(*blocks: np.ndarray, offset: float = 0.0) -> Estimate:
    """The mean of per-seed differences, float64 (n,), n >= 2: t interval for these very rows and new seeds. Of several
    blocks of runs that are independent, the sum of their means, with the degrees of freedom of Satterthwaite (1946) and
    Welch (1947). `offset` is added."""
    parts = [(float(values.var(ddof=1)) / len(values), len(values) - 1.0) for values in blocks]
    value = sum(float(values.mean()) for values in blocks) + offset
    return Estimate(value, *add_variances(parts, otherwise=min(df for _, df in parts)))


def add_variances(parts: Sequence[tuple[float, float]], otherwise: float) -> tuple[float, float]:
    """Standard error of a sum of independent variances, given as (variance, degrees of freedom), and its degrees of
    freedom (Satterthwaite 1946): `otherwise` where nothing varies."""
    total = sum(variance for variance, _ in parts)
    below = sum(variance**2 / df for variance, df in parts if df > 0)
    return float(np.sqrt(total)), total**2 / below if below > 0 else otherwise


def estimate_over_drawn_splits(differences: np.ndarray, held_out: float) -> Estimate:
    """The same where every seed drew its train rows anew from one pool: train sets overlap, so that the variance is
    (1/n + h) s^2 with h the rows left out over the rows trained on (Nadeau and Bengio 2003). `held_out` is h > 0."""
    n = len(differences)
    spread = float(differences.std(ddof=1))
    return Estimate(float(differences.mean()), spread * float(np.sqrt(1 / n + held_out)), n - 1.0)


def estimate_over_units(values: np.ndarray, groups: np.ndarray | None) -> Estimate:
    """The mean of a difference over rows that are drawn, float64 (m,), m >= 2: t interval over rows, or over groups of
    rows, int (m,)."""
    if groups is None:
        m = len(values)
        return Estimate(float(values.mean()), float(values.std(ddof=1)) / np.sqrt(m), m - 1.0)
    units = merge_groups(values[None], groups)[0]
    m = len(units)
    moved, drawn = weigh_groups(units - units.mean(), groups)
    se = float(np.sqrt((moved**2).sum() / (m - 1) / m))
    return Estimate(float(units.mean()), se, max(min(drawn, m) - 1, 1e-3))


def count_units(groups: np.ndarray | None, rows: int) -> float:
    """How many equal units tell as much as these rows, or groups of rows (Kish 1965)."""
    if groups is None:
        return float(rows)
    share = np.unique(groups, return_counts=True)[1] / rows
    return float(1 / (share**2).sum())


def merge_groups(differences: np.ndarray, groups: np.ndarray) -> np.ndarray:
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


def weigh_groups(moved: np.ndarray, groups: np.ndarray) -> tuple[np.ndarray, float]:
    """Distances of groups from their mean, and how many equal groups they are worth.

    A group that holds the share w of the rows pulls the mean towards itself, so that its distance from it is too
    small by 1 - w: it is divided by that, in units of what equal groups have (as in a jackknife; MacKinnon & White
    1985). Unequal groups tell as much as 1 / sum(w^2) equal ones (Kish 1965).
    """
    share = np.unique(groups, return_counts=True)[1] / len(groups)
    return moved * (1 - 1 / len(share)) / (1 - share), float(1 / (share**2).sum())
