"""The error budget in words: what the exams measured, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from brittlestar.reports import error_budget as room
from brittlestar.testing import budget
from brittlestar.testing.scoring import bounds

CLEAN = {"clean": {"with_alarm": 1, "cases": 400}}
FAULTS = {
    "faults": [
        {"code": "leak.exact", "right": 9, "cases": 10},
        {"code": "leak.exact", "right": 5, "cases": 5},
        {"code": "label.noise", "right": 0, "cases": 5},
    ]
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "budget.json"
    monkeypatch.setattr(room, "PLACE", file)
    monkeypatch.setattr(budget, "PLACE", file)
    room.error_budget.cache_clear()
    return file


def test_nothing_is_said_where_nothing_was_measured(place: Path) -> None:
    assert room.sentences() == []


def test_exams_are_added_up_by_code_and_told(place: Path) -> None:
    budget.record("clean", CLEAN)
    budget.record("planted", FAULTS)
    known: dict[str, Any] = json.loads(place.read_bytes())
    assert known["planted"]["faults"]["codes"] == {"label.noise": [0, 5], "leak.exact": [14, 15]}
    low, high = bounds(14, 20)
    assert room.sentences() == [
        "Errors or warnings on 1 of 400 generated clean folders (0.0 to 1.4 %).",
        "Of 20 planted faults of 3 kinds at doses that matter (checks were tuned on these), 14 were found with the "
        f"right code, place and rows ({100 * low:.1f} to {100 * high:.1f} %).",
    ]
    room.error_budget.cache_clear()


def test_the_budget_that_ships_holds_whole_exams() -> None:
    room.error_budget.cache_clear()
    shipped = room.error_budget()
    assert shipped["clean"]["clean"]["of"] >= 400
    for exam in ("planted", "held-out"):
        assert all(hits <= of for hits, of in shipped[exam]["faults"]["codes"].values())
    assert shipped["held-out"]["clean"]["of"] >= 100
