"""The error budget in words: what the exams measured and at which commit, and nothing else."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from brittlestar.core.causes import list_roles, rank_causes
from brittlestar.pipeline.diagnose_result import DiagnoseResult, ExperimentPlan
from brittlestar.reports import error_budget as room
from brittlestar.reports.diagnosis import describe_causes

from .example import VARIANTS, example, findings, reading


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "budget.json"
    monkeypatch.setattr(room, "PLACE", file)
    room.error_budget.cache_clear()
    return file


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    yield
    room.error_budget.cache_clear()


def test_nothing_is_said_where_nothing_was_measured(place: Path) -> None:
    assert room.sentences() == []


def test_every_figure_is_told_with_its_interval_and_its_commit(place: Path) -> None:
    share = {"hits": 1, "of": 400, "low": 0.0001, "high": 0.0138}
    faults = {"hits": 14, "of": 20, "low": 0.457, "high": 0.881, "kinds": 3}
    place.write_text(json.dumps({"clean": {"clean": share, "commit": "abc1234"}, "planted": {"faults": faults}}))
    assert room.sentences() == [
        "Errors or warnings on 1 of 400 generated clean folders (0.0 to 1.4 %; measured at commit abc1234).",
        "Of 20 planted faults of 3 kinds at doses that matter (first to third set, which checks were tuned on), 14 "
        "were found with the right code, place and rows (45.7 to 88.1 %; commit not recorded).",
    ]


def test_the_budget_that_ships_holds_whole_exams() -> None:
    room.error_budget.cache_clear()
    shipped = room.error_budget()
    assert shipped["clean"]["clean"]["of"] >= 400
    for exam in ("planted", "fourth", "fifth"):
        assert all(hits <= of for hits, of in shipped[exam]["faults"]["codes"].values())
    assert shipped["fourth"]["clean"]["of"] >= 100


def test_how_often_a_diagnosis_is_right_has_every_interval_and_stands_beside_its_kind_alone(place: Path) -> None:
    shares = {
        "faults noticed": {"hits": 31, "of": 34, "low": 0.763, "high": 0.981},
        "faults first": {"hits": 20, "of": 34, "low": 0.407, "high": 0.754},
        "faults named": {"hits": 17, "of": 34, "low": 0.324, "high": 0.676},
        "healthy programs with a false alarm": {"hits": 4, "of": 27, "low": 0.042, "high": 0.337},
    }
    place.write_text(json.dumps({"training-third": {"commit": "abc1234", **shares}}))
    said = room.describe_diagnosis(["eval.calibration", "train.loss-mismatch"])
    assert said == (
        "Of 34 reported faults of training, which checks met once, and were tuned on afterwards, a run noticed 31 (76 "
        "to 98 %). It put an accepted cause first for 20 (41 to 75 %), and named it in words for 17 (32 to 68 %). Of "
        "27 healthy programs, 4 (4 to 34 %) had a false alarm. Intervals are 95 %; measured at commit abc1234."
    )
    symptoms = [code for code, role in list_roles().items() if role.symptom]
    for others in ([], symptoms, ["leak.exact", "probe.order-blind", "train.plateau"]):
        assert room.describe_diagnosis(one for one in others if one not in rank_causes()) == ""


def test_the_page_and_the_document_of_a_diagnosis_say_it_where_a_cause_in_training_is_named() -> None:
    read = reading(example({"main": VARIANTS["main"]}))
    cause = replace(findings()[1], code="train.unchanged", severity="error", where={"variant": "main"})
    for code, told in (("train.unchanged", True), ("eval.calibration", False)):
        found = (replace(cause, code=code),)
        shown = describe_causes(replace(read, findings=found), lambda code: None)
        assert [one["cause"].code for one in shown["rows"]] == [code]
        assert bool(shown["measured"]) == told
        result = DiagnoseResult(found, (), None, "main", "s", ExperimentPlan(), 3)
        assert (result.document["how_often_right"] is not None) == told
