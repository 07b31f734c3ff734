"""Forecasts of a split from arrays: what they say of labelled shifts, and runs that answer alike."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import beta
from sklearn.naive_bayes import MultinomialNB

from brittlestar.core.answers import Probabilities
from brittlestar.core.forecasts import TriedForecast
from brittlestar.core.splits import EncodedSplit, order_of_time
from brittlestar.forecasts.forecasting import AnsweredSplit, forecast_split, join_known, try_on_labels
from brittlestar.forecasts.outsider import fit_outsider
from brittlestar.reports.forecast_text import forecast_blocks

CLASSES = ("a", "b")
N = 400
WEIGHTS = np.arange(12, 0, -1) / 78


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
    return AnsweredSplit(
        split, Probabilities(values=values, bare=False, places=np.arange(N)), 0.0, 0.0, {"length": np.arange(N) % 9}
    )


def test_forecasts_are_tried_on_labelled_shifts() -> None:
    here, new = answered("test", 0.9), answered("new_rows", 0.9)
    sign_less = replace(here, split=replace(here.split, name="shift_a", labels=1 - here.split.labels))
    few = replace(here, split=replace(here.split, name="shift_few", offsets=here.split.offsets[:20]))
    (tried,) = try_on_labels(here, {"shift_a": sign_less, "shift_few": few}, CLASSES)
    assert (tried.name, tried.measured) == ("shift_a", pytest.approx(0.1)) and tried.interval[0] > 0.7
    found = forecast_split("main", here, new, CLASSES, tried=(tried,))
    assert found.tried == (tried,) and replace(found, tried=()) == forecast_split("main", here, new, CLASSES)


def test_a_forecast_that_missed_on_labels_stands_first_and_under_the_forecast() -> None:
    here, new = answered("test", 0.8), answered("new_a", 0.75)
    tried = (TriedForecast("shift_wide", 0.7, (0.4, 0.9), 0.5), TriedForecast("shift_missed", 0.7, (0.6, 0.8), 0.55))
    blocks = forecast_blocks([forecast_split("main", here, new, ("a", "b"), tried=tried)], history=False)
    first, under = (str(block.text) for block in blocks[:2])
    assert "points of accuracy expected on new_a" in first
    assert under.index("shift_missed") < under.index("shift_wide") and under.count(", outside") == 1


def test_runs_that_answer_alike_count_as_one() -> None:
    here, new = (answered(name, 0.8, runs=1) for name in ("test", "new_rows"))
    one = forecast_split("main", here, new, CLASSES)
    five = [
        replace(each, answers=replace(each.answers, values=np.repeat(each.answers.values, 5, axis=0)))
        for each in (here, new)
    ]
    assert forecast_split("main", *five, CLASSES) == one and one.runs == 1 and "agreement" not in one.signals
    labels = [replace(each, answers=replace(each.answers, bare=True)) for each in five]
    assert forecast_split("main", *labels, CLASSES).runs == 5  # different runs may well agree on every label


def test_answers_that_are_all_one_class_tell_nothing() -> None:
    """However sure and unanimous the runs are, the score is the share that the class has there."""
    here, new = answered("test", 0.9), answered("new_rows", 0.5, sure=0.95)
    values = np.where(np.arange(2) == 0, 0.95, 0.05) * np.ones((3, N, 1))
    new = replace(new, answers=replace(new.answers, values=values))
    found = forecast_split("main", here, new, CLASSES)
    assert (found.answer, found.value) == ("cannot-say", None)
    assert found.outside[0].signal in ("agreement_rise", "shares") and "shares" in {one.signal for one in found.outside}
    nearly = replace(here, answers=replace(here.answers, values=np.where(np.arange(N)[:, None] % 20 > 0, values, 0.5)))
    alone = forecast_split("main", here, replace(nearly, split=new.split), CLASSES)
    assert alone.answer == "cannot-say"


def test_a_score_that_is_the_share_of_a_class_is_no_ground() -> None:
    here, new = answered("test", 0.56), answered("new_rows", 0.56)
    found = forecast_split("main", here, new, CLASSES)
    assert found.outside[0].signal == "learned" and "hardly above its largest class" in found.sentence


def test_an_outsider_is_naive_bayes_on_counts() -> None:
    random = np.random.default_rng(0)
    labels = random.integers(0, 3, 200).astype(np.int32)
    lengths = random.integers(1, 12, 200)
    codes = np.concatenate([random.choice(12, n, p=np.roll(WEIGHTS, k)) for n, k in zip(lengths, labels, strict=True)])
    train = EncodedSplit(codes.astype(np.int32), np.append(0, lengths.cumsum()), "train", labels, {}, None, "")
    counts = np.zeros((200, 12))
    np.add.at(counts, (np.repeat(np.arange(200), lengths), codes), 1)
    known = np.flatnonzero(counts.sum(axis=0))
    wanted = MultinomialNB(alpha=1.0).fit(counts[:, known], labels).predict(counts[:, known])
    assert (fit_outsider(train, 12, 3)(train) == wanted).mean() > 0.99  # ties may fall either way


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
