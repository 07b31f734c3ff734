"""Multinomial naive Bayes on sparse counts: what shallow models are made of here."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

SMOOTHING = 1.0  # convention: add-one smoothing (McCallum and Nigam 1998)
FOLDS = 5  # convention: five-fold cross-validation


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
