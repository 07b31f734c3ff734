import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from brittlestar.core.metric_values import SMALLEST_PROBABILITY
from brittlestar.core.metrics import metric_names
from brittlestar.core.scores import majority_scores, score, softmax
from brittlestar.core.seeds import generator

SPR = ("shape", "colour")


@st.composite
def scored_splits(draw, unknown=True):
    n = draw(st.integers(1, 60))
    classes = draw(st.integers(2, 5))
    rng = generator(draw(st.integers(0, 10**6)), "metrics")
    # a coarse grid makes ties and probabilities of exactly 0 and 1 common
    raw = rng.integers(0, 4, (n, classes)).astype(float) + 1e-12 * (rng.random() < 0.5)
    raw[raw.sum(axis=1) == 0] = 1.0
    labels = rng.integers(-1 if unknown else 0, classes, n).astype(np.int32)
    weights = {name: rng.integers(0, 5, n).astype(np.int32) for name in SPR}
    return raw / raw.sum(axis=1, keepdims=True), labels, weights


def brute_force(probabilities, labels, weights):
    """Row by row, in plain Python, from the formulas of the contract."""
    predicted = [max(range(len(row)), key=lambda c, row=row: (row[c], -c)) for row in probabilities]
    right = [int(p == y) for p, y in zip(predicted, labels, strict=True)]
    classes = sorted(set(labels))
    recalls = [sum(r for r, y in zip(right, labels, strict=True) if y == c) / list(labels).count(c) for c in classes]
    losses = [
        -math.log(max(row[y], SMALLEST_PROBABILITY) if y >= 0 else SMALLEST_PROBABILITY)
        for row, y in zip(probabilities, labels, strict=True)
    ]
    calibration = 0.0
    for b in range(15):
        rows = [i for i, row in enumerate(probabilities) if b < max(row) * 15 <= b + 1]
        if rows:
            accuracy = sum(right[i] for i in rows) / len(rows)
            confidence = sum(max(probabilities[i]) for i in rows) / len(rows)
            calibration += len(rows) / len(right) * abs(accuracy - confidence)
    found = {
        "accuracy": sum(right) / len(right),
        "balanced_accuracy": sum(recalls) / len(recalls),
        "log_loss": sum(losses) / len(losses),
        "ece": calibration,
    }
    for name, factor in (("swa", "shape"), ("cwa", "colour")):
        total = sum(weights[factor])
        found[name] = sum(w * r for w, r in zip(weights[factor], right, strict=True)) / total if total else None
    if None in (found["swa"], found["cwa"]):
        found["hwa"] = None
    else:
        both = found["swa"] + found["cwa"]
        found["hwa"] = 2 * found["swa"] * found["cwa"] / both if both else 0.0
    return found


@settings(deadline=None, max_examples=200)
@given(scored_splits())
def test_every_metric_equals_its_formula_row_by_row(split):
    probabilities, labels, weights = split
    found = score(probabilities, labels, weights)
    for name, expected in brute_force(probabilities.tolist(), labels.tolist(), weights).items():
        assert found[name] == (None if expected is None else pytest.approx(expected, abs=1e-12)), name


@pytest.mark.filterwarnings("ignore:y_pred contains classes not in y_true")
@settings(deadline=None, max_examples=100)
@given(scored_splits())
def test_accuracies_and_macro_f1_equal_scikit_learn_with_unknown_labels_as_one_class(split):
    probabilities, labels, _ = split
    predicted = probabilities.argmax(axis=1)
    found = score(probabilities, labels, {})
    assert found["accuracy"] == pytest.approx(sk.accuracy_score(labels, predicted), abs=1e-12)
    assert found["balanced_accuracy"] == pytest.approx(
        sk.recall_score(labels, predicted, average="macro", labels=np.unique(labels), zero_division=0), abs=1e-12
    )
    assert found["macro_f1"] == pytest.approx(
        sk.f1_score(labels, predicted, average="macro", zero_division=0), abs=1e-12
    )


