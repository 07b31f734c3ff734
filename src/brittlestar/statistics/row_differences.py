"""A difference between runs row by row, one split after the other."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


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
