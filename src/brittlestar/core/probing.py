"""What probes are and found, as later stages read it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

PLAIN = "plain"
"""The condition of the rows as they are."""
MOST_FREQUENT = 10
"""How many times as often as in train a token may stand in changed rows and still be the token that train shows (a
convention: an order of magnitude). Letters of words that are cut up, of which train has some as words of their own,
stand there some 100 to 1,000 times as often; forms that Unicode makes one, or words that are joined, 2 to 4 times."""
MOSTLY = 0.5  # by its meaning: most rows
NO_ANSWER = -1
"""The prediction of a model that raises at a row; it counts as wrong."""


@dataclass(frozen=True)
class Familiarity:
    """How far a model of train can know the tokens that a change takes away and puts in: `before` and `after` are the
    shares of them that are familiar, None where there are none. `rows` bool (n,) are the rows of which all are.

    A token is familiar that train has, and that the rows after the change have at most MOST_FREQUENT times as often.
    """

    before: float | None
    after: float | None
    rows: np.ndarray

    @property
    def unknown(self) -> bool:
        """Whether the tokens that the change puts in are mostly none that a model can know."""
        return self.after is not None and self.after < MOSTLY


@dataclass(frozen=True)
class Condition:
    """One probe at one strength. `before` and `after` int64 (n,) are rows of the suite; `before` is -1 where rows were
    drawn anew; `expectation` is one of core.expectations, and `declared` whether somebody who knows the task stated it.
    Labels int32 (n,) are -1 where none is known; `weights` float64 (n,) where rows count differently afterwards.
    `about` says what happens at no strength in particular, `title` at this one, in words that can follow "with";
    `concerns` what a contrast is about (`order`, `factor NAME`); `familiarity` is None where rows were not changed
    token by token."""

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
    title: str = ""
    declared: bool = False
    concerns: tuple[str, ...] = ()
    familiarity: Familiarity | None = None

    def __post_init__(self) -> None:
        if not self.title:
            object.__setattr__(self, "title", self.about)

    @property
    def name(self) -> str:
        """`probe@strength`: what names one condition."""
        return f"{self.probe}@{self.strength:g}"

    @property
    def family(self) -> str:
        """The part of the name before the dot: which finding reads this probe."""
        return self.probe.partition(".")[0]

    def same_rows(self, plain: "Condition") -> bool:
        """Whether these are the rows of `plain`, the rows as they are, changed: the others were drawn or given, and
        have no number in the split."""
        return np.array_equal(self.before, plain.before)


RAISED = 2.0
"""How far the rows have moved that are given in a way at which the model raises: farther than a probability can."""


@dataclass(frozen=True)
class Presented:
    """The same rows, given to the model in another way: bool (n,) where the predicted class is another one, and
    float32 (n,) by how much a class probability moved at most; RAISED where it could not be asked. `predicted` int32
    (n,) are the classes then, NO_ANSWER where it could not be asked; None of answers of a version that kept none."""

    changed: np.ndarray
    moved: np.ndarray
    predicted: np.ndarray | None = None


@dataclass(frozen=True)
class ProbedCell:
    """The answers of one cell. `predictions` int32 and `confidence` float32, both (rows of the suite,) and perhaps
    memory-mapped, are the predicted class (NO_ANSWER where it gave none) and its probability (NaN of a model that only
    names a class); `presented` has one entry for each way of padding and batching that it could be asked in; `problem`
    is what the model raised at rows that it gave no answer to."""

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
