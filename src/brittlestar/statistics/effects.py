"""Means over seeds and rows at once, with a standard error that counts both."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from brittlestar.statistics.estimates import add_variances
from brittlestar.statistics.t_intervals import t_half_width


@dataclass(frozen=True)
class Effect:
    """A mean over `seeds` models and `rows` rows, which are so many independent `units`. `error` is its standard error:
    over new rows and, with two seeds or more, over new seeds too; `degrees` belong to it (Satterthwaite 1946).
    `by_seed` are the means of single seeds; it lies between `least` and 1."""

    estimate: float
    error: float
    degrees: float
    rows: int
    by_seed: dict[int, float]
    least: float = -1.0
    units: int | None = None

    @property
    def seeds(self) -> int:
        """How many models."""
        return len(self.by_seed)

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Student-t interval, as far as values are possible; that of a mean without any variation is made as wide as
        one row."""
        half = float(t_half_width(self._floored, self.degrees, 0.5 + level / 2))
        return max(self.estimate - half, self.least), min(self.estimate + half, 1.0)

    def p_above(self, threshold: float) -> float:
        """One-sided p of the hypothesis that the mean is at most `threshold`."""
        from scipy.special import stdtr

        return float(stdtr(self.degrees, (threshold - self.estimate) / self._floored))

    def p_below(self, threshold: float) -> float:
        """One-sided p of the hypothesis that the mean is at least `threshold`."""
        return 1.0 - self.p_above(threshold)

    @property
    def _floored(self) -> float:
        """Where no row differs, that of one row: 3 / n bounds at 95 %, two errors (Hanley & Lippman-Hand 1983)."""
        return max(self.error, 1.5 / max(self.rows if self.units is None else self.units, 1))

    def as_json(self) -> dict[str, Any]:
        """The numbers as plain JSON values."""
        return {
            "mean": self.estimate,
            "interval": list(self.interval()),
            "rows": self.rows,
            "seeds": {str(seed): value for seed, value in sorted(self.by_seed.items())},
        }


def estimate_effect(values: np.ndarray, seeds: list[int], units: np.ndarray | None = None) -> Effect:
    """The effect of values float64 (seeds, rows). The variance of the mean is that of row means over rows plus that of
    seed means over seeds; the part that both count twice makes it a little too large, never too small. Rows of one
    unit, int (rows,), are added up before their variance is taken (Liang & Zeger 1986, for a mean)."""
    rows = values.shape[1]
    of_seeds = values.mean(axis=1)
    many, over_rows = _over_rows(values.mean(axis=0), units)
    over_seeds = float(of_seeds.var(ddof=1) / len(seeds)) if len(seeds) > 1 else 0.0
    by_seed = dict(zip(seeds, of_seeds.tolist(), strict=True))
    joined = _add((over_rows, many - 1), (over_seeds, len(seeds) - 1))
    least = -1.0 if float(values.min(initial=0.0)) < 0 else 0.0
    return Effect(float(of_seeds.mean()), *joined, rows, by_seed, least, None if units is None else many)


def _over_rows(means: np.ndarray, units: np.ndarray | None) -> tuple[int, float]:
    """How many units there are, and the variance over them of the mean of row means (rows,). Units count by their
    rows; claims correct for few and uneven ones (`estimates.weigh_groups`)."""
    rows = len(means)
    if units is None:
        return rows, float(means.var(ddof=1) / rows) if rows > 1 else 0.0
    _, place = np.unique(units, return_inverse=True)
    sums = np.bincount(place.reshape(-1), weights=means - means.mean())
    many = len(sums)
    return many, float((sums**2).sum() / rows**2 * many / (many - 1)) if many > 1 else 0.0


def subtract_effects(first: Effect, second: Effect) -> Effect:
    """`first` less `second`, of different rows: their standard errors add, seed by seed where both have them."""
    by_seed = {seed: first.by_seed[seed] - value for seed, value in second.by_seed.items() if seed in first.by_seed}
    joined = _add((first.error**2, first.degrees), (second.error**2, second.degrees))
    units = [one.rows if one.units is None else one.units for one in (first, second)]
    rows = min(first.rows, second.rows)
    return Effect(first.estimate - second.estimate, *joined, rows, by_seed, units=min(units))


def _add(*parts: tuple[float, float]) -> tuple[float, float]:
    error, degrees = add_variances(parts, otherwise=max(degrees for _, degrees in parts))
    return error, max(float(degrees), 1.0)


def estimate_from_scores(by_seed: Mapping[int, float], rows: int) -> Effect:
    """An accuracy of which only the score of each seed is known, on so many rows: p(1 - p) / rows over rows."""
    values = np.array(list(by_seed.values()))
    mean = float(values.mean())
    over_rows = max(mean * (1 - mean), 0.0) / max(rows, 1)
    over_seeds = float(values.var(ddof=1) / len(values)) if len(values) > 1 else 0.0
    joined = _add((over_rows, max(rows - 1, 1)), (over_seeds, len(values) - 1))
    return Effect(mean, *joined, rows, dict(by_seed), least=0.0)


def compare_by_seed(first: Mapping[int, float], second: Mapping[int, float], rows: int) -> Effect | None:
    """`first` less `second`, scores by seed on the same so many rows: over new seeds, for these very rows. None where
    no seed has both."""
    shared = sorted(first.keys() & second.keys())
    if not shared:
        return None
    values = np.array([first[seed] - second[seed] for seed in shared])
    error = float(values.std(ddof=1) / np.sqrt(len(shared))) if len(shared) > 1 else 0.0
    by_seed = dict(zip(shared, values.tolist(), strict=True))
    return Effect(float(values.mean()), error, max(len(shared) - 1, 1), rows, by_seed)
