"""Every metric of a split from its class probabilities, NumPy only: it runs twice per epoch in every cell."""

from collections.abc import Mapping

import numpy as np

from brittlestar.core.metric_names import factor_metric_names, harmonic_names

BINS = 15  # convention: 15 bins of equal width (Guo et al. 2017)
SMALLEST_PROBABILITY = 1e-7
"""Probabilities are clipped here from below: float32 cannot tell 1 - 1e-7 from 1, so nothing finer can be meant."""


def softmax(logits: np.ndarray) -> np.ndarray:
    """Class probabilities, float64 (n, C), from logits (n, C) of any float type, without overflow."""
    shifted = logits.astype(np.float64)
    shifted -= shifted.max(axis=1, keepdims=True)
    np.exp(shifted, out=shifted)
    shifted /= shifted.sum(axis=1, keepdims=True)
    return shifted


def score(
    probabilities: np.ndarray, labels: np.ndarray, factor_weights: Mapping[str, np.ndarray], *, hard: bool = False
) -> dict[str, float | None]:
    """All metrics of one split, as fractions (log loss in nats); None where a metric cannot be computed.

    `probabilities` float (n, C), rows summing to 1; `labels` int (n,), -1 for a label that train lacks;
    `factor_weights[factor]` int >= 0 (n,). The prediction is the first of the most probable classes. `hard` says that
    the probabilities stand for bare predictions: log loss and calibration are then None.

    A row with label -1 is wrong whatever is predicted: it is in the denominator of every accuracy, the unknown labels
    together form one more class of recall 0 and F1 0 in balanced accuracy and macro-F1 (what scikit-learn gives when
    -1 is a class), and its log loss is that of the smallest probability, -ln(1e-7) = 16.1 nats.

    - balanced accuracy: mean recall over classes present among the labels; macro-F1: mean over classes present among
      labels or predictions (both as scikit-learn).
    - ece: sum over 15 equal-width bins (a, b] of the largest probability of |accuracy - mean confidence|, weighted by
      the bin's share of rows (Guo et al. 2017).
    - weighted accuracy of a factor: sum(weight x correct) / sum(weight), None when all weights are 0; their harmonic
      mean is 0 when any is 0.

    Raises ValueError on no rows, on shapes that do not fit, and on probabilities that are not finite.

    >>> score(np.array([[0.9, 0.1], [0.4, 0.6]]), np.array([0, 0]), {})["accuracy"]
    0.5
    """
    n_rows = _checked_rows(probabilities, labels, factor_weights)
    n_classes = probabilities.shape[1]
    predicted = probabilities.argmax(axis=1)
    correct = predicted == labels

    slots = n_classes + 1  # label -1 goes to slot 0
    support = np.bincount(labels + 1, minlength=slots)
    chosen = np.bincount(predicted + 1, minlength=slots)
    hits = np.bincount(predicted[correct] + 1, minlength=slots)
    in_labels = support > 0
    in_either = in_labels | (chosen > 0)

    own = np.maximum(np.where(labels >= 0, probabilities[np.arange(n_rows), labels], 0.0), SMALLEST_PROBABILITY)
    confidence = probabilities[np.arange(n_rows), predicted].astype(np.float64)
    bins = np.clip(np.ceil(confidence * BINS).astype(np.int64) - 1, 0, BINS - 1)
    gap = np.bincount(bins, weights=correct - confidence, minlength=BINS)
    values: dict[str, float | None] = {
        "accuracy": float(np.count_nonzero(correct) / n_rows),
        "balanced_accuracy": float((hits[in_labels] / support[in_labels]).mean()),
        "macro_f1": float((2 * hits[in_either] / (support + chosen)[in_either]).mean()),
        "log_loss": None if hard else max(0.0, float(-np.log(own, dtype=np.float64).mean())),
        "ece": None if hard else float(np.abs(gap).sum() / n_rows),
    }
    return values | _factor_scores(correct, factor_weights)


def majority_scores(
    train_labels: np.ndarray, labels: np.ndarray, factor_weights: Mapping[str, np.ndarray], n_classes: int
) -> dict[str, float | None]:
    """The trivial score under each metric: train's class shares as probabilities for every row of a split.

    The prediction is train's most frequent class, the first on ties. Labels of -1 in train are not counted. Raises
    ValueError when train has no known label, and where `score` does.
    """
    counts = np.bincount(train_labels[train_labels >= 0], minlength=n_classes)
    if counts.sum() == 0:
        raise ValueError("train has no row with a known label")
    return score(np.tile(counts / counts.sum(), (len(labels), 1)), labels, factor_weights)


def _checked_rows(probabilities: np.ndarray, labels: np.ndarray, factor_weights: Mapping[str, np.ndarray]) -> int:
    if probabilities.ndim != 2 or labels.shape != probabilities.shape[:1]:
        raise ValueError(f"probabilities {probabilities.shape} do not fit labels {labels.shape}")
    if labels.size == 0:
        raise ValueError("a split without rows has no score")
    if labels.min() < -1 or labels.max() >= probabilities.shape[1]:
        raise ValueError(f"labels must lie in -1..{probabilities.shape[1] - 1}")
    for factor, weights in factor_weights.items():
        if weights.shape != labels.shape:
            raise ValueError(f"weights of factor {factor!r} {weights.shape} do not fit labels {labels.shape}")
    if not np.isfinite(probabilities).all():
        raise ValueError("probabilities must be finite: a diverged model is scored at the majority class")
    return labels.size


def _factor_scores(correct: np.ndarray, factor_weights: Mapping[str, np.ndarray]) -> dict[str, float | None]:
    scores: dict[str, float | None] = {}
    for factor, name in factor_metric_names(tuple(factor_weights)).items():
        weights = factor_weights[factor]
        total = int(weights.sum())
        scores[name] = float(weights[correct].sum() / total) if total > 0 else None
    known = [value for value in scores.values() if value is not None]
    for name in harmonic_names(tuple(factor_weights)):
        whole = None if len(known) < len(scores) else 0.0 if min(known) == 0 else len(known) / sum(1 / v for v in known)
        scores[name] = None if whole is None else float(whole)
    return scores
