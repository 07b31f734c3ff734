"""The exam of training faults: its programs, its seal, and how it grades."""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from brittlestar.core.errors import InputError
from brittlestar.core.results import CellRecord
from exam.training.fault import PROGRAMS, Fault, Program, changed, is_sealed
from exam.training.grading import Grade, false_alarms, graded, weak
from exam.training.odd import ODD
from exam.training.others import ask_others
from exam.training.sets import FOURTH, OPEN, SEALED, SECOND, SETS, THIRD, FaultSet
from exam.training.study import Outcome, Said, measured
from exam.training.tasks import TASKS, Task, write
from exam.training_exam import WEAK, as_text, main, summary
from tests.diagnosis.synthetic import cell

FAULTS = tuple(fault for one in SETS.values() for fault in one.faults)
REPORT = re.compile(r"https://github\.com/[\w.-]+/[\w.-]+/(issues|pull)/\d+")
CODE = re.compile(r"(train|eval|token|padding|embedding|position|data|probe|label|leak)\.[a-z-]+")


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_a_change_of_a_program_and_has_its_report(fault: Fault) -> None:
    assert REPORT.fullmatch(fault.report)
    assert fault.faulty.digest() != fault.twin.digest() and fault.faulty.task == fault.twin.task == fault.task
    assert not fault.settings or fault.faulty.kind == "build"
    for program in (fault.faulty, fault.twin):
        names = {node.name for node in ast.parse(program.text).body if isinstance(node, ast.FunctionDef)}
        assert program.kind in names or f"\n{program.kind} = " in program.text
    assert fault.codes and all(CODE.fullmatch(code) for code in fault.codes)
    for pattern in (*fault.words, *fault.place):
        re.compile(pattern)


def test_names_differ_and_types_are_in_their_half() -> None:
    assert max(Counter([*(fault.name for fault in FAULTS), *(odd.name for odd in ODD)]).values()) == 1
    assert [fault.name for fault in OPEN.faults if is_sealed(fault.kind)] == []
    assert [fault.name for fault in SEALED.faults if not is_sealed(fault.kind)] == []
    assert len({fault.kind for fault in (*OPEN.faults, *SEALED.faults)}) >= 76 and len(ODD) >= 24


def test_the_second_set_has_types_reports_and_programs_of_its_own() -> None:
    assert len({fault.kind for fault in SECOND.faults}) == len({fault.report for fault in SECOND.faults})
    assert len({fault.kind for fault in SECOND.faults}) == len(SECOND.faults) >= 34
    first = (*OPEN.faults, *SEALED.faults)
    assert not {fault.report for fault in SECOND.faults} & {fault.report for fault in first}
    new = [fault for fault in SECOND.faults if fault.program not in {one.program for one in first}]
    assert len(new) >= 0.6 * len(SECOND.faults)
    known = json.loads(WEAK.read_bytes())
    assert sum(known[fault.name]["weak"] for fault in SECOND.faults) <= 4


def test_the_third_set_has_types_reports_and_programs_of_its_own() -> None:
    earlier = (*OPEN.faults, *SEALED.faults, *SECOND.faults)
    kinds, reports = ({getattr(fault, what) for fault in THIRD.faults} for what in ("kind", "report"))
    assert len(kinds) == len(reports) == len(THIRD.faults) >= 38
    assert not kinds & {fault.kind for fault in earlier}
    assert not reports & {fault.report for fault in earlier}
    new = [fault for fault in THIRD.faults if fault.program not in {one.program for one in earlier}]
    assert len(new) >= 28 and len({fault.program for fault in new}) >= 6
    assert sum(fault.faulty.kind == "build" for fault in THIRD.faults) >= 14
    known = json.loads(WEAK.read_bytes())
    assert sum(known[fault.name]["weak"] for fault in THIRD.faults) <= 2


