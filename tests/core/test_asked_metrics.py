"""Metrics that are computed where they are asked for: scikit-learn's values, and spreads that a bootstrap has."""

from collections.abc import Callable

import numpy as np
import pytest
from sklearn import metrics as sk

from brittlestar.core.answers import Answers, Rows, read_answers
from brittlestar.core.metrics import is_asked, metric_of, suggest_metric
from brittlestar.core.scores import score_runs, tabulate

CLASSES = ("a", "not b", "c", "d")
ROWS = 400


def answer(n_classes: int, rows: int = ROWS, seed: int = 0) -> tuple[Answers, np.ndarray, np.ndarray]:
    """Two runs that know something, their probabilities without ties, and the labels."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, n_classes, rows)
    values = random.dirichlet(np.ones(n_classes), size=(2, rows))
    values[:, np.arange(rows), labels] += 0.3
    values /= values.sum(axis=2, keepdims=True)
    asked = Rows(labels=labels, n_classes=n_classes, classes=CLASSES[:n_classes])
    return read_answers(asked, values, bare=False, keep=True), values, labels


def of_one(function: Callable[..., float], labels: np.ndarray, values: np.ndarray) -> float:
    return function(labels, values.argmax(axis=1), labels=[1], average="macro", zero_division=0)


EXPECTED: dict[str, Callable[[np.ndarray, np.ndarray], float]] = {
    "mcc": lambda labels, values: sk.matthews_corrcoef(labels, values.argmax(axis=1)),
    "brier": lambda labels, values: sk.brier_score_loss(labels, values if values.shape[1] > 2 else values[:, 1]),
    "top_k": lambda labels, values: (
        1.0 if values.shape[1] == 2 else sk.top_k_accuracy_score(labels, values, k=2, labels=range(values.shape[1]))
    ),
    "auc": lambda labels, values: (
        sk.roc_auc_score(labels, values[:, 1])
        if values.shape[1] == 2
        else sk.roc_auc_score(labels, values, multi_class="ovr")
    ),
    "average_precision": lambda labels, values: (
        sk.average_precision_score(labels, values[:, 1])
        if values.shape[1] == 2
        else sk.average_precision_score(np.eye(values.shape[1])[labels], values)
    ),
    "auc:not b": lambda labels, values: sk.roc_auc_score(labels == 1, values[:, 1]),
    "average_precision:not b": lambda labels, values: sk.average_precision_score(labels == 1, values[:, 1]),
    "f1:not b": lambda labels, values: of_one(sk.f1_score, labels, values),
    "precision:not b": lambda labels, values: of_one(sk.precision_score, labels, values),
    "recall:not b": lambda labels, values: of_one(sk.recall_score, labels, values),
}


@pytest.mark.parametrize("n_classes", [2, 4])
@pytest.mark.parametrize("name", EXPECTED)
def test_every_value_is_that_of_scikit_learn_and_the_mean_of_its_rows(name: str, n_classes: int) -> None:
    answers, values, labels = answer(n_classes)
    expected = [EXPECTED[name](labels, run) for run in values]
    assert score_runs(answers, name) == pytest.approx(expected)
    assert tabulate(answers, name).mean(axis=1) == pytest.approx(expected)


@pytest.mark.parametrize("name", [*EXPECTED, "log_loss", "ece", "macro_f1"])
def test_the_spread_of_its_rows_is_that_of_a_bootstrap(name: str) -> None:
    answers, _, _ = answer(3, seed=1)
    one = answers.take_runs(np.zeros(1, np.int64))
    error = float(tabulate(one, name)[0].std(ddof=1)) / ROWS**0.5
    random = np.random.default_rng(2)
    drawn = [score_runs(one.take(random.integers(0, ROWS, ROWS)), name)[0] for _ in range(400)]
    # 400 draws tell a spread to 3.5 %; ECE is a sum of sizes, which a bootstrap makes larger and less spread
    assert error == pytest.approx(float(np.std([value or 0.0 for value in drawn])), rel=0.25 if name == "ece" else 0.12)


@pytest.mark.parametrize("name", ["average_precision", "auc"])
def test_rows_with_equal_scores_share_a_place(name: str) -> None:
    answers, values, labels = answer(2)
    coarse = np.round(values, 1)
    coarse /= coarse.sum(axis=2, keepdims=True)
    tied = read_answers(answers.rows, coarse, bare=False, keep=True)
    assert score_runs(tied, name) == pytest.approx([EXPECTED[name](labels, run) for run in coarse])


def test_the_label_among_the_first_k_counts_and_of_equal_probabilities_the_first_class() -> None:
    values = np.array([[[0.4, 0.3, 0.3], [0.4, 0.3, 0.3], [0.2, 0.2, 0.6], [0.5, 0.3, 0.2]]])
    asked = Rows(labels=np.array([1, 2, 0, -1]), n_classes=3)
    answers = read_answers(asked, values, bare=False, keep=True)
    assert tabulate(answers, "top_k:2")[0].tolist() == [1.0, 0.0, 1.0, 0.0]
    assert tabulate(answers, "top_k:1")[0].tolist() == [0.0] * 4
    assert tabulate(answers, "top_k:3")[0].tolist() == [1.0, 1.0, 1.0, 0.0]


def test_bare_labels_and_one_class_give_no_ranking() -> None:
    answers, values, _ = answer(3)
    bare = read_answers(answers.rows, values, bare=True)
    for name in ("auc", "brier", "top_k", "average_precision:a"):
        assert score_runs(bare, name) == [None, None]
        with pytest.raises(ValueError, match="probabilities"):
            tabulate(bare, name)
    alone = answers.take(answers.rows.labels == 1)
    assert score_runs(alone, "auc") == [None, None] and score_runs(answers, "auc:z") == [None, None]
    with pytest.raises(ValueError, match="rows of its class"):
        tabulate(alone, "auc")


def test_names_are_known_by_their_form_and_mistakes_lead_to_them() -> None:
    assert all(map(is_asked, [*EXPECTED, "top_k:5", "mine:cost", "my.metrics:cost"]))
    assert not any(map(is_asked, ["accuracy", "f1", "f1:", "top_k:0", "top_k:x", "mine:", "auc:", ""]))
    hints = {"roc_auc": "auc", "top5": "top_k:5", "top_10_accuracy": "top_k:10", "matthews_corrcoef": "mcc"}
    for written, meant in hints.items():
        assert suggest_metric(written, ["accuracy"]).startswith(f"did you mean '{meant}'?")
    assert metric_of("f1:not b").title == "F1 of not b" and metric_of("mcc").range == (-1.0, 1.0)
    assert not metric_of("brier").higher_is_better and metric_of("top_k:5").additive
