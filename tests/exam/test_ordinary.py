"""Ordinary programs: honest ones get nothing untrue above information, and their ordinary faults are noticed."""

import re
from collections import Counter
from pathlib import Path

import pytest

from exam import ordinary_exam
from exam.ordinary.library import HONEST, LOOPS, WORDS, OrdinaryFault, name_model, read_faults, read_program
from exam.ordinary.sets import MADE, OF_SYMBOLS, REAL, TRUE_OF_SET, is_true, write_set
from exam.ordinary_exam import FAULTS_ON, grade_fault, list_untrue, pair_programs, study
from exam.training.study import Outcome, Said

FAULTS = read_faults()
CODE = re.compile(r"[a-z]+\.[a-z-]+")
NOTICED = (
    *("columns-swapped", "other-preprocessing", "vocabulary-of-test", "chosen-on-test", "trained-on-test"),
    *("trained-on-dev", "one-seed-for-all", "one-seed-of-trees", "encoder-frozen", "encoder-frozen-in-trainer"),
    *("label2id-mixed-up", "classes-as-they-come", "labels-shifted-by-a-row", "shuffled-without-labels"),
    *("wrong-tokeniser", "softmax-over-the-batch", "padding-inside-mean", "answers-are-cached", "dropout-when-asked"),
    *("gradients-never-cleared", "rows-cut-short"),
)
"""Measured, and never fewer: another one that `python -m exam.ordinary_exam --faults` shows as noticed belongs here."""


def _said(code: str, severity: str = "error") -> Said:
    return Said(code, severity, f"sentence of {code}", {}, "")


def _outcome(*said: Said, first: str | None = None) -> Outcome:
    return Outcome((0.8, 0.8, 0.8), 0, said, None if first is None else (first, "sentence"), 1.0)


def test_there_are_fifteen_of_scikit_learn_and_five_loops() -> None:
    assert (len(WORDS), len(LOOPS), len(MADE), len(REAL)) == (15, 5, 4, 4)
    there = {file.stem for file in (Path(ordinary_exam.__file__).parent / "ordinary" / "programs").glob("*.py")}
    assert there == {*HONEST}
    assert Counter(name for name, _ in pair_programs(MADE)) == dict.fromkeys(HONEST, 4)
    assert {name for name, _ in pair_programs(MADE)[:20]} == {*HONEST}
    assert "logistic" not in {name for name, one in pair_programs(REAL) if one == OF_SYMBOLS}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_a_change_of_an_honest_program(fault: OrdinaryFault) -> None:
    assert fault.program in HONEST and fault.codes and all(CODE.fullmatch(code) for code in fault.codes)
    assert fault.text != read_program(fault.program) and name_model(fault.text) == "fit"
    compile(fault.text, fault.name, "exec")


def test_names_of_faults_differ() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 16


def test_sets_are_made_or_copied(tmp_path: Path) -> None:
    write_set("moods", tmp_path / "made" / "moods", None)
    names = ["dev.csv", "test.csv", "train.csv"]
    assert sorted(file.name for file in (tmp_path / "made" / "moods").iterdir()) == names
    write_set("moods", tmp_path / "copied", tmp_path / "made")
    assert (tmp_path / "copied" / "test.csv").read_bytes() == (tmp_path / "made" / "moods" / "test.csv").read_bytes()


def test_what_is_true_of_a_set_is_no_alarm() -> None:
    assert (
        is_true("sms_spam", "leak.near")
        and not is_true("sms_spam", "label.noise")
        and not is_true("moods", "leak.near")
    )
    assert {*TRUE_OF_SET} <= {*MADE, *REAL}
    outcome = _outcome(_said("leak.near"), _said("train.overfit"), _said("seed.inert", "info"))
    assert list_untrue(outcome, "sms_spam") == {"train.overfit": "sentence of train.overfit"}


def test_a_fault_is_graded_by_what_is_new() -> None:
    fault = next(one for one in FAULTS if one.name == "columns-swapped")
    right, other = _said("eval.label-order"), _said("train.plateau")
    assert grade_fault(fault, _outcome(right, other, first=right.code), _outcome(other)) == ({right.code}, True, True)
    assert grade_fault(fault, _outcome(other, first=other.code), _outcome()) == ({other.code}, False, False)
    assert grade_fault(fault, _outcome(right, first=other.code), _outcome(right)) == (set(), False, False)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ordinary")


@pytest.mark.parametrize(("name", "set_name"), pair_programs(MADE)[:20])
def test_an_honest_program_gets_nothing_untrue_above_information(name: str, set_name: str, results: Path) -> None:
    outcome = study(read_program(name), set_name, name, None, results)
    assert not outcome.failed and list_untrue(outcome, set_name) == {}


@pytest.mark.parametrize("name", NOTICED)
def test_an_ordinary_fault_is_noticed(name: str, results: Path) -> None:
    fault, where = next(one for one in FAULTS if one.name == name), FAULTS_ON[False]
    twin, outcome = (
        study(text, where, each, None, results)
        for each, text in ((fault.program, read_program(fault.program)), (name, fault.text))
    )
    assert grade_fault(fault, outcome, twin)[1], outcome.said
