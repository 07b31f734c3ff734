"""A function of the user's as a metric: what it is given, what it may give, and how its number varies."""

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from brittlestar import own_metric
from brittlestar.core.answers import Answers, Rows, read_answers
from brittlestar.core.errors import InputError
from brittlestar.core.metrics import metric_of, register_metric
from brittlestar.core.own_metrics import MOST_UNITS, draw_blocks, make_own_metric, read_declared
from brittlestar.core.scores import ask_in_units, score_runs, tabulate

ROWS = 300


@own_metric(range=(0, 5), higher_is_better=False)
def cost(labels, answers, probabilities, weights):
    assert (
        labels.dtype.kind == "U" and probabilities.shape == (len(labels), 2) and weights["size"].shape == labels.shape
    )
    return 5.0 * ((labels == "spam") & (answers != "spam"))


@own_metric(range=(-1, 1), higher_is_better=True, title="Cohen's kappa")
def kappa(labels, answers, probabilities, weights):
    return cohen_kappa_score(labels, answers)


def register(function, name: str) -> str:
    register_metric(make_own_metric(name, function, read_declared(function, name)))
    return name


def answer(rows: int = ROWS) -> Answers:
    random = np.random.default_rng(0)
    labels = random.integers(0, 2, rows)
    values = random.dirichlet(np.ones(2), size=(1, rows))
    values[:, np.arange(rows), labels] += 0.4
    values /= values.sum(axis=2, keepdims=True)
    asked = Rows(labels=labels, n_classes=2, weights={"size": np.ones(rows)}, classes=("ham", "spam"))
    return read_answers(asked, values, bare=False, keep=True)


def test_a_number_for_each_row_is_taken_as_it_is() -> None:
    name, answers = register(cost, "tests:cost"), answer()
    labels, predicted = answers.rows.labels, answers.predicted[0]
    np.testing.assert_array_equal(tabulate(answers, name)[0], 5.0 * ((labels == 1) & (predicted == 0)))
    known = metric_of(name)
    assert (known.title, known.range, known.higher_is_better) == ("cost", (0.0, 5.0), False)


def test_one_number_varies_as_a_bootstrap_has_it() -> None:
    name, answers = register(kappa, "tests:kappa"), answer()
    rows = tabulate(answers, name)[0]
    assert rows.mean() == pytest.approx(score_runs(answers, name)[0], abs=2e-3)
    random = np.random.default_rng(1)
    drawn = [score_runs(answers.take(random.integers(0, ROWS, ROWS)), name)[0] or 0.0 for _ in range(300)]
    assert rows.std(ddof=1) / ROWS**0.5 == pytest.approx(float(np.std(drawn)), rel=0.12)


def test_many_rows_are_called_in_blocks_which_tell_as_much() -> None:
    name, answers = register(kappa, "tests:kappa"), answer(2_000)
    blocks = ask_in_units(answers.rows, name)
    assert blocks.units is not None and len(np.unique(blocks.units)) == MOST_UNITS
    assert ask_in_units(answers.rows, "accuracy") is answers.rows
    rows = tabulate(Answers(rows=blocks, predicted=answers.predicted, whole=answers.whole), name)[0]
    sums = np.bincount(blocks.units, rows - rows.mean())
    error = float(np.sqrt((sums**2).sum())) / len(rows)
    labels, predicted = answers.rows.labels, answers.predicted[0]
    random = np.random.default_rng(1)
    places = (random.integers(0, 2_000, 2_000) for _ in range(300))
    drawn = [cohen_kappa_score(labels[place], predicted[place]) for place in places]
    assert error == pytest.approx(float(np.std(drawn)), rel=0.2)


def test_units_stay_whole_in_blocks() -> None:
    rows = Rows(labels=np.zeros(900, np.int64), n_classes=2, units=np.repeat(np.arange(300), 3))
    drawn = draw_blocks(rows).units
    assert drawn is not None and (drawn.reshape(300, 3) == drawn.reshape(300, 3)[:, :1]).all()


def test_what_a_function_may_not_do_is_said_with_its_place() -> None:
    answers = answer(20)

    def fails(labels, answers, probabilities, weights):
        raise KeyError("spam")

    for function, message in (
        (fails, r"tests:wrong raised KeyError: 'spam'"),
        (lambda *_: np.ones(3), r"gave an array of shape \(3,\) for 20 rows"),
        (lambda *_: 7.0, "gave 7, and declares 0 to 5"),
        (lambda *_: float("nan"), "gave nan"),
    ):
        function.__name__ = "wrong"
        name = register(own_metric(range=(0, 5), higher_is_better=True)(function), "tests:wrong")
        with pytest.raises(InputError, match=message):
            tabulate(answer(20), name)
    assert answers.rows.n_classes == 2


def test_a_function_that_declares_nothing_is_no_metric() -> None:
    with pytest.raises(InputError, match="does not say what it can be"):
        read_declared(lambda *_: 1.0, "mine:bare")
    with pytest.raises(InputError, match="cannot lie between 5 and 0"):
        own_metric(range=(5, 0), higher_is_better=True)
