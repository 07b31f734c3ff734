"""Shallow models of a task, naive Bayes and a decision tree, answering every row as one they have not seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.special import softmax, xlogy
from scipy.stats import chi2

from brittlestar.baselines.bayes import NaiveBayes
from brittlestar.baselines.facts import Alphabet, counts_by_reading, facts_of, telling_columns, width
from brittlestar.baselines.pool import N_FOLDS, Pool

TREE = "tree"
PER_KIND = 16
"""Convention: facts of one kind that the tree is offered."""
DEPTH = 10
FEWEST_IN_LEAF = 5
CHANCE = 1e-3
"""Conventions; the last is the chance that a node asks although no fact tells anything."""


@dataclass(frozen=True)
class PoolAnswers:
    """What one model says of every row of the pool: `predicted` int64 (n_rows,) class, its log probability less that
    of the second class, `confidence` float64 (n_rows,), and the probabilities of all, `shares` float32 (n_rows, C). No
    row's own sequence (nor its group) was learned from, in whatever split it stands, so that answers to rows of all
    splits are alike."""

    model: str
    predicted: np.ndarray
    confidence: np.ndarray
    shares: np.ndarray


@dataclass(frozen=True)
class ShallowModels:
    """All models on one pool: `errors` of each by name, the share of wrong answers among the fitted rows out of fold,
    and the answers of the one with the fewest, `best`."""

    pool: Pool
    alphabets: tuple[Alphabet, ...]
    errors: Mapping[str, float]
    best: PoolAnswers
    learner: "Learner"

    @property
    def error(self) -> float:
        """The fewest errors out of fold."""
        return self.errors[self.best.model]

    @property
    def chance_error(self) -> float:
        """The error of always naming the largest class."""
        return majority_error(self.pool.rows.labels[self.pool.fitted])


@dataclass(frozen=True)
class Learner:
    """What models learn from: `counts[name]` (n_rows, n_columns) for naive Bayes, yes-or-no `facts` by kind for the
    tree; made once, fitted as often as wanted."""

    pool: Pool
    counts: dict[str, sparse.csr_matrix]
    facts: tuple[sparse.csr_matrix, ...]

    def answers(self, model: str, fitted: np.ndarray) -> PoolAnswers:
        """Out-of-fold answers of one model to every row; `fitted` bool (n_rows,): the rows it may learn from."""
        pool = self.pool
        nothing = sparse.csr_matrix((pool.rows.n_rows, 1))  # where no row of train has a token to read
        predicted, confidence = np.zeros(pool.rows.n_rows, np.int64), np.zeros(pool.rows.n_rows)
        shares = np.zeros((pool.rows.n_rows, pool.n_classes), np.float32)
        for fold in range(N_FOLDS):
            asked, learned = np.flatnonzero(pool.fold == fold), np.flatnonzero(fitted & (pool.fold != fold))
            labels = pool.rows.labels[learned]
            if model == TREE:
                kept = [kind[:, telling_columns(kind[learned], labels, PER_KIND)] for kind in self.facts]
                facts = sparse.csr_matrix(sparse.hstack(kept))
                tree = Tree.fit(facts[learned].toarray(), labels, pool.n_classes)
                logits = np.log(np.maximum(tree.shares_of(facts[asked].toarray()), 1e-12))
            else:
                counts = self.counts[model] if width(self.counts[model]) else nothing
                logits = NaiveBayes.fit(counts[learned], labels, pool.n_classes).logits(counts[asked])
            predicted[asked] = logits.argmax(axis=1)
            second, first = np.partition(logits, -2, axis=1)[:, -2:].T
            confidence[asked] = np.where(np.isfinite(second), first - np.where(np.isfinite(second), second, 0), np.inf)
            shares[asked] = softmax(logits, axis=1)
        return PoolAnswers(model, predicted, confidence, shares)


def fit_shallow(pool: Pool, read: Sequence[Alphabet]) -> ShallowModels | None:
    """The models of a pool whose tokens are `read` in these ways, the first being the tokens themselves; None where
    train has no two classes to learn."""
    if pool.n_classes < 2 or not pool.fitted.any():
        return None
    fitted, labels = np.flatnonzero(pool.fitted), pool.rows.labels
    counts = [counts_by_reading(alphabet, pool.rows, fitted) for alphabet in read]
    facts = [f for a, c in zip(read, counts, strict=True) for f in facts_of(a, pool.rows, c, labels, fitted)]
    bags = {f"bag of {a.name}": c["bag"] for a, c in zip(read[1:], counts[1:], strict=True)}
    learner = Learner(pool, counts[0] | bags, tuple(facts))
    errors: dict[str, float] = {}
    best: PoolAnswers | None = None
    for name in (*learner.counts, TREE):
        answers = learner.answers(name, pool.fitted)
        errors[name] = float((answers.predicted != labels)[pool.fitted].mean())
        if best is None or errors[name] < errors[best.model]:
            best = answers
    return None if best is None else ShallowModels(pool, tuple(read), errors, best, learner)


def majority_error(labels: np.ndarray) -> float:
    """The share of rows outside the largest class."""
    return 1 - float(np.bincount(labels).max() / len(labels)) if len(labels) else 0.0


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
