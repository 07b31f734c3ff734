"""Forecasts of a split from arrays: what they say of labelled shifts, and runs that answer alike."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import beta

from brittlestar.core.results import RunProbabilities
from brittlestar.core.splits import EncodedSplit, order_of_time
from brittlestar.forecasts.forecasting import AnsweredSplit, forecast_split, join_known, try_on_labels

CLASSES = ("a", "b")
N = 400


def answered(name: str, accuracy: float, sure: float = 0.8, runs: int = 3) -> AnsweredSplit:
    """A split whose runs are right on a share of its rows, each on rows of its own, and as sure everywhere."""
    labels = np.arange(N, dtype=np.int32) % 2
    wrong = round((1 - accuracy) * N)
    values = np.empty((runs, N, 2))
    for run in range(runs):
        right = np.ones(N, np.bool_)
        right[(np.arange(wrong) + run * wrong) % N] = False
        answer = np.where(right, labels, 1 - labels)
        values[run] = 1 - sure
        values[run, np.arange(N), answer] = sure
    split = EncodedSplit(np.full(5 * N, 2, np.int32), 5 * np.arange(N + 1), name, labels, {}, None, "")
    return AnsweredSplit(split, RunProbabilities(values, False, np.arange(N)), 0.0, 0.0, {"length": np.arange(N) % 9})


def test_forecasts_are_tried_on_labelled_shifts() -> None:
    here, new = answered("test", 0.9), answered("new_rows", 0.9)
    sign_less = replace(here, split=replace(here.split, name="shift_a", labels=1 - here.split.labels))
    few = replace(here, split=replace(here.split, name="shift_few", offsets=here.split.offsets[:20]))
    (tried,) = try_on_labels(here, {"shift_a": sign_less, "shift_few": few}, CLASSES)
    assert (tried.name, tried.measured) == ("shift_a", pytest.approx(0.1)) and tried.interval[0] > 0.7
    found = forecast_split("main", here, new, CLASSES, tried=(tried,))
    assert found.tried == (tried,) and replace(found, tried=()) == forecast_split("main", here, new, CLASSES)


def test_runs_that_answer_alike_count_as_one() -> None:
    here, new = (answered(name, 0.8, runs=1) for name in ("test", "new_rows"))
    one = forecast_split("main", here, new, CLASSES)
    five = [
        replace(each, answers=replace(each.answers, values=np.repeat(each.answers.values, 5, axis=0)))
        for each in (here, new)
    ]
    assert forecast_split("main", *five, CLASSES) == one and one.runs == 1 and "agreement" not in one.signals
    labels = [replace(each, answers=replace(each.answers, hard=True)) for each in five]
    assert forecast_split("main", *labels, CLASSES).runs == 5  # different runs may well agree on every label


def test_labels_of_no_class_are_counted_and_said() -> None:
    here, new = answered("test", 0.8), answered("new_rows", 0.7)
    labels = np.full(N, -2)
    labels[:60] = new.labels[:60]
    labels[:6] = -1
    joined = join_known(forecast_split("main", here, new, CLASSES), new, labels).joined
    assert joined is not None and (joined.labels, joined.strange) == (60, 6)
    assert "6 labels are no class of train" in joined.sentence


def test_parts_have_a_value_only_where_labels_tell_one() -> None:
    """Answers `b` are right in every second row and answers `a` in all: no forecast may say otherwise."""
    here, new = answered("test", 0.9), answered("new_rows", 1.0, runs=3)
    truth = new.labels.copy()
    truth[1::4] = 0  # every second answer of `b` is wrong
    found = forecast_split("main", here, new, CLASSES)
    assert [(one.name, one.rows, one.value) for one in found.by_class] == [("a", N // 2, None), ("b", N // 2, None)]
    assert found.by_slice == () and found.answers == "a 50 %, b 50 %"
    labels = np.full(N, -2)
    some = np.random.default_rng(0).choice(N, 120, replace=False)
    labels[some] = truth[some]
    joined = join_known(found, new, labels)
    first, second = joined.by_class
    assert first.value == 1.0 and second.interval is not None
    assert second.interval[0] < 0.5 < second.interval[1] < 0.8
    right = truth[some][new.labels[some] == 1] == 1
    assert second.value == pytest.approx(right.mean()) and second.labels == len(right)
    low, high = second.interval
    assert low == pytest.approx(beta.ppf(0.05, right.sum(), (~right).sum() + 1))
    assert high == pytest.approx(beta.ppf(0.95, right.sum() + 1, (~right).sum()))
    assert [one.name for one in joined.by_slice] == ["length up to 2", "length above 5"]
    assert all(one.interval is not None and one.interval[0] <= one.value <= one.interval[1] for one in joined.by_slice)


@pytest.mark.parametrize(
    "names",
    [
        ["new_march", "new_april", "new_december"],
        ["new_2025_12", "new_2026_1", "new_2026_02", "new_2026_10"],
        ["new_nov_2025", "new_jan_2026"],
        ["new_w2", "new_w10"],
    ],
)
def test_splits_stand_in_the_order_of_their_dates(names: list[str]) -> None:
    assert sorted(sorted(names), key=order_of_time) == names
    assert sorted(["new_marketing", "new_april"], key=order_of_time) == ["new_april", "new_marketing"]  # no month
