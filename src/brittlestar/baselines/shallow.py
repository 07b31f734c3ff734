"""Shallow models of a task, naive Bayes and a decision tree, answering every row as one they have not seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.special import softmax
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
    of the second class, `margin` float64 (n_rows,), and the probabilities of all, `shares` float32 (n_rows, C). No
    row's own sequence (nor its group) was learned from, in whatever split it stands, so that answers to rows of all
    splits are alike."""

    model: str
    predicted: np.ndarray
    margin: np.ndarray
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
        predicted, margin = np.zeros(pool.rows.n_rows, np.int64), np.zeros(pool.rows.n_rows)
        shares = np.zeros((pool.rows.n_rows, pool.n_classes), np.float32)
        for fold in range(N_FOLDS):
            asked, learned = np.flatnonzero(pool.fold == fold), np.flatnonzero(fitted & (pool.fold != fold))
            labels = pool.rows.labels[learned]
            if model == TREE:
                kept = [kind[:, telling_columns(kind[learned], labels, PER_KIND)] for kind in self.facts]
                facts = sparse.csr_matrix(sparse.hstack(kept))
                taught, rows = (facts[some].toarray() for some in (learned, asked))
                logits = np.log(np.maximum(answer_by_tree(taught, labels, rows, pool.n_classes), 1e-12))
            else:
                counts = self.counts[model] if width(self.counts[model]) else nothing
                logits = NaiveBayes.fit(counts[learned], labels, pool.n_classes).logits(counts[asked])
            predicted[asked] = logits.argmax(axis=1)
            second, first = np.partition(logits, -2, axis=1)[:, -2:].T
            margin[asked] = np.where(np.isfinite(second), first - np.where(np.isfinite(second), second, 0), np.inf)
            shares[asked] = softmax(logits, axis=1)
        return PoolAnswers(model, predicted, margin, shares)


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


def answer_by_tree(taught: np.ndarray, labels: np.ndarray, asked: np.ndarray, n_classes: int) -> np.ndarray:
    """Class shares float64 (n_asked, C) of the leaf of each row asked, with one row's weight of the shares of all rows.

    A decision tree (scikit-learn) grows on the facts taught, float32 (n_rows, n_facts) of zeros and ones, with labels
    int (n_rows,) in [0, n_classes). A node asks for the fact that tells most of the label (information gain; Quinlan
    1986), and asks only where that gain is more than chance: 2 n times the gain is chi-squared under independence,
    corrected for the number of facts (a p-value below 1 in 1,000).
    """
    from sklearn.tree import DecisionTreeClassifier

    n, n_facts = taught.shape
    overall = np.bincount(labels, minlength=n_classes) / max(n, 1)
    if not n or not n_facts or not len(asked):
        return np.tile(overall, (len(asked), 1))
    tree = DecisionTreeClassifier(
        criterion="entropy",
        max_depth=DEPTH,
        min_samples_leaf=FEWEST_IN_LEAF,
        min_impurity_decrease=float(chi2.isf(CHANCE / n_facts, max(n_classes - 1, 1))) / (2 * n * np.log(2)),
        random_state=0,
    ).fit(taught, labels)
    leaf = tree.apply(taught)
    counts = np.tile(overall, (int(leaf.max()) + 1, 1))
    np.add.at(counts, (leaf, labels), 1)
    return (counts / counts.sum(axis=1, keepdims=True))[tree.apply(asked)]
