"""Signals: what finished runs say of rows that have no labels, each a function of arrays to a number.

All are estimates of accuracy, but for those of the rows themselves. They hold `new` rows against rows `here` that have
labels, of the same runs in the same order.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar, nnls
from scipy.special import log_softmax, softmax

from brittlestar.core.answers import Probabilities

LEAST_PROBABILITY = 1e-12  # convention: the probability below which logarithms are cut
JUST_LIKE = 0.9  # convention: who makes more of the same mistakes is no outsider
MOST_STEPS, STILL = 200, 1e-5  # numerical
WHOLE = 100.0  # numerical: how much more the sum of all shares counts than any other equation
GUESSES = ("usual", "answered", "likely", "matched")
"""Class shares that rows without labels may have."""


def count_alike_once(here: Probabilities, new: Probabilities) -> tuple[Probabilities, Probabilities]:
    """One run where all give the same probabilities on both: a model without luck agrees with itself wherever it errs.
    Bare labels stay, which runs with luck may share."""
    sides = (here, new)
    if here.bare or new.bare or not all((side.values == side.values[:1]).all() for side in sides):
        return sides
    return replace(here, values=here.values[:1]), replace(new, values=new.values[:1])


def accuracies(answers: Probabilities, labels: np.ndarray) -> np.ndarray:
    """float64 (n_runs,): the share of rows that each run answers rightly; `labels` int (n_rows,), -1 for none."""
    return (answers.predicted == labels).mean(axis=1)


def agreement(answers: Probabilities) -> float:
    """The share of rows on which two runs give the same answer, over all pairs of runs (Jiang et al. 2022). Needs two
    runs."""
    predicted, (n_runs, n_rows, n_classes) = answers.predicted, answers.values.shape
    votes = np.zeros((n_rows, n_classes), np.int64)
    for run in predicted:
        votes[np.arange(n_rows), run] += 1
    return float((votes * (votes - 1)).sum()) / (n_runs * (n_runs - 1) * n_rows)


def peer_confidence(answers: Probabilities) -> float:
    """The mean probability that the other runs give a run's answer: agreement by degrees. Needs two runs."""
    return float(expect_rows(answers).mean())


def expect_rows(answers: Probabilities) -> np.ndarray:
    """float64 (n_rows,) in [0, 1]: how sure the other runs are of each run's answer, mean over runs; of one run, how
    sure it is itself."""
    total, rows, others = answers.values.sum(axis=0), np.arange(answers.values.shape[1]), answers.n_runs - 1
    if not others:
        return answers.values[0].max(axis=1)
    pairs = zip(answers.values, answers.predicted, strict=True)
    return np.mean([(total[rows, answer] - mine[rows, answer]) / others for mine, answer in pairs], axis=0)


def confidence(answers: Probabilities) -> float:
    """The mean probability of the answer, over rows and runs."""
    return float(answers.values.max(axis=2).mean())


def fit_temperature(values: np.ndarray, labels: np.ndarray) -> float:
    """The temperature in [0.05, 20] at which probabilities (n, C) have the least log loss (Guo et al. 2017)."""
    known = np.flatnonzero(labels >= 0)
    logits = np.log(np.maximum(values[known], LEAST_PROBABILITY))

    if not len(known):
        return 1.0

    def loss(log_temperature: float) -> float:
        told = log_softmax(logits / np.exp(log_temperature), axis=1)
        return -float(told[np.arange(len(known)), labels[known]].mean())

    found: Any = minimize_scalar(loss, bounds=(np.log(0.05), np.log(20.0)), method="bounded")
    return float(np.exp(found.x))


def _at_temperatures(answers: Probabilities, temperatures: Sequence[float]) -> Probabilities:
    logits = np.log(np.maximum(answers.values, LEAST_PROBABILITY))
    return replace(answers, values=softmax(logits / np.asarray(temperatures)[:, None, None], axis=2))


