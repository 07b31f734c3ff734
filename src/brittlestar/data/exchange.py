"""Two sides of rows between which units are exchanged: counts, divergences, and queues of who goes next."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

OFF = 0.02
"""Rows of a wrong class on the shifted side, as a fraction of it, that cost nothing."""
LARGEST = 0.1
"""Units with more rows than this share of the shifted side stay where they are dealt."""
DEAR = 20.0
"""What atom divergence beyond the cap, and rows of a wrong class, cost in compound divergence."""


class Side:
    """One distribution that both sides are compared in: counts sparse int64 (n_units, n_kinds) and how the exchange of
    single units would change the Chernoff coefficient. Counts of the train side are passed in, never kept."""

    def __init__(self, counts: sparse.csr_matrix, alpha: float) -> None:
        self.counts, self.alpha = counts, alpha
        self.totals = np.asarray(counts.sum(axis=0), np.float64).ravel()
        self.size = np.asarray(counts.sum(axis=1), np.float64).ravel()
        self.unit = np.repeat(np.arange(counts.indptr.size - 1), np.diff(counts.indptr))
        times = np.asarray(counts.data, np.int64)
        step = int(times.max(initial=0)) + 1
        distinct, self.entry = np.unique(counts.indices.astype(np.int64) * step + times, return_inverse=True)
        self.kind, self.times = distinct // step, (distinct % step).astype(np.float64)

    def train(self, shifted: np.ndarray) -> np.ndarray:
        """float64 (n_kinds,): counts of the units that `shifted` bool (n_units,) does not mark."""
        return (self.counts.T @ (~shifted).astype(np.int64)).astype(np.float64)

    def divergence(self, train: np.ndarray) -> float:
        """1 - the Chernoff coefficient."""
        n, everything = train.sum(), self.totals.sum()
        if not 0 < n < everything:
            return 1.0
        scale = n**self.alpha * (everything - n) ** (1 - self.alpha)
        return float(1 - self._terms(train, self.totals).sum() / scale)

    def change(self, shifted: np.ndarray, train: np.ndarray) -> np.ndarray:
        """float64 (n_units,): how the divergence changes if this unit alone goes to the other side."""
        n, everything = train.sum(), self.totals.sum()
        now = self._terms(train, self.totals)
        if not 0 < n < everything or not now.any():
            return np.zeros(len(shifted))
        at, of = train[self.kind], self.totals[self.kind]
        leaves = self._terms(at - self.times, of) - now[self.kind]
        joins = self._terms(at + self.times, of) - now[self.kind]
        terms = np.where(shifted[self.unit], joins[self.entry], leaves[self.entry])
        changed = np.bincount(self.unit, terms, len(shifted)) / now.sum()
        grows = np.where(shifted, self.size, -self.size)
        scale = (1 - self.alpha) * grows / (everything - n) - self.alpha * grows / n
        return (self.divergence(train) - 1) * (changed + scale)

    def _terms(self, train: np.ndarray, totals: np.ndarray) -> np.ndarray:
        left, right = np.maximum(train, 0.0), np.maximum(totals - train, 0.0)
        return left**self.alpha * right ** (1 - self.alpha)


@dataclass(frozen=True)
class State:
    """`shifted` bool (n_units,), counts of the train side, rows of each class on the shifted side, both divergences,
    and `off`: rows of the shifted side that are too many or too few of a class, as a fraction of it."""

    shifted: np.ndarray
    atoms: np.ndarray
    compounds: np.ndarray
    classes: np.ndarray
    atom_divergence: float
    compound_divergence: float
    off: float

    def compute_worth(self, cap: float) -> float:
        """Compound divergence, less what atoms beyond the cap and classes beyond `OFF` cost."""
        beyond = max(0.0, self.atom_divergence - cap) + max(0.0, self.off - OFF)
        return self.compound_divergence - DEAR * beyond


@dataclass(frozen=True)
class Task:
    """Units (components) with rows of each class, sparse int64 (n_units, n_classes), and `asked` float64 (n_classes,)
    of them for the shifted side; the cap on atom divergence, and the stream."""

    atoms: Side
    compounds: Side
    classes: sparse.csr_matrix
    asked: np.ndarray
    cap: float
    random: np.random.Generator

    @cached_property
    def rows(self) -> np.ndarray:
        """int64 (n_units,): rows of each unit."""
        return np.asarray(self.classes.sum(axis=1), np.int64).ravel()

    @cached_property
    def kind(self) -> np.ndarray:
        """int64 (n_units,): the class that most rows of a unit have."""
        return np.asarray(self.classes.argmax(axis=1), np.int64).ravel()

    @cached_property
    def small_kind(self) -> np.ndarray:
        """`kind` in the smallest type that holds it, which sorts several times as fast."""
        return self.kind.astype(np.min_scalar_type(len(self.asked)))

    @cached_property
    def movable(self) -> np.ndarray:
        """bool (n_units,): units that are not too large to be exchanged."""
        return self.rows <= max(1.0, LARGEST * self.asked.sum())

    def state(self, shifted: np.ndarray) -> State:
        """The state of a split."""
        atoms, compounds = self.atoms.train(shifted), self.compounds.train(shifted)
        return self._make_state(shifted, atoms, compounds, self.classes.T @ shifted.astype(np.float64))

    def rank(self, state: State) -> tuple[bool, float]:
        """What makes one result of a search better than another: first that its atoms keep within the cap, which a
        search on the way may exceed a little for what it gains."""
        return state.atom_divergence <= self.cap, state.compute_worth(self.cap)

    def exchange_units(self, state: State, units: np.ndarray) -> State:
        """The state after these units changed sides."""
        shifted = state.shifted.copy()
        shifted[units] = ~shifted[units]
        signs = np.where(shifted[units], -1.0, 1.0)
        atoms = state.atoms + self.atoms.counts[units].T @ signs
        compounds = state.compounds + self.compounds.counts[units].T @ signs
        return self._make_state(shifted, atoms, compounds, state.classes - self.classes[units].T @ signs)

    def _make_state(self, shifted: np.ndarray, atoms: np.ndarray, compounds: np.ndarray, classes: np.ndarray) -> State:
        off = float(np.abs(classes - self.asked).sum() / max(1.0, classes.sum()))
        divergences = self.atoms.divergence(atoms), self.compounds.divergence(compounds)
        return State(shifted, atoms, compounds, classes, *divergences, off)


@dataclass(frozen=True)
class Queue:
    """Units by class, the best first: `kind` and `last` int64, the class and how many rows of the class have come by
    then; `slots` int64 (n_rows,): a code for the class and place of each row, ascending; `unit_of_slot` its unit."""

    units: np.ndarray
    kind: np.ndarray
    last: np.ndarray
    slots: np.ndarray
    unit_of_slot: np.ndarray

    @staticmethod
    def of(task: Task, units: np.ndarray, score: np.ndarray) -> Queue:
        """The queue of some units, those of the highest scores first."""
        units = units[np.argsort(-score[units], kind="stable")]
        units = units[np.argsort(task.small_kind[units], kind="stable")]
        kind, rows = task.kind[units], task.rows[units]
        upto = np.concatenate([[0], np.cumsum(rows)])
        before = upto[np.searchsorted(kind, kind)]
        of_slot = np.repeat(np.arange(len(units)), rows)
        place = np.arange(upto[-1]) - before[of_slot]
        return Queue(units, kind, upto[1:] - before, kind[of_slot] * task.rows.sum() + place, units[of_slot])

    def first(self, rows: np.ndarray) -> np.ndarray:
        """The first units of each class that have no more rows than `rows` (n_classes,) says."""
        return self.units[self.last <= rows[self.kind]]
