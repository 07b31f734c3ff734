"""Findings that have one cause, majority rates after a change, and what is not tested."""

from dataclasses import replace

import numpy as np
import pytest

from brittlestar.core.probing import Condition, Familiarity, Presented, ProbedCell
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.probes.suite_tests import NOT_TESTED
from tests.diagnosis.probes.making import ROWS, Answer, alter, breaks, condition, status, stays, study, suite, summary

ALL = np.ones(ROWS, np.bool_)
FEW_KNOWN, WELL_KNOWN = Familiarity(1.0, 0.1, ~ALL), Familiarity(1.0, 0.9, ALL)


def explained(record: StudyRecord, code: str) -> str | None:
    found = status(record, code)
    assert found.status == "present" and found.where["variant"] == "main"
    assert ("explained_by" in found.evidence) is ("explanation" in found.evidence)
    return found.evidence.get("explained_by")


def contrast(*concerns: str) -> Condition:
    return replace(condition("contrast.near-miss:1@1", turned=1.0), concerns=concerns)


@pytest.mark.parametrize(
    ("concerns", "cause"), [(("order", "factor shape"), "probe.order-blind"), (("factor shape",), None), ((), None)]
)
def test_contrasts_about_order_are_explained_by_a_model_that_ignores_order(
    concerns: tuple[str, ...], cause: str | None
) -> None:
    record = suite((condition("order.shuffle@1", turned=0.4), stays), (contrast(*concerns), stays))
    assert explained(record, "probe.order-blind") is None
    assert explained(record, "probe.contrast-blind") == cause


@pytest.mark.parametrize(("by_mates", "cause"), [(0.05, "padding.leaks"), (0.4, "padding.batch")])
def test_what_moves_answers_most_explains_the_other_of_mates_and_padding(by_mates: float, cause: str) -> None:
    moved = {name: Presented(np.ones(50, np.bool_), np.full(50, most, np.float32))
             for name, most in (("mates", by_mates), ("padding", 0.04))}  # fmt: skip
    record = study(condition("order.swaps@1"), stays, presented=moved)
    told = {code: explained(record, code) for code in ("padding.leaks", "padding.batch")}
    assert told == {code: None if code == cause else cause for code in told}


@pytest.mark.parametrize(("factor", "cause"), [("shape", "probe.factor-blind"), ("colour", None)])
def test_contrasts_about_a_factor_are_explained_by_a_model_that_ignores_that_factor(
    factor: str, cause: str | None
) -> None:
    blind = condition("factors.permute:shape@1", turned=0.4)
    record = suite((blind, stays), (contrast(f"factor {factor}"), stays))
    assert explained(record, "probe.contrast-blind") == cause


@pytest.mark.parametrize(("known", "cause"), [(WELL_KNOWN, "probe.order-blind"), (FEW_KNOWN, None)])
def test_other_mixes_of_known_tokens_are_explained_by_a_model_that_ignores_order(
    known: Familiarity, cause: str | None
) -> None:
    mixed = replace(condition("composition.rename@1"), familiarity=known)
    record = suite((condition("order.shuffle@1", turned=0.4), stays), (mixed, breaks))
    assert explained(record, "probe.composition-brittle") == cause


def test_a_model_that_answers_one_class_is_blind_once() -> None:
    ones: Answer = lambda before: np.ones(ROWS, np.int32)  # noqa: E731
    record = suite(
        (condition("order.shuffle@1", turned=0.4), ones), (condition("factors.permute:x@1", turned=0.4), ones)
    )
    constant = alter(record, lambda cell: replace(cell, predictions=np.ones_like(cell.predictions)))
    assert explained(constant, "probe.order-blind") is None
    assert explained(constant, "probe.factor-blind") == "probe.order-blind"


def test_a_finding_has_a_row_for_each_test_with_seeds_and_words() -> None:
    first, second = (replace(condition(f"order.window@{k}"), title=f"windows of {k}") for k in (2, 4))
    found = status(suite((first, breaks), (second, stays)), "probe.order-brittle")
    rows = {row["condition"]: row for row in found.evidence["conditions"]}
    assert rows["order.window@2"]["status"] == "present" and rows["order.window@4"]["status"] == "absent"
    assert rows["order.window@2"]["title"] == "windows of 2" and len(rows["order.window@2"]["seeds"]) == 5
    assert rows["order.window@2"]["majority_after"] == 0.5 and found.evidence["seeds"] == [0, 1, 2, 3, 4]
    assert "with windows of 2, among rows whose label stays (order.window@2)" in found.summary


# What the majority class has after a change.


def shifted(share: float) -> Condition:
    """A condition after which so large a share of rows has label 0."""
    labels = (np.arange(ROWS) >= share * ROWS).astype(np.int32)
    return replace(condition("length.crop@0.5"), labels_after=labels, title="rows cropped")


def test_accuracy_that_only_the_majority_class_keeps_is_not_called_kept() -> None:
    """Always class 0 on rows of which 95 % have it: the score stays, and what was learned is lost."""
    zeros: Answer = lambda before: np.zeros(ROWS, np.int32)  # noqa: E731
    record = study(shifted(0.95), zeros)
    found = status(record, "probe.length-brittle")
    reading = summary(record).study.variants[0].readings[1]
    assert reading.majority_after == 0.95 and reading.majority_before == 0.5
    assert reading.drop is not None and reading.drop.interval()[1] < 0.05
    assert found.status == "inconclusive"
    assert "Accuracy afterwards is not clearly above the majority class, which is 95.0." in found.summary
    right: Answer = lambda before: (np.arange(ROWS) >= 0.95 * ROWS).astype(np.int32)  # noqa: E731
    assert status(study(shifted(0.95), right), "probe.length-brittle").status == "absent"
    assert status(study(shifted(0.5), lambda before: 1 - before), "probe.length-brittle").status == "present"


@pytest.mark.parametrize(
    ("right", "learned"), [(0.55, False), (0.62, False), (0.7, True), (0.97, True)], ids=["55", "62", "70", "97"]
)
def test_the_rule_of_what_is_not_tested_is_said_once_with_its_numbers(right: float, learned: bool) -> None:
    labels, random = np.arange(ROWS) % 2, np.random.default_rng(0)

    def answer(cell: ProbedCell) -> ProbedCell:
        predictions = np.where(random.random(ROWS) < right, labels, 1 - labels)
        return replace(cell, predictions=np.tile(predictions, 2).astype(np.int32))

    found = summary(alter(study(condition("order.swaps@1"), breaks), answer))
    assert (found.not_tested == {}) is learned and (found.not_tested_sentences == ()) is learned
    (brittle,) = [finding for finding in found.findings if finding.code == "probe.order-brittle"]
    assert (NOT_TESTED in brittle.summary) is not learned
    if not learned:
        assert found.not_tested_sentences[1] == NOT_TESTED and "majority class 50.0" in found.not_tested["main"]
        assert found.as_json()["not_tested"] == found.not_tested and len(NOT_TESTED.split()) <= 27
