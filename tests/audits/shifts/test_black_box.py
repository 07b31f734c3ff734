from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from brittlestar.audits.shifts import label
from brittlestar.audits.shifts.black_box import bbse, confusion_of
from tests.audits.making import make_analysis, three_splits


def test_weights_of_a_perfect_model_are_ratios_of_shares():
    found = bbse(np.diag([0.5, 0.3, 0.2]), np.array([0.25, 0.6, 0.15]))
    assert found.weights is not None
    np.testing.assert_allclose(found.weights, [0.5, 2.0, 0.75])


def test_weights_are_recovered_through_mistakes():
    given_class = np.array([[0.8, 0.1, 0.2], [0.1, 0.8, 0.1], [0.1, 0.1, 0.7]])
    dev, other = np.array([0.5, 0.3, 0.2]), np.array([0.2, 0.3, 0.5])
    found = bbse(given_class * dev, given_class @ other)
    assert found.weights is not None
    np.testing.assert_allclose(found.weights, other / dev)


def test_a_model_that_cannot_tell_classes_is_refused_with_its_condition_number():
    found = bbse(np.array([[0.251, 0.249], [0.249, 0.251]]), np.array([0.5, 0.5]))
    assert found.weights is None
    assert found.condition == pytest.approx(250, rel=0.01)
    assert "ill-conditioned (condition number 250" in found.reason


def test_a_singular_matrix_and_a_missing_class_are_refused():
    assert bbse(np.full((2, 2), 0.25), np.array([0.5, 0.5])).as_json("ab")["weights"] is None
    assert bbse(np.diag([1.0, 0.0]), np.array([0.5, 0.5])).reason == "a class has no rows in dev"


def test_a_coin_that_predicts_is_refused_for_its_number_of_rows():
    coin, shares = np.array([[0.26, 0.24], [0.24, 0.26]]), np.array([0.51, 0.49])
    refused = bbse(coin, shares, (450, 450))
    assert refused.weights is None and "450 dev rows" in refused.reason
    assert bbse(coin, shares, (2_000_000, 2_000_000)).weights is not None


@pytest.mark.slow
def test_intervals_cover_the_true_weights():
    given_class, random = np.array([[0.8, 0.3], [0.2, 0.7]]), np.random.default_rng(0)
    dev, other = np.array([0.5, 0.5]), np.array([0.2, 0.8])
    hits = 0
    for _ in range(200):
        confusion = random.multinomial(600, (given_class * dev).ravel()).reshape(2, 2) / 600
        found = bbse(confusion, random.multinomial(600, given_class @ other) / 600, (600, 600))
        assert found.intervals is not None
        hits += bool(found.intervals[0, 0] <= 0.4 <= found.intervals[0, 1])
    assert 178 <= hits <= 199


def test_negative_weights_become_zero():
    found = bbse(np.array([[0.4, 0.1], [0.1, 0.4]]), np.array([0.05, 0.95]))
    assert found.weights is not None
    assert found.weights.min() == 0.0


def test_the_confusion_holds_predictions_in_rows_and_leaves_unknown_labels_out():
    found = confusion_of(np.array([0, 0, 1, 2]), np.array([0, 1, 1, 0]), 2)
    np.testing.assert_allclose(found, np.array([[1, 0], [1, 1]]) / 3)


def test_weights_stand_in_the_evidence_where_there_are_predictions():
    made = make_analysis(three_splits())
    sure = {name: np.eye(2)[made.splits[name].labels] for name in ("dev", "test")}
    found = {f.where["split"]: f for f in label.check(replace(made, predictions={"arm": sure}))}
    shares = {name: np.bincount(made.splits[name].labels) / made.splits[name].n_rows for name in sure}
    weights = found["test"].evidence["label_shift_weights"]["arm"]["weights"]
    np.testing.assert_allclose(list(weights.values()), shares["test"] / shares["dev"])
    assert "label_shift_weights" not in found["dev"].evidence
