"""Signals against their definitions, counted by hand or by brute force."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.core.answers import Probabilities
from brittlestar.forecasts.signals import (
    GUESSES,
    accuracies,
    agreement,
    confidence,
    expect_rows,
    list_estimates,
    list_guesses,
    peer_confidence,
)


def make(seed: int, runs: int = 4, rows: int = 60, classes: int = 3, sharp: float = 1.0) -> Probabilities:
    values = np.random.default_rng(seed).dirichlet(np.full(classes, 1 / sharp), (runs, rows))
    return Probabilities(values=values, bare=False, places=np.arange(rows))


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
    score, outsider = accuracies(answers, labels).mean(), np.random.default_rng(4).integers(0, 3, 400)
    found = list_estimates(answers, labels, answers, (outsider, outsider))
    for name in ("agreement", "peers", "confidence", "outsider"):
        assert found[name] == pytest.approx(score, abs=1e-9), name


def test_who_answers_alike_is_no_outsider() -> None:
    answers = make(3, runs=1)
    alike, rows = answers.predicted[0], np.arange(60)
    labels = np.where(rows < 20, (alike + 1) % 3, alike)  # 20 mistakes
    assert "outsider" not in list_estimates(answers, labels, answers, (alike, alike))
    right = np.where(rows < 2, labels, alike)  # it makes 18 of the same
    assert "outsider" in list_estimates(answers, labels, answers, (right, alike))
    other = np.where(rows < 6, labels, alike)
    found = list_estimates(answers, labels, answers, (other, alike))
    assert found["outsider"] - (found["outsider_agrees"] - found["outsider_agrees_here"]) == pytest.approx(
        accuracies(answers, labels).mean()
    )
    assert (found["outsider_agrees_here"], found["outsider_agrees"]) == (0.9, 1.0)


def test_bare_labels_leave_agreement_and_an_outsider_alone() -> None:
    bare = Probabilities(values=np.eye(3)[make(5).predicted], bare=True, places=np.arange(60))
    guesses = {f"{kind}_{guess}" for kind in ("chance", "most") for guess in GUESSES}
    found = list_estimates(bare, np.zeros(60, np.int64), bare, None)
    assert {*found} - guesses == {"agreement", "runs_agree", "runs_agree_here"}
    alone = Probabilities(values=bare.values[:1], bare=True, places=bare.places)
    assert {*list_estimates(alone, np.zeros(60, np.int64), alone, None)} == guesses


@given(st.integers(0, 30), st.floats(0.05, 0.95))
def test_the_likeliest_shares_have_the_highest_likelihood(seed: int, share: float) -> None:
    """Of two classes, by a grid: rows that are sure with the right odds where both are as frequent."""
    random = np.random.default_rng(seed)
    truth = random.random(800) < share
    sure = np.where(truth, random.beta(4, 2, 800), random.beta(2, 4, 800))
    odds = (sure / (1 - sure)) ** 2  # of beta(4, 2) against beta(2, 4)
    values = np.column_stack([odds / (1 + odds), 1 / (1 + odds)])
    new = Probabilities(values=values[None], bare=False, places=np.arange(800))
    labels = np.arange(200) % 2
    here = Probabilities(values=np.eye(2)[labels][None], bare=False, places=np.arange(200))
    grid = np.linspace(0.001, 0.999, 999)
    likelihood = np.log(np.outer(values[:, 0] / 0.5, grid) + np.outer(values[:, 1] / 0.5, 1 - grid)).sum(axis=0)
    best = grid[likelihood.argmax()]
    answered = float((new.predicted == 0).mean())
    found = list_guesses(here, labels, new)
    assert found["most_likely"] == pytest.approx(min(best, answered) + min(1 - best, 1 - answered), abs=0.01)
    assert found["most_answered"] == pytest.approx(1)


def test_mistakes_that_stay_tell_the_shares_exactly() -> None:
    """Rows are answered as a table says, and the classes of the new ones are counted back from their answers."""
    table = np.array([[80, 15, 5], [10, 70, 20], [0, 30, 70]])
    labels = np.repeat(np.arange(3), table.sum(axis=1))
    told = np.concatenate([np.repeat(np.arange(3), row) for row in table])
    here = Probabilities(values=np.eye(3)[told][None], bare=True, places=np.arange(300))
    shares = np.array([0.6, 0.1, 0.3])
    answered = np.round(shares @ (table / 100) * 1000).astype(int)
    new = Probabilities(
        values=np.eye(3)[np.repeat(np.arange(3), answered)][None], bare=True, places=np.arange(answered.sum())
    )
    found = list_guesses(here, labels, new)
    assert found["chance_matched"] == pytest.approx(float(shares @ answered) / answered.sum(), abs=1e-6)
    assert found["most_matched"] == pytest.approx(float(np.minimum(shares, answered / answered.sum()).sum()), abs=1e-6)
    assert found["chance_usual"] == pytest.approx(1 / 3)
    nothing = list_guesses(here, np.full(300, -1), new)  # no labelled row has a class of train
    assert nothing["most_matched"] == pytest.approx(1) and all(0 <= one <= 1 for one in nothing.values())
