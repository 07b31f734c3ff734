"""One predictor of the trivial baselines, fitted on train and answering every split.

Where a row has one key it is a table: the class shares of train's rows with the same key, and one row more that is
spread as all of train is. Where it has many it is multinomial naive Bayes.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from brittlestar.audits.baselines.bayes import FOLDS, from_sums, prior_of
from brittlestar.audits.baselines.occurrences import BLOCK, Columns, Occurrences, blocks
from brittlestar.audits.baselines.scoring import Answers, stack_answers
from brittlestar.core.token_rows import take


@dataclass(frozen=True)
class Predictor:
    """`prior` float64 (C,) log shares of the classes; `weights` float64 (n_columns + 1, C), what each occurrence adds,
    0 in the last row."""

    columns: Columns
    prior: np.ndarray
    weights: np.ndarray

    @staticmethod
    def fit(read: Occurrences, labels: np.ndarray, n_classes: int) -> "Predictor":
        """Fit on train; `labels` int (n_rows,) in [0, n_classes)."""
        columns = Columns.of(read, n_classes)
        sums = class_sums(columns.columns(read.keys), columns.n, read.offsets, labels, n_classes)
        return _model(columns, sums, np.bincount(labels, minlength=n_classes), read.single)

    def answers(self, read: Occurrences, labels: np.ndarray) -> Answers:
        """Answers for rows of any split; `labels` int (n_rows,), -1 where train lacks the label."""
        return self.of_columns(self.columns.columns(read.keys), read.offsets, labels)

    def of_columns(self, columns: np.ndarray, offsets: np.ndarray, labels: np.ndarray) -> Answers:
        """Answers for rows whose columns are known already: those of row i are columns[offsets[i]:offsets[i + 1]]."""
        parts = [_none_of(len(self.prior))]
        for rows in blocks(offsets, len(self.prior)):
            bounds = offsets[rows.start : rows.stop + 1]
            inside = columns[bounds[0] : bounds[-1]]
            cells = (np.ones(len(inside)), inside, bounds - bounds[0])
            counts = sparse.csr_matrix(cells, shape=(len(bounds) - 1, self.columns.n + 1))
            seen = np.diff(np.concatenate([[0], np.cumsum(inside < self.columns.n)])[bounds - bounds[0]]) > 0
            parts.append(Answers.of(np.asarray(counts @ self.weights) + self.prior, labels[rows], seen))
        return stack_answers(parts)


def out_of_fold(read: Occurrences, labels: np.ndarray, folds: np.ndarray, n_classes: int) -> Answers:
    """Answers for every row from the model of the other folds; `folds` int (n_rows,) in [0, FOLDS)."""
    columns = Columns.of(read, n_classes)
    found = columns.columns(read.keys)
    total = class_sums(found, columns.n, read.offsets, labels, n_classes)
    rows = np.bincount(labels, minlength=n_classes)
    parts: list[Answers] = [_none_of(n_classes)]
    places: list[np.ndarray] = []
    for fold in range(FOLDS):
        inside = np.flatnonzero(folds == fold)
        mine, offsets = take(found, read.offsets, inside)
        sums, left = np.zeros_like(total), rows  # nothing to learn from: the majority
        if 0 < len(inside) < len(labels):
            sums = total - class_sums(mine, columns.n, offsets, labels[inside], n_classes)
            left = rows - np.bincount(labels[inside], minlength=n_classes)
        parts.append(_model(columns, sums, left, read.single).of_columns(mine, offsets, labels[inside]))
        places.append(inside)
    order = np.argsort(np.concatenate(places), kind="stable")
    return stack_answers(parts).take(order)


def class_sums(
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


def _model(columns: Columns, sums: np.ndarray, rows: np.ndarray, single: bool) -> Predictor:
    """Of class sums (n_columns, C) and rows per class (C,). A class without rows is never answered."""
    nothing = np.zeros((1, len(rows)))
    prior = prior_of(rows)
    if not len(sums):
        return Predictor(columns, prior, nothing)
    if not single:
        return Predictor(columns, prior, np.vstack([from_sums(sums, rows).weights, nothing]))
    with np.errstate(divide="ignore"):
        weights = np.log(sums + rows / max(rows.sum(), 1)) - np.log(sums.sum(axis=1, keepdims=True) + 1)
    weights -= np.where(rows > 0, prior, 0.0)
    weights[:, rows == 0] = 0.0  # its prior is minus infinity as it is
    return Predictor(columns, prior, np.vstack([weights, nothing]))


def _none_of(n_classes: int) -> Answers:
    empty = np.zeros(0)
    return Answers(np.zeros(0, np.int32), empty, empty, np.zeros(0, np.bool_))
