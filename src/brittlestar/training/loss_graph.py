"""Reads how own arithmetic made a loss, from the graph of its gradients: a squared error of what, and its shape.

Losses of `torch.nn.functional` are seen where they are called; this is for those that nobody calls by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from brittlestar.core.seen_training import SQUARED_ERROR, Form, SeenLoss

DEEPEST = 12  # budget: nodes from the loss on
SAME_VALUES = ("View", "Squeeze", "Unsqueeze", "Reshape", "Alias", "Clone", "Select", "Index", "Gather", "T", "ToCopy")
"""What hands numbers on as they are, by how the names of their nodes begin."""
FORMS: dict[str, Form] = {
    "SoftmaxBackward0": "probabilities",
    "SigmoidBackward0": "between 0 and 1",
    "LogSoftmaxBackward0": "log-probabilities",
}
FEWEST_VALUES = 16  # derived: that scores of both signs are all positive has then a chance of 1 in 65,536
ROUNDED_SUM = 1e-3  # probabilities rounded to four digits still sum to 1
ZEROS = 0.1  # convention: scores that are exactly zero in a tenth of all places were cut there
SHARE = 0.9  # convention: of the batches that are looked at


def read_squared_error(loss: torch.Tensor, where: str) -> SeenLoss | None:
    """The squared error that a loss is the mean or sum of, with the shape of the outputs and that of their differences
    from the targets; None where the loss is none. `where` is the line that goes back from it."""
    node: Any = loss.grad_fn
    for _ in range(DEEPEST):
        if node is None:
            return None
        if _is_square(node):
            return _read_difference(_first(node), where)
        node = _only(node)
    return None


def _is_square(node: Any) -> bool:
    """Whether a node squares: a power of two, or a product of one thing with itself."""
    if node.name() == "PowBackward0":
        return float(node._saved_exponent) == 2.0
    sides = [one for one, _ in node.next_functions]
    return node.name() == "MulBackward0" and len(sides) == 2 and sides[0] is not None and sides[0] is sides[1]


def _read_difference(node: Any, where: str) -> SeenLoss | None:
    if node is None or node.name() not in ("SubBackward0", "RsubBackward1"):
        return None
    output = _first(node)
    if output is None:
        return None
    shapes = tuple(_shape_of(output)), tuple(_shape_of(node))
    return SeenLoss(SQUARED_ERROR, where, _find_form(output), *shapes)


def _find_form(node: Any) -> Form:
    for _ in range(DEEPEST):
        if node is None:
            break
        if node.name() in FORMS:
            return FORMS[node.name()]
        if not node.name().startswith(SAME_VALUES):
            break
        node = _first(node)
    return "scores"


def _first(node: Any) -> Any:
    """The first node that gradients go on to; None at the end."""
    return next((one for one, _ in node.next_functions if one is not None), None)


def _only(node: Any) -> Any:
    """The one node that gradients go on to; None at the end, and where there are several."""
    found = [one for one, _ in node.next_functions if one is not None]
    return found[0] if len(found) == 1 else None


def _shape_of(node: Any) -> tuple[int, ...]:
    return tuple(int(size) for size in node._input_metadata[0].shape)


def describe_outputs(values: np.ndarray) -> Form | None:
    """The form of outputs (n, C); None where there are too few to tell, or one is not finite."""
    if values.ndim != 2 or values.size < FEWEST_VALUES or values.shape[1] < 2 or not np.isfinite(values).all():
        return None
    least, most = float(values.min()), float(values.max())
    if least >= -1e-6 and np.abs(values.sum(axis=1) - 1).max() < ROUNDED_SUM:
        return "probabilities"
    if least >= -1e-6 and np.abs(values.sum(axis=0) - 1).max() < ROUNDED_SUM:
        return "shares of a batch"
    if most <= 1e-6:
        powers = np.exp(values.astype(np.float64))
        if np.abs(powers.sum(axis=1) - 1).max() < ROUNDED_SUM:
            return "log-probabilities"
        if np.abs(powers.sum(axis=0) - 1).max() < ROUNDED_SUM:
            return "shares of a batch"
    return _describe_range(values, least, most)


def describe_column(values: np.ndarray) -> Form | None:
    """The form of outputs (n,) or (n, 1), of which each is one number for a row."""
    if values.size < FEWEST_VALUES or not np.isfinite(values).all():
        return None
    return _describe_range(values, float(values.min()), float(values.max()))


def _describe_range(values: np.ndarray, least: float, most: float) -> Form:
    if least >= 0 and float((values == 0).mean()) >= ZEROS:
        return "cut at zero"
    if least >= 0 and most <= 1:
        return "between 0 and 1"
    return "scores"


def agree_on_form(forms: Sequence[Form | None]) -> Form:
    """The form that at least 90 % of batches have; `scores` where they differ."""
    known: list[Form] = [form for form in forms if form is not None]
    for form in known:
        if known.count(form) >= SHARE * len(known):
            return form
    return "scores"
