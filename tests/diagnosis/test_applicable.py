"""Of given predictions no training was seen: that is not applicable. Runs that are still to come are undecided."""

from dataclasses import replace

import pytest

from brittlestar.core.catalogue import find_checks
from brittlestar.core.findings import Finding
from brittlestar.core.results import AnsweredStudy, StudyRecord
from tests.diagnosis.probes.making import breaks, condition, status, suite
from tests.diagnosis.synthetic import cell, findings, of, study

OF_TRAINING = [
    code
    for code, check in find_checks("record").items()
    if check.function.__module__.startswith("brittlestar.diagnosis.seen")
]


def given(**changes: object) -> StudyRecord:
    fields = {"outcome": "imported", "curves": {}, "best_epoch": None} | changes
    return study([replace(cell(seed=seed), **fields) for seed in range(3)])


def look(code: str, record: StudyRecord) -> Finding:
    return of(findings(code, record), code)


@pytest.mark.parametrize("code", [*OF_TRAINING, "train.overfit", "train.plateau", "train.short", "eval.checkpoint"])
def test_training_of_given_predictions_is_not_applicable(code: str) -> None:
    found = look(code, given())
    assert (found.status, found.remedy) == ("not-applicable", "") and "Predictions were given" in found.summary


@pytest.mark.parametrize("code", [*OF_TRAINING, "train.overfit", "train.plateau", "train.short"])
def test_runs_to_come_and_models_that_report_nothing_are_undecided(code: str) -> None:
    assert look(code, given(state="planned", outcome="")).status == "inconclusive"
    assert look(code, given(outcome="fitted")).status == "inconclusive"


def test_without_a_split_to_answer_one_answer_everywhere_is_not_applicable() -> None:
    record = given()
    alone = replace(record, splits={"train": record.splits["train"]})
    check = find_checks("answers")["eval.constant"]
    (found,) = check.function(AnsweredStudy(alone, {}))
    assert found.status == "not-applicable"


def test_factors_that_nobody_names_are_not_applicable_and_others_are_looked_at() -> None:
    record = suite((condition("order.shuffle@1", turned=0.4), breaks))
    for code in ("probe.factor-blind", "probe.factor-brittle"):
        assert status(record, code).status == "not-applicable"
    assert status(record, "probe.order-brittle").status != "not-applicable"
