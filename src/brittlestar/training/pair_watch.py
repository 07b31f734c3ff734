"""Whether the rows and the classes that a training loop puts beside each other belong together."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import torch

from brittlestar.core.seeds import generator
from brittlestar.core.seen_training import SeenPairs
from brittlestar.training.batches import BatchInputs, read_counts

COLUMNS = 1024  # budget: ids that are the same modulo this number are one
MOST_PAIRS = 400  # budget: four systems of so many equations are solved in a fiftieth of a second
FEWEST_PAIRS = 100  # convention: the share of right answers is then known to a tenth
FOLDS = 4  # convention
PENALTY = 1.0  # convention: that of libraries


class PairWatch:
    """Follows, step by step, what the first module is given and the targets of the loss, where both have as many
    rows."""

    def __init__(self) -> None:
        self._inputs: BatchInputs | None = None
        self._targets: np.ndarray | None = None
        self._tables: list[np.ndarray] = []
        self._classes: list[np.ndarray] = []
        self._pairs = 0

    def see_inputs(self, inputs: BatchInputs | None, arguments: Any) -> None:
        """What the first module of a step is given: ids that were read, or else counts among the `arguments`."""
        if self._inputs is None and self._pairs < MOST_PAIRS:
            self._inputs = inputs or read_counts(arguments)

    def see_targets(self, given: torch.Tensor, target: Any) -> None:
        """The targets of the first loss of a step: numbers of classes (n,) or (n, 1), or a table (n, C) of them."""
        if self._targets is not None or not isinstance(target, torch.Tensor) or target.dim() not in (1, 2):
            return
        if target.shape[:1] != given.shape[:1]:
            return
        classes = target.detach()
        classes = classes.float().argmax(1) if classes.dim() == 2 and classes.shape[1] > 1 else classes.reshape(-1)
        self._targets = classes.round().long().cpu().numpy()

    def end_step(self) -> None:
        """A step was taken: what is seen next is another batch."""
        inputs, targets = self._inputs, self._targets
        self._inputs = self._targets = None
        if inputs is None or targets is None or inputs.rows != len(targets):
            return
        flat = (inputs.row * COLUMNS + inputs.ids.remainder(COLUMNS)).numpy()
        table = np.bincount(flat, inputs.weights.numpy(), inputs.rows * COLUMNS).reshape(inputs.rows, COLUMNS)
        self._tables.append(table.astype(np.float32))
        self._classes.append(targets)
        self._pairs += inputs.rows

    def tell(self) -> SeenPairs | None:
        """How well what modules are given tells the classes beside it; None where too few pairs were seen."""
        if self._pairs < FEWEST_PAIRS:
            return None
        found = measure_association(np.concatenate(self._tables), np.concatenate(self._classes))
        return None if found is None else SeenPairs(*found)


def count_tokens(rows: Sequence[Sequence[Hashable]]) -> np.ndarray:
    """Tokens of rows, counted: float32 (n, 1024), with tokens numbered as they first come, modulo 1024."""
    numbers: dict[Hashable, int] = {}
    table = np.zeros((len(rows), COLUMNS), np.float32)
    for k, row in enumerate(rows):
        places = [numbers.setdefault(token, len(numbers)) % COLUMNS for token in row]
        np.add.at(table[k], places, 1)
    return table


def measure_association(table: np.ndarray, classes: np.ndarray, most: int = MOST_PAIRS) -> tuple[int, float] | None:
    """How many different rows there are of a table (n, columns) of counts, `most` at most, and the balanced accuracy
    with which ridge regression on logarithms of counts, weighted to equal classes, tells their classes (n,) in four
    folds. None with fewer than 100 different rows, or one class.

    A row that comes again counts once, with its first class, so that no fold knows rows of another.
    """
    table = table[:, table.any(axis=0)]
    weights = generator(0, "columns").random(table.shape[1], np.float64)
    _, first = np.unique(table @ weights, return_index=True)
    first = np.sort(first)[:most]
    names, classes = np.unique(classes[first], return_inverse=True)
    if len(first) < FEWEST_PAIRS or len(names) < 2:
        return None
    inputs = np.concatenate([np.log1p(table[first]), np.ones((len(first), 1), np.float32)], axis=1)
    alike = (inputs @ inputs.T).astype(np.float64)
    fold = generator(0, "folds").permutation(len(first)) % FOLDS
    right = np.zeros(len(first), bool)
    for k in range(FOLDS):
        train, test = fold != k, fold == k
        many = np.bincount(classes[train], minlength=len(names)).astype(np.float64)
        spread = np.diag(PENALTY * many[classes[train]] * len(names) / train.sum())
        sides = 2 * np.eye(len(names))[classes[train]] - 1
        score = alike[np.ix_(test, train)] @ np.linalg.solve(alike[np.ix_(train, train)] + spread, sides)
        right[test] = score.argmax(1) == classes[test]
    return len(first), float(np.mean([right[classes == k].mean() for k in range(len(names))]))
