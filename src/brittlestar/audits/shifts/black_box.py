"""Class shares of an unlabelled split, from a model's mistakes on a labelled one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

WORST_CONDITION = 100.0


@dataclass(frozen=True)
class LabelShift:
    """`weights` float64 (C,): class shares of the split over those of dev, or None with the `reason`; `condition` of
    the confusion matrix."""

    weights: np.ndarray | None
    condition: float
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """JSON values."""
        weights = None if self.weights is None else self.weights.tolist()
        condition = self.condition if np.isfinite(self.condition) else None
        return {"weights": weights, "condition": condition, "reason": self.reason}


def bbse(confusion: np.ndarray, predicted: np.ndarray) -> LabelShift:
    """Black-box shift estimation (Lipton, Wang and Smola 2018).

    `confusion` (C, C): share of dev rows predicted as class i that are of class j, at [i, j], summing to 1; `predicted`
    (C,): shares of predicted classes in the other split. Solves confusion x weights = predicted; negative weights
    become 0. Refused where a class has no dev rows, and where the condition number is above 100: small errors of shares
    would then become large errors of weights.
    """
    if not len(confusion) or (confusion.sum(axis=0) <= 0).any():
        return LabelShift(None, float("inf"), "a class has no rows in dev")
    condition = float(np.linalg.cond(confusion))
    if not condition <= WORST_CONDITION:
        size = f"{condition:.3g}" if np.isfinite(condition) else "infinite"
        reason = f"the confusion matrix is ill-conditioned (condition number {size}, {WORST_CONDITION:g} at most)"
        return LabelShift(None, condition, reason)
    return LabelShift(np.maximum(np.linalg.solve(confusion, predicted), 0.0), condition)


def confusion_of(labels: np.ndarray, predicted: np.ndarray, n_classes: int) -> np.ndarray:
    """Joint shares float64 (C, C) of predicted classes (rows) and true ones (columns); labels from `n_classes` on are
    left out."""
    known = labels < n_classes
    cells = predicted[known].astype(np.int64) * n_classes + labels[known]
    counts = np.bincount(cells, minlength=n_classes * n_classes).reshape(n_classes, n_classes)
    return counts / max(counts.sum(), 1)
