"""Shallow models of a task, answering every row as one they have not seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import sparse
from scipy.special import softmax

from brittlestar.audits.baselines.bayes import NaiveBayes
from brittlestar.audits.baselines.occurrences import Columns, Reading, bigrams, counts_of, placed_tokens, tokens
from brittlestar.audits.dataset import AuditDataset, AuditSplit
from brittlestar.audits.holding import chosen
from brittlestar.audits.labels.tree import Tree, facts_of, telling_columns
from brittlestar.core.seeds import generator
from brittlestar.core.token_rows import stack_tokens

CODE = "label.noise"
N_FOLDS = 4  # budget: every model is fitted so often
MOST_FITTED = 10_000  # budget: rows that models learn from in seconds
MOST_LOOKED = 30_000  # budget: as many rows of a split as comparisons of splits look at
MOST_TOKENS = 1_500_000  # budget: 30,000 rows of 50 tokens
MOST_CLASSES = 40  # budget: columns of every model
FEWEST_OF_CLASS = 10  # chosen, not measured: so that every fold has some
PER_KIND = 16  # convention: facts of one kind that the tree is offered
TREE = "tree"
FEWEST_GROUPS = 20  # chosen, not measured: so that folds are about even


@dataclass(frozen=True)
class Pool:
    """Rows of all splits, end to end.

    `rows`: their tokens (labels are positions in `classes`, label codes of the dataset, or -1 for other labels);
    `split` int64 indexes `splits`; `position` int64: the row's place in its split; `fold` int64: shared by equal
    sequences and by groups; `alone` bool: one row of each sequence, in a shifted split only if it is nowhere else;
    `fitted` bool: rows of train that models learn from; `familiar` bool: train knows all its tokens, and its length;
    `shifted` bool: rows of splits that were declared as shifted; `whole`: no row was left out.
    """

    splits: tuple[str, ...]
    rows: AuditSplit
    classes: np.ndarray
    split: np.ndarray
    position: np.ndarray
    fold: np.ndarray
    alone: np.ndarray
    fitted: np.ndarray
    familiar: np.ndarray
    shifted: np.ndarray
    whole: bool

    @property
    def n_classes(self) -> int:
        """Classes that models know."""
        return len(self.classes)

    def of(self, split: str) -> np.ndarray:
        """bool (n_rows,): the rows of one split."""
        return self.split == self.splits.index(split)

    @property
    def usable(self) -> np.ndarray:
        """bool (n_rows,): rows that say something about labels: familiar, one of each sequence, of a known class."""
        return self.familiar & self.alone & (self.rows.labels >= 0)


def pool_of(dataset: AuditDataset) -> Pool:
    """At most 30,000 rows of every split (fewer where they are long), drawn without replacement; models learn from at
    most 10,000 distinct rows of train, and know its 40 largest classes that have at least 10 rows."""
    parts = {name: _sample_positions(rows) for name, rows in dataset.splits.items()}
    counts = np.bincount(dataset.train.labels, minlength=dataset.n_classes)[: dataset.n_classes]
    large = np.argsort(-counts, kind="stable")[:MOST_CLASSES]
    classes = np.sort(large[counts[large] >= FEWEST_OF_CLASS])
    renamed = np.full(len(dataset.labels), -1, np.int32)
    renamed[classes] = np.arange(len(classes), dtype=np.int32)
    rows = _stack_rows([split.take(parts[name]) for name, split in dataset.splits.items()], renamed)
    split = np.repeat(np.arange(len(parts)), [len(part) for part in parts.values()])
    shifted = np.asarray([name.startswith("shift") for name in parts])[split]
    order = np.lexsort((generator(0, CODE, "alone").random(len(split)), shifted, rows.hashes))
    alone = np.empty(len(split), np.bool_)
    alone[order] = np.diff(rows.hashes[order], prepend=rows.hashes[order[:1]] + np.uint64(1)) != 0
    learned = np.flatnonzero((split == list(parts).index("train")) & (rows.labels >= 0))
    learned = learned[np.unique(rows.hashes[learned], return_index=True)[1]]
    if len(learned) > MOST_FITTED:
        learned = generator(0, CODE, "fitted").choice(np.sort(learned), MOST_FITTED, replace=False)
    fitted, fold = chosen(learned, len(split)), _number_folds(rows)
    return Pool(
        tuple(parts),
        rows,
        classes,
        split,
        np.concatenate(list(parts.values())),
        fold,
        alone,
        fitted,
        _find_familiar(rows, fold, fitted, len(dataset.tokens)),
        shifted,
        all(len(parts[name]) == split.n_rows for name, split in dataset.splits.items()),
    )


def _sample_positions(rows: AuditSplit) -> np.ndarray:
    """Positions of the rows looked at, ascending."""
    most = min(MOST_LOOKED, int(MOST_TOKENS / max(1.0, len(rows.codes) / max(rows.n_rows, 1))))
    if rows.n_rows <= most:
        return np.arange(rows.n_rows)
    return np.sort(generator(0, CODE, "looked", rows.name).choice(rows.n_rows, most, replace=False))


def _stack_rows(parts: list[AuditSplit], renamed: np.ndarray) -> AuditSplit:
    groups = [part.groups for part in parts if part.groups is not None]
    n_rows = sum(part.n_rows for part in parts)
    nothing = pl.Series("", [None], dtype=pl.Null).new_from_index(0, n_rows)
    return AuditSplit(
        *stack_tokens(parts),
        "pool",
        nothing,
        nothing,
        renamed[np.concatenate([part.labels for part in parts])],
        np.concatenate(groups) if len(groups) == len(parts) else None,
        np.concatenate([part.hashes for part in parts]),
    )


def _number_folds(rows: AuditSplit) -> np.ndarray:
    """By group where there are at least 20, else by sequence."""
    if rows.groups is None or len(np.unique(rows.groups)) < FEWEST_GROUPS:
        return (rows.hashes % np.uint64(N_FOLDS)).astype(np.int64)
    random = generator(0, CODE, "groups")
    return random.integers(0, N_FOLDS, int(rows.groups.max(initial=-1)) + 1)[rows.groups]


def _find_familiar(rows: AuditSplit, fold: np.ndarray, fitted: np.ndarray, n_tokens: int) -> np.ndarray:
    row = rows.owners
    learned = fitted[row]
    cell = rows.codes.astype(np.int64) * N_FOLDS + fold[row]
    inside = np.bincount(cell[learned], minlength=n_tokens * N_FOLDS).reshape(n_tokens, N_FOLDS)
    elsewhere = (inside.sum(axis=1, keepdims=True) - inside).reshape(-1)
    strange = np.concatenate([[0], np.cumsum(elsewhere[cell] == 0)])
    lengths = rows.lengths[fitted]
    low, high = (int(lengths.min()), int(lengths.max())) if len(lengths) else (0, 0)
    return (np.diff(strange[rows.offsets]) == 0) & (rows.lengths >= low) & (rows.lengths <= high)


def counts_by_reading(rows: AuditSplit, n: int, fitted: np.ndarray) -> dict[str, sparse.csr_matrix]:
    """Counts float32 (n_rows, n_columns) of every reading by its name, of rows over `n` tokens; columns are those of
    the rows at positions `fitted`."""
    readings: dict[str, Reading] = {
        "bag": tokens(n),
        "neighbours": bigrams(n),
        "position": placed_tokens(n),
        "position from the end": placed_tokens(n, from_end=True),
    }
    sample = rows.take(fitted)
    return {name: counts_of(read(rows), Columns.of(read(sample), 1)) for name, read in readings.items()}


@dataclass(frozen=True)
class Answers:
    """What one model says of every row of the pool: `predicted` int64 (n_rows,) class, its log probability less that
    of the second class, `confidence` float64 (n_rows,), and the probabilities of all, `shares` float32 (n_rows, C). No
    row's own sequence (nor its group) was learned from, in whatever split it stands, so that answers to rows of all
    splits are alike."""

    model: str
    predicted: np.ndarray
    confidence: np.ndarray
    shares: np.ndarray


@dataclass(frozen=True)
class CheapModels:
    """All models on one pool: `errors` of each by name, the share of wrong answers among the fitted rows out of fold,
    and the answers of the one with the fewest, `best`."""

    pool: Pool
    errors: Mapping[str, float]
    best: Answers
    learner: Learner

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
    facts: list[sparse.csr_matrix]

    def answers(self, model: str, fitted: np.ndarray) -> Answers:
        """Out-of-fold answers of one model to every row; `fitted` bool (n_rows,): the rows it may learn from."""
        pool = self.pool
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
                counts = self.counts[model]
                logits = NaiveBayes.fit(counts[learned], labels, pool.n_classes).logits(counts[asked])
            predicted[asked] = logits.argmax(axis=1)
            second, first = np.partition(logits, -2, axis=1)[:, -2:].T
            confidence[asked] = np.where(np.isfinite(second), first - np.where(np.isfinite(second), second, 0), np.inf)
            shares[asked] = softmax(logits, axis=1)
        return Answers(model, predicted, confidence, shares)


def cheap_models(dataset: AuditDataset) -> CheapModels | None:
    """The models, or None where train has no two classes to learn."""
    pool = pool_of(dataset)
    if pool.n_classes < 2 or not pool.fitted.any():
        return None
    fitted, labels = np.flatnonzero(pool.fitted), pool.rows.labels
    counts = counts_by_reading(pool.rows, len(dataset.tokens), fitted)
    learner = Learner(pool, counts, facts_of(pool.rows, counts, fitted))
    errors: dict[str, float] = {}
    best: Answers | None = None
    for name in (*counts, TREE):
        answers = learner.answers(name, pool.fitted)
        errors[name] = float((answers.predicted != labels)[pool.fitted].mean())
        if best is None or errors[name] < errors[best.model]:
            best = answers
    return None if best is None else CheapModels(pool, errors, best, learner)


def majority_error(labels: np.ndarray) -> float:
    """The share of rows outside the largest class."""
    return 1 - float(np.bincount(labels).max() / len(labels)) if len(labels) else 0.0
