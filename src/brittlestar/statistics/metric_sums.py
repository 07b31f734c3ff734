"""Metrics of one variant's runs from its outcomes row by row, and the same under any weights of the rows."""

from collections.abc import Mapping

import numpy as np

from brittlestar.core.metric_names import factor_metric_names
from brittlestar.statistics.row_sums import Sums

NOT_ADDITIVE = ("macro_f1", "balanced_accuracy", "hwa", "factor_hwa", "ece")
"""Metrics, besides weighted accuracies of factors, that are no mean over rows."""


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
