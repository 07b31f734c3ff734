"""Metrics of one variant's runs from its outcomes row by row, and the same under any weights of the rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from brittlestar.core.metric_names import factor_metric_names

NOT_ADDITIVE = ("macro_f1", "balanced_accuracy", "hwa", "factor_hwa", "ece")
"""Metrics, besides weighted accuracies of factors, that are no mean over rows."""
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


def is_additive(metric: str) -> bool:
    """Whether the metric is a mean over rows."""
    return metric not in NOT_ADDITIVE and not metric.endswith("_weighted_accuracy") and metric not in ("swa", "cwa")


def sums_of(
    metric: str, predicted: np.ndarray, labels: np.ndarray, n_classes: int, weights: Mapping[str, np.ndarray]
) -> Sums:
    """A metric that is no mean over rows, from predicted classes int (n, m) and labels int (m,), -1 for a label that
    train lacks; `weights[factor]` float (m,). Raises ValueError where it cannot be computed from these."""
    if metric == "macro_f1":
        return _macro_f1(predicted, labels, n_classes)
    if metric == "balanced_accuracy":
        return _sum_balanced_accuracy(predicted, labels, n_classes)
    named = factor_metric_names(tuple(weights))
    wanted = [factor for factor, name in named.items() if name == metric or metric in ("hwa", "factor_hwa")]
    if not wanted:
        needs = "probabilities" if metric == "ece" else "a column weight_FACTOR for each factor"
        raise ValueError(f"{metric} needs {needs}")
    correct = (predicted == labels).astype(np.float32)
    shared = np.stack([weights[factor] for factor in wanted], axis=1).astype(np.float32)
    return Sums(correct[:, :, None] * shared, shared, _harmonic)


def _harmonic(runs: np.ndarray, shared: np.ndarray) -> np.ndarray:
    """Harmonic mean of weighted accuracies; one factor gives its own accuracy."""
    accuracy = runs / np.maximum(shared, 1e-12)
    return accuracy.shape[-1] / (1 / np.maximum(accuracy, 1e-12)).sum(axis=-1)


def _one_hot(codes: np.ndarray, size: int) -> np.ndarray:
    return (codes[..., None] == np.arange(size)).astype(np.float32)


def _slots(predicted: np.ndarray, labels: np.ndarray, n_classes: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Hits, choices and support by class, unknown labels being one more class."""
    support = _one_hot(labels % (n_classes + 1), n_classes + 1)
    chosen = _one_hot(predicted, n_classes + 1)
    return chosen * support, chosen, support


def _macro_f1(predicted: np.ndarray, labels: np.ndarray, n_classes: int) -> Sums:
    hits, chosen, support = _slots(predicted, labels, n_classes)
    size = n_classes + 1

    def combine(runs: np.ndarray, shared: np.ndarray) -> np.ndarray:
        either = runs[..., size:] + shared
        f1 = 2 * runs[..., :size] / np.maximum(either, 1e-12)
        return f1.sum(axis=-1) / np.maximum((either > 0).sum(axis=-1), 1)

    return Sums(np.concatenate([hits, chosen], axis=2), support, combine)


def _sum_balanced_accuracy(predicted: np.ndarray, labels: np.ndarray, n_classes: int) -> Sums:
    hits, _, support = _slots(predicted, labels, n_classes)

    def combine(runs: np.ndarray, shared: np.ndarray) -> np.ndarray:
        recall = runs / np.maximum(shared, 1e-12)
        present = shared > 0
        return np.where(present, recall, 0.0).sum(axis=-1) / np.maximum(present.sum(axis=-1), 1)

    return Sums(hits, support, combine)
