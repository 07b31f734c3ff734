"""Rows of metrics that are no mean over rows: scikit-learn's scores, and its derivatives by a row's weight."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import balanced_accuracy_score, f1_score

from brittlestar.statistics.metric_rows import is_additive, linearise_rows

random = np.random.default_rng(0)
LABELS, PREDICTED = random.integers(0, 3, 120), random.integers(0, 3, (4, 120))
WEIGHTS = {"shape": random.integers(1, 4, 120), "colour": random.integers(1, 5, 120)}


def weighted(predicted: np.ndarray, rows: np.ndarray, factor: str) -> float:
    own = rows * WEIGHTS[factor]
    return float(own[predicted == LABELS].sum() / own.sum())


def harmonic(predicted: np.ndarray, rows: np.ndarray) -> float:
    return 2 / sum(1 / weighted(predicted, rows, factor) for factor in WEIGHTS)


SCORES: dict[str, Callable[[np.ndarray, np.ndarray], float]] = {
    "accuracy": lambda p, rows: float(np.average(p == LABELS, weights=rows)),
    "macro_f1": lambda p, rows: f1_score(LABELS, p, average="macro", sample_weight=rows),
    "balanced_accuracy": lambda p, rows: balanced_accuracy_score(LABELS, p, sample_weight=rows),
    "swa": lambda p, rows: weighted(p, rows, "shape"),
    "hwa": harmonic,
}


@pytest.mark.parametrize("metric", SCORES)
def test_means_are_scores_and_rows_are_derivatives(metric: str) -> None:
    found = linearise_rows(metric, PREDICTED, LABELS, 3, WEIGHTS)
    score, ones, step = SCORES[metric], np.ones(120), 1e-6
    assert found.mean(axis=1) == pytest.approx([score(one, ones) for one in PREDICTED])
    for run in (0, 3):
        for row in (0, 17, 119):
            more, less = ones.copy(), ones.copy()
            more[row], less[row] = 1 + step, 1 - step
            slope = (score(PREDICTED[run], more) - score(PREDICTED[run], less)) / (2 * step)
            assert found[run, row] - found[run].mean() == pytest.approx(120 * slope, abs=1e-6)


@given(st.sampled_from(sorted(SCORES)), st.integers(0, 2), st.integers(1, 6))
def test_degenerate_answers_have_finite_rows(metric: str, answer: int, rows: int) -> None:
    labels = np.full(rows, -1)
    weights = {name: one[:rows] for name, one in WEIGHTS.items()}
    for truth in (labels, labels + 1 + answer):
        found = linearise_rows(metric, np.full((2, rows), answer), truth, 3, weights)
        assert np.isfinite(found).all() and (np.abs(found.mean(axis=1) - (truth[0] == answer)) < 1e-9).all()


def test_only_known_means_over_rows_are_additive() -> None:
    assert is_additive("accuracy") and is_additive("log_loss")
    assert not any(map(is_additive, ("macro_f1", "hwa", "shape_weighted_accuracy", "mcc", "")))
    with pytest.raises(ValueError, match="probabilities"):
        linearise_rows("ece", PREDICTED, LABELS, 3, WEIGHTS)
