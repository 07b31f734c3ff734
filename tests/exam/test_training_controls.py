"""Healthy controls of the training exam: what they are, what they reached, and how their false alarms are counted."""

import ast
import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from brittlestar.core.errors import InputError
from exam import ledger, training_controls
from exam.training.controls.accuracy import measure
from exam.training.controls.admission import check, is_admitted, known
from exam.training.controls.every import CANDIDATES, CONTROLS, REJECTED, half_of
from exam.training.fault import PROGRAMS, Program
from exam.training.known import ODD
from exam.training.sets import KNOWN
from exam.training.task_names import task_named
from exam.training.tasks import write
from exam.training_controls import as_text, main, summary

ENTRY = {"digest": "", "scores": [0.95, 0.96, 0.94], "recall": 0.9, "reachable": 0.98}


def test_a_control_is_a_module_of_its_own_that_nothing_else_trains() -> None:
    programs = [candidate.healthy for candidate in CANDIDATES]
    for program in programs:
        names = {node.name for node in ast.parse(program.text).body if isinstance(node, ast.FunctionDef)}
        assert program.kind in names or f"\n{program.kind} = " in program.text
    others = {*(fault.twin.digest() for fault in KNOWN.faults), *(odd.healthy.digest() for odd in ODD)}
    assert max(Counter([*others, *(program.digest() for program in programs)]).values()) == 1
    assert max(Counter(one.name for one in (*CANDIDATES, *ODD)).values()) == 1


def test_a_candidate_is_a_control_where_its_accuracies_are_those_of_a_healthy_program() -> None:
    measured = known()
    assert measured.keys() == {candidate.name for candidate in CANDIDATES}
    for candidate in CANDIDATES:
        assert measured[candidate.name]["digest"] == candidate.healthy.digest(), (
            f"measure {candidate.name} again: --scores"
        )
        assert is_admitted(measured[candidate.name]) == (candidate.name not in REJECTED), candidate.name
    assert len(check(CONTROLS)) == 64


@pytest.mark.parametrize(
    "other", [{"scores": [0.93, 0.92, 0.93]}, {"scores": [0.99, 0.94, 0.93]}, {"recall": 0.4}], ids=str
)
def test_a_program_is_not_admitted_that_is_low_or_unsteady_or_gave_up_a_class(other: dict[str, Any]) -> None:
    assert is_admitted(ENTRY)
    assert not is_admitted({**ENTRY, **other})


@pytest.mark.parametrize("name", ["bag_loop", "bag_net"])
def test_either_kind_of_program_is_trained_without_a_study(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        (PROGRAMS / f"{name}.py").read_text(encoding="utf-8").replace("        model.train()\n", "        print(1)\n")
    )
    settings = {"training.epochs": "12", "training.learning_rate": "0.01", "training.clip": "null"}
    found = measure(Program(text, "markers rows=300 dev=60 held_out=100 noise=0.06", settings), 1)
    assert found.scores[0] > 0.7 and 0.5 < found.recall <= found.scores[0]
    assert found.reachable == pytest.approx(0.96)
    assert capsys.readouterr().out == ""


def test_a_task_is_named_with_its_numbers(tmp_path: Path) -> None:
    task = task_named("markers rows=300 dev=40 held_out=50 noise=0 dev_noise=0 scarce=login:0.1 sorted_train=no")
    assert (task.rows, task.dev, task.held_out, task.noise, task.sorted_train) == (300, 40, 50, 0.0, False)
    write(task, tmp_path / "one")
    write(task_named(f"{task.name} draw=2"), tmp_path / "two")
    texts = [(tmp_path / folder / "train.csv").read_text(encoding="utf-8") for folder in ("one", "two")]
    assert texts[0] != texts[1]
    counts = Counter(row["label"] for row in csv.DictReader(texts[0].splitlines()))
    assert counts.total() == 300 and counts["login"] < 40 < min(counts["billing"], counts["shipping"])
    for name, told in (("nothing", "no task is called 'nothing'"), ("order words=3", "a task has no 'words'")):
        with pytest.raises(InputError, match=told):
            task_named(name)


def said(kind: str, *false: str) -> dict[str, Any]:
    return {"kind": kind, "accuracy": 0.97, "false": list(false), "other": [], "sentences": list(false), "seconds": 1.0}


def test_the_sealed_half_tells_totals_alone() -> None:
    found = {"one": said("fit", "train.plateau"), "two": said("build")}
    shown, hidden = as_text(summary(found, "open")), as_text(summary(found, "sealed"))
    assert "one (97.0): train.plateau" in shown and "two" not in shown
    assert "train.plateau" not in hidden and "one" not in json.dumps(summary(found, "sealed"))
    for text in (shown, hidden):
        assert "controls with a false alarm" in text and ": 1 of 2 (" in text and ": 0 of 1 (" in text


def test_halves_are_scored_as_they_should_be(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--half", "sealed"]) == 2
    assert "only scored to be recorded" in capsys.readouterr().err
    assert main(["--record", "--only", "bag-net-gelu"]) == 2
    assert "only a whole half is recorded" in capsys.readouterr().err
    assert main(["--only", next(control.name for control in CONTROLS if half_of(control.name) == "sealed")]) == 2
    assert "no control of the open half" in capsys.readouterr().err


def test_a_recorded_half_is_a_line_of_the_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = tmp_path / "ledger.json"
    book.write_text("[]", encoding="utf-8")
    monkeypatch.setattr(ledger, "PLACE", book)
    monkeypatch.setattr(ledger, "clean_commit", lambda *_: "abc1234")
    monkeypatch.setattr(
        training_controls, "measure_healthy", lambda programs, *_: ((name, said("fit")) for name in programs)
    )
    assert main(["--half", "sealed", "--record"]) == 0
    (entry,) = ledger.entries()
    many = sum(half_of(control.name) == "sealed" for control in CONTROLS)
    assert entry["part"] == "training-controls-sealed" and entry["commit"] == "abc1234"
    assert entry["figures"]["controls with a false alarm"]["of"] == many
    assert f"controls with a false alarm: 0 of {many}" in ledger.table()
