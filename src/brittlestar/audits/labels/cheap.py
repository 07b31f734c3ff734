"""Shallow models of a task, answering every row as one they have not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from brittlestar.audits.bayes import class_sums, from_sums
from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.features import Columns, Feature, bigrams, placed_tokens, tokens, values_of
from brittlestar.audits.labels.indicators import Alphabet, Family, alphabets, families, parities, placed_from_end, width
from brittlestar.audits.labels.pool import N_FOLDS, Pool, pool_of
from brittlestar.audits.labels.softmax import softmax_regression
from brittlestar.audits.labels.tree import Tree

PER_FAMILY = 16
MOST_SHARES = 400
SHARE_UNIT = 10.0


@dataclass(frozen=True)
class Answers:
    """What one model says of every row of the pool: `predicted` int64 (n_rows,) class, `confidence` float64 (n_rows,),
    larger where it is surer (comparable within the model only). No row's own sequence (nor its group) was learned
    from, in whatever split it stands, so that answers to rows of all splits are alike."""

    model: str
    predicted: np.ndarray
    confidence: np.ndarray


@dataclass(frozen=True)
class CheapModels:
    """All models on one pool. `error` of each: share of wrong answers among the fitted rows; `answers[best]` has the
    smallest."""

    pool: Pool
    alphabets: tuple[Alphabet, ...]
    answers: tuple[Answers, ...]
    errors: tuple[float, ...]
    learner: Learner

    @property
    def best(self) -> int:
        """Position of the model with the fewest errors out of fold."""
        return int(np.argmin(self.errors))

    @property
    def chance_error(self) -> float:
        """The error of always naming the largest class."""
        return majority_error(self.pool.rows.labels[self.pool.fitted])


@dataclass(frozen=True)
class Learner:
    """What models learn from: `counts[name]` for naive Bayes, `families` for the tree; made once, fitted as often as
    wanted."""

    pool: Pool
    alphabets: tuple[Alphabet, ...]
    counts: dict[str, sparse.csr_matrix]
    families: tuple[Family, ...]

    def answers(self, model: str, fitted: np.ndarray) -> Answers:
        """Out-of-fold answers of one model to every row; `fitted` bool (n_rows,): the rows it may learn from."""
        if model == "tree":
            return self._tree(fitted, self.families)
        if model == "tree with parity":
            odd = parities(self.alphabets, self.pool.rows, np.flatnonzero(self.pool.fitted))
            return self._tree(fitted, (*self.families, *odd))
        if model == "linear":
            return self._linear(fitted)
        counts, pool = self.counts[model], self.pool
        if not width(counts):  # no row of train has a token to read
            counts = sparse.csr_matrix((pool.rows.n_rows, 1))
        predicted, confidence = np.zeros(pool.rows.n_rows, np.int64), np.zeros(pool.rows.n_rows)
        for fold in range(N_FOLDS):
            inside, learned = pool.fold == fold, fitted & (pool.fold != fold)
            labels = pool.rows.labels[learned]
            each = np.bincount(labels, minlength=pool.n_classes)
            found = from_sums(class_sums(counts[learned], labels, pool.n_classes), each)
            predicted[inside], confidence[inside] = _top(found.logits(counts[inside]))
        return Answers(model, predicted, confidence)

    def _linear(self, fitted: np.ndarray) -> Answers:
        """Softmax regression on the shares of the most frequent tokens."""
        pool = self.pool
        shares = _shares(self.counts["bag"], pool.rows.lengths, fitted)
        predicted, confidence = np.zeros(pool.rows.n_rows, np.int64), np.zeros(pool.rows.n_rows)
        weights = np.zeros((width(shares), pool.n_classes))
        for fold in range(N_FOLDS):
            inside, learned = pool.fold == fold, fitted & (pool.fold != fold)
            start = np.zeros_like(weights) if fold == 0 else weights
            weights = softmax_regression(shares[learned], pool.rows.labels[learned], pool.n_classes, start)
            predicted[inside], confidence[inside] = _top(np.asarray(shares[inside] @ weights))
        return Answers("linear", predicted, confidence)

    def _tree(self, fitted: np.ndarray, facts_of: Sequence[Family]) -> Answers:
        pool = self.pool
        predicted, confidence = np.zeros(pool.rows.n_rows, np.int64), np.zeros(pool.rows.n_rows)
        for fold in range(N_FOLDS):
            inside, learned = pool.fold == fold, np.flatnonzero(fitted & (pool.fold != fold))
            labels = pool.rows.labels[learned].astype(np.int64)
            kept = [telling_columns(f.matrix[learned], labels, pool.n_classes) for f in facts_of]
            facts = _dense(facts_of, kept, learned)
            tree = Tree.fit(facts, labels, pool.n_classes)
            shares = tree.shares(_dense(facts_of, kept, np.flatnonzero(inside)))
            predicted[inside], confidence[inside] = _top(np.log(np.maximum(shares, 1e-12)))
        return Answers("tree", predicted, confidence)


def cheap_models(dataset: AuditDataset) -> CheapModels | None:
    """The models, or None where train has no two classes to learn."""
    pool = pool_of(dataset)
    if pool.n_classes < 2 or not pool.fitted.any():
        return None
    read = alphabets(dataset)
    features: dict[str, Feature] = {
        "bag": tokens,
        "neighbours": bigrams,
        "token × position": placed_tokens,
        "tokens placed from the end": placed_from_end,
    }
    for alphabet in read[1:]:
        features[f"bag of {alphabet.name}"] = values_of(alphabet.values)
    fitted = np.flatnonzero(pool.fitted)
    sample = pool.rows.taken(fitted)
    counts = {name: Columns.of(feature, sample).matrix(pool.rows) for name, feature in features.items()}
    telling = _telling_tokens(counts["bag"], Columns.of(tokens, sample).keys, pool, len(dataset.tokens))
    learner = Learner(pool, read, counts, tuple(families(read, pool.rows, fitted, telling)))
    answers = tuple(learner.answers(name, pool.fitted) for name in (*counts, "linear", "tree"))
    labels = pool.rows.labels
    errors = tuple(float((one.predicted != labels)[pool.fitted].mean()) for one in answers)
    return CheapModels(pool, read, answers, errors, learner)


def telling_columns(
    matrix: sparse.csr_matrix, labels: np.ndarray, n_classes: int, most: int = PER_FAMILY
) -> np.ndarray:
    """int64: the columns of zeros and ones that tell most of the label (chi-squared), at most `most`."""
    if width(matrix) <= most:
        return np.arange(width(matrix))
    return np.sort(np.argsort(-_chi_squared(matrix, labels, n_classes), kind="stable")[:most])


def majority_error(labels: np.ndarray) -> float:
    """The share of rows outside the largest class."""
    return 1 - float(np.bincount(labels).max() / len(labels)) if len(labels) else 0.0


def _chi_squared(matrix: sparse.csr_matrix, labels: np.ndarray, n_classes: int) -> np.ndarray:
    """float64 (n_columns,): Pearson's chi-squared of each column of zeros and ones with the label."""
    each = np.bincount(labels, minlength=n_classes).astype(np.float64)
    n = each.sum()
    yes = class_sums(matrix, labels, n_classes)
    having = yes.sum(axis=1, keepdims=True)
    share = each / max(n, 1)
    squared = ((yes - having * share) ** 2 / np.maximum(each, 1)).sum(axis=1)
    spread = (having * (1 - having / max(n, 1)))[:, 0]
    return n * squared / np.maximum(spread, 1e-9)


