"""Reads how own arithmetic made a loss, from the graph of its gradients: a squared error of what, and its shape.

Losses of `torch.nn.functional` are seen where they are called; this is for those that nobody calls by name.
"""

from __future__ import annotations

from typing import Any

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
    """What outputs were through last."""
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
    """The shape of what a node made."""
    return tuple(int(size) for size in node._input_metadata[0].shape)
