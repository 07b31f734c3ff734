"""Naive Bayes, and tables of one key a row, on what readings give: fitted on train, answering any split or out of fold.

Where a row has one key the model is a table: the class shares of train's rows with the same key, and one row more that
is spread as all of train is. Where it has many it is multinomial naive Bayes.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from brittlestar.baselines.counting import BLOCK, KeyColumns, blocks
from brittlestar.baselines.readings import Occurrences, Reading
from brittlestar.baselines.rows import BaselineRows
from brittlestar.core.answers import Answers, Rows, join_rows, read_logits
from brittlestar.core.token_rows import take

SMOOTHING = 1.0  # convention: add-one smoothing (McCallum and Nigam 1998)
FOLDS = 5  # convention: five-fold cross-validation
MOST_HELD_OUT = 50_000  # budget: rows of train that naive Bayes answers out of fold in a second


@dataclass(frozen=True)
class NaiveBayes:
    """`prior` float64 (C,) log shares of the classes; `weights` float64 (n_columns, C) log probability of each feature
    in each class, add-one smoothed (McCallum and Nigam 1998)."""

    prior: np.ndarray
    weights: np.ndarray

    @staticmethod
    def fit(counts: sparse.csr_matrix, labels: np.ndarray, n_classes: int) -> "NaiveBayes":
        """Fit on counts (n_rows, n_columns) and labels int (n_rows,) in [0, n_classes)."""
        each = np.bincount(labels, minlength=n_classes)
        return from_sums(class_sums(counts, labels, n_classes), each)

    def logits(self, counts: sparse.csr_matrix) -> np.ndarray:
        """Unnormalised log probabilities float64 (n_rows, C)."""
        return np.asarray(counts @ self.weights) + self.prior


def class_sums(counts: sparse.csr_matrix, labels: np.ndarray, n_classes: int) -> np.ndarray:
    """Counts summed over the rows of each class: float64 (n_columns, C)."""
    ones = (np.ones(len(labels), np.float64), (labels, np.arange(len(labels))))
    chosen = sparse.csr_matrix(ones, shape=(n_classes, len(labels)))
    return sparse.csr_matrix(chosen @ counts).toarray().T


def prior_of(rows: np.ndarray) -> np.ndarray:
    """Log shares of the classes from their rows (C,): minus infinity without any, all the same where none has one."""
    if not rows.sum():
        return np.full(len(rows), -np.log(max(len(rows), 1)))
    with np.errstate(divide="ignore"):
        return np.log(rows / rows.sum())


def from_sums(sums: np.ndarray, rows: np.ndarray) -> NaiveBayes:
    """The model of class sums (n_columns, C) and rows per class (C,). A class without rows is never predicted."""
    prior = prior_of(rows)
    totals = sums.sum(axis=0) + SMOOTHING * len(sums)
    return NaiveBayes(prior, np.log(sums + SMOOTHING) - np.log(totals))


def out_of_fold(
    counts: sparse.csr_matrix, labels: np.ndarray, n_classes: int, folds: np.ndarray, n_folds: int = FOLDS
) -> np.ndarray:
    """Logits float64 (n_rows, C) of every row from the model of the other folds; `folds` int (n_rows,) in
    [0, n_folds)."""
    sums = [class_sums(counts[folds == fold], labels[folds == fold], n_classes) for fold in range(n_folds)]
    rows = [np.bincount(labels[folds == fold], minlength=n_classes) for fold in range(n_folds)]
    all_sums, all_rows = sum(sums), sum(rows)
    logits = np.empty((len(labels), n_classes))
    for fold in range(n_folds):
        inside = folds == fold
        logits[inside] = from_sums(all_sums - sums[fold], all_rows - rows[fold]).logits(counts[inside])
    return logits


def folds_of(hashes: np.ndarray, n_folds: int = FOLDS) -> np.ndarray:
    """int64 (n_rows,): the fold of each row; equal sequences share one, so that no model has seen its own row."""
    return (hashes % np.uint64(n_folds)).astype(np.int64)


@dataclass(frozen=True)
class BayesModel:
    """A model of `columns` and one more, of every other key, which says nothing."""

    columns: KeyColumns
    model: NaiveBayes

    @staticmethod
    def fit(read: Occurrences, labels: np.ndarray, n_classes: int) -> "BayesModel":
        """Fit on train; `labels` int (n_rows,) in [0, n_classes)."""
        columns = KeyColumns.of(read, n_classes)
        sums = _sum_by_class(columns.columns(read.keys), columns.n, read.offsets, labels, n_classes)
        return BayesModel(columns, _model(sums, np.bincount(labels, minlength=n_classes), read.single))

    def answers(self, read: Occurrences, rows: Rows, *, keep: bool = False) -> Answers:
        """Answers for rows of any split; `keep` all probabilities."""
        return self.of_columns(self.columns.columns(read.keys), read.offsets, rows, keep=keep)

    def of_columns(self, columns: np.ndarray, offsets: np.ndarray, rows: Rows, *, keep: bool = False) -> Answers:
        """Answers for rows whose columns are known already: those of row i are columns[offsets[i]:offsets[i + 1]]."""
        n_classes = len(self.model.prior)
        parts = [_read_none(rows, keep)]
        for block in blocks(offsets, n_classes):
            bounds = offsets[block.start : block.stop + 1]
            inside = columns[bounds[0] : bounds[-1]]
            cells = (np.ones(len(inside)), inside, bounds - bounds[0])
            counts = sparse.csr_matrix(cells, shape=(len(bounds) - 1, self.columns.n + 1))
            seen = np.diff(np.concatenate([[0], np.cumsum(inside < self.columns.n)])[bounds - bounds[0]]) > 0
            asked = rows.take(np.arange(block.start, block.stop))
            parts.append(read_logits(asked, self.model.logits(counts), seen, keep=keep))
        return join_rows(parts, rows)


def answer_out_of_fold(read: Occurrences, rows: Rows, folds: np.ndarray, *, keep: bool = False) -> Answers:
    """Answers for every row from the model of the other folds; `folds` int (n_rows,) in [0, FOLDS)."""
    labels, n_classes = rows.labels, rows.n_classes
    columns = KeyColumns.of(read, n_classes)
    found = columns.columns(read.keys)
    total = _sum_by_class(found, columns.n, read.offsets, labels, n_classes)
    counts = np.bincount(labels, minlength=n_classes)
    parts: list[Answers] = [_read_none(rows, keep)]
    places: list[np.ndarray] = []
    for fold in range(FOLDS):
        inside = np.flatnonzero(folds == fold)
        mine, offsets = take(found, read.offsets, inside)
        sums, left = np.zeros_like(total), counts  # nothing to learn from: the majority
        if 0 < len(inside) < len(labels):
            sums = total - _sum_by_class(mine, columns.n, offsets, labels[inside], n_classes)
            left = counts - np.bincount(labels[inside], minlength=n_classes)
        model = BayesModel(columns, _model(sums, left, read.single))
        parts.append(model.of_columns(mine, offsets, rows.take(inside), keep=keep))
        places.append(inside)
    places_of_rows = np.concatenate(places)
    order = np.argsort(places_of_rows, kind="stable")
    return replace(join_rows(parts, rows.take(places_of_rows)).take(order), rows=rows)


def answer_held_out(rows: BaselineRows, reading: Reading, n_classes: int) -> np.ndarray:
    """int32 (n_rows,): the class that is answered to each row of train out of fold, of equal sequences in one fold."""
    asked = Rows(labels=rows.labels, n_classes=n_classes)
    return answer_out_of_fold(reading(rows), asked, folds_of(rows.hashes)).predicted[0]


def _sum_by_class(
    columns: np.ndarray, n_columns: int, offsets: np.ndarray, labels: np.ndarray, n_classes: int
) -> np.ndarray:
    """How often each column occurs in rows of each class: float64 (n_columns, C)."""
    cells = (n_columns + 1) * n_classes
    sums = np.zeros(cells, np.int64)
    of_row = labels.astype(np.int64)
    lengths = np.diff(offsets)
    step = max(BLOCK, cells)
    start = 0
    while start < len(labels):
        stop = int(np.searchsorted(offsets, offsets[start] + step, side="right")) - 1
        stop = min(max(stop, start + 1), len(labels))
        inside = columns[offsets[start] : offsets[stop]].astype(np.int64)
        inside *= n_classes
        inside += np.repeat(of_row[start:stop], lengths[start:stop])
        sums += np.bincount(inside, minlength=cells)
        start = stop
    return sums.reshape(n_columns + 1, n_classes)[:-1].astype(np.float64)


def _model(sums: np.ndarray, rows: np.ndarray, single: bool) -> NaiveBayes:
    """Of class sums (n_columns, C) and rows per class (C,). A class without rows is never answered."""
    nothing, prior = np.zeros((1, len(rows))), prior_of(rows)
    if not len(sums):
        return NaiveBayes(prior, nothing)
    if not single:
        return NaiveBayes(prior, np.vstack([from_sums(sums, rows).weights, nothing]))
    with np.errstate(divide="ignore"):
        weights = np.log(sums + rows / max(rows.sum(), 1)) - np.log(sums.sum(axis=1, keepdims=True) + 1)
    weights -= np.where(rows > 0, prior, 0.0)
    weights[:, rows == 0] = 0.0  # its prior is minus infinity as it is
    return NaiveBayes(prior, np.vstack([weights, nothing]))


def _read_none(rows: Rows, keep: bool) -> Answers:
    """The answers to no row."""
    none = np.zeros(0, np.int64)
    return read_logits(rows.take(none), np.zeros((0, rows.n_classes)), none.astype(np.bool_), keep=keep)
