"""Scores against audits that are made up, and a small run of each part of the exam."""

import json
from typing import Any

import pytest

from brittlestar.core.findings import Finding
from exam import scoring
from exam.benchmark import clean_answers, main, planted_answers, planted_jobs
from exam.clean.folders import clean_case
from exam.planted import Planted
from exam.scoring import clean_table, in_place, planted_table, score_clean, score_planted


def present(code: str = "leak.exact", severity: Any = "error", **fields: Any) -> Finding:
    return Finding(code, "present", "It is so.", "A rule.", severity, **fields)


def answering(monkeypatch: pytest.MonkeyPatch, *findings: Finding) -> None:
    class Result:
        def __init__(self) -> None:
            self.findings = findings

    monkeypatch.setattr(scoring, "audited", lambda case, only=(): Result())


def score(rows: Any = None, place: Any = None) -> Any:
    planted = Planted(clean_case(0), place or {"split": "dev"}, rows)
    return score_planted(planted, "leak.exact", "kind", 0, 0.1, True)


def test_a_fault_is_right_with_code_place_and_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, present(where={"split": "dev"}, evidence={"row_ids": ["a", "b", "c", "d"]}))
    assert score().right and score().overlap is None
    assert score({"dev": frozenset("abcd")}).right
    found = score({"dev": frozenset("abcdefg")})
    assert found.placed and not found.right and found.overlap == 4 / 7
    found = score({"dev": frozenset("a")})  # naming too many is no merit either
    assert not found.right and found.overlap == 1 / 4
    found = score(place={"split": "test"})
    assert found.found and not found.placed and not found.right


def test_other_codes_absent_findings_and_failures_are_no_success(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, present("leak.near", where={"split": "dev"}))
    found = score()
    assert not found.found and found.said == "no such check" and found.alarms[0].code == "leak.near"
    answering(monkeypatch, Finding("leak.exact", "absent", "No.", "A rule.", where={"split": "dev"}))
    assert not score().found and score().said.startswith("absent")
    broken = Finding("leak.exact", "inconclusive", "Failed.", "A rule.", evidence={"failure": "ValueError: x"})
    answering(monkeypatch, broken)
    assert score().failures == ("leak.exact: ValueError: x",)
    assert clean_table([score_clean(clean_case(0))])["with_alarm"] == 1


@pytest.mark.parametrize(
    ("where", "place", "right"),
    [
        ({"split": "dev"}, {"split": ("dev", "test")}, True),
        ({}, {"split": "train"}, True),
        ({}, {"split": "dev"}, False),
        ({"slice": "token '(' present"}, {"slice": "("}, True),
        ({"slice": "token '((' present"}, {"slice": "("}, False),
        ({"class": "no labelled yes"}, {"class": ("yes", "maybe")}, True),
        ({"position": "12"}, {"position": "2"}, False),
        ({"split": "dev"}, {"token": "x"}, False),
        ({"split": "dev", "token": "x"}, {}, True),
    ],
)
def test_a_place_is_right_when_it_says_what_was_planted(where: Any, place: Any, right: bool) -> None:
    assert in_place(present(where=where), place) is right


def test_the_limit_is_the_smallest_dose_from_which_on_faults_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = []
    for dose, caught in ((0.01, 1), (0.1, 0), (0.2, 1), (0.4, 1)):
        answering(monkeypatch, *([present(where={"split": "dev"})] * caught))
        planted = Planted(clean_case(0), {"split": "dev"})
        answers += [score_planted(planted, "leak.exact", "kind", n, dose, dose >= 0.2) for n in range(3)]
    row = planted_table(answers)[0]
    assert row["limit"] == 0.2 and row["cases"] == 6 and row["right"] == 6
    assert row["by_dose"] == {"0.01": "3/3", "0.1": "0/3", "0.2": "3/3", "0.4": "3/3"}


def test_a_small_sample_of_clean_folders_raises_no_alarm() -> None:
    answers = clean_answers((701, 710))
    assert not [alarm for answer in answers for alarm in answer.alarms]
    assert not [text for answer in answers for text in answer.failures]


def test_a_small_sample_of_planted_faults_is_found() -> None:
    jobs = planted_jobs(cases=1, codes=("leak.exact", "shift.label", "data.sorted"), alone=True)
    answers = planted_answers(jobs[::2])
    assert all(answer.right for answer in answers), planted_table(answers)


def test_the_command_prints_json_and_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clean", "--cases", "1", "--jobs", "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["clean"]["cases"] == 1
    assert main(["known", "--only", "data.sorted", "--cases", "1", "--jobs", "1", "--alone"]) == 0
    assert "data.sorted (one class after the other)" in capsys.readouterr().out