def test_the_fourth_set_has_types_reports_and_programs_of_its_own() -> None:
    earlier = (*OPEN.faults, *SEALED.faults, *SECOND.faults, *THIRD.faults)
    kinds, reports = ({getattr(fault, what) for fault in FOURTH.faults} for what in ("kind", "report"))
    assert len(kinds) == len(reports) == len(FOURTH.faults) >= 30
    assert not kinds & {fault.kind for fault in earlier}
    assert not reports & {fault.report for fault in earlier}
    new = [fault for fault in FOURTH.faults if fault.program not in {one.program for one in earlier}]
    assert len(new) >= 22 and len({fault.program for fault in new}) >= 6
    assert sum(fault.faulty.kind == "build" for fault in FOURTH.faults) >= 9
    known = json.loads(WEAK.read_bytes())
    assert sum(known[fault.name]["weak"] for fault in FOURTH.faults) <= 2


@pytest.mark.parametrize("program", sorted(PROGRAMS.glob("*.py")), ids=lambda file: file.stem)
def test_every_program_can_be_imported(program: Path) -> None:
    text = program.read_text(encoding="utf-8")
    names: dict[str, object] = {"__name__": program.stem}
    exec(compile(text, str(program), "exec", dont_inherit=True), names)
    assert callable(names[Program(text, "order").kind])


def test_faulty_and_odd_programs_can_be_imported() -> None:
    for program in (*(fault.faulty for fault in FAULTS), *(odd.healthy for odd in ODD)):
        names: dict[str, object] = {"__name__": "program"}
        exec(compile(program.text, "program.py", "exec", dont_inherit=True), names)
        assert callable(names[program.kind])
        assert program.task in TASKS


def test_a_change_that_fits_nowhere_or_twice_is_refused() -> None:
    assert changed("a b", (("a", "c"), ("c b", "d"))) == "d"
    for old in ("x", "a"):
        with pytest.raises(InputError, match="places of a program"):
            changed("a a", ((old, "b"),))


