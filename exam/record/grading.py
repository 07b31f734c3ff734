"""Was a mutation detected, a report read, a program seen through?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from exam.record.asking import FINE, Answer
from exam.record.mutation import DEPTHS, Depth, Mutation
from exam.record.program import INERT, INFLUENCED, Program
from exam.record.report import ALARMS, Report
from exam.record.reports import UNSTATED


@dataclass(frozen=True)
class MutationGrade:
    """`found` is the first depth at which the record was not accepted, None at none up to the expected one."""

    name: str
    depth: Depth
    found: Depth | None
    named: bool
    said: tuple[str, ...]
    unchanged: bool = False

    @property
    def detected(self) -> bool:
        """At the expected depth, or a cheaper one."""
        return self.found is not None


@dataclass(frozen=True)
class ReportGrade:
    """Expected fields with what they were called instead, and alarms about fields that are right."""

    name: str
    expected: int
    wrong: Mapping[str, str]
    alarms: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Without an error of either kind."""
        return not self.wrong and not self.alarms


@dataclass(frozen=True)
class ProgramGrade:
    """Whether what is wrong was `named`, or at least a finding of an accepted code `present`; all that was said."""

    name: str
    kind: str
    named: bool
    present: bool
    said: tuple[str, ...]


def grade_mutation(
    mutation: Mutation, answers: Mapping[Depth, Answer], hashes: Mapping[tuple[str, int], str]
) -> MutationGrade:
    """The grade of answers from the cheapest depth up to the one that was not fine."""
    pattern = mutation.pattern(hashes)
    for depth in DEPTHS:
        answer = answers.get(depth)
        if answer is not None and is_detected(answer):
            named = any(pattern.search(line) for line in answer.lines)
            return MutationGrade(mutation.name, mutation.depth, depth, named, answer.lines)
    said = tuple(f"{depth}: {answer.outcome} {' '.join(answer.lines)}" for depth, answer in answers.items())
    return MutationGrade(mutation.name, mutation.depth, None, False, said)


def grade_unchanged(form: str, answers: Mapping[Depth, Answer]) -> MutationGrade:
    """The grade of the record as it is, which is to be accepted at every depth."""
    refused: list[Depth] = [depth for depth in DEPTHS if depth in answers and answers[depth].outcome not in FINE]
    said = tuple(f"{depth}: {answers[depth].outcome} {' '.join(answers[depth].lines)}" for depth in refused)
    name = f"the record as it is, {form}"
    return MutationGrade(name, "retrain", refused[0] if refused else None, False, said, unchanged=True)


def is_detected(answer: Answer) -> bool:
    """Whether a record differs or is refused; one that cannot be told, hangs or crashes is not detected."""
    return answer.outcome in ("differs", "refused")


def grade_report(report: Report, answer: Answer) -> ReportGrade:
    """Every expected field, and every alarm about another one."""
    if answer.outcome != "told":
        wrong = dict.fromkeys(report.expected, f"{answer.outcome}: {' '.join(answer.lines)}")
        return ReportGrade(report.name, len(report.expected), wrong, ())
    fields = [_pair(line) for line in answer.lines]
    wrong = {
        key: ", ".join(sorted(found)) or "nothing"
        for key, expected in report.expected.items()
        if {expected} != (found := _find_kinds(fields, key))
    }
    alarms = tuple(
        f"{name}: {kind}"
        for name, kind in fields
        if kind in ALARMS
        and not is_unstated(name)
        and not any(is_same(name, key) or is_part(name, key) for key in report.expected)
    )
    return ReportGrade(report.name, len(report.expected), wrong, alarms)


def _find_kinds(fields: Sequence[tuple[str, str]], key: str) -> set[str]:
    """What a field was called; one that was told part by part, as weights of classes are, is right where each is."""
    whole = {kind for name, kind in fields if is_same(name, key)}
    parts = {kind for name, kind in fields if is_part(name, key)}
    return whole or (parts if parts == {"match"} else parts - {"match"})


def is_part(name: str, key: str) -> bool:
    """Whether a field is a part of another one: `training.class_weights.rare`."""
    return _plain(name).startswith(f"{_plain(key)} ")


def is_same(name: str, key: str) -> bool:
    """Whether two names of a field are one, apart from marks and case."""
    return _plain(name) == _plain(key)


def is_unstated(name: str) -> bool:
    """Whether reports of hyperparameters leave a setting out."""
    return any(name == one or name.startswith(f"{one}.") for one in UNSTATED)


def grade_program(program: Program, answer: Answer) -> ProgramGrade:
    """Of a healthy program any finding of one of the codes is present."""
    findings = [_pair(line) for line in answer.lines] if answer.outcome == "told" else []
    codes = program.codes or (*INERT, *INFLUENCED)
    present = [words for code, words in findings if code in codes]
    named = bool(program.names) and any(re.search(program.names, words, re.IGNORECASE) for words in present)
    said = answer.lines if answer.outcome == "told" else (answer.outcome, *answer.lines)
    broken = answer.outcome != "told" and program.kind == "healthy"
    return ProgramGrade(program.name, program.kind, named, bool(present) or broken, said)


def _pair(line: str) -> tuple[str, str]:
    left, _, right = line.partition("\t")
    return left, right


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", " ", name).strip().lower()
