"""Stated scores, held against the stored mean and its interval, and spreads against the SD over seeds."""

from dataclasses import replace
from typing import Any

import pytest

from brittlestar.claims.score_estimates import ScoreEstimate
from brittlestar.core.errors import InputError
from brittlestar.core.results import CellRecord
from brittlestar.records.reported.reading import WrittenNumber, read_tree
from brittlestar.records.reported.scores import Estimating, ReportedScore, compare_scores
from tests.records.test_reported import record_of

MEANS = {("main", "test", "accuracy"): 0.8312, ("main", "test", "log_loss"): 1.2345}


def estimate(variant: str, split: str, metric: str) -> ScoreEstimate:
    if (variant, split, metric) not in MEANS:
        raise InputError("no run of main has a score", "outcomes")
    mean = MEANS[variant, split, metric]
    return ScoreEstimate(mean, (mean - 0.02, mean + 0.02), 0.95, "new-examples", 5, 100, (mean,) * 5)


def always(known: ScoreEstimate) -> Estimating:
    return lambda variant, split, metric: known


def compare(scores: Any, estimate: Estimating = estimate) -> list[ReportedScore]:
    return list(compare_scores(record_of(), read_tree({"scores": scores}, {}).scores, estimate))


@pytest.mark.parametrize(
    ("stated", "kind"),
    [
        ("0.83", "match"), ("0.831", "match"), (".8312", "match"), ("83.1", "match"), ("83", "match"),
        ("83.12", "match"), ("0.832", "inside"), ("0.84", "inside"), ("82.0", "inside"), ("0.830", "inside"),
        ("0.82", "inside"), ("0.86", "outside"), ("90.1", "outside"), ("0.8", "outside"), ("0.80", "outside"),
        ("1", "outside"), ("0", "outside"), ("-0.83", "outside"), ("8.3e-1", "match"),
    ],
)  # fmt: skip
def test_a_score_is_right_as_far_as_it_is_written_out(stated: str, kind: str) -> None:
    (one,) = compare({"main": {"test": {"accuracy": WrittenNumber(stated)}}})
    assert (one.kind, one.variant, one.split, one.metric) == (kind, "main", "test", "accuracy")
    assert one.actual == 0.8312 and one.interval is not None and (kind == "match") == (one.why == "")
    assert one.stated == stated and one.name == "main test accuracy"


def test_a_metric_that_is_no_share_is_not_in_points() -> None:
    kinds = [compare({"main": {"test": {"log_loss": one}}})[0].kind for one in (1.23, 1.2, 1, 1.24, 1.3, 123.45)]
    assert kinds == ["match", "match", "match", "inside", "outside", "outside"]


RUNS = (0.80, 0.82, 0.84, 0.86)  # mean .83, SD .0258, with n .0224


@pytest.mark.parametrize(
    ("sd", "kind"),
    [(0.026, "match"), (0.022, "match"), (2.6, "match"), (2.2, "match"), (0.1, "differs"), (1.3, "differs")],
)
def test_a_spread_is_the_deviation_over_seeds(sd: float, kind: str) -> None:
    known = ScoreEstimate(0.83, (0.80, 0.86), 0.95, "new-examples", 4, 100, RUNS)
    mean, spread = compare({"main": {"test": {"accuracy": {"mean": 0.83, "sd": sd}}}}, always(known))
    assert (mean.of, mean.kind, spread.of, spread.kind) == ("mean", "match", "spread", kind)
    assert spread.name == "main test accuracy, SD over seeds" and spread.actual == pytest.approx(0.02582, abs=1e-5)
    other = "it is the standard error; " if sd == 1.3 else ""
    assert spread.why == ("" if kind == "match" else f"{other}the SD over 4 seeds is 2.58")
    alone = ScoreEstimate(0.83, None, 0.95, "this-model", 1, 100, (0.83,))
    (one,) = compare({"main": {"test": {"accuracy": {"sd": sd}}}}, always(alone))
    assert (one.kind, one.why) == ("not-compared", "one run has no spread over seeds")


@pytest.mark.parametrize(
    ("stated", "kind", "told"),
    [
        ({"se": 0.0129}, "match", ""),
        ({"range": 0.06}, "match", ""),
        ({"se": 0.0258}, "differs", "it is the SD; the standard error over 4 seeds is 1.29"),
        ({"sd": 0.060}, "differs", "it is the range; the SD over 4 seeds is 2.58"),
    ],
)
def test_a_spread_is_held_against_what_it_is_said_to_be(stated: dict[str, float], kind: str, told: str) -> None:
    known = ScoreEstimate(0.83, (0.80, 0.86), 0.95, "new-examples", 4, 100, RUNS)
    (one,) = compare({"main": {"test": {"accuracy": stated}}}, always(known))
    assert one.kind == kind and one.why.startswith(told) and " over seeds" in one.name


