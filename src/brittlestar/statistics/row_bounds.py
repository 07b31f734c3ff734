"""The difference between models that are at hand, for new rows: rows are drawn, and nothing is said of other seeds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from brittlestar.statistics.estimates import Estimate, estimate_over_units
from brittlestar.statistics.power import narrow
from brittlestar.statistics.proportions import bound_share

FEWEST_DISAGREEING = 25
"""Below so many units that disagree a t interval over rows is not used (convention, as for McNemar's test)."""
HALVINGS = 50
"""Of a bisection: far below the precision of any probability here."""


@dataclass(frozen=True)
class SplitRows:
    """A difference on the rows of one split, of a metric that is a mean over rows.

    `tables[k]` float64 (n_k, m): what the runs of block k add to the difference in each row; `fixed`
    float64 (m,): what variants without seeds add. `groups` int64 (m,) are rows that are one unit, or None. `reach` is
    (least, most) that a row's difference can be where outcomes lie between 0 and 1, else None.
    """

    tables: tuple[np.ndarray, ...]
    fixed: np.ndarray
    groups: np.ndarray | None
    reach: tuple[float, float] | None

    @property
    def n_rows(self) -> int:
        """Rows of the split."""
        return len(self.fixed)

    @property
    def mean(self) -> np.ndarray:
        """float64 (m,): the difference in each row, averaged over the runs of each block."""
        return sum((table.mean(axis=0) for table in self.tables), self.fixed)


@dataclass(frozen=True)
class SparseEstimate(Estimate):
    """An estimate whose interval comes from bounds that hold for any number of rows that disagree; `se` and `df` are
    those of the t interval that is too sure of itself here."""

    splits: tuple[SplitRows, ...] = ()
    offset: float = 0.0

    def interval(self, level: float) -> tuple[float, float]:
        """The bounds of all splits, which share the level (Bonferroni), added up."""
        share = level / len(self.splits)
        found = [bound_split(one, share) for one in self.splits]
        return sum(low for low, _ in found) + self.offset, sum(high for _, high in found) + self.offset

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

    A t interval over rows, or groups of rows; of several splits the sum, with Welch's degrees of freedom. Where fewer
    than 25 units disagree, or all but 25 disagree in the same way, exact bounds: see `bound_split`.

    Args:
        splits: The difference row by row, one or more rows each.
        offset: What is added to it, a score without rows.

    Returns:
        The estimate, with 0 degrees of freedom below two units.
    """
    parts = [_over_units(one) for one in splits]
    value = sum(part.value for part in parts) + offset
    squares = [part.se**2 for part in parts]
    below = sum(square**2 / part.df for square, part in zip(squares, parts, strict=True) if part.df > 0)
    df = sum(squares) ** 2 / below if below > 0 else min(part.df for part in parts)
    se = float(np.sqrt(sum(squares)))
    if any(is_sparse(one) for one in splits):
        return SparseEstimate(value, se, df, tuple(splits), offset)
    return Estimate(value, se, df)


def is_sparse(split: SplitRows) -> bool:
    """Whether fewer than 25 units of a split disagree, or fewer than 25 differ from what most of them say; only where
    outcomes are bounded is anything else than a t interval known."""
    if split.reach is None:
        return False
    found, counts = np.unique(split.mean, return_counts=True)
    different = [split.mean != common for common in (0.0, found[counts.argmax()])]
    units = np.arange(split.n_rows) if split.groups is None else split.groups
    return min(len(np.unique(units[rows])) for rows in different) < FEWEST_DISAGREEING


def bound_split(split: SplitRows, level: float) -> tuple[float, float]:
    """An interval of the mean difference on one split that misses with probability `level` at most.

    - Many units disagree: Student's t over units.
    - One model against one, each row right or wrong, every row a unit: the share of the rows that disagree in which the
      first is right gets its exact conditional interval, which leaves out one half exactly where McNemar's exact test
      rejects; times the end of the exact interval (Clopper and Pearson 1934) of how many rows disagree that is further
      out. Each may miss by itself, but hardly ever both in one direction: `exam.calibration` measures coverage.
    - Several models, or groups of rows: differences are means, or sums, and there is no such test. What the first side
      gains and what it loses are each bounded by Hoeffding (1963, theorem 1), which asks for bounded outcomes alone;
      the two share the level.
    """
    if not is_sparse(split):
        return _over_units(split).interval(level)
    values = split.mean
    if split.groups is None and split.reach == (-1.0, 1.0) and bool(np.isin(values, (-1.0, 0.0, 1.0)).all()):
        return bound_discordant(int((values > 0).sum()), int((values < 0).sum()), len(values), level)
    least, most = split.reach or (0.0, 0.0)
    share = level / 2 if least < 0 < most else level
    gain = _bound_part(np.maximum(values, 0) / most, split.groups, share) if most > 0 else (0.0, 0.0)
    loss = _bound_part(np.maximum(-values, 0) / -least, split.groups, share) if least < 0 else (0.0, 0.0)
    return most * gain[0] + least * loss[1], most * gain[1] + least * loss[0]


def bound_discordant(gained: int, lost: int, rows: int, level: float) -> tuple[float, float]:
    """An interval of the difference of two shares of the same rows, `gained` of them right in the first alone and
    `lost` in the second alone."""
    low, high = bound_share(gained, gained + lost, 1 - level)
    fewest, most = bound_share(gained + lost, rows, 1 - level)
    below, above = 2 * low - 1, 2 * high - 1
    return below * (fewest if below > 0 else most), above * (most if above > 0 else fewest)


def _bound_part(values: np.ndarray, groups: np.ndarray | None, level: float) -> tuple[float, float]:
    """An interval of the mean over rows of values between 0 and 1, rows or groups being independent."""
    sizes = np.ones(len(values)) if groups is None else np.unique(groups, return_counts=True)[1]
    sums = values if groups is None else np.bincount(np.unique(groups, return_inverse=True)[1].reshape(-1), values)
    scale = len(sizes) * float(sizes.max()) / len(values)  # a group of the largest size counts 1
    mean = float(sums.mean() / sizes.max())
    reach = float(np.log(2 / level)) / len(sizes)
    low, high = _divergent(mean, reach, below=True), _divergent(mean, reach, below=False)
    return min(1.0, scale * low), min(1.0, scale * high)


def _divergent(mean: float, reach: float, below: bool) -> float:
    """The mean furthest from `mean`, on one side, whose Kullback-Leibler divergence from it is no more than `reach`."""

    def is_beyond(other: float) -> bool:
        first = mean * np.log(mean / other) if mean > 0 else 0.0
        second = (1 - mean) * np.log((1 - mean) / (1 - other)) if mean < 1 else 0.0
        return not float(first + second) <= reach

    return narrow(is_beyond, mean, 0.0 if below else 1.0, HALVINGS)[1]


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
    if all(one.groups is None for one in splits):
        return None
    found: list[np.ndarray] = []
    free = 0
    for one in splits:
        own = np.arange(one.n_rows) if one.groups is None else one.groups
        found.append(own + free)
        free += int(own.max(initial=0)) + 1
    return np.concatenate(found)
