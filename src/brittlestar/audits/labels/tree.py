"""A decision tree over yes-or-no facts of a row: copies, neighbours, places, order and length."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.special import xlogy
from scipy.stats import chi2

from brittlestar.audits.baselines.bayes import class_sums
from brittlestar.audits.dataset import AuditSplit, bag

MOST_COPIES = 5
MOST_ORDERED = 24
STEPS = 24
"""Conventions: numbers of copies, of tokens whose order is looked at, and of steps of a length that are told apart."""
FAR = 1 << 40  # derived: beyond every place in the codes
DEPTH = 10
FEWEST_IN_LEAF = 5
CHANCE = 1e-3
"""Conventions; the last is the chance that a node asks although no fact tells anything."""


@dataclass(frozen=True)
class Tree:
    """`shares` float64 (C,) of the classes here, which a leaf answers; or a question, whether a row has the fact
    `column`, and the trees for `no` and `yes`."""

    shares: np.ndarray
    column: int = -1
    branches: tuple[Tree, Tree] | None = None

    @staticmethod
    def fit(facts: np.ndarray, labels: np.ndarray, n_classes: int) -> Tree:
        """Grow on facts float32 (n_rows, n_facts) of zeros and ones and labels int (n_rows,) in [0, n_classes).

        A node asks for the fact that tells most of the label (information gain; Quinlan 1986), and asks only where
        that gain is more than chance: 2 n times the gain is chi-squared under independence, corrected for the number
        of facts (a p-value below 1 in 1,000).
        """
        one_hot = np.eye(n_classes, dtype=np.float32)[labels]
        overall = one_hot.sum(axis=0, dtype=np.float64) / max(len(labels), 1)
        least = float(chi2.isf(CHANCE / max(facts.shape[1], 1), max(n_classes - 1, 1)))
        return _grow(facts, one_hot, overall, least, DEPTH)

    def shares_of(self, facts: np.ndarray) -> np.ndarray:
        """float64 (n_rows, C): class shares of each row's leaf, with one row's weight of the shares of all rows."""
        found = np.tile(self.shares, (len(facts), 1))
        if self.branches is not None:
            yes = facts[:, self.column] > 0
            for rows, branch in zip((~yes, yes), self.branches, strict=True):
                found[rows] = branch.shares_of(facts[rows])
        return found


def _grow(facts: np.ndarray, one_hot: np.ndarray, overall: np.ndarray, least: float, depth: int) -> Tree:
    counts = one_hot.sum(axis=0, dtype=np.float64)
    shares = (counts + overall) / max(counts.sum() + overall.sum(), 1e-12)
    if not depth or not facts.size:
        return Tree(shares)
    yes = (one_hot.T @ facts).astype(np.float64)
    no = counts[:, None] - yes
    gain = 2 * (_fit(yes) + _fit(no) - _fit(counts[:, None]))
    gain[np.minimum(yes.sum(axis=0), no.sum(axis=0)) < FEWEST_IN_LEAF] = 0.0
    best = int(gain.argmax())
    if gain[best] <= least:
        return Tree(shares)
    has = facts[:, best] > 0
    parts = [_grow(facts[rows], one_hot[rows], overall, least, depth - 1) for rows in (~has, has)]
    return Tree(shares, best, (parts[0], parts[1]))


def _fit(counts: np.ndarray) -> np.ndarray:
    """Log likelihood (n_facts,) of class counts (C, n_facts) under their own shares."""
    return xlogy(counts, counts).sum(axis=0) - xlogy(counts.sum(axis=0), counts.sum(axis=0))


def facts_of(rows: AuditSplit, counts: dict[str, sparse.csr_matrix], fitted: np.ndarray) -> list[sparse.csr_matrix]:
    """Yes-or-no facts by kind, float32 (n_rows, n_facts) each: readings, copies, order, and length."""
    copies = sparse.hstack([at_least(counts["bag"], k) for k in range(1, MOST_COPIES + 1)])
    read = [at_least(counts[name], 1) for name in counts if name != "bag"]
    found = [copies, *read, _order(rows, fitted), _steps(rows.lengths, fitted)]
    return [sparse.csr_matrix(one, dtype=np.float32) for one in found]


def _order(rows: AuditSplit, fitted: np.ndarray) -> np.ndarray:
    """One token's first occurrence before another's, both there; of the tokens that tell most of the label."""
    n_tokens = int(rows.codes.max(initial=0)) + 1
    wanted = telling_columns(at_least(bag(rows, n_tokens), 1)[fitted], rows.labels[fitted], MOST_ORDERED)
    which = np.full(n_tokens, -1)
    which[wanted] = np.arange(len(wanted))
    kept = which[rows.codes] >= 0
    first = np.full((rows.n_rows, len(wanted)), FAR)
    np.minimum.at(first, (rows.owners[kept], which[rows.codes[kept]]), np.flatnonzero(kept))
    before = (first[:, :, None] < first[:, None, :]) & (first[:, None, :] < FAR)
    return before.reshape(rows.n_rows, -1)


def _steps(values: np.ndarray, fitted: np.ndarray) -> np.ndarray:
    """At least each of 24 quantiles of the fitted rows' values."""
    return values[:, None] >= np.unique(np.quantile(values[fitted], np.linspace(0, 1, STEPS + 1)[1:]))


def telling_columns(matrix: sparse.csr_matrix, labels: np.ndarray, most: int) -> np.ndarray:
    """int64: the columns of zeros and ones that tell most of the label (Pearson's chi-squared), at most `most`."""
    width = len(matrix.tocsc().indptr) - 1
    if width <= most:
        return np.arange(width)
    each = np.bincount(labels).astype(np.float64)
    total = max(each.sum(), 1.0)
    yes = class_sums(matrix, labels, len(each))
    having = yes.sum(axis=1, keepdims=True)
    squared = ((yes - having * each / total) ** 2 / np.maximum(each, 1)).sum(axis=1)
    spread = (having * (1 - having / total))[:, 0]
    return np.sort(np.argsort(-squared / np.maximum(spread, 1e-9), kind="stable")[:most])


def at_least(counts: sparse.csr_matrix, least: int) -> sparse.csr_matrix:
    """Whether counts are at least so many (1 or more): float32 of zeros and ones."""
    return sparse.csr_matrix(counts >= least, dtype=np.float32)
