"""A decision tree over yes-or-no facts, grown one level at a time for all rows at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.stats import chi2

DEPTH = 10
FEWEST_IN_LEAF = 5
CHANCE = 1e-3


@dataclass(frozen=True)
class Tree:
    """`column` int64 (n_nodes,): the fact each node asks for, -1 at a leaf; `no` and `yes` int64 (n_nodes,): the next
    node; `counts` float64 (n_nodes, C): rows of each class there."""

    column: np.ndarray
    no: np.ndarray
    yes: np.ndarray
    counts: np.ndarray

    @staticmethod
    def fit(facts: np.ndarray, labels: np.ndarray, n_classes: int) -> Tree:
        """Grow on facts float32 (n_rows, n_facts) of zeros and ones and labels int (n_rows,) in [0, n_classes).

        A node asks for the fact that tells most of the label (information gain; Quinlan 1986), and asks only where
        that gain is more than chance: 2 n times the gain is chi-squared under independence, corrected for the number
        of facts (a p-value below 1 in 1,000).
        """
        column, no, yes = [-1], [-1], [-1]
        counts = [np.bincount(labels, minlength=n_classes).astype(np.float64)]
        least = float(chi2.isf(CHANCE / max(facts.shape[1], 1), n_classes - 1)) if n_classes > 1 else np.inf
        node = np.zeros(len(labels), np.int64)
        level = np.asarray([0])
        for _ in range(DEPTH if facts.shape[1] else 0):
            place = np.full(len(column), -1)
            place[level] = np.arange(len(level))
            inside = np.flatnonzero(place[node] >= 0)
            if not len(inside):
                break
            cell = place[node[inside]] * n_classes + labels[inside]
            chosen = sparse.csr_matrix(
                (np.ones(len(inside), np.float32), (cell, inside)), shape=(len(level) * n_classes, len(labels))
            )
            having = np.asarray(chosen @ facts, np.float64).reshape(len(level), n_classes, -1)
            best, gain = _best(having, np.stack([counts[k] for k in level.tolist()]))
            following: list[int] = []
            for k, parent in enumerate(level.tolist()):
                if gain[k] <= least:
                    continue
                positive = having[k, :, best[k]]
                column[parent], no[parent], yes[parent] = int(best[k]), len(column), len(column) + 1
                for part in (counts[parent] - positive, positive):
                    following.append(len(column))
                    column.append(-1)
                    no.append(-1)
                    yes.append(-1)
                    counts.append(part)
            if not following:
                break
            node = _step(facts, node, np.asarray(column), np.asarray(no), np.asarray(yes))
            level = np.asarray(following)
        return Tree(np.asarray(column), np.asarray(no), np.asarray(yes), np.stack(counts))

    def leaf(self, facts: np.ndarray) -> np.ndarray:
        """int64 (n_rows,): the leaf that each row falls into."""
        node = np.zeros(len(facts), np.int64)
        while (self.column[node] >= 0).any():
            node = _step(facts, node, self.column, self.no, self.yes)
        return node

    def shares(self, facts: np.ndarray) -> np.ndarray:
        """float64 (n_rows, C): class shares of each row's leaf, with one row's weight of the shares of all rows."""
        overall = self.counts[0] / max(self.counts[0].sum(), 1)
        smoothed = self.counts + overall
        return (smoothed / np.maximum(smoothed.sum(axis=1, keepdims=True), 1e-12))[self.leaf(facts)]


def _step(facts: np.ndarray, node: np.ndarray, column: np.ndarray, no: np.ndarray, yes: np.ndarray) -> np.ndarray:
    """The next node of every row; rows at a leaf stay."""
    asked = column[node]
    moving = np.flatnonzero(asked >= 0)
    following = node.copy()
    answer = facts[moving, asked[moving]] > 0
    following[moving] = np.where(answer, yes[node[moving]], no[node[moving]])
    return following


def _best(having: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The best fact of each node and 2 n times its gain. `having` float64 (n_nodes, C, n_facts): rows of each class
    with the fact; `counts` float64 (n_nodes, C)."""
    lacking = counts[:, :, None] - having
    yes, no = having.sum(axis=1), lacking.sum(axis=1)
    within = _plogp(having).sum(axis=1) + _plogp(lacking).sum(axis=1) - _plogp(yes) - _plogp(no)
    total = counts.sum(axis=1)
    before = _plogp(counts).sum(axis=1) - _plogp(total)
    gain = 2 * (within - before[:, None])
    gain[(yes < FEWEST_IN_LEAF) | (no < FEWEST_IN_LEAF)] = 0.0
    best = gain.argmax(axis=1)
    return best, gain[np.arange(len(best)), best]


def _plogp(values: np.ndarray) -> np.ndarray:
    return values * np.log(np.maximum(values, 1e-300))
