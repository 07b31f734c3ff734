"""Rows and answers: what is asked, and what runs answer; every metric is computed from these, for whomever answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

import numpy as np

NOTHING: Mapping[str, np.ndarray] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Who is asked: m rows. `labels` int (m,), -1 for a label that train lacks, of `n_classes`; `weights[factor]` (m,),
    0 or more; `units` int (m,) number what was drawn together, None where every row was drawn alone; `classes` are
    what codes stand for, none where nobody needs them."""

    labels: np.ndarray
    n_classes: int
    weights: Mapping[str, np.ndarray] = field(default_factory=lambda: NOTHING)
    units: np.ndarray | None = None
    classes: tuple[str, ...] = ()

    def take(self, rows: np.ndarray) -> "Rows":
        """Those at some positions, int64, or of a mask."""
        weights = {factor: values[rows] for factor, values in self.weights.items()}
        units = None if self.units is None else self.units[rows]
        return replace(self, labels=self.labels[rows], weights=weights, units=units)


@dataclass(frozen=True, kw_only=True)
class Probabilities:
    """What runs answer whole: `values` float (n, m, C), whose largest is the answer. `bare` says that some run gave
    labels alone, so that confidence means nothing. `places` int64 (m,) are positions in the split: all of it, or the
    fixed sample of which a store keeps answers."""

    values: np.ndarray
    bare: bool
    places: np.ndarray

    @cached_property
    def predicted(self) -> np.ndarray:
        """int64 (n, m): the first of the most probable classes."""
        return self.values.argmax(axis=2)

    @property
    def n_runs(self) -> int:
        """How many runs there are."""
        return len(self.values)

    def take(self, rows: np.ndarray) -> "Probabilities":
        """Those of some rows, int64."""
        return replace(self, values=self.values[:, rows], places=self.places[rows])


@dataclass(frozen=True, kw_only=True)
class Run:
    """What one run answers: a line of `Answers`."""

    rows: Rows
    predicted: np.ndarray
    own: np.ndarray | None = None
    confidence: np.ndarray | None = None
    whole: np.ndarray | None = None

    @cached_property
    def correct(self) -> np.ndarray:
        """bool (m,)."""
        return self.predicted == self.rows.labels

    @cached_property
    def counts(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Rows by label, by prediction, and by both where they agree: float64 (n_classes + 1,), since products of whole
        numbers overflow. Slot 0 is that of labels that train lacks, together one more class, which nothing predicts."""
        slots, each = self.rows.n_classes + 1, (self.rows.labels, self.predicted, self.predicted[self.correct])
        support, chosen, hits = (np.bincount(one + 1, minlength=slots).astype(np.float64) for one in each)
        return support, chosen, hits

    def take(self, rows: np.ndarray) -> "Run":
        """What is answered at some positions, int64, or of a mask."""
        own, confidence, whole = (None if one is None else one[rows] for one in (self.own, self.confidence, self.whole))
        here, predicted = self.rows.take(rows), self.predicted[rows]
        return Run(rows=here, predicted=predicted, own=own, confidence=confidence, whole=whole)


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What runs answer, runs first; a baseline is one run.

    `predicted` int (n, m), in [0, n_classes). Of bare labels the rest is None: `own` and `confidence` float (n, m), the
    probability of the row's label (0 where train lacks it) and of the prediction. `known` bool (m,): whether train
    shows what is read in a row, None where that was not asked. `whole` float (n, m, C) are all probabilities, kept
    where a metric reads them. `tables` remembers what was tabulated of these answers, by metric.
    """

    rows: Rows
    predicted: np.ndarray
    own: np.ndarray | None = None
    confidence: np.ndarray | None = None
    known: np.ndarray | None = None
    whole: np.ndarray | None = None
    tables: dict[str, np.ndarray] = field(init=False, repr=False, compare=False, default_factory=dict[str, np.ndarray])

    @cached_property
    def runs(self) -> list[Run]:
        """Each run by itself."""
        many = (self.own, self.confidence, self.whole)
        lines = (None if one is None else one[k] for k in range(len(self.predicted)) for one in many)
        return [
            Run(rows=self.rows, predicted=one, own=next(lines), confidence=next(lines), whole=next(lines))
            for one in self.predicted
        ]

    def take(self, rows: np.ndarray) -> "Answers":
        """What is answered at some positions, int64, or of a mask."""
        own, confidence, whole = (None if one is None else one[:, rows] for one in self._of_runs)
        known = None if self.known is None else self.known[rows]
        return Answers(
            rows=self.rows.take(rows),
            predicted=self.predicted[:, rows],
            own=own,
            confidence=confidence,
            known=known,
            whole=whole,
        )

    def take_runs(self, chosen: np.ndarray) -> "Answers":
        """Runs at some places, int64."""
        own, confidence, whole = (None if one is None else one[chosen] for one in self._of_runs)
        return replace(self, predicted=self.predicted[chosen], own=own, confidence=confidence, whole=whole)

    @property
    def _of_runs(self) -> tuple[np.ndarray | None, np.ndarray | None, np.ndarray | None]:
        return self.own, self.confidence, self.whole


def read_answers(rows: Rows, values: np.ndarray, *, bare: bool, keep: bool = False) -> Answers:
    """Answers of runs from their probabilities, float (n, m, C); `bare` where these stand for labels alone, and `keep`
    where a metric reads all of them."""
    predicted = values.argmax(axis=2)
    if bare:
        return Answers(rows=rows, predicted=predicted)
    places = np.arange(len(rows.labels))
    own = np.where(rows.labels >= 0, values[:, places, rows.labels], 0.0)
    confidence = values.max(axis=2, initial=0.0)
    return Answers(rows=rows, predicted=predicted, own=own, confidence=confidence, whole=values if keep else None)


def read_logits(rows: Rows, logits: np.ndarray, known: np.ndarray, *, keep: bool = False) -> Answers:
    """Answers of one run from unnormalised log probabilities (m, C)."""
    highest = logits.max(axis=1)
    shares = np.exp(logits - highest[:, None])
    total = shares.sum(axis=1)
    own = np.exp(logits[np.arange(len(logits)), np.maximum(rows.labels, 0)] - highest) / total
    return Answers(
        rows=rows,
        predicted=logits.argmax(axis=1).astype(np.int32)[None],
        own=np.where(rows.labels >= 0, own, 0.0)[None],
        confidence=(1.0 / total)[None],
        known=known,
        whole=(shares / total[:, None]).astype(np.float32)[None] if keep else None,
    )


def join_runs(parts: Sequence[Answers]) -> Answers:
    """Runs of several, on the same rows; where one gave bare labels alone, all count as such."""
    return _join(parts, parts[0].rows, 0)


def join_rows(parts: Sequence[Answers], rows: Rows) -> Answers:
    """Answers of consecutive blocks of `rows`."""
    known = [part.known for part in parts if part.known is not None]
    return replace(_join(parts, rows, 1), known=np.concatenate(known) if len(known) == len(parts) else None)


def _join(parts: Sequence[Answers], rows: Rows, axis: int) -> Answers:
    def join(name: str) -> np.ndarray | None:
        every = [getattr(part, name) for part in parts]
        return None if any(one is None for one in every) else np.concatenate(every, axis=axis)

    predicted = np.concatenate([part.predicted for part in parts], axis=axis)
    return Answers(rows=rows, predicted=predicted, own=join("own"), confidence=join("confidence"), whole=join("whole"))
