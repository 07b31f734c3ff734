"""Signals that the tool does not ship, since they add nothing on tasks left out: calibrated confidence, shares of
classes, and how well a classifier tells new rows from known ones."""

import numpy as np
from scipy import sparse
from scipy.special import log_softmax
from scipy.stats import rankdata

from brittlestar.baselines.bayes import folds_of, out_of_fold
from brittlestar.core.results import RunProbabilities
from brittlestar.core.seeds import generator
from brittlestar.core.splits import EncodedSplit
from brittlestar.core.token_rows import TokenRows
from brittlestar.forecasts.signals import LEAST, fit_temperature

TURNS, CLOSE = 200, 1e-6
MOST_ROWS = 2000
STEPS = 8


def calibrated(here: RunProbabilities, labels: np.ndarray, new: RunProbabilities) -> float:
    """The mean probability of the answer after one temperature a run (Guo et al. 2017), fitted here: what NannyML calls
    confidence-based performance estimation, of accuracy."""
    found: list[float] = []
    for mine, theirs in zip(here.values, new.values, strict=True):
        asked = np.log(np.maximum(theirs, LEAST))
        found.append(float(np.exp(log_softmax(asked / fit_temperature(mine, labels), axis=1)).max(1).mean()))
    return float(np.mean(found))


def of_class_shares(here: RunProbabilities, labels: np.ndarray, new: RunProbabilities) -> float:
    """Accuracy if nothing but the shares of classes moved: recall here, weighted by the shares of the new rows, which
    are those of the greatest likelihood (Saerens et al. 2002); mean over runs."""
    n_classes = here.values.shape[2]
    counts = np.bincount(labels[labels >= 0], minlength=n_classes).astype(np.float64)
    usual = np.maximum(counts, 0.5) / np.maximum(counts, 0.5).sum()
    found: list[float] = []
    for mine, theirs in zip(here.predicted, new.values, strict=True):
        right = np.bincount(labels[(mine == labels)], minlength=n_classes)
        recall = np.where(counts > 0, right / np.maximum(counts, 1), right.sum() / max(counts.sum(), 1))
        found.append(float(_class_shares(theirs, usual) @ recall))
    return float(np.mean(found))


def _class_shares(probabilities: np.ndarray, usual: np.ndarray) -> np.ndarray:
    """float64 (C,): shares of classes among rows, from probabilities that are right where shares are the usual ones."""
    shares = usual
    for _ in range(TURNS):
        weighed = probabilities * (shares / usual)
        weighed /= np.maximum(weighed.sum(axis=1, keepdims=True), LEAST)
        before, shares = shares, weighed.mean(axis=0)
        if float(np.abs(shares - before).max()) < CLOSE:
            break
    return shares


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
