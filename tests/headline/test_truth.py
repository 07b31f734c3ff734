"""The headline is right on made studies, and every surface says it in the same words. 400 of them: see grading.py."""

from dataclasses import replace
from pathlib import Path

import pytest

from brittlestar.core.headline import Decision
from brittlestar.verbs.check import check
from tests.headline.grading import Grades, Tally, grade_studies, main
from tests.headline.made import GIVEN, make_study
from tests.headline.pasting import Printed, paste
from tests.headline.surfaces import contradictions
from tests.headline.writing import write_study

SAMPLE = (*range(11), 13, 14)
"""A study of each kind with given predictions, a fit function, and one that fails."""


@pytest.fixture(scope="module")
def graded() -> Grades:
    return grade_studies(SAMPLE, pastes=0)


def test_no_surface_contradicts_another(graded: Grades) -> None:
    assert graded.contradictions == []


def test_answers_are_right_where_the_truth_is_clear(graded: Grades) -> None:
    assert graded.mistakes == []
    real = [tally for kind, tally in graded.tallies.items() if kind.startswith("predictions") and "Holds" not in kind]
    assert sum(one.yes_right + one.no_right for one in real) >= len(GIVEN) // 2, "most clear cases are answered"


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        ("exit 3", "exit 3"),
        ("true", "exit 0, but nothing"),
        ("touch data/more.csv", ""),
        ("true # brittlestar run here.study --seeds 5", "exit 0, but no run was added to the 1 there"),
    ],
)
def test_a_command_that_fails_or_changes_nothing_is_a_fault(tmp_path: Path, command: str, fault: str) -> None:
    (tmp_path / "data").mkdir()
    outcome = tmp_path / "here.study" / "cells" / "one" / "outcome.json"
    outcome.parent.mkdir(parents=True)
    outcome.write_text('{"state": "done"}')
    assert paste(Printed(command, "next"), tmp_path).startswith(fault)
    assert bool(paste(Printed(command, "next"), tmp_path)) is bool(fault)


def test_a_wrong_yes_is_counted_and_fails_the_command(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(_: int, grades: Grades) -> None:
        grades.of("made up").count("yes", truth=False, clear=True)

    monkeypatch.setattr("tests.headline.grading.grade", wrong)
    assert main(["2"]) == 1
    assert "0.0 % of yes are right" in capsys.readouterr().out
    tally = Tally()
    assert not tally.count("cannot-say", truth=True, clear=True) and not tally.count("no", truth=True, clear=False)
    assert (tally.open, tally.unclear, tally.unclear_wrong) == (1, 1, 1)


def test_a_surface_that_says_something_else_is_a_contradiction(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written = write_study(make_study(0), tmp_path)
    assert make_study(0).kind == "below chance"
    result = check("data", predictions=written.predictions, out="made.study", limits=False)
    assert contradictions(result, Path("made.study")) == []
    other = replace(result.headline, real=Decision("yes", "main exceeds everything."))
    found = contradictions(replace(result, headline=other), Path("made.study"))
    for surface in ("the page", "results.json", "judge --json", "repr of judge", "judge --verbose", "judge --quiet"):
        assert any(one.startswith(surface) for one in found), surface
    assert any("beside a refuted claim on test" in one for one in found)
