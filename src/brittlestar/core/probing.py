"""What probes are and found, as later stages read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

PLAIN = "plain"
"""The condition of the rows as they are."""
NO_ANSWER = -1
"""The prediction of a model that raises at a row; it counts as wrong."""


@dataclass(frozen=True)
class Condition:
    """One probe at one strength. `before` and `after` int64 (n,) are rows of the suite; `before` is -1 where rows were
    drawn anew; `expectation` is one of core.expectations. Labels int32 (n,) are -1 where none is known; `weights`
    float64 (n,) where rows count differently afterwards."""

    probe: str
    strength: float
    unit: str
    about: str
    expectation: str
    before: np.ndarray
    after: np.ndarray
    labels_before: np.ndarray
    labels_after: np.ndarray
    weights: np.ndarray | None = None

    @property
    def name(self) -> str:
        """`probe@strength`: what names one condition."""
        return f"{self.probe}@{self.strength:g}"

    @property
    def family(self) -> str:
        """The part of the name before the dot: which finding reads this probe."""
        return self.probe.partition(".")[0]

    def same_rows(self, plain: Condition) -> bool:
        """Whether these are the rows of `plain`, the rows as they are, changed: the others were drawn or given, and
        have no number in the split."""
        return np.array_equal(self.before, plain.before)


RAISED = 2.0
"""How far the rows have moved that are given in a way at which the model raises: farther than a probability can."""


@dataclass(frozen=True)
class Presented:
    """The same rows, given to the model in another way: bool (n,) where the predicted class is another one, and
    float32 (n,) by how much a class probability moved at most; RAISED where it could not be asked."""

    changed: np.ndarray
    moved: np.ndarray


@dataclass(frozen=True)
class ProbedCell:
    """The answers of one cell. `predictions` int32 and `confidence` float32, both (rows of the suite,) and perhaps
    memory-mapped, are the predicted class (NO_ANSWER where it gave none) and its probability; `presented` has one entry
    for each way of padding and batching; `problem` is what the model raised at rows that it gave no answer to."""

    predictions: np.ndarray
    confidence: np.ndarray
    presented: Mapping[str, Presented]
    problem: str | None = None


@dataclass(frozen=True)
class ProbeRecord:
    """A suite and the answers of every cell that has some, by its hash.

    `sample` int64 (n,) are the rows of `split` that were taken, of `of` in all; the first condition is the rows as they
    are. `rule` is the rule that gives true labels, in words, None where none is known; `agreement` is the share of the
    sample whose label in the file is that of the rule; predictions and labels are positions in `classes`; `columns` are
    what its slices are made of, an array (n,) by name: `length`, tokens in each row; `distinct FACTOR values`; and
    `group`, text, where the data have groups.
    """

    id: str
    split: str
    sample: np.ndarray
    of: int
    conditions: tuple[Condition, ...]
    cells: Mapping[str, ProbedCell]
    rule: str | None
    agreement: float | None
    classes: tuple[str, ...]
    columns: Mapping[str, np.ndarray]
    notes: tuple[str, ...] = ()
