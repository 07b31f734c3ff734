"""`python -m exam.record_exam [--set SET] [--only PART …] [--show-misses] [--json FILE]`: what verify says of changed
records, compare of reported configurations, and trace of programs with something that nobody states.

The cases of each set are sealed (`sealed.json` beside them), and are scored as they are.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError
from exam.record.asking import Answer, ask_compare, ask_trace, ask_verify
from exam.record.base import Base
from exam.record.case_set import CaseSet
from exam.record.forging import cells
from exam.record.grading import (
    MutationGrade,
    ProgramGrade,
    ReportGrade,
    grade_mutation,
    grade_program,
    grade_report,
    grade_unchanged,
    is_detected,
)
from exam.record.mutation import DEPTHS, Depth, Mutation
from exam.record.programs import write_program
from exam.record.sealing import check_sealed
from exam.record.sets import FIRST, SETS
from exam.record.totals import MISSES, TOTALS, Totals
from exam.training.shares import percent

PARTS = ("mutations", "reports", "programs")


def main(arguments: Sequence[str] | None = None) -> int:
    """Sit the exam; print totals."""
    parser = argparse.ArgumentParser(prog="python -m exam.record_exam", description=__doc__)
    parser.add_argument("--set", choices=sorted(SETS), default=FIRST.name, help="which set of cases")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), metavar="PART", help=", ".join(PARTS))
    parser.add_argument(
        "--show-misses", action="store_true", help="name what was missed: the set is not new after that"
    )
    parser.add_argument("--json", type=Path, help="every grade as JSON")
    given = parser.parse_args(arguments)
    cases = SETS[given.set]
    try:
        sealed = check_sealed(cases)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="record-exam-") as place:
        found = {part: SITTINGS[part](Path(place) / part, cases) for part in given.only if getattr(cases, part)}
    totals: Totals = {name: one for part, grades in found.items() for name, one in TOTALS[part](grades).items()}
    print("\n".join(f"{name}: {percent(one)}" for name, one in totals.items()))
    print(f"sealed: {sealed}")
    if given.show_misses:
        print("\n".join(line for part, grades in found.items() for line in MISSES[part](grades)))
    if given.json is not None:
        grades = {part: [asdict(one) for one in some] for part, some in found.items()}
        written = {"set": cases.name, "sealed": sealed, "totals": totals, "grades": grades}
        given.json.write_text(json.dumps(written, indent=1, ensure_ascii=False), encoding="utf-8")
    return 0


def sit_mutations(place: Path, cases: CaseSet) -> list[MutationGrade]:
    """Every mutation at each depth up to its own, and the record as it is in both forms, first."""
    base = cases.build_base(place / "base")
    runs = cells(base.record)
    hashes = {run: folder.name for run, folder in runs.items()}
    grades: list[MutationGrade] = []
    for form, original in (("folder", base.record), ("archive", base.archive)):
        answers: dict[Depth, Answer] = {depth: ask_verify(original, depth, len(runs)) for depth in DEPTHS}
        grades.append(grade_unchanged(form, answers))
    for number, mutation in enumerate(cases.mutations):
        record = _change(base, mutation, place / f"mutation-{number}")
        grades.append(grade_mutation(mutation, dict(_verified(record, mutation.depth, len(runs))), hashes))
        shutil.rmtree(record.parent)
        _tell("mutations", number, cases.mutations)
    return grades


def _change(base: Base, mutation: Mutation, place: Path) -> Path:
    """A changed copy of the record."""
    place.mkdir()
    original = base.record if mutation.form == "folder" else base.archive
    copy = place / original.name
    (shutil.copytree if original.is_dir() else shutil.copyfile)(original, copy)
    mutation.change(copy, base)
    return copy


def _verified(record: Path, last: Depth, runs: int) -> Iterator[tuple[Depth, Answer]]:
    """Answers from the cheapest depth on, until one is not fine."""
    for depth in DEPTHS[: DEPTHS.index(last) + 1]:
        answer = ask_verify(record, depth, runs)
        yield depth, answer
        if is_detected(answer):
            return


def sit_reports(place: Path, cases: CaseSet) -> list[ReportGrade]:
    """Every report beside the study that it is of."""
    studies = cases.build_studies(place)
    grades: list[ReportGrade] = []
    for number, report in enumerate(cases.reports):
        written = place / f"report-{number}{report.suffix}"
        written.write_text(report.text, encoding="utf-8")
        grades.append(grade_report(report, ask_compare(studies[report.study], written)))
        _tell("reports", number, cases.reports)
    return grades


def sit_programs(place: Path, cases: CaseSet) -> list[ProgramGrade]:
    """Every program, trained and traced."""
    grades: list[ProgramGrade] = []
    for number, program in enumerate(cases.programs):
        answer = ask_trace(write_program(program, place / f"program-{number}"))
        grades.append(grade_program(program, answer))
        _tell("programs", number, cases.programs)
    return grades


def _tell(part: str, number: int, of: Sequence[object]) -> None:
    print(f"{part}: {number + 1} of {len(of)}", file=sys.stderr, flush=True)


SITTINGS: Mapping[str, Callable[[Path, CaseSet], list[Any]]] = {
    "mutations": sit_mutations,
    "reports": sit_reports,
    "programs": sit_programs,
}

if __name__ == "__main__":
    sys.exit(main())
