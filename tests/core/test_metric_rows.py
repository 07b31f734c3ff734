"""What each row adds to a metric: the mean of all is its value, and one row more moves it so."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.core.answers import Rows, Run
from brittlestar.core.metric_kinds import Metric
from brittlestar.core.metrics import list_metrics, metric_of
from brittlestar.core.scores import tabulate
from tests.answers import make_answers

random = np.random.default_rng(0)
LABELS, PREDICTED = random.integers(0, 3, 120), random.integers(0, 3, (4, 120))
WEIGHTS = {"shape": random.integers(1, 4, 120), "colour": random.integers(1, 5, 120)}


@given(
    st.sampled_from(["accuracy", "macro_f1", "balanced_accuracy", "swa", "hwa"]), st.integers(0, 2), st.integers(1, 6)
)
def test_degenerate_answers_have_finite_rows(metric: str, answer: int, rows: int) -> None:
    labels = np.full(rows, -1)
    weights = {name: weight[:rows] for name, weight in WEIGHTS.items()}
    for truth in (labels, labels + 1 + answer):
        found = tabulate(make_answers(np.full((2, rows), answer), truth, n_classes=3, weights=weights), metric)
        assert np.isfinite(found).all() and (np.abs(found.mean(axis=1) - (truth[0] == answer)) < 1e-9).all()


ALL = {metric.name: metric for metric in list_metrics(tuple(WEIGHTS))}
TIMES = 300
BARE = make_answers(PREDICTED, LABELS, n_classes=3, weights=WEIGHTS)


def answer(rows: np.ndarray) -> Run:
    """Rows of one made model with its probabilities; a row may come several times."""
    confidence, own = random_probabilities()
    weights = {name: weight[rows] for name, weight in WEIGHTS.items()}
    asked = Rows(labels=LABELS[rows], n_classes=3, weights=weights)
    return Run(rows=asked, predicted=PREDICTED[0][rows], own=own[rows], confidence=confidence[rows])


def random_probabilities() -> tuple[np.ndarray, np.ndarray]:
    confidence = np.random.default_rng(1).uniform(0.4, 0.99, len(LABELS))
    return confidence, np.where(PREDICTED[0] == LABELS, confidence, (1 - confidence) / 2)


@pytest.mark.parametrize("name", ALL)
def test_every_metric_is_the_mean_of_its_rows_and_a_row_more_moves_it_by_its_influence(name: str) -> None:
    metric, once = ALL[name], np.arange(len(LABELS))
    assert metric.value and metric.rows
    rows, value = metric.rows(answer(once)), metric.value(answer(once))
    assert value is not None and metric.range[0] <= value <= metric.range[1]
    assert rows.mean() == pytest.approx(value) and rows.std() > 0
    if metric.needs == "predictions":
        np.testing.assert_array_equal(tabulate(BARE, name)[0], rows)
    many = np.tile(once, TIMES)
    for row in (0, 17, 41, 119):
        more = metric.value(answer(np.append(many, row)))
        assert more is not None
        assert (more - value) * len(many) == pytest.approx(rows[row] - value, abs=0.01)


@pytest.mark.parametrize("name", ALL)
def test_only_means_over_rows_call_themselves_additive(name: str) -> None:
    metric, half = ALL[name], np.arange(60)
    parts = [metric.value(answer(one)) if metric.value else None for one in (half, half + 60, np.arange(120))]
    first, second, whole = (float(part or 0.0) for part in parts)
    assert metric.additive == (abs((first + second) / 2 - whole) < 1e-12)


def test_nothing_is_assumed_of_a_name_that_is_not_known() -> None:
    for name in ("mcc_of_mine", ""):
        assert not metric_of(name).additive and not metric_of(name).is_known and not metric_of(name).by_class
    with pytest.raises(ValueError, match="probabilities"):
        tabulate(BARE, "ece")


def test_only_what_is_read_in_points_has_values_that_it_cannot_be() -> None:
    read = np.array([-1.5, -0.5, 0.5, 1.5])
    found = [
        Metric("a", "a", unit, reach).is_outside(read).tolist() for unit, reach in (("points", (-1, 1)), ("", (0, 1)))
    ]
    assert found == [[True, False, False, True], [False] * 4]
