"""The exam of training faults: its programs, its seal, and how it grades."""

import ast
import hashlib
import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from brittlestar.core.errors import InputError
from exam.training import study
from exam.training.fault import Fault, changed
from exam.training.grading import Grade, graded, weak
from exam.training.known import ODD
from exam.training.sets import FOURTH, KNOWN, SETS
from exam.training.study import Outcome, Said
from exam.training.task_names import task_named
from exam.training.tasks import TASKS, Task, write
from exam.training_exam import WEAK, as_text, main, summary

FAULTS = tuple(fault for one in SETS.values() for fault in one.faults)
FIELDS = ("kind", "report")
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


def test_names_and_reports_differ_and_few_faults_are_weak() -> None:
    assert max(Counter([*(fault.name for fault in FAULTS), *(odd.name for odd in ODD)]).values()) == 1
    kinds, reports = ([{getattr(fault, what) for fault in one.faults} for one in (KNOWN, FOURTH)] for what in FIELDS)
    assert not kinds[0] & kinds[1] and not reports[0] & reports[1]
    assert len(KNOWN.faults) == 100 and len(kinds[0]) >= 95 and len(kinds[1]) == len(reports[1]) == len(FOURTH.faults)
    known = json.loads(WEAK.read_bytes())
    assert known.keys() == {fault.name for fault in FAULTS}
    assert sum(one["weak"] for one in known.values()) <= 9


def test_the_known_set_accepts_every_code_that_its_sets_accepted() -> None:
    assert len({code for fault in KNOWN.faults for code in fault.codes}) == 52
    assert sum(fault.faulty.kind == "build" for fault in KNOWN.faults) >= 30


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
    for name in ("markers", "commands"):
        write(TASKS[name], tmp_path / name)
        for split in ("train", "dev", "test"):
            whole.update((tmp_path / name / f"{split}.csv").read_bytes())
    assert whole.hexdigest() == "ffebf6ac8951642502ec786656dc3d8593f39b126e6b847b53c19c02a47f5093"


def test_the_fourth_set_is_the_one_that_was_sealed() -> None:
    assert FOURTH.check() == FOURTH.sealed
    assert KNOWN.check() == KNOWN.digest() != FOURTH.sealed
    first = FOURTH.faults[0]
    renamed = replace(FOURTH, faults=(replace(first, kind="another"), *FOURTH.faults[1:]))
    for altered in (replace(FOURTH, faults=FOURTH.faults[1:]), renamed):
        with pytest.raises(InputError, match="the fourth set is not what was sealed"):
            altered.check()


def test_a_set_that_checks_have_not_met_is_only_scored_to_be_recorded(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert FOURTH.unmet
    assert main(["--set", "fourth"]) == 2
    assert "only scored to be recorded" in capsys.readouterr().err
    assert main(["--set", "fourth", "--record", "--only", "nobody"]) == 2
    assert "only a whole set is recorded" in capsys.readouterr().err
    assert main(["--only", "nobody"]) == 2
    assert "no program has one of these names" in capsys.readouterr().err


FAULT = replace(KNOWN.faults[0], codes=("train.loss-mismatch",), words=(r"softmax.{0,20}twice",), place=(r"\bhead\b",))


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


def test_a_fault_that_costs_less_than_two_points_is_weak() -> None:
    assert weak((0.97, 0.96), (0.98, 0.97)) and not weak((0.93, 0.95), (0.97, 0.97))
    assert not weak((), (0.9,))


def test_totals_leave_weak_faults_out_and_give_intervals() -> None:
    right = grade(outcome(said("train.loss-mismatch", "error")))
    missed = grade(outcome())
    shouted = grade(outcome(said("train.plateau", "warning")), is_weak=True)
    healthy = {"one": {"kind": "fit", "accuracy": 0.9, "false": ["eval.slice"], "other": [], "seconds": 1.0}}
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
    assert (table["precision"]["hits"], table["precision"]["of"]) == (1, 1)


def test_a_reduced_exam_names_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (fault,) = (one for one in KNOWN.faults if one.name == "softmax-in-forward-of-loop")
    monkeypatch.chdir(tmp_path)
    write(task_named("markers rows=200 dev=60 held_out=60"), tmp_path / "data")
    (tmp_path / "program.py").write_text(fault.faulty.text, encoding="utf-8")
    found = study._outcome(1, 1, fault.faulty.kind, {})
    grade = graded(fault, found, outcome(), False)
    assert grade.accepted and grade.first and grade.named and grade.place, grade
    assert (found.failed, len(found.scores)) == (0, 1)
