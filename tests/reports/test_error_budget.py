"""The error budget in words: what the exams measured and at which commit, and nothing else."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from brittlestar.reports import error_budget as room


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