def list_estimates(
    here: Probabilities, labels: np.ndarray, new: Probabilities, outside: tuple[np.ndarray, np.ndarray] | None
) -> dict[str, float]:
    """Estimates of accuracy on the new rows, those that these answers allow, and what they rest on: `agreement` needs
    two runs, `confidence` probabilities, `peers` both (each run at its temperature here), `outsider` what somebody else
    answers `outside`, int (n_rows_here,) and (n_rows_new,), who is not just like the runs. Also what shares of classes
    do (`list_guesses`). `labels` int (n_rows_here,)."""
    score, found = float(accuracies(here, labels).mean()), dict[str, float]()
    sides = (here, new)
    if here.n_runs > 1:
        found |= {"runs_agree_here": agreement(here), "runs_agree": agreement(new)}
        found["agreement"] = score + found["runs_agree"] - found["runs_agree_here"]
    if not here.bare and not new.bare:
        temperatures = [fit_temperature(run, labels) for run in here.values]
        found |= {"mean_confidence_here": confidence(here), "mean_confidence": confidence(new)}
        found["confidence"] = score + found["mean_confidence"] - found["mean_confidence_here"]
        sides = tuple(_at_temperatures(side, temperatures) for side in sides)
        if here.n_runs > 1:
            usual, now = map(peer_confidence, sides)
            found["peers"] = score + now - usual
    if outside is not None:
        usual, now = (float((one.predicted == answer).mean()) for one, answer in zip((here, new), outside, strict=True))
        wrong, alike = here.predicted != labels, here.predicted == outside[0]
        if (wrong & alike).sum() <= JUST_LIKE * wrong.sum():
            found |= {"outsider_agrees_here": usual, "outsider_agrees": now, "outsider": score + now - usual}
    return {**found, **list_guesses(sides[0], labels, sides[1])}


def list_guesses(here: Probabilities, labels: np.ndarray, new: Probabilities) -> dict[str, float]:
    """What guesses at the class shares of the new rows allow: for each the accuracy of answers as they are given but at
    random (`chance_GUESS`), and the most that answers so frequent can reach (`most_GUESS`). Guesses are the shares of
    the labelled rows (`usual`), those of the answers (`answered`), the likeliest ones (`likely`; Saerens, Latinne and
    Decaestecker 2002), and those that fit how classes are mistaken here (`matched`; Lipton, Wang and Smola 2018)."""
    n_classes, known = here.values.shape[2], labels >= 0
    usual = np.bincount(labels[known], minlength=n_classes) / max(known.sum(), 1)
    answered = _answer_shares(new)
    mistakes = np.zeros((n_classes, n_classes))
    for run in here.predicted:
        np.add.at(mistakes, (labels[known], run[known]), 1.0)
    guesses = {
        "usual": usual,
        "answered": answered,
        "likely": _find_likeliest(new.values.mean(axis=0), usual),
        "matched": _match_mistakes(mistakes, answered),
    }
    return {
        **{f"chance_{name}": float((shares * answered).sum()) for name, shares in guesses.items()},
        **{f"most_{name}": float(np.minimum(shares, answered).sum()) for name, shares in guesses.items()},
    }


def _answer_shares(answers: Probabilities) -> np.ndarray:
    counts = np.bincount(answers.predicted.reshape(-1), minlength=answers.values.shape[2])
    return counts / counts.sum()


def _find_likeliest(values: np.ndarray, usual: np.ndarray) -> np.ndarray:
    """Class shares (C,) of rows with these probabilities (n, C), which hold where classes are as frequent as `usual`:
    expectation and maximisation in turn."""
    prior = np.maximum(usual, LEAST_PROBABILITY)
    shares = prior / prior.sum()
    for _ in range(MOST_STEPS):
        told = values * (shares / prior)
        moved = (told / np.maximum(told.sum(axis=1, keepdims=True), LEAST_PROBABILITY)).mean(axis=0)
        if np.abs(moved - shares).max() < STILL:
            return moved
        shares = moved
    return shares


def _match_mistakes(mistakes: np.ndarray, answered: np.ndarray) -> np.ndarray:
    """Class shares (C,), from 0 on, under which rows that are mistaken as counted (C, C) are answered so often (C,)."""
    known = np.flatnonzero(mistakes.sum(axis=1))
    if not len(known):
        return answered
    recall = mistakes[known] / mistakes[known].sum(axis=1, keepdims=True)
    found = np.zeros(len(answered))
    found[known] = nnls(np.vstack([recall.T, np.full(len(known), WHOLE)]), np.append(answered, WHOLE))[0]
    return found / found.sum()
