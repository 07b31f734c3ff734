"""Metrics that are no mean over rows, as functions of sums over rows."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Combine = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Sums:
    """A metric as a function of sums over rows: `runs` float32 (n, m, k) is what each run adds in each row, `shared`
    float32 (m, r) what each row adds by itself; `combine(run sums (…, k), shared sums (…, r))` gives scores (…,)."""

    runs: np.ndarray
    shared: np.ndarray
    combine: Combine

    @property
    def scores(self) -> np.ndarray:
        """float64 (n,): the metric of each run on these very rows."""
        return self.combine(self.runs.sum(axis=1, dtype=np.float64), self.shared.sum(axis=0, dtype=np.float64))


@dataclass(frozen=True)
class SplitSums:
    """What a difference of scores is made of on the rows of one split: `parts` are (block, sign, sums) of each variant,
    the block of runs that it belongs to being -1 for one without seeds; `groups` int64 (m,) are rows that are one unit,
    or None."""

    parts: tuple[tuple[int, int, Sums], ...]
    groups: np.ndarray | None

    @property
    def units(self) -> int:
        """What is drawn: rows, or groups of them."""
        return len(self.parts[0][2].shared) if self.groups is None else len(np.unique(self.groups))