def test_all_wrong_gives_a_harmonic_mean_of_0_and_weights_of_0_give_none():
    probabilities, labels = np.array([[1.0, 0.0]]), np.array([1])
    one, nothing = np.array([1]), np.array([0])
    assert score(probabilities, labels, {"shape": one, "colour": one})["hwa"] == 0.0
    found = score(probabilities, labels, {"shape": one, "colour": nothing})
    assert (found["swa"], found["cwa"], found["hwa"]) == (0.0, None, None)


@pytest.mark.parametrize(
    ("factors", "extra"),
    [
        ((), ()),
        (("colour", "shape"), ("swa", "cwa", "hwa")),
        (("shape",), ("shape_weighted_accuracy", "factor_hwa")),
        (
            ("shape", "colour", "size"),
            ("shape_weighted_accuracy", "colour_weighted_accuracy", "size_weighted_accuracy", "factor_hwa"),
        ),
    ],
)
def test_metric_names_are_the_keys_of_a_score_in_its_order(factors, extra):
    weights = {name: np.array([1, len(name)]) for name in factors}
    found = score(np.array([[0.9, 0.1], [0.9, 0.1]]), np.array([0, 1]), weights)
    assert metric_names(factors) == tuple(found) == (*metric_names(()), *extra)
    named = ("shape", "colour") if "hwa" in extra else factors
    shares = [1 / (1 + len(name)) for name in named]  # the first row is right
    wanted = [*shares, *([len(shares) / sum(1 / share for share in shares)] if shares else [])]
    assert [found[name] for name in extra] == pytest.approx(wanted)


def test_hard_predictions_have_no_log_loss_and_no_calibration():
    found = score(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([0, 1]), {}, hard=True)
    assert (found["log_loss"], found["ece"]) == (None, None)
    assert found["accuracy"] == 1.0


@pytest.mark.parametrize("offset", [0.0, 1e4, -1e4])
def test_softmax_does_not_overflow_and_ignores_a_constant(offset):
    logits = np.array([[0.0, math.log(3.0)], [2.0, 2.0]]) + offset
    assert softmax(logits) == pytest.approx(np.array([[0.25, 0.75], [0.5, 0.5]]), abs=1e-9)


def test_majority_scores_are_those_of_trains_class_shares():
    train = np.array([1, 1, 1, 0, -1])
    labels = np.array([1, 1, 0, 1, -1])
    found = majority_scores(train, labels, {"size": np.array([1, 1, 6, 1, 1])}, 3)
    assert found["accuracy"] == 0.6
    assert found["balanced_accuracy"] == pytest.approx(1 / 3)
    assert found["size_weighted_accuracy"] == 0.3
    assert found["log_loss"] == pytest.approx(-(3 * math.log(0.75) + math.log(0.25) + math.log(1e-7)) / 5)
    assert found["ece"] == pytest.approx(0.15)
    assert majority_scores(np.array([1, 0]), np.array([0, 0, 1]), {}, 2)["accuracy"] == pytest.approx(2 / 3), "first"
    with pytest.raises(ValueError, match="train has no row with a known label"):
        majority_scores(np.array([-1]), np.array([0]), {}, 2)


@pytest.mark.parametrize(
    ("probabilities", "labels", "weights", "message"),
    [
        (np.empty((0, 2)), np.empty(0, dtype=int), {}, "a split without rows has no score"),
        (np.ones((2, 2)), np.zeros(3, dtype=int), {}, r"probabilities \(2, 2\) do not fit labels \(3,\)"),
        (np.ones((1, 2)), np.array([2]), {}, r"labels must lie in -1\.\.1"),
        (np.ones((1, 2)), np.array([-2]), {}, r"labels must lie in -1\.\.1"),
        (np.array([[np.nan, 1.0]]), np.array([0]), {}, "probabilities must be finite"),
        (np.ones((1, 2)), np.array([0]), {"shape": np.ones(2, dtype=int)}, "weights of factor 'shape'"),
    ],
)
def test_what_cannot_be_scored_is_refused(probabilities, labels, weights, message):
    with pytest.raises(ValueError, match=message):
        score(probabilities, labels, weights)