def test_the_best_run_is_told_from_the_mean() -> None:
    known = ScoreEstimate(0.83, (0.80, 0.855), 0.95, "new-examples", 4, 100, RUNS)
    (one,) = compare({"main": {"test": {"accuracy": WrittenNumber("86.0")}}}, always(known))
    assert one.kind == "outside"
    assert one.why == "it is the best of 4 runs; the mean of 4 runs is 83.00 [80.00, 85.50] (95 % interval)"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("83.0 ± 2.6 (SD)", ["match", "match"]),
        ("83.0 +/- 1.3 (SE)", ["match", "match"]),
        ("83.0 ± 6.0 (range)", ["match", "match"]),
        ("83.0 ± 1.3 (SD)", ["match", "differs"]),
        ("84.0% ± 2.6% (sd)", ["inside", "match"]),
    ],
)
def test_a_text_has_a_mean_and_a_spread_that_it_names(text: str, kinds: list[str]) -> None:
    known = ScoreEstimate(0.83, (0.80, 0.86), 0.95, "new-examples", 4, 100, RUNS)
    found = compare({"main": {"test": {"accuracy": text}}}, always(known))
    assert [one.kind for one in found] == kinds and [one.of for one in found] == ["mean", "spread"]


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ("38.1", "; two digits changed places: 83.1"),
        ("33.1", "; one digit is another one: 83.1"),
        ("83.9", ""),
        ("7", ""),
    ],
)
def test_a_digit_that_slipped_is_named(stated: str, told: str) -> None:
    (one,) = compare({"main": {"test": {"accuracy": WrittenNumber(stated)}}})
    assert one.why.endswith(f"(95 % interval){told}")


@pytest.mark.parametrize(("stated", "kind"), [(-3.1, "match"), (-0.031, "match"), (0.4, "outside")])
def test_a_difference_of_two_variants_is_a_score(stated: float, kind: str) -> None:
    known = ScoreEstimate(-0.031, (-0.04, -0.02), 0.95, "new-examples", 4, 100, (-0.03, -0.032))
    (one,) = compare({"main - main": {"test": {"accuracy": stated}}}, always(known))
    assert one.kind == kind
    small = replace(known, mean=0.004, interval=(0.001, 0.007))
    (two,) = compare({"main - main": {"test": {"accuracy": 0.4}}}, always(small))
    assert two.kind == "match", "below a point it is read as what fits"
    (odd,) = compare({"main - ours": {"test": {"accuracy": 0.4}}}, always(small))
    assert odd.kind == "not-compared" and "no variant 'ours'" in odd.why


SHAPE = "write `scores: {variant: {split: {metric: value}}}`, or {mean: value, sd: value} for the value (or se, range)"
NO_NUMBER = "it is no number: write 0.83, or 83.0 in points; a spread is `83.0 ± 1.2 (SD)`"
ODD: tuple[tuple[Any, str], ...] = (
    (83.1, SHAPE), ([{"variant": "main", "accuracy": 0.83}], SHAPE), ({"accuracy": 0.83}, SHAPE),
    ({"main test accuracy": 0.83}, SHAPE), ({"main": {"test": {"accuracy": {"std": 0.1}}}}, SHAPE),
    ({"main": {"test": {"accuracy": "83.1 %"}}}, NO_NUMBER), ({"main": {"test": {"accuracy": "84 ± 1"}}}, NO_NUMBER),
    ({"main": {"test": {"accuracy": True}}}, NO_NUMBER), ({"main": {"test": {"accuracy": None}}}, NO_NUMBER),
    ({"ours": {"test": {"accuracy": 0.83}}}, "the study has no variant 'ours'; it has main"),
    ({"main": {"tset": {"accuracy": 0.83}}}, "the study has no split 'tset'; did you mean 'test'?"),
    ({"main": {"test": {"accuracyy": 0.83}}}, "the study has no metric 'accuracyy'; did you mean 'accuracy'?"),
    ({"main": {"train": {"accuracy": 0.83}}}, "no run of main has a score"),
)  # fmt: skip


@pytest.mark.parametrize(("scores", "why"), ODD)
def test_what_is_no_score_of_the_study_is_not_compared(scores: Any, why: str) -> None:
    (one,) = compare(scores)
    assert (one.kind, one.why) == ("not-compared", why)


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ("0.573", "; it is main's accuracy on train"),
        ("0.8405", "; it is main's accuracy on test of seed 4 alone"),
        ("0.777", ""),
    ],
)
def test_a_score_that_does_not_fit_is_looked_for(stated: str, told: str) -> None:
    made = record_of()

    def scored(cell: CellRecord) -> CellRecord:
        test = 0.8205 + 0.005 * cell.seed
        return replace(cell, scores={"train": {"best": {"accuracy": 0.573}}, "test": {"best": {"accuracy": test}}})

    made = replace(made, cells=tuple(map(scored, made.cells)))
    stating = read_tree({"scores": {"main": {"test": {"accuracy": WrittenNumber(stated)}}}}, {}).scores
    (one,) = compare_scores(made, stating, estimate)
    assert one.why.endswith("(95 % interval)" + told)
