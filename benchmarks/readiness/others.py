"""What other tools and methods estimate from the same answers, and how well a classifier tells new rows from known
ones."""

import os
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import linear_sum_assignment, nnls
from scipy.special import xlogy
from scipy.stats import rankdata
from sklearn.base import BaseEstimator

from brittlestar.baselines.bayes import folds_of, out_of_fold
from brittlestar.core.answers import Probabilities
from brittlestar.core.seeds import generator
from brittlestar.core.splits import EncodedSplit
from brittlestar.core.token_rows import TokenRows
from brittlestar.forecasts.signals import LEAST_PROBABILITY, accuracies, expect_rows

os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"
MOST_ROWS = 2000
STEPS = 8
MOST_ODDS = 5.0  # numerical: no row counts more than 150 times as much as it would alone
SUBSETS, SUBSET_RIDGE = 200, 0.02
MOST_CARRIED = 400
WHOLE = 100.0  # numerical: how much more the sum of all shares counts than any other equation


def estimate_by_nannyml(here: Probabilities, labels: np.ndarray, new: Probabilities) -> float:
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


def estimate_by_leap(here: Probabilities, labels: np.ndarray, new: Probabilities) -> float:
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


def above_threshold(here: Probabilities, labels: np.ndarray, new: Probabilities) -> float:
    """Average thresholded confidence (Garg et al. 2022): the share of new rows whose negative entropy is above what as
    many rows here exceed as are right (of rows that are just as sure, as large a part as here); mean over runs."""
    found: list[float] = []
    for mine, theirs, accuracy in zip(here.values, new.values, accuracies(here, labels), strict=True):
        known, asked = (xlogy(one, np.maximum(one, LEAST_PROBABILITY)).sum(axis=1).round(9) for one in (mine, theirs))
        wrong = round((1 - float(accuracy)) * len(known))
        threshold = np.sort(known)[wrong - 1] if wrong else -np.inf
        equal = float((known == threshold).mean())
        part = (float(accuracy) - float((known > threshold).mean())) / equal if equal else 0.0
        found.append(float((asked > threshold).mean() + part * (asked == threshold).mean()))
    return float(np.mean(found))


def weigh_rows(here: Probabilities, labels: np.ndarray, apart: np.ndarray) -> float:
    """Importance weights (Mandoline, Chen et al. 2021): accuracy here with each row as often as a classifier finds rows
    like it among the new ones; `apart` (n_rows_here,) are its log odds."""
    weights = np.exp(np.clip(apart, -MOST_ODDS, MOST_ODDS))
    return float((weights * (here.predicted == labels).mean(axis=0)).sum() / weights.sum())


def fit_subsets(here: Probabilities, labels: np.ndarray, new: Probabilities, keys: Sequence[np.ndarray]) -> float:
    """Automatic evaluation (Deng and Zheng 2021): accuracy over how sure the runs are of each other and of themselves,
    by ridge regression on subsets of the labelled rows that are chosen along random directions of `keys` (n_rows,)."""
    random, n = generator(0, "forecast", "subsets"), len(labels)
    right, sure = (here.predicted == labels).mean(axis=0), np.column_stack([expect_rows(here), _surest(here)])
    centred = [(key - key.mean()) / max(key.std(), LEAST_PROBABILITY) for key in keys]
    pairs: list[tuple[np.ndarray, float]] = []
    for _ in range(SUBSETS):
        along = sum(random.normal() * one for one in centred) + random.normal(size=n) * random.uniform(0, 2)
        rows = np.argsort(along)[: max(int(random.uniform(0.1, 0.6) * n), 30)]
        pairs.append((sure[rows].mean(axis=0) - sure.mean(axis=0), float(right[rows].mean() - right.mean())))
    sides, falls = np.asarray([one for one, _ in pairs]), np.asarray([fall for _, fall in pairs])
    slopes = np.linalg.solve(sides.T @ sides + SUBSET_RIDGE * np.eye(2), sides.T @ falls)
    asked = np.asarray([expect_rows(new).mean(), _surest(new).mean()]) - sure.mean(axis=0)
    return float(right.mean() + asked @ slopes)


def _surest(answers: Probabilities) -> np.ndarray:
    return answers.values.max(axis=2).mean(axis=0)


def transport(answers: Probabilities, usual: np.ndarray) -> float:
    """Confidence by optimal transport (Lu et al. 2023): 1 less the mean cost, the largest difference, of carrying
    probabilities to certain classes as frequent as `usual` (C,); at most 400 rows of each run."""
    found: list[float] = []
    for run in answers.values:
        rows = generator(0, "forecast", "transport").permutation(len(run))[:MOST_CARRIED]
        values = run[rows]
        targets = np.eye(len(usual))[np.repeat(np.arange(len(usual)), _share_out(usual, len(rows)))]
        cost = np.abs(values[:, None, :] - targets[None, :, :]).max(axis=2)
        found.append(1 - float(cost[linear_sum_assignment(cost)].mean()))
    return float(np.mean(found))


def _share_out(shares: np.ndarray, n: int) -> np.ndarray:
    """n rows by shares: whole numbers, the largest remainders first."""
    counts = np.floor(shares * n).astype(int)
    counts[np.argsort(counts - shares * n)[: n - counts.sum()]] += 1
    return counts


def tell_apart(here: EncodedSplit, new: EncodedSplit, n_tokens: int) -> tuple[float, np.ndarray]:
    """The area under the curve with which naive Bayes on tokens, neighbours and length tells new rows from rows here,
    out of fold: .5 where nothing tells them apart, 1 where everything does; and its log odds of the rows here. At most
    2,000 rows a side."""
    sides = [_draw(one) for one in (here, new)]
    label = np.repeat([0, 1], [side.n_rows for side in sides])
    codes = np.concatenate([side.codes for side in sides]).astype(np.int64)
    lengths = np.concatenate([side.lengths for side in sides])
    counts = _count(codes, lengths, n_tokens)
    folds = folds_of(generator(0, "forecast", "folds").integers(0, 1 << 32, len(label), np.uint64))
    logits = out_of_fold(counts, label, 2, folds)
    score = np.nan_to_num(logits[:, 1] - logits[:, 0])
    n, m = (side.n_rows for side in sides)
    area = float((rankdata(score)[n:].sum() - m * (m + 1) / 2) / (n * m)) if n and m else 0.5
    return area, score[:n]


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
