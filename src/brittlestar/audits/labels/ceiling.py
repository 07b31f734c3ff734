"""The best score that labels allow, whatever the model."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from brittlestar.audits.showing import percent


@dataclass(frozen=True)
class Ceiling:
    """Accuracy that no model can be expected to exceed on a split, `low` to `high`, because of `reason`."""

    low: float
    high: float
    reason: str

    def as_json(self) -> dict[str, Any]:
        """The interval and its reason as JSON values."""
        return {"accuracy": [self.low, self.high], "because": self.reason}

    def __str__(self) -> str:
        if self.high - self.low < 0.005:
            return f"accuracy {percent((self.low + self.high) / 2)}"
        return f"accuracy between {percent(self.low)} and {percent(self.high)}"


def ceiling_of_noise(low: float, high: float, share: float = 1.0) -> Ceiling:
    """The ceiling where between `low` and `high` of the labels of a `share` of the rows are turned over at random: a
    model that knows the rule is wrong on these rows (no model can know which). Beyond one half a model may do better
    by learning the opposite, so that the ceiling is 1 - rate or rate, whichever is larger."""
    best = [1 - share * min(rate, 1 - rate) for rate in (high, low)]
    return Ceiling(min(best), max(best), "label noise")


def unavoidable_errors(hashes: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """bool (n_rows,): rows that do not have the most frequent label of their sequence (the smallest code among
    equals). A function of the sequence is wrong on at least as many of these very rows.

    `hashes` uint64 (n_rows,), equal where sequences are; `labels` int (n_rows,).
    """
    size = int(labels.max(initial=0)) + 1
    _, sequence, times = np.unique(hashes, return_inverse=True, return_counts=True)
    wrong = np.zeros(len(labels), np.bool_)
    repeated = np.flatnonzero(times[sequence] > 1)
    labelled = sequence[repeated] * size + labels[repeated]
    pairs, which, counts = np.unique(labelled, return_inverse=True, return_counts=True)
    owner = pairs // size
    order = np.lexsort((pairs, -counts, owner))
    leading = np.zeros(len(pairs), np.bool_)
    leading[order[np.diff(owner[order], prepend=-1) != 0]] = True
    wrong[repeated] = ~leading[which]
    return wrong
