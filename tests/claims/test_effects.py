"""What a finding costs, held against scores computed by hand, and the severity that follows."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.claims.effects import MeasuredMain, find_effect, grade, prove_points, weigh_alone, weigh_findings
from brittlestar.claims.headline_numbers import HeadlineNumbers, OnRows
from brittlestar.claims.score_estimates import ScoreEstimate
from brittlestar.core.findings import BY_SOURCE, Effect, Finding, Severity
from brittlestar.core.results import StudyRecord
from tests.answers import make_answers, make_split_answers
from tests.reports.example import example

COPIES = Finding("leak.exact", "present", "test: rows are in train.", "rule", "error", {"split": "test"})
BELOW = Finding("eval.below-trivial", "present", "main is below.", "rule", "error", {"variant": "main"})


def measured(right: np.ndarray, copies: np.ndarray, trivial: float | None = None) -> MeasuredMain:
    """Main on rows of `test`: right bool (n_runs, n_rows) in two classes, and which rows are in train."""
    runs, rows = right.shape
    labels = np.arange(rows) % 2
    predicted = np.where(right, labels, 1 - labels)
    answers = make_answers(predicted, labels, right.astype(np.float64))
    split = make_split_answers(labels, {"main": answers}, in_train=copies)
    found = example()
    cells = tuple(cell for cell in found.cells if cell.variant == "main" and cell.state == "done")[:runs]
    record: StudyRecord = replace(found, metric="accuracy", cells=cells, factors=(), classes=("no", "yes"))
    score = ScoreEstimate(float(right.mean()), None, 0.95, "new-examples", runs, rows, (float(right.mean()),) * runs)
    numbers = HeadlineNumbers(OnRows("test", rows, score, trivial, "bag", None), None, int((~copies).sum()), ())
    return MeasuredMain(record, {"test": split}, numbers)


def draw(seed: int, runs: int, rows: int, on_copies: float, on_rest: float, share: float) -> MeasuredMain:
    random = np.random.default_rng(seed)
    copies = np.arange(rows) < share * rows
    return measured(random.random((runs, rows)) < np.where(copies, on_copies, on_rest), copies)


@pytest.mark.parametrize("runs", [1, 3, 5])
def test_rows_are_taken_out_and_the_difference_is_paired(runs: int) -> None:
    main = draw(1, runs, 1_000, 1.0, 0.7, 0.2)
    effect = find_effect(COPIES, main)
    answers = main.answers["test"]
    right = answers.runs["main"].predicted == answers.labels
    assert effect is not None and effect.way == "rows" and effect.n == 200
    assert effect.points == pytest.approx(100 * (right[:, 200:].mean() - right.mean()))
    assert effect.low < effect.points < effect.high < -1
    assert weigh_findings([COPIES], main)[0].severity == "error"


def test_its_interval_holds_as_often_as_it_says() -> None:
    """Rows drawn anew, copies among them: the true change is -.2 x (1 - .7), that is -6 points."""
    held = 0
    for seed in range(300):
        random = np.random.default_rng(seed)
        copies = random.random(400) < 0.2
        effect = find_effect(COPIES, measured(random.random((1, 400)) < np.where(copies, 1.0, 0.7), copies))
        assert effect is not None
        held += effect.low <= -6.0 <= effect.high
    assert 0.90 <= held / 300 <= 0.985


def test_copies_of_one_class_that_main_never_names_are_no_leak_though_the_score_is_higher_without_them() -> None:
    """Main nearly always names class 0; all copies are of class 1, and are as often right as others of it."""
    rows = np.arange(400)
    labels, random = rows % 2, np.random.default_rng(5)
    right = random.random((3, 400)) < np.where(labels == 0, 0.99, 0.05)
    copies = (labels == 1) & (rows < 100)
    (found,) = weigh_findings([COPIES], measured(right, copies))
    assert right[:, ~copies].mean() > right.mean() + 0.05
    assert found.severity != "error" and found.effect is not None
    assert (found.effect.high, found.effect.proven) == (0.0, 0.0)
    (learned,) = weigh_findings([COPIES], measured(right | copies, copies))
    assert learned.severity == "error" and learned.effect is not None
    assert learned.effect.points == pytest.approx(12.5 * -0.95, abs=1.5)


def test_of_a_constant_nothing_rests_on_copies() -> None:
    labels = np.arange(400) % 2
    (found,) = weigh_findings([COPIES], measured(np.tile(labels == 0, (3, 1)), (labels == 1) & (np.arange(400) < 100)))
    assert found.effect == Effect(0.0, 0.0, 0.0, "rows", 50) and found.severity == "info"


def test_exact_and_near_copies_are_one_finding_with_the_effect_of_both() -> None:
    rows = np.arange(800)
    random = np.random.default_rng(6)
    main = measured(random.random((3, 800)) < np.where(rows < 400, 1.0, 0.7), rows < 200)
    named = {**main.answers, "test": replace(main.answers["test"], ids=rows.astype(str))}
    near = replace(COPIES, code="leak.near", evidence={"row_ids": [str(row) for row in range(200, 400)]})
    joined, beside = weigh_findings([COPIES, near], replace(main, answers=named))
    exact, like = joined.effect, beside.effect
    right = main.answers["test"].runs["main"].predicted == main.answers["test"].labels
    both = 100 * (right[:, 400:].mean() - right.mean())
    assert exact is not None and like is not None
    assert exact.points == pytest.approx(both, abs=0.1) and like.points == pytest.approx(both / 2, abs=1.0)
    assert exact.n == 400 and beside.evidence["explained_by"] == ["leak.exact"] and beside.severity == "error"
    alone, _ = weigh_findings([COPIES, replace(near, severity="info")], replace(main, answers=named))
    assert alone.effect is not None and alone.effect.n == 200 and "near" not in alone.summary


def test_where_no_row_of_a_class_stays_all_of_its_copies_may_be_at_stake() -> None:
    rows = np.arange(400)
    effect = find_effect(COPIES, measured(np.ones((3, 400), np.bool_), rows % 2 == 1))
    assert effect is not None and (effect.points, effect.low) == (0.0, -50.0)


def test_few_copies_are_harmless_and_said_to_be() -> None:
    main = draw(2, 5, 2_000, 0.83, 0.83, 0.01)
    (found,) = weigh_findings([COPIES], main)
    assert found.severity == "info" and "Harmless here: at most 0." in found.summary
    assert found.effect is not None and found.effect.possible < 1


@pytest.mark.parametrize(("on_rest", "severity"), [(0.7, "warning"), (0.985, "info")])
def test_what_the_source_explains_is_information_and_a_warning_where_a_point_is_proven(
    on_rest: float, severity: Severity
) -> None:
    explained = replace(COPIES, severity="info", evidence={BY_SOURCE: True})
    main = draw(1, 3, 1_000, 1.0, on_rest, 0.2)
    (found,) = weigh_findings([explained], main)
    assert found.severity == severity
    assert weigh_findings([replace(explained, evidence={})], main)[0].severity == "info"


@pytest.mark.parametrize(
    ("few", "severity"), [(3, "warning"), (1, "info")], ids=["two in a hundred may move a point", "fewer cannot"]
)
def test_without_main_the_share_of_rows_is_what_can_be_at_stake(few: int, severity: Severity) -> None:
    told = replace(COPIES, evidence={"rows_concerned": few, "of_rows": 141})
    (found,) = weigh_alone([told], "test")
    assert found.severity == severity
    assert found.effect == Effect(100 * few / 141, 0.0, 100 * few / 141, "bound", few)
    (elsewhere,) = weigh_alone([replace(told, where={"split": "dev"})], "test")
    assert (elsewhere.severity, elsewhere.effect) == ("warning", None) and elsewhere.effect_words == "not measured"


@pytest.mark.parametrize(("points", "half", "severity"), [(-0.2, 0.1, "error"), (-0.02, 0.03, "warning")])
def test_another_presentation_is_worth_the_score_in_it_and_no_share_of_answers(
    points: float, half: float, severity: Severity
) -> None:
    evidence = {
        "presentations": {"padding": {"rows": 200, "moved": 180, "flipped": 108, "most": 0.4}}, "worst": "padding",
        "effect": {"points": points, "interval": [points - half, points + half], "rows": 200},
    }  # fmt: skip
    padding = Finding("padding.leaks", "present", "main: moves.", "rule", "error", {"variant": "main"}, evidence)
    (found,) = weigh_findings([padding], draw(3, 5, 200, 0.8, 0.8, 0.5))
    assert found.effect is not None and found.severity == severity
    assert (found.effect.points, found.effect.way) == (pytest.approx(100 * points), "answers")


def test_another_order_of_the_classes_stays_an_error_whatever_it_brings() -> None:
    evidence = {"right": [0.02, 0.03], "right_in_other_order": [0.98, 0.97], "of": 400}
    turned = Finding("eval.label-order", "present", "main: turned.", "rule", "error", {"variant": "main"}, evidence)
    (found,) = weigh_findings([turned], draw(4, 2, 400, 0.02, 0.02, 0.5))
    assert found.severity == "error" and found.effect is not None
    assert found.effect.points == pytest.approx(95.0) and found.effect.proven > 85


def test_a_cause_seen_in_training_is_bounded_by_what_is_known_to_be_better() -> None:
    cause = Finding("train.dead-units", "present", "main: dead.", "rule", "error", {"variant": "main"})
    main = draw(5, 5, 500, 0.7, 0.7, 0.5)
    bare = replace(main.record, cells=tuple(replace(cell, scores={}) for cell in main.record.cells))
    assert main.numbers is not None and main.numbers.all.score is not None
    better = replace(main.numbers, all=replace(main.numbers.all, trivial=0.9))
    effect = find_effect(cause, replace(main, record=bare, numbers=better))
    distance = 100 * (0.9 - main.numbers.all.score.mean)
    assert effect == Effect(pytest.approx(distance), 0.0, pytest.approx(distance), "bound", 500)  # pyright: ignore
    assert grade(replace(cause, effect=effect)).severity == "warning"
    unknown = replace(main, record=bare, numbers=replace(better, all=replace(better.all, trivial=0.1)))
    (found,) = weigh_findings([cause], unknown)
    assert (found.effect, found.severity) == (None, "warning") and found.effect_words == "not measured"


def test_no_distance_to_what_was_fitted_on_the_same_data_bounds_what_is_wrong_with_them() -> None:
    data = Finding("data.truncation", "present", "train: cut.", "rule", "warning", {"split": "train"})
    moved = Finding("shift.overall", "present", "test: apart.", "rule", "warning", {"split": "test"})
    main = draw(5, 5, 500, 0.7, 0.7, 0.5)
    assert main.numbers is not None
    better = replace(main, numbers=replace(main.numbers, all=replace(main.numbers.all, trivial=0.72)))
    found = weigh_findings([data, moved], better)
    assert [(one.effect, one.severity) for one in found] == [(None, "warning")] * 2


def test_what_is_below_a_baseline_is_that_distance_and_its_cause_has_it_too() -> None:
    evidence = {"difference": -0.14, "interval": [-0.18, -0.11], "rows": 1_000}
    main = draw(6, 5, 500, 0.7, 0.7, 0.5)
    (below,) = weigh_findings([replace(BELOW, evidence=evidence)], main)
    assert below.effect is not None and below.severity == "error"
    assert (below.effect.low, below.effect.high) == (pytest.approx(11), pytest.approx(18))
    cause = Finding(
        "train.loss-mismatch", "present", "main: twice.", "rule", "warning", {"variant": "main"},
        {"explains": ["eval.below-trivial"]},
    )  # fmt: skip
    assert prove_points(cause, [below, cause]) == pytest.approx(11)
    assert grade(cause, [below, cause]).severity == "error"
    measured_itself = replace(cause, code="padding.batch", effect=Effect(-0.2, -0.9, 0.6, "answers", 50))
    assert prove_points(measured_itself, [below, measured_itself]) == 0.0
    assert grade(measured_itself, [below, measured_itself]).severity == "info"


def test_an_experiment_comes_before_every_other_way() -> None:
    tried = {"measure": "score", "metric": "accuracy", "estimate": 0.03, "interval": [0.02, 0.04], "seeds": 5}
    one = Finding("train.rate-high", "present", "main: high.", "rule", "warning", {"variant": "main"})
    (found,) = weigh_findings([replace(one, confirmed_by=tried)], draw(7, 5, 500, 0.7, 0.7, 0.5))
    assert found.effect == Effect(pytest.approx(3.0), 2.0, 4.0, "intervention", 5)  # pyright: ignore
    assert found.severity == "error"


def test_what_is_lost_on_other_rows_is_a_warning_at_most() -> None:
    lost = {
        "status": "present",
        "below": False,
        "measure": "accuracy lost",
        "mean": 0.4,
        "interval": [0.3, 0.5],
        "rows": 200,
    }
    probe = Finding(
        "probe.order-brittle", "present", "main: 40.", "rule", "warning", {"variant": "main"}, {"conditions": [lost]}
    )
    (found,) = weigh_findings([probe], draw(8, 5, 500, 0.7, 0.7, 0.5))
    assert found.effect == Effect(-40.0, -50.0, -30.0, "split", 200) and found.severity == "warning"
    assert prove_points(found) == 0


def test_information_stays_what_it_is_and_other_variants_are_left_alone() -> None:
    main = draw(9, 5, 500, 1.0, 0.5, 0.3)
    follows = replace(COPIES, severity="info")
    other = Finding("train.unchanged", "present", "frozen: does.", "rule", "error", {"variant": "frozen"})
    found = weigh_findings([follows, other], main)
    assert found[0].severity == "info" and found[0].effect is not None
    assert found[1] == other


@given(st.floats(-60, 60), st.floats(0, 30), st.sampled_from(["error", "warning"]))
def test_severity_is_a_function_of_the_effect_alone(points: float, half: float, before: Severity) -> None:
    effect = Effect(points, points - half, points + half, "rows", 10)
    found = grade(replace(COPIES, severity=before, effect=effect)).severity
    wanted = "error" if effect.proven >= 1 else "warning" if effect.possible >= 1 else "info"
    assert found == wanted
