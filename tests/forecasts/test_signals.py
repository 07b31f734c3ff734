"""Signals against their definitions, counted by hand or by brute force."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.core.results import RunProbabilities
from brittlestar.forecasts.signals import (
    above_threshold,
    accuracies,
    agreement,
    confidence,
    expect_rows,
    list_estimates,
    peer_confidence,
)


def make(seed: int, runs: int = 4, rows: int = 60, classes: int = 3, sharp: float = 1.0) -> RunProbabilities:
    values = np.random.default_rng(seed).dirichlet(np.full(classes, 1 / sharp), (runs, rows))
    return RunProbabilities(values, False, np.arange(rows))


@given(st.integers(0, 50), st.integers(2, 5))
def test_agreement_is_that_of_all_pairs(seed: int, runs: int) -> None:
    answers = make(seed, runs)
    pairs = [(one == other).mean() for one, other in combinations(answers.predicted, 2)]
    assert agreement(answers) == pytest.approx(np.mean(pairs))


@given(st.integers(0, 50))
def test_peers_say_how_sure_the_others_are_of_an_answer(seed: int) -> None:
    answers = make(seed)
    found = [
        other[row, mine[row].argmax()]
        for k, mine in enumerate(answers.values)
        for j, other in enumerate(answers.values)
        if j != k
        for row in range(len(mine))
    ]
    assert peer_confidence(answers) == pytest.approx(np.mean(found))


def test_runs_that_are_sure_agree_by_degrees_as_by_count() -> None:
    answers = make(1, sharp=1e6)
    assert peer_confidence(answers) == pytest.approx(agreement(answers), abs=1e-3)


def test_one_run_is_as_sure_as_it_says() -> None:
    answers = make(2, runs=1)
    assert expect_rows(answers).tolist() == answers.values[0].max(axis=1).tolist()
    assert confidence(answers) == pytest.approx(answers.values.max(axis=2).mean())


def test_on_the_rows_themselves_every_estimate_is_their_accuracy() -> None:
    answers, labels = make(3, rows=400), np.random.default_rng(3).integers(0, 3, 400)
    score = accuracies(answers, labels).mean()
    found = list_estimates(answers, labels, answers)
    for name in ("agreement", "peers", "confidence", "threshold"):
        assert found[name] == pytest.approx(score, abs=1e-9), name


def test_rows_without_confidence_are_below_the_threshold() -> None:
    here, labels = make(4, sharp=3.0, rows=500), np.zeros(500, np.int64)
    flat = RunProbabilities(np.full((4, 30, 3), 1 / 3), False, np.arange(30))
    assert above_threshold(here, labels, flat) == 0.0


def test_rows_that_are_all_as_sure_stay_as_they_are() -> None:
    values = np.where(np.eye(2)[np.random.default_rng(6).integers(0, 2, (3, 200))] == 1, 0.8, 0.2)
    answers, labels = RunProbabilities(values, False, np.arange(200)), np.random.default_rng(7).integers(0, 2, 200)
    assert above_threshold(answers, labels, answers) == pytest.approx(accuracies(answers, labels).mean())


def test_bare_labels_leave_agreement_alone() -> None:
    hard = RunProbabilities(np.eye(3)[make(5).predicted], True, np.arange(60))
    found = list_estimates(hard, np.zeros(60, np.int64), hard)
    assert {*found} == {"agreement", "runs_agree", "runs_agree_here"}
    alone = RunProbabilities(hard.values[:1], True, hard.rows)
    assert list_estimates(alone, np.zeros(60, np.int64), alone) == {}