@pytest.mark.parametrize("task", TASKS.values(), ids=lambda task: task.name)
def test_a_task_is_always_the_same_and_its_splits_share_no_row(task: Task, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        write(task, tmp_path / folder)
    rows: list[str] = []
    for split, many in (("train", task.rows), ("dev", task.dev), ("test", task.held_out)):
        text = (tmp_path / "one" / f"{split}.csv").read_text(encoding="utf-8")
        assert text == (tmp_path / "two" / f"{split}.csv").read_text(encoding="utf-8")
        found = text.splitlines()[1:]
        assert len(found) == many
        rows += [line.rsplit(",", 1)[0] for line in found]
    assert len(set(rows)) == len(rows)
    assert all(2 <= len(row.split()) <= 40 for row in rows)


def test_tasks_of_the_sets_that_were_scored_are_still_the_same(tmp_path: Path) -> None:
    whole = hashlib.sha256()
    for name in ("markers", "order", "counts", "rare", "noisy-dev", "noisy"):
        write(TASKS[name], tmp_path / name)
        for split in ("train", "dev", "test"):
            whole.update((tmp_path / name / f"{split}.csv").read_bytes())
    assert whole.hexdigest() == "484579dab027e67f947e453395604e6e7223403ca08dc53ce126cd523246b6f2"


@pytest.mark.parametrize("chosen", [SEALED, SECOND, THIRD, FOURTH], ids=lambda one: one.name)
def test_a_sealed_set_is_the_one_that_was_committed(chosen: FaultSet, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(chosen.check() or "") == 64
    found = chosen.manifest()
    name = chosen.faults[0].name
    found["programs"][name]["faulty"] = "0" * 64

    def altered(_: FaultSet) -> dict[str, Any]:
        return found

    monkeypatch.setattr(FaultSet, "manifest", altered)
    with pytest.raises(InputError, match=f"{name} is not what was sealed"):
        chosen.check()


def test_an_open_set_has_no_manifest() -> None:
    assert OPEN.check() is None
    with pytest.raises(InputError, match="an open set has no manifest"):
        OPEN.seal()


def test_a_set_that_checks_have_not_met_is_only_scored_to_be_recorded(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SETS, "second", replace(SECOND, unmet=True))
    assert main(["--set", "second"]) == 2
    assert "only scored to be recorded" in capsys.readouterr().err
    assert main(["--set", "second", "--record", "--only", "nobody"]) == 2
    assert "only a whole set is recorded" in capsys.readouterr().err
    assert main(["--only", "nobody"]) == 2
    assert "no program has one of these names" in capsys.readouterr().err


FAULT = replace(OPEN.faults[0], codes=("train.loss-mismatch",), words=(r"softmax.{0,20}twice",), place=(r"\bhead\b",))


def said(code: str, severity: str, summary: str = "Something is wrong.", **where: str) -> Said:
    return Said(code, severity, summary, where, "")


def outcome(*findings: Said, first: str | None = None, score: float = 0.5) -> Outcome:
    return Outcome((score, score), 0, findings, None if first is None else (first, "Look there."), 1.0)


def grade(faulty: Outcome, *twin: Said, is_weak: bool = False) -> Grade:
    return graded(FAULT, faulty, outcome(*twin, score=0.9), is_weak)


def test_what_the_twin_says_too_is_not_noticed() -> None:
    found = grade(
        outcome(said("train.plateau", "warning"), said("data.small", "info")), said("train.plateau", "warning")
    )
    assert (found.noticed, found.new, found.accepted) == (False, (), False)
    worse = grade(
        outcome(said("train.plateau", "error")), said("train.plateau", "warning"), said("train.plateau", "info")
    )
    assert worse.noticed and worse.new == ("train.plateau",)


def test_the_cause_is_named_by_code_words_and_place() -> None:
    right = said("train.loss-mismatch", "error", "main: softmax is applied twice.", parameter="head")
    found = grade(outcome(said("eval.constant", "error"), right, first="train.loss-mismatch"))
    assert found.new == ("eval.constant", "train.loss-mismatch")
    assert found.noticed and found.accepted and found.first and found.named and found.place
    other = grade(outcome(said("eval.constant", "error", "One answer."), first="eval.constant"))
    assert other.noticed and not (other.accepted or other.first or other.named or other.place)


def test_a_remedy_that_names_the_cause_is_told_apart() -> None:
    found = grade(outcome(replace(said("eval.constant", "error"), remedy="Look for a softmax taken twice.")))
    assert found.remedy and not found.named


def test_false_alarms_are_those_of_the_families_of_training() -> None:
    told = outcome(said("train.rate-high", "warning"), said("label.noise", "error"), said("eval.slice", "info"))
    assert false_alarms(told) == ("train.rate-high",)


def test_a_fault_that_costs_less_than_two_points_is_weak() -> None:
    assert weak((0.97, 0.96), (0.98, 0.97)) and not weak((0.93, 0.95), (0.97, 0.97))
    assert not weak((), (0.9,))


def test_totals_leave_weak_faults_out_and_give_intervals() -> None:
    right = grade(outcome(said("train.loss-mismatch", "error")))
    missed = grade(outcome())
    shouted = grade(outcome(said("train.plateau", "warning")), is_weak=True)
    healthy = {"one": {"kind": "fit", "accuracy": 0.9, "false": ["eval.slice"], "other": [], "seconds": 1.0}}
    healthy["one"]["others"] = {"UMLAUT": ["train.overfit"]}
    table = summary([right, missed, shouted], healthy)
    share = table["totals"]["all"]["noticed"]
    assert (share["hits"], share["of"]) == (1, 2)
    assert (share["low"], share["high"]) == pytest.approx((0.0126, 0.9874), abs=1e-4)
    assert table["totals"]["factories"]["noticed"]["of"] == 0
    assert table["weak"] == {FAULT.name: ["train.plateau"]}
    text = as_text(table)
    assert "all, accepted: 1 of 2 (1.3 to 98.7 %)" in text
    assert "weak faults without a new alarm: 0 of 1" in text
    assert "healthy programs with a false alarm" in text and "eval.slice" in text
    assert "UMLAUT, healthy programs with an alarm: 1 of 1" in text
    assert (table["precision"]["hits"], table["precision"]["of"]) == (1, 1)


REDUCED = (
    "softmax-in-forward-of-loop",
    "zero-grad-once-per-epoch",
    "optimiser-of-an-earlier-model",
    "stays-in-evaluation-mode",
    "lower-cased-symbols",
    "layers-in-a-list",
    "rows-cut-in-forward",
)
QUIET = ("log-probabilities-as-outputs", "gradients-accumulated-over-four", "head-starts-at-zero")


@pytest.mark.slow
@pytest.mark.parametrize("name", REDUCED)
def test_a_reduced_exam_names_faults_of_the_open_half(name: str, tmp_path: Path) -> None:
    (fault,) = (one for one in OPEN.faults if one.name == name)
    faulty, twin = (measured(one, 2, 1, tmp_path) for one in (fault.faulty, fault.twin))
    grade = graded(fault, faulty, twin, False)
    assert grade.accepted and grade.first and grade.named, grade
    assert false_alarms(twin) == ()


@pytest.mark.slow
@pytest.mark.parametrize("name", QUIET)
def test_a_reduced_exam_is_silent_about_odd_programs(name: str, tmp_path: Path) -> None:
    (odd,) = (one for one in ODD if one.name == name)
    assert false_alarms(measured(odd.healthy, 2, 1, tmp_path)) == ()


def test_other_approaches_are_graded_on_the_same_run() -> None:
    faulty = replace(outcome(), others={"UMLAUT": ("train.overfit", "train.loss-mismatch"), "AutoTrainer": ()})
    twin = replace(outcome(), others={"UMLAUT": ("train.overfit",), "AutoTrainer": ()})
    found = graded(FAULT, faulty, twin, False)
    assert found.others == (("UMLAUT", True, True), ("AutoTrainer", False, False))


def test_what_experiments_settle_counts_beside_what_a_run_says() -> None:
    act = ("train.loss-mismatch", "main: softmax is applied twice.")
    run = outcome(said("eval.constant", "error"), first="eval.constant")
    found = grade(replace(run, settled=act, cells=10))
    assert not found.first and found.settled and found.cells == 10
    assert not grade(run).settled


def curves(**of: list[float]) -> CellRecord:
    return replace(cell("main"), curves={name: np.array([np.nan, *values]) for name, values in of.items()})


def test_restated_rules_say_what_their_papers_say() -> None:
    quiet = curves(
        **{"train.accuracy": [0.6, 0.8, 0.9], "dev.accuracy": [0.5, 0.7, 0.8], "train.loss": [1.0, 0.5, 0.2]}
    )
    assert ask_others(quiet) == {"AutoTrainer": (), "UMLAUT": ()}
    swinging = [0.75, 0.9, 0.75, 0.9, 0.75, 0.9, 0.75, 0.9]
    assert "train.rate-high" in ask_others(curves(**{"train.accuracy": swinging}))["AutoTrainer"]
    still = ask_others(curves(**{"train.accuracy": [0.5, 0.5, 0.5], "dev.accuracy": [0.5, 0.5, 0.5]}))
    assert "train.rate-low" in still["AutoTrainer"]
    rising = curves(**{"train.loss": [1.0, 0.5, 0.2], "dev.log_loss": [1.0, 1.1, 1.2]})
    assert ask_others(rising)["UMLAUT"] == ("train.overfit",)
    lost = curves(**{"train.loss": [1.0, np.nan]})
    assert "train.nonfinite" in ask_others(lost)["AutoTrainer"] and "train.nonfinite" in ask_others(lost)["UMLAUT"]
    high = ask_others(curves(**{"dev.accuracy": [0.9, 0.95, 0.96, 0.97], "train.accuracy": [0.9, 0.95, 0.97, 0.98]}))
    assert "leak.selection" in high["UMLAUT"]
