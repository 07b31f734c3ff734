"""Signals: what finished runs say of rows that have no labels, each a function of arrays to a number.

All are estimates of accuracy, but for those of the rows themselves. They hold `new` rows against rows `here` that have
labels, of the same runs in the same order.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax, xlogy

from brittlestar.core.results import RunProbabilities

LEAST = 1e-12  # convention: the probability below which logarithms are cut


def count_alike_once(here: RunProbabilities, new: RunProbabilities) -> tuple[RunProbabilities, RunProbabilities]:
    """One run where all give the same probabilities on both: a model without luck agrees with itself wherever it errs.
    Bare labels stay, which runs with luck may share."""
    sides = (here, new)
    if here.hard or new.hard or not all((one.values == one.values[:1]).all() for one in sides):
        return sides
    return replace(here, values=here.values[:1]), replace(new, values=new.values[:1])


def accuracies(answers: RunProbabilities, labels: np.ndarray) -> np.ndarray:
    """float64 (n_runs,): the share of rows that each run answers rightly; `labels` int (n_rows,), -1 for none."""
    return (answers.predicted == labels).mean(axis=1)


def agreement(answers: RunProbabilities) -> float:
    """The share of rows on which two runs give the same answer, over all pairs of runs (Jiang et al. 2022). Needs two
    runs."""
    predicted, (n_runs, n_rows, n_classes) = answers.predicted, answers.values.shape
    votes = np.zeros((n_rows, n_classes), np.int64)
    for run in predicted:
        votes[np.arange(n_rows), run] += 1
    return float((votes * (votes - 1)).sum()) / (n_runs * (n_runs - 1) * n_rows)


def peer_confidence(answers: RunProbabilities) -> float:
    """The mean probability that the other runs give a run's answer: agreement by degrees. Needs two runs."""
    return float(expect_rows(answers).mean())


def expect_rows(answers: RunProbabilities) -> np.ndarray:
    """float64 (n_rows,) in [0, 1]: how sure the other runs are of each run's answer, mean over runs; of one run, how
    sure it is itself."""
    total, rows, others = answers.values.sum(axis=0), np.arange(answers.values.shape[1]), answers.n_runs - 1
    if not others:
        return answers.values[0].max(axis=1)
    pairs = zip(answers.values, answers.predicted, strict=True)
    return np.mean([(total[rows, answer] - mine[rows, answer]) / others for mine, answer in pairs], axis=0)


def confidence(answers: RunProbabilities) -> float:
    """The mean probability of the answer, over rows and runs."""
    return float(answers.values.max(axis=2).mean())


def above_threshold(here: RunProbabilities, labels: np.ndarray, new: RunProbabilities) -> float:
    """Average thresholded confidence (Garg et al. 2022): the share of new rows whose negative entropy is above what as
    many rows here exceed as are right (of rows that are just as sure, as large a part as here); mean over runs."""
    found: list[float] = []
    for mine, theirs, accuracy in zip(here.values, new.values, accuracies(here, labels), strict=True):
        known, asked = (xlogy(one, np.maximum(one, LEAST)).sum(axis=1).round(9) for one in (mine, theirs))
        wrong = round((1 - float(accuracy)) * len(known))
        threshold = np.sort(known)[wrong - 1] if wrong else -np.inf
        equal = float((known == threshold).mean())
        part = (float(accuracy) - float((known > threshold).mean())) / equal if equal else 0.0
        found.append(float((asked > threshold).mean() + part * (asked == threshold).mean()))
    return float(np.mean(found))


def fit_temperature(values: np.ndarray, labels: np.ndarray) -> float:
    """The temperature in [0.05, 20] at which probabilities (n, C) have the least log loss (Guo et al. 2017)."""
    known = np.flatnonzero(labels >= 0)
    logits = np.log(np.maximum(values[known], LEAST))

    if not len(known):
        return 1.0

    def loss(log_temperature: float) -> float:
        told = log_softmax(logits / np.exp(log_temperature), axis=1)
        return -float(told[np.arange(len(known)), labels[known]].mean())

    found: Any = minimize_scalar(loss, bounds=(np.log(0.05), np.log(20.0)), method="bounded")
    return float(np.exp(found.x))


def _at_temperatures(answers: RunProbabilities, temperatures: Sequence[float]) -> RunProbabilities:
    logits = np.log(np.maximum(answers.values, LEAST))
    return replace(answers, values=softmax(logits / np.asarray(temperatures)[:, None, None], axis=2))


def list_estimates(here: RunProbabilities, labels: np.ndarray, new: RunProbabilities) -> dict[str, float]:
    """Estimates of accuracy on the new rows, those that these answers allow: `agreement` needs two runs, the others
    probabilities, `peers` both (each run at its temperature here). Also the agreement and confidence that they rest on.
    `labels` int (n_rows_here,)."""
    score, found = float(accuracies(here, labels).mean()), dict[str, float]()
    if here.n_runs > 1:
        found |= {"runs_agree_here": agreement(here), "runs_agree": agreement(new)}
        found["agreement"] = score + found["runs_agree"] - found["runs_agree_here"]
    if not here.hard and not new.hard:
        if here.n_runs > 1:
            temperatures = [fit_temperature(run, labels) for run in here.values]
            usual, now = (peer_confidence(_at_temperatures(one, temperatures)) for one in (here, new))
            found["peers"] = score + now - usual
        found |= {"mean_confidence_here": confidence(here), "mean_confidence": confidence(new)}
        found["confidence"] = score + found["mean_confidence"] - found["mean_confidence_here"]
        found["threshold"] = above_threshold(here, labels, new)
    return found
