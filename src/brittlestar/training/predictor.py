"""A trained model that can be asked: rows of tokens in, probabilities out, whatever kind of model it is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from brittlestar.core.errors import InputError
from brittlestar.core.scores import SUM_TOLERANCE
from brittlestar.data.written_rows import WrittenRows


class Predictor(Protocol):
    """A trained model. It sits `tests/conformance/predictor_conformance.py`."""

    @property
    def classes(self) -> tuple[str, ...]:
        """What the columns of its answers stand for."""
        ...

    def predict(self, rows: WrittenRows) -> np.ndarray:
        """Probabilities float (n_rows, C), finite, each row summing to 1. An answer depends on its own row alone, and
        the same row has the same answer; rows may be empty, and have tokens that train lacks. No global random state
        moves. Raises what the model raises."""
        ...


@dataclass(frozen=True)
class FunctionPredictor:
    """A function from lists of tokens to probabilities (n, C); `where` names it in errors."""

    function: Callable[[list[list[str]]], Any]
    classes: tuple[str, ...]
    where: str

    def predict(self, rows: WrittenRows) -> np.ndarray:
        """Probabilities float64 (n_rows, C). Raises InputError where the function returns anything else."""
        return self.ask(rows.strings())

    def ask(self, tokens: list[list[str]]) -> np.ndarray:
        """The same of lists of tokens."""
        values, wrong = self.answer(tokens)
        if wrong is not None:
            raise InputError(wrong[0], self.where, wrong[1])
        return values

    def answer(self, tokens: list[list[str]]) -> tuple[np.ndarray, tuple[str, str] | None]:
        """Probabilities float64 (n, C), and what is wrong with them, as `probability_problem` has it. It is not called
        for no rows."""
        expected = (len(tokens), len(self.classes))
        if not tokens:
            return np.empty(expected), None
        given = as_array(self.function(tokens))
        wrong = probability_problem(given, expected)
        return (np.clip(given, 0.0, 1.0).astype(np.float64) if wrong is None else np.empty(expected)), wrong


def as_array(given: Any) -> np.ndarray:
    """Also from a tensor that still hangs on its graph; ragged lists become an object array and are refused later."""
    if hasattr(given, "detach"):
        given = given.detach().cpu()
        given = given.float() if str(given.dtype) == "torch.bfloat16" else given  # NumPy does not know it
    if hasattr(given, "toarray"):
        given = given.toarray()
    try:
        return np.asarray(given)
    except (ValueError, TypeError):
        return np.empty(0, dtype=object)


NOT_FINITE = "a probability that is not finite"


def probability_problem(given: np.ndarray, expected: tuple[int, int]) -> tuple[str, str] | None:
    """(what is wrong, what to try) when `given` is not a table of probabilities of the expected shape; else None.

    Each row must be finite, within [0, 1], and sum to 1 within `SUM_TOLERANCE`.
    """
    if given.dtype.kind not in "fiu":
        return f"probabilities of type {given.dtype}", "return an array of numbers"
    if given.shape != expected:
        return f"probabilities of shape {given.shape}; expected {expected}", "one row each, one column per class"
    values = given.astype(np.float64)
    if not np.isfinite(values).all():
        place = int(np.flatnonzero(~np.isfinite(values).all(axis=1))[0])
        return f"row {place} (counted from 0) has {NOT_FINITE}", "check for a division by zero"
    outside = (values < -1e-6) | (values > 1 + SUM_TOLERANCE)
    if outside.any():
        place = int(np.flatnonzero(outside.any(axis=1))[0])
        return f"row {place} (counted from 0) has a probability outside [0, 1]", "return softmax(logits), not logits"
    sums = values.sum(axis=1)
    if (np.abs(sums - 1) > SUM_TOLERANCE).any():
        place = int(np.argmax(np.abs(sums - 1)))
        return f"row {place} (counted from 0) sums to {sums[place]:.4g}, not 1", "normalise each row"
    return None
