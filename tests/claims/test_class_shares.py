"""What class shares alone explain of a loss on another split, and what is left for the model."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from brittlestar.claims.class_shares import ClassShares, describe_class_shares, measure_class_shares
from brittlestar.core.results import SplitAnswers
from tests.answers import make_answers, make_split_answers

NAMES = ("a", "b", "c")
SKILL = (0.95, 0.6, 0.15)


def make_split(
    random: np.random.Generator, labels: np.ndarray, skill: tuple[float, ...], n_runs: int = 5, by_seed: float = 0.05
) -> SplitAnswers:
    """Runs that are right on each class as often as `skill` says, rows easier or harder for all of them."""
    chance = np.where(labels >= 0, np.asarray(skill)[labels], 0.0)
    hard = np.clip(chance[None] + random.normal(0, by_seed, (n_runs, 1)), 0, 1)
    shared = random.random(len(labels))
    own = random.random((n_runs, len(labels)))
    right = np.where(random.random((n_runs, len(labels))) < 0.5, shared[None], own) < hard
    predicted = np.where(right & (labels >= 0), labels, (labels + 1) % 3)
    runs = {"main": make_answers(predicted, labels)}
    return make_split_answers(labels, runs, n_classes=3, hashes=random.integers(0, 2**63, len(labels)))


def measure(test: SplitAnswers, shift: SplitAnswers, **named: Any) -> ClassShares:
    found = measure_class_shares({"test": test, "shift_x": shift}, "main", "shift_x", "test", **named)
    assert found is not None
    return found


def draw(seed: int, skill: tuple[float, ...] = SKILL, n_runs: int = 5) -> tuple[SplitAnswers, SplitAnswers]:
    """A headline split in which class a is half, and a shifted one without it."""
    random = np.random.default_rng(seed)
    test = make_split(random, random.choice(3, 900, p=[0.5, 0.2, 0.3]), SKILL, n_runs)
    return test, make_split(random, random.choice([1, 2], 400, p=[0.1, 0.9]), skill, n_runs)


def test_the_parts_are_those_of_a_count_by_hand() -> None:
    test, shift = draw(0, (0.9, 0.4, 0.1))
    found = measure(test, shift)
    right = [one.runs["main"].predicted == one.labels for one in (test, shift)]
    expected = sum(right[0][:, test.labels == k].mean() * (shift.labels == k).mean() for k in range(3) if k)
    assert found.before == pytest.approx(right[0].mean()) and found.measured == pytest.approx(right[1].mean())
    assert found.expected == pytest.approx(expected) and found.lost == pytest.approx(found.before - found.measured)
    assert found.explained is not None and found.rest is not None and found.interval is not None
    assert found.explained + found.rest == pytest.approx(found.lost)
    assert found.interval[0] < found.rest < found.interval[1] and found.population == "new-examples"


def test_a_model_that_is_as_good_on_its_classes_is_not_blamed() -> None:
    found = measure(*draw(3))
    assert found.lost > 0.4 and found.explained is not None and found.explained > 0.4
    assert found.interval is not None and found.interval[0] < 0 < found.interval[1]
    better = measure(*draw(3, (0.95, 0.8, 0.35)))
    said = describe_class_shares(better, NAMES)
    assert "are expected from class shares alone, so the model is no worse on its classes (−" in said
    assert "95 % interval; new rows, new seeds; 5 seeds, 400 rows)" in said


@pytest.mark.parametrize(
    ("before", "expected", "interval", "said"),
    [
        (
            0.8,
            0.8001,
            (0.003, 0.008),
            "0.0 are expected from class shares alone, so the model is less than 1 point worse",
        ),
        (0.8, 0.85, (-0.01, 0.008), "a gain of 5.0 is expected from class shares alone, so the model is no worse"),
        (
            0.8,
            0.85,
            (0.02, 0.1),
            "beyond (95 % interval; these 3 models, new rows; 3 runs, 90 rows), so the model is worse",
        ),
        (0.8, 0.75, (-0.02, 0.1), "3 runs, 90 rows), which may be chance"),
    ],
)
def test_the_sentence_says_no_more_than_the_interval(
    before: float, expected: float, interval: tuple[float, float], said: str
) -> None:
    one = ClassShares("shift_x", "test", before, 0.7, expected, (), interval, "this-model", 3, 90)
    assert said in describe_class_shares(one, NAMES)
    assert describe_class_shares(one, NAMES).startswith("10.0 points lost; ")


def test_a_model_that_is_worse_on_its_classes_is() -> None:
    found = measure(*draw(1, (0.95, 0.1, 0.0)))
    assert found.interval is not None and found.interval[0] > 0.01
    assert "beyond (95 % interval" in describe_class_shares(found, NAMES)
    assert describe_class_shares(found, NAMES).endswith("so the model is worse on its classes")


def test_a_class_that_the_headline_split_lacks_is_not_known() -> None:
    test, shift = draw(2)
    kept = test.labels != 2
    runs = {"main": test.runs["main"].take(kept)}
    rows = test.rows.take(kept)
    lacking = replace(test, rows=rows, hashes=test.hashes[kept], in_train=test.in_train[kept], runs=runs)
    found = measure(lacking, shift)
    assert (found.expected, found.rest, found.interval, found.unknown) == (None, None, None, (2,))
    assert describe_class_shares(found, NAMES).endswith("is not known, since test has too few rows of 'c'")


def test_a_label_that_train_lacks_is_wrong_for_certain_and_explains_what_it_costs() -> None:
    random = np.random.default_rng(5)
    test = make_split(random, random.choice(3, 900), (0.9, 0.9, 0.9))
    shift = make_split(random, np.where(random.random(900) < 0.3, -1, random.choice(3, 900)), (0.9, 0.9, 0.9))
    found = measure(test, shift)
    assert found.expected == pytest.approx(0.9 * 0.7, abs=0.03) and found.rest == pytest.approx(0, abs=0.03)


def test_rows_that_are_in_train_are_left_out_where_the_headline_leaves_them_out() -> None:
    test, shift = draw(6)
    copies = np.arange(900) < 200
    test = replace(test, in_train=copies)
    answers = {"test": test, "shift_x": shift}
    found = measure_class_shares(answers, "main", "shift_x", "test:unseen")
    assert found is not None
    assert found.before == pytest.approx((test.runs["main"].predicted == test.labels)[:, ~copies].mean())


def test_another_metric_and_runs_that_are_not_stored_have_no_parts() -> None:
    test, shift = draw(7)
    answers = {"test": test, "shift_x": shift}
    assert measure_class_shares(answers, "main", "shift_x", "test", "macro_f1") is None
    assert measure_class_shares(answers, "other", "shift_x", "test") is None
    fewer = {**answers, "shift_x": draw(7, n_runs=4)[1]}
    assert measure_class_shares(fewer, "main", "shift_x", "test") is None


@pytest.mark.parametrize("n_runs", [1, 3, 5])
def test_the_interval_covers_no_difference_as_often_as_it_says(n_runs: int) -> None:
    """Rare classes that weigh much: 12 rows of class c on the headline split, 60 % of the shifted one."""
    missed = 0
    for seed in range(200):
        random = np.random.default_rng([n_runs, seed])
        labels = np.repeat([0, 1, 2], [240, 48, 12])
        by_seed = 0.05 if n_runs == 5 else 0.0  # fewer runs speak of themselves
        test = make_split(random, labels, (0.9, 0.6, 0.3), n_runs, by_seed)
        shift = make_split(random, random.choice(3, 300, p=[0.1, 0.3, 0.6]), (0.9, 0.6, 0.3), n_runs, by_seed)
        low, high = measure(test, shift).interval or (0, 0)
        missed += not low <= 0 <= high
    assert missed <= 24, f"missed {missed} of 200 at 95 %"
