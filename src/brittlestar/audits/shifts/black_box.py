"""Class shares of an unlabelled split, from a model's mistakes on a labelled one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from brittlestar.core.seeds import generator

WORST_CONDITION = 100.0  # convention: two digits are lost
DRAWS = 400  # budget: quantiles of 2.5 % rest on ten draws
WIDEST = 1.0
"""Derived: a weight that may as well be larger by a whole share of dev, and one lower by as much, says nothing."""


@dataclass(frozen=True)
class LabelShift:
    """`weights` float64 (C,): class shares of the split over those of dev, or None with the `reason`; `condition` of
    the confusion matrix; `intervals` float64 (C, 2), 95 %, None where the numbers of rows were not given."""

    weights: np.ndarray | None
    condition: float
    reason: str = ""
    intervals: np.ndarray | None = None

    def as_json(self, classes: Sequence[str]) -> dict[str, Any]:
        """JSON values by the names of the classes."""
        weights = None if self.weights is None else dict(zip(classes, self.weights.tolist(), strict=True))
        intervals = None if self.intervals is None else dict(zip(classes, self.intervals.tolist(), strict=True))
        condition = self.condition if np.isfinite(self.condition) else None
        return {"weights": weights, "intervals": intervals, "condition": condition, "reason": self.reason}


def bbse(confusion: np.ndarray, predicted: np.ndarray, rows: tuple[int, int] | None = None) -> LabelShift:
    """Black-box shift estimation (Lipton, Wang and Smola 2018).

    `confusion` (C, C): share of dev rows predicted as class i that are of class j, at [i, j], summing to 1; `predicted`
    (C,): shares of predicted classes in the other split. Solves confusion x weights = predicted; negative weights
    become 0. `rows` are those of dev and of the other split: weights are then drawn 400 times from multinomial counts
    of that size, for intervals. Refused where a class has no dev rows, and where the confusion matrix is
    ill-conditioned, so that small errors of shares become large ones of weights: the condition number is above 100, or
    an interval reaches further than 1 to either side.
    """
    if not len(confusion) or (confusion.sum(axis=0) <= 0).any():
        return LabelShift(None, float("inf"), "a class has no rows in dev")
    condition = float(np.linalg.cond(confusion))
    if not condition <= WORST_CONDITION:
        size = f"{condition:.3g}" if np.isfinite(condition) else "infinite"
        reason = f"the confusion matrix is ill-conditioned (condition number {size}, {WORST_CONDITION:g} at most)"
        return LabelShift(None, condition, reason)
    raw = np.linalg.solve(confusion, predicted)
    if rows is None:
        return LabelShift(np.maximum(raw, 0.0), condition)
    intervals = _intervals(confusion, predicted, rows)
    widest = int(np.abs(intervals - raw[:, None]).max(axis=1).argmax())
    low, high = intervals[widest].tolist()
    if max(raw[widest] - low, high - raw[widest]) > WIDEST:
        reason = (
            f"the confusion matrix of {rows[0]:,} dev rows is ill-conditioned: the weight of a class may lie anywhere "
            f"from {low:.2g} to {high:.2g}"
        )
        return LabelShift(None, condition, reason)
    return LabelShift(np.maximum(raw, 0.0), condition, "", np.maximum(intervals, 0.0))


def _intervals(confusion: np.ndarray, predicted: np.ndarray, rows: tuple[int, int]) -> np.ndarray:
    """float64 (C, 2): the middle 95 % of weights from counts drawn anew; a singular draw counts as a weight without
    bounds."""
    random, size = generator(0, "shift.label", "bbse"), len(predicted)
    drawn = np.empty((DRAWS, size))
    for k in range(DRAWS):
        matrix = random.multinomial(rows[0], confusion.reshape(-1) / confusion.sum()).reshape(size, size) / rows[0]
        shares = random.multinomial(rows[1], predicted / predicted.sum()) / rows[1]
        singular = np.linalg.matrix_rank(matrix) < size
        drawn[k] = 1e9 * (-1) ** k if singular else np.linalg.solve(matrix, shares)
    return np.quantile(drawn, [0.025, 0.975], axis=0).T


def confusion_of(labels: np.ndarray, predicted: np.ndarray, n_classes: int) -> np.ndarray:
    """Joint shares float64 (C, C) of predicted classes (rows) and true ones (columns); labels from `n_classes` on are
    left out."""
    known = labels < n_classes
    cells = predicted[known].astype(np.int64) * n_classes + labels[known]
    counts = np.bincount(cells, minlength=n_classes * n_classes).reshape(n_classes, n_classes)
    return counts / max(counts.sum(), 1)
