"""A decision tree over yes-or-no facts."""

from dataclasses import dataclass

import numpy as np
from scipy.special import xlogy
from scipy.stats import chi2

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
    branches: "tuple[Tree, Tree] | None" = None

    @staticmethod
    def fit(facts: np.ndarray, labels: np.ndarray, n_classes: int) -> "Tree":
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
