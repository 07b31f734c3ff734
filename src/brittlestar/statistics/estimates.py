"""Estimates of a mean with their standard errors: over seeds, over rows, over drawn splits."""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr

from brittlestar.statistics.row_groups import merge_groups, weigh_groups
from brittlestar.statistics.t_intervals import t_half_width


@dataclass(frozen=True)
class Estimate:
    """A mean difference `value` with its standard error `se` and degrees of freedom `df` (Student's t)."""

    value: float
    se: float
    df: float

    def interval(self, level: float) -> tuple[float, float]:
        """Two-sided t interval that misses with probability `level` (0 to 1)."""
        half = float(t_half_width(self.se, self.df, 1 - level / 2))
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


def estimate_over_seeds(*blocks: np.ndarray, offset: float = 0.0) -> Estimate:
    """The mean of per-seed differences, float64 (n,), n >= 2: t interval for these very rows and new seeds. Of several
    blocks of runs that are independent, the sum of their means, with the degrees of freedom of Satterthwaite (1946) and
    Welch (1947). `offset` is added."""
    parts = [float(values.var(ddof=1)) / len(values) for values in blocks]
    total = sum(parts)
    value = sum(float(values.mean()) for values in blocks) + offset
    below = sum(part**2 / (len(values) - 1) for part, values in zip(parts, blocks, strict=True))
    df = total**2 / below if below > 0 else float(min(len(values) for values in blocks) - 1)
    return Estimate(value, float(np.sqrt(total)), df)


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
