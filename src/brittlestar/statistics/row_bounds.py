"""The difference between models that are at hand, for new rows: rows are drawn, and nothing is said of other seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from brittlestar.statistics.estimates import Estimate, add_variances, estimate_over_units
from brittlestar.statistics.power import narrow
from brittlestar.statistics.proportions import bound_share
from brittlestar.statistics.t_intervals import t_quantile

FEWEST_DISAGREEING = 25
"""Below so many units that disagree a t interval over rows is not used (convention, as for McNemar's test)."""
LEAST_EVEN = 0.5
"""Groups that are worth less than this share of their number (Kish 1965) are too uneven for a t interval over them,
which covered 82 to 97 % (chosen on the grid of `exam.calibration`)."""
HALVINGS = 50
"""Of a bisection: far below the precision of any probability here."""
FLOOR = 1e-12
"""In place of a share of 0 that something is divided by."""


@dataclass(frozen=True)
class SplitRows:
    """A difference on the rows of one split, of a metric that is a mean over rows.

    `tables[k]` float64 (n_k, m): what the runs of block k add to the difference in each row; `fixed`
    float64 (m,): what variants without seeds add. `groups` int64 (m,) are rows that are one unit, or None. `reach` is
    (least, most) that a row's difference can be where outcomes lie between 0 and 1, else None; `each` float64 (m,) are
    the outcomes of each variant, averaged over its runs.
    """

    tables: tuple[np.ndarray, ...]
    fixed: np.ndarray
    groups: np.ndarray | None
    reach: tuple[float, float] | None
    each: tuple[np.ndarray, ...] = ()

    @property
    def n_rows(self) -> int:
        """Rows of the split."""
        return len(self.fixed)

    @property
    def mean(self) -> np.ndarray:
        """float64 (m,): the difference in each row, averaged over the runs of each block."""
        return sum((table.mean(axis=0) for table in self.tables), self.fixed)


@dataclass(frozen=True)
class RowBounds:
    """What bounds of the mean difference on the rows of one split are made of: the means over `rows` of what the first
    side `gained` and `lost`, and the `reach` of their difference; how many `groups` rows are in, with the `design`
    effect of that; and (rows gained, rows lost) in `counts` where one model stands against one and no row is in a
    group."""

    gained: float
    lost: float
    reach: tuple[float, float]
    rows: float
    groups: float
    design: float
    counts: tuple[float, float] | None

    def grow(self, factor: float) -> RowBounds:
        """The same from so many times the rows, of which as large a share differs."""
        counts = None if self.counts is None else (factor * self.counts[0], factor * self.counts[1])
        return replace(self, rows=factor * self.rows, groups=factor * self.groups, counts=counts)

    def interval(self, level: float) -> tuple[float, float]:
        """An interval of the mean difference that misses with probability `level` at most.

        - One model against one, each row right or wrong, every row a unit: see `bound_discordant`.
        - Several models, or groups of rows: what is gained and what is lost each get the interval of Korn and Graubard
          (1998) for shares of rows in groups; the two are joined by MOVER (Zou and Donner 2008), with the correlation
          that they have since a row that gains does not lose.
        """
        if self.counts is not None:
            return bound_discordant(*self.counts, self.rows, level)
        freedom = [t_quantile(1 - level / 2, units - 1) for units in (self.rows, self.groups)]
        worth = self.rows / self.design * ((freedom[0] / freedom[1]) ** 2 if freedom[1] > 0 else 1.0)
        least, most = self.reach
        gain = _bound_mean(self.gained, most, worth, level)
        loss = _bound_mean(self.lost, -least, worth, level)
        odds = [share / max(end - share, FLOOR) for share, end in ((self.gained, most), (self.lost, -least))]
        apart = 2 * min(1.0, float(np.sqrt(odds[0] * odds[1])))
        sides = ((self.gained - gain[0], loss[1] - self.lost), (gain[1] - self.gained, self.lost - loss[0]))
        below, above = (float(np.sqrt(one**2 + other**2 + apart * one * other)) for one, other in sides)
        return max(least, self.gained - self.lost - below), min(most, self.gained - self.lost + above)


@dataclass(frozen=True)
class BoundedEstimate(Estimate):
    """An estimate whose interval comes from bounds that hold for any number of rows that disagree; `se` and `df` are
    those of the t interval that is too sure of itself here."""

    parts: tuple[RowBounds | Estimate, ...] = ()
    offset: float = 0.0

    def interval(self, level: float) -> tuple[float, float]:
        """The intervals of all splits, which share the level (Bonferroni), added up."""
        found = [part.interval(level / len(self.parts)) for part in self.parts]
        return sum(low for low, _ in found) + self.offset, sum(high for _, high in found) + self.offset

    def grow(self, factor: float) -> BoundedEstimate:
        """The same estimate from so many times the rows."""
        parts = tuple(part.grow(factor) for part in self.parts)
        return replace(self, se=self.se / float(np.sqrt(factor)), parts=parts)

    def p_value(self, threshold: float) -> float | None:
        """The smallest level whose interval leaves out `threshold`."""

        def leaves_out(level: float) -> bool:
            low, high = self.interval(level)
            return threshold < low or threshold > high

        return narrow(leaves_out, 0.0, 1.0, HALVINGS)[1]

    def p_equal(self, margin: float) -> float | None:
        """The smallest one-sided level whose interval lies within the margin."""

        def lies_inside(level: float) -> bool:
            low, high = self.interval(2 * level)
            return -margin < low and high < margin

        return narrow(lies_inside, 0.0, 0.5, HALVINGS)[1]


def estimate_over_rows(splits: Sequence[SplitRows], offset: float = 0.0) -> Estimate:
    """The mean difference of the models at hand over rows that are drawn.

    A t interval over rows; of several splits the sum, with Welch's degrees of freedom. Where fewer
    than 25 units disagree, or all but 25 disagree in the same way, and where groups are uneven, exact bounds: see
    `RowBounds`.

    Args:
        splits: The difference row by row, one or more rows each.
        offset: What is added to it, a score without rows.

    Returns:
        The estimate, with 0 degrees of freedom below two units.
    """
    parts = [_over_units(split) for split in splits]
    value = sum(part.value for part in parts) + offset
    se, df = add_variances([(part.se**2, part.df) for part in parts], otherwise=min(part.df for part in parts))
    bounds = [find_bounds(split) if part.df > 0 else None for split, part in zip(splits, parts, strict=True)]
    if any(bound is not None for bound in bounds):
        chosen = (part if bound is None else bound for bound, part in zip(bounds, parts, strict=True))
        return BoundedEstimate(value, se, df, tuple(chosen), offset)
    return Estimate(value, se, df)


def find_bounds(split: SplitRows) -> RowBounds | None:
    """What bounds are made of where a t interval over units is too sure of itself; None where it is not, or where
    nothing else is known since outcomes are not bounded."""
    if split.reach is None:
        return None
    values, rows = split.mean, split.n_rows
    place, sizes = _number_units(split)
    uneven = rows**2 / float((sizes**2).sum()) < LEAST_EVEN * len(sizes)
    found, counts = np.unique(values, return_counts=True)
    others = (place[values != common] for common in (0.0, found[counts.argmax()]))
    fewest = min(np.count_nonzero(np.bincount(one, minlength=len(sizes))) for one in others)
    if fewest >= FEWEST_DISAGREEING and not uneven:
        return None
    design, counts = 1.0, None
    if split.groups is not None:
        design = _find_design(place, sizes, (*split.each, values))
    elif split.reach == (-1.0, 1.0) and bool(np.isin(values, (-1.0, 0.0, 1.0)).all()):
        counts = int((values > 0).sum()), int((values < 0).sum())
    gained, lost = float(np.maximum(values, 0).mean()), float(np.maximum(-values, 0).mean())
    return RowBounds(gained, lost, split.reach, rows, len(sizes), design, counts)


def bound_discordant(gained: float, lost: float, rows: float, level: float) -> tuple[float, float]:
    """An interval of the difference of two shares of the same rows, `gained` of them right in the first alone and
    `lost` in the second alone.

    The share of the rows that disagree in which the first is right gets its exact conditional interval, which leaves
    out one half exactly where McNemar's exact test rejects; times the end of the exact interval (Clopper and Pearson
    1934) of how many rows disagree that is further out. Each may miss by itself, but hardly ever both in one direction:
    `exam.calibration` measures coverage.
    """
    low, high = bound_share(gained, gained + lost, 1 - level)
    fewest, most = bound_share(gained + lost, rows, 1 - level)
    below, above = 2 * low - 1, 2 * high - 1
    return below * (fewest if below > 0 else most), above * (most if above > 0 else fewest)


def _number_units(split: SplitRows) -> tuple[np.ndarray, np.ndarray]:
    """The unit of each row, int64 (m,), and the rows of each unit, float64: groups, or rows by themselves."""
    if split.groups is None:
        return np.arange(split.n_rows), np.ones(split.n_rows)
    place, sizes = np.unique(split.groups, return_inverse=True, return_counts=True)[1:]
    return place.reshape(-1), sizes.astype(np.float64)


def _find_design(place: np.ndarray, sizes: np.ndarray, outcomes: Sequence[np.ndarray]) -> float:
    """The design effect of groups (Kish 1965): 1 + (mean size of the group of a row - 1) times the correlation within
    groups. That is the largest over the outcomes of each variant and their difference, since the few rows that disagree
    tell too little of it."""
    extra = float((sizes**2).sum()) / len(place) - 1
    return 1 + extra * max(_correlate_within(outcome, place, sizes) for outcome in outcomes)


def _correlate_within(values: np.ndarray, place: np.ndarray, sizes: np.ndarray) -> float:
    """The correlation of values float64 (m,) within groups, from 0 to 1, by analysis of variance (Donner 1986); 1 where
    nothing varies."""
    rows, groups = len(values), len(sizes)
    sums = np.bincount(place, values)
    between = float((sums**2 / sizes).sum() - sums.sum() ** 2 / rows) / (groups - 1)
    within = float((values**2).sum() - (sums**2 / sizes).sum()) / max(rows - groups, 1)
    size = (rows - float((sizes**2).sum()) / rows) / (groups - 1)
    total = between + (size - 1) * within
    return float(np.clip((between - within) / total, 0.0, 1.0)) if total > 0 else 1.0


def _bound_mean(value: float, most: float, worth: float, level: float) -> tuple[float, float]:
    """The exact interval of a share of `worth` rows, for a mean of values between 0 and `most`."""
    if most <= 0:
        return 0.0, 0.0
    low, high = bound_share(value / most * worth, worth, 1 - level)
    return most * low, most * high


def _over_units(split: SplitRows) -> Estimate:
    values = split.mean
    if split.n_rows < 2 or (split.groups is not None and len(np.unique(split.groups)) < 2):
        return Estimate(float(values.mean()), 0.0, 0.0)
    return estimate_over_units(values, split.groups)


def join_splits(tables: Sequence[np.ndarray]) -> np.ndarray:
    """Signed tables of several splits, float64 (n, m) each, as one (n, sum of m) whose mean is the sum of their means
    and whose rows vary as far as they make these means vary: each row is its linearisation within its split, as in
    stratified sampling (Cochran 1977, chapter 5)."""
    rows = sum(table.shape[1] for table in tables)
    total = np.sum([table.mean(axis=1) for table in tables], axis=0)
    parts = [rows / table.shape[1] * (table - table.mean(axis=1, keepdims=True)) for table in tables]
    return np.concatenate(parts, axis=1) + total[:, None]


def join_groups(splits: Sequence[SplitRows]) -> np.ndarray | None:
    """Groups of the rows of several splits side by side; None where none has groups."""
    if all(split.groups is None for split in splits):
        return None
    found: list[np.ndarray] = []
    free = 0
    for split in splits:
        own = np.arange(split.n_rows) if split.groups is None else split.groups
        found.append(own + free)
        free += int(own.max(initial=0)) + 1
    return np.concatenate(found)
