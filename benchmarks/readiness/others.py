"""What other tools estimate from the same answers, and how well a classifier tells new rows from known ones."""

import os
import warnings
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import nnls
from scipy.stats import rankdata
from sklearn.base import BaseEstimator

from brittlestar.baselines.bayes import folds_of, out_of_fold
from brittlestar.core.results import RunProbabilities
from brittlestar.core.seeds import generator
from brittlestar.core.splits import EncodedSplit
from brittlestar.core.token_rows import TokenRows

os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"
MOST_ROWS = 2000
STEPS = 8
WHOLE = 100.0  # numerical: how much more the sum of all shares counts than any other equation


def estimate_by_nannyml(here: RunProbabilities, labels: np.ndarray, new: RunProbabilities) -> float:
    """Confidence-based performance estimation as NannyML does it, of accuracy, all rows one chunk; mean over runs."""
    from nannyml.performance_estimation.confidence_based import CBPE

    n_classes = here.values.shape[2]
    columns = {k: f"p{k}" for k in range(n_classes)}
    found: list[float] = []
    for mine, theirs in zip(here.values, new.values, strict=True):
        known, asked = (_frame(one, columns) for one in (mine, theirs))
        known["label"] = labels
        kind: dict[str, Any] = {"problem_type": "classification_multiclass", "y_pred_proba": columns}
        if n_classes == 2:
            kind = {"problem_type": "classification_binary", "y_pred_proba": columns[1]}
        estimator = CBPE(y_pred="answer", y_true="label", metrics=["accuracy"], chunk_number=1, **kind)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = estimator.fit(known[labels >= 0]).estimate(asked).filter(period="analysis").to_df()
        found.append(float(result[("accuracy", "value")].iloc[0]))
    return float(np.mean(found))


def _frame(probabilities: np.ndarray, columns: dict[int, str]) -> pd.DataFrame:
    frame = pd.DataFrame(probabilities.astype(np.float64), columns=list(columns.values()))
    frame["answer"] = probabilities.argmax(axis=1)
    return frame


def estimate_by_leap(here: RunProbabilities, labels: np.ndarray, new: RunProbabilities) -> float:
    """LEAP (Volpi et al. 2024): the table of classes by answers whose recall is as here, whose answers are those of the
    new rows and whose classes have the shares that QuaPy's KDEy finds; mean over runs."""
    from quapy.method.aggregative import KDEyML

    found: list[float] = []
    for mine, theirs in zip(here.values, new.values, strict=True):
        there = np.unique(labels[labels >= 0])
        quantifier = KDEyML(_Given(there), fit_classifier=False, val_split=None)
        quantifier.fit(mine[labels >= 0].astype(np.float64), labels[labels >= 0])
        shares = np.zeros(mine.shape[1])
        shares[there] = quantifier.predict(theirs.astype(np.float64))
        counts = np.zeros((mine.shape[1],) * 2)
        np.add.at(counts, (labels[labels >= 0], mine[labels >= 0].argmax(axis=1)), 1)
        answers = np.bincount(theirs.argmax(axis=1), minlength=mine.shape[1]) / len(theirs)
        found.append(float(np.trace(solve_table(counts, answers, shares))))
    return float(np.mean(found))


class _Given(BaseEstimator):
    """A classifier whose rows are its probabilities."""

    def __init__(self, classes_: np.ndarray) -> None:
        self.classes_ = classes_

    def fit(self, *_: np.ndarray) -> None:
        raise AssertionError("answers are given")

    def predict_proba(self, rows: np.ndarray) -> np.ndarray:
        return rows


def solve_table(counts: np.ndarray, answers: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """float64 (C, C): the shares of classes by answers, from 0 on, that come nearest to all equations of LEAP."""
    n = len(counts)
    recall = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    place = np.arange(n * n).reshape(n, n)
    sides, wanted = [np.full(n * n, WHOLE)], [WHOLE]
    for i in range(n):
        for j in range(n):
            side = np.zeros(n * n)
            side[place[i]] = -recall[i, j]
            side[place[i, j]] += 1
            sides.append(side)
            wanted.append(0.0)
    for k in range(n):
        for part, share in ((place[:, k], answers[k]), (place[k], shares[k])):
            side = np.zeros(n * n)
            side[part] = 1
            sides.append(side)
            wanted.append(float(share))
    return nnls(np.asarray(sides), np.asarray(wanted))[0].reshape(n, n)


def area_apart(here: EncodedSplit, new: EncodedSplit, n_tokens: int) -> float:
    """The area under the curve with which naive Bayes on tokens, neighbours and length tells new rows from rows here,
    out of fold: .5 where nothing tells them apart, 1 where everything does. At most 2,000 rows a side."""
    sides = [_draw(one) for one in (here, new)]
    label = np.repeat([0, 1], [one.n_rows for one in sides])
    codes = np.concatenate([one.codes for one in sides]).astype(np.int64)
    lengths = np.concatenate([one.lengths for one in sides])
    counts = _count(codes, lengths, n_tokens)
    folds = folds_of(generator(0, "forecast", "folds").integers(0, 1 << 32, len(label), np.uint64))
    logits = out_of_fold(counts, label, 2, folds)
    score = np.nan_to_num(logits[:, 1] - logits[:, 0])
    n, m = (one.n_rows for one in sides)
    return float((rankdata(score)[n:].sum() - m * (m + 1) / 2) / (n * m)) if n and m else 0.5


def _draw(split: EncodedSplit) -> TokenRows:
    rows = np.arange(split.n_rows)
    if split.n_rows > MOST_ROWS:
        rows = np.sort(generator(0, "forecast", split.name).choice(split.n_rows, MOST_ROWS, replace=False))
    return TokenRows(split.codes, split.offsets).take_tokens(rows)


def _count(codes: np.ndarray, lengths: np.ndarray, n_tokens: int) -> sparse.csr_matrix:
    """Counts of tokens, neighbours and the length's step by row, of what two rows hold."""
    row = np.repeat(np.arange(len(lengths)), lengths)
    inside = row[1:] == row[:-1]
    step = (STEPS * np.log2(np.maximum(lengths, 1))).astype(np.int64)
    keys = np.concatenate([codes, n_tokens + codes[:-1][inside] * n_tokens + codes[1:][inside], -1 - step])
    rows = np.concatenate([row, row[1:][inside], np.arange(len(lengths))])
    names, column = np.unique(keys, return_inverse=True)
    counts = sparse.csr_matrix((np.ones(len(rows)), (rows, column)), shape=(len(lengths), len(names)))
    held = np.bincount(counts.indices, minlength=len(names))
    return sparse.csr_matrix(counts[:, np.flatnonzero(held >= 2)])
