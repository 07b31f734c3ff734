"""Metrics that are no mean over rows, as what each row of each run adds to them."""

from collections.abc import Mapping

import numpy as np

from brittlestar.core.metric_names import factor_metric_names

MEANS = ("accuracy", "log_loss")
"""Metrics that are a mean over rows; nothing is assumed of a name that is not known."""
FLOOR = 1e-12
"""In place of a share of 0 in a harmonic mean, whose slope there is finite."""


def is_additive(metric: str) -> bool:
    """Whether the metric is a mean over rows."""
    return metric in MEANS


def linearise_rows(
    metric: str, predicted: np.ndarray, labels: np.ndarray, n_classes: int, weights: Mapping[str, np.ndarray]
) -> np.ndarray:
    """A metric that is a smooth function of means over rows, as a table whose means are the scores.

    Each row of a run is the run's score plus the row's influence on it, the derivative of the score by the row's weight
    times the number of rows (Hampel 1974): sums and spreads over rows are then those of the metric, to first order.

    Args:
        metric: `accuracy`, `balanced_accuracy`, `macro_f1`, a factor's weighted accuracy, or `hwa` and `factor_hwa`.
        predicted: Classes, int (n, m), in [0, n_classes).
        labels: int (m,), -1 for a label that train lacks: together one more class, which nothing predicts.
        n_classes: Classes of train.
        weights: `weights[factor]` float (m,), 0 or more.

    Returns:
        float64 (n, m).

    Raises:
        ValueError: Where the metric cannot be computed from these.
    """
    correct = (predicted == labels).astype(np.float64)
    if metric == "accuracy":
        return correct
    if metric in ("macro_f1", "balanced_accuracy"):
        of_run = _f1_rows if metric == "macro_f1" else _recall_rows
        slot = labels % (n_classes + 1)
        return np.stack([of_run(*one, slot, n_classes + 1) for one in zip(predicted, correct, strict=True)])
    named = factor_metric_names(tuple(weights))
    wanted = [factor for factor, name in named.items() if name == metric or metric in ("hwa", "factor_hwa")]
    if not wanted:
        needs = "probabilities" if metric == "ece" else "a column weight_FACTOR for each factor"
        raise ValueError(f"{metric} needs {needs}")
    return _harmonic_rows([_ratio_rows(correct, weights[factor]) for factor in wanted])


def _ratio_rows(correct: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """sum(weight x correct) / sum(weight) of each run, float64 (n, 1), and what each row adds to it (n, m)."""
    mean = max(float(weights.mean()), FLOOR)
    value = (correct @ weights)[:, None] / (mean * len(weights))
    return value, weights * (correct - value) / mean


def _harmonic_rows(parts: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Rows of the harmonic mean, by the chain rule; one part is that part."""
    shares = [np.maximum(value, FLOOR) for value, _ in parts]
    mean = len(parts) / np.sum([1 / share for share in shares], axis=0)
    slopes = [mean**2 / (len(parts) * share**2) for share in shares]
    value = np.where(np.min(shares, axis=0) > FLOOR, mean, 0.0)
    return value + np.sum([slope * moved for slope, (_, moved) in zip(slopes, parts, strict=True)], axis=0)


def _recall_rows(predicted: np.ndarray, correct: np.ndarray, slot: np.ndarray, slots: int) -> np.ndarray:
    """Rows of the mean recall over classes that have rows, float64 (m,), of one run."""
    support = np.bincount(slot, minlength=slots)
    recall = np.bincount(slot, correct, minlength=slots) / np.maximum(support, 1)
    present = np.count_nonzero(support)
    return recall.sum() / present + len(slot) / present * (correct - recall[slot]) / support[slot]


def _f1_rows(predicted: np.ndarray, correct: np.ndarray, slot: np.ndarray, slots: int) -> np.ndarray:
    """Rows of the mean F1 over classes that have rows or predictions, float64 (m,), of one run."""
    either = np.bincount(slot, minlength=slots) + np.bincount(predicted, minlength=slots)
    f1 = 2 * np.bincount(slot, correct, minlength=slots) / np.maximum(either, 1)
    share = f1 / np.maximum(either, 1)
    present = np.count_nonzero(either)
    moved = 2 * correct / either[slot] - share[slot] - share[predicted]
    return f1.sum() / present + len(slot) / present * moved
