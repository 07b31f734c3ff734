"""The training objective: cross-entropy with label smoothing and class weights."""

import numpy as np
import torch
from torch.nn import functional

from brittlestar.core.errors import InputError
from brittlestar.study.settings import TrainingSettings


def class_weights(settings: TrainingSettings, classes: tuple[str, ...], labels: np.ndarray) -> torch.Tensor | None:
    """Weight of each class (C,), or None. `balanced` is n / (C * count), as scikit-learn defines it; a class without
    rows in this (re)drawn train split gets weight 0. Raises InputError for a class that train does not have."""
    if settings.class_weights == "none":
        return None
    if settings.class_weights == "balanced":
        counts = np.bincount(labels, minlength=len(classes))
        weights = np.divide(len(labels), len(classes) * counts, out=np.zeros(len(classes)), where=counts > 0)
        return torch.tensor(weights, dtype=torch.float32)
    unknown = sorted(set(settings.class_weights) - set(classes))
    if unknown:
        raise InputError(
            f"no class {', '.join(unknown)} in train", "training.class_weights", f"classes: {', '.join(classes)}"
        )
    return torch.tensor([settings.class_weights.get(name, 1.0) for name in classes], dtype=torch.float32)


def summed_loss(
    logits: torch.Tensor, labels: torch.Tensor, weights: torch.Tensor | None, smoothing: float
) -> torch.Tensor:
    """Cross-entropy summed over rows; divide by `total_weight` of the whole batch for PyTorch's weighted mean."""
    weights = None if weights is None else weights.to(logits.dtype)
    return functional.cross_entropy(logits, labels, weight=weights, reduction="sum", label_smoothing=smoothing)


def total_weight(labels: torch.Tensor, weights: torch.Tensor | None) -> float:
    """What PyTorch's mean reduction divides by: rows, or the sum of their class weights."""
    return float(len(labels)) if weights is None else float(weights[labels].sum())