def _telling_tokens(bag: sparse.csr_matrix, keys: np.ndarray, pool: Pool, n_tokens: int) -> np.ndarray:
    """float64 (n_tokens,): chi-squared of each token's presence with the label."""
    there = bag[pool.fitted].copy()
    there.data[:] = 1
    telling = np.zeros(n_tokens)
    telling[keys] = _chi_squared(there, pool.rows.labels[pool.fitted], pool.n_classes)
    return telling


def _dense(found: Sequence[Family], kept: Sequence[np.ndarray], rows: np.ndarray) -> np.ndarray:
    """float32 (n_rows, n_facts): the kept columns of all families."""
    parts = [family.matrix[rows][:, columns].toarray() for family, columns in zip(found, kept, strict=True)]
    return np.ascontiguousarray(np.concatenate(parts, axis=1))


def _shares(bag: sparse.csr_matrix, lengths: np.ndarray, fitted: np.ndarray) -> sparse.csr_matrix:
    """float64 (n_rows, at most 401): shares of the tokens that most fitted rows have, in tenths, and ones."""
    frequent = np.asarray((bag[fitted] > 0).sum(axis=0)).reshape(-1)
    kept = np.sort(np.argsort(-frequent, kind="stable")[:MOST_SHARES])
    scaled = sparse.diags_array(SHARE_UNIT / np.maximum(lengths, 1)) @ bag[:, kept]
    return sparse.csr_matrix(sparse.hstack([scaled, np.ones((len(lengths), 1))]))


def _top(logits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The likeliest class of every row, and by how much it leads the second."""
    predicted = logits.argmax(axis=1)
    two = np.partition(logits, -2, axis=1)[:, -2:]
    with np.errstate(invalid="ignore"):
        lead = two[:, 1] - two[:, 0]
    return predicted, np.where(np.isfinite(lead), lead, np.inf)
