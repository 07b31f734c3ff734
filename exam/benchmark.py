"""`python -m exam.benchmark clean|known|fifth`: the exam of `audit`, with its scores.

`known` are kinds of faults out of four earlier sets, which checks were tuned on.
"""

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from brittlestar.core.catalogue import find_checks
from brittlestar.core.errors import InputError
from brittlestar.statistics.proportions import bound_share
from exam import ledger
from exam.budget import record
from exam.clean.folders import N_CLEAN, clean_case
from exam.clean.tables import without_numbers
from exam.faults.fifth.sealed import FIFTH
from exam.faults.known import FAULTS
from exam.planted import Fault, planted
from exam.scoring import (
    CleanAnswer,
    FaultAnswer,
    clean_table,
    planted_table,
    score_clean,
    score_planted,
)

KNOWN = "known"
STREAM = "planted"
"""What random numbers of the known set depend on, beside names."""
SEALED = {FIFTH.name: FIFTH}
CASES = 5

Job = tuple[str, int, float, int, bool]
"""(`known` or a sealed set, position of the fault, dose, number of the case, whether its check runs alone)."""


def clean_answers(numbers: Sequence[int], jobs: int = 1, which: str = KNOWN) -> list[CleanAnswer]:
    """Audits of clean cases."""
    return list(_each(_clean, [(which, number) for number in numbers], jobs, "clean folders"))


def planted_answers(jobs_: Sequence[Job], jobs: int = 1) -> list[FaultAnswer]:
    """Audits of planted cases."""
    return list(_each(_planted, jobs_, jobs, "planted faults"))


def planted_jobs(
    which: str = KNOWN,
    cases: int = CASES,
    codes: Sequence[str] = (),
    all_doses: bool = False,
    alone: bool = False,
) -> list[Job]:
    """The cases to run: `cases` of each fault at each dose that matters, or at every dose. A check that runs `alone` is
    quick, but its p-values are corrected over its own tests only."""
    return [
        (which, position, dose, number, alone)
        for position, fault in enumerate(_faults(which))
        if not codes or fault.code in codes or fault.code.partition(".")[0] in codes
        for dose in fault.doses
        if all_doses or dose >= fault.matters
        for number in range(cases)
    ]


def _faults(which: str) -> tuple[Fault, ...]:
    return FAULTS if which == KNOWN else SEALED[which].faults


def _clean(job: tuple[str, int]) -> CleanAnswer:
    which, number = job
    if which not in SEALED:
        return score_clean(clean_case(number))
    return score_clean(SEALED[which].clean_case(number))


def _planted(job: Job) -> FaultAnswer:
    which, position, dose, number, alone = job
    fault = _faults(which)[position]
    found, _ = planted(fault, dose, number, SEALED[which].stream if which in SEALED else STREAM)
    only = (fault.code,) if alone and fault.code in find_checks("data") else ()
    return score_planted(found, fault.code, fault.kind, number, dose, dose >= fault.matters, only)


def _each(function: Callable[[Any], Any], work: Sequence[Any], jobs: int, what: str) -> Iterator[Any]:
    start = time.perf_counter()
    for done, answer in enumerate(_mapped(function, work, jobs), 1):
        if done % 10 == 0 or done == len(work):
            left = (time.perf_counter() - start) / done * (len(work) - done)
            print(f"\r{done} of {len(work)} {what}, {left:.0f} s left ", end="", file=sys.stderr, flush=True)
        yield answer
    print(file=sys.stderr)


def _mapped(function: Callable[[Any], Any], work: Sequence[Any], jobs: int) -> Iterable[Any]:
    if jobs == 1:
        yield from map(function, work)
        return
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        yield from pool.map(function, work, chunksize=2)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one part of the exam; prints a table, or JSON."""
    parser = argparse.ArgumentParser(prog="python -m exam.benchmark", description=__doc__)
    parser.add_argument("part", choices=["clean", KNOWN, *SEALED])
    parser.add_argument("--cases", type=int, help=f"clean: {N_CLEAN}; of each fault: {CASES}, fifth: {FIFTH.cases}")
    parser.add_argument("--first", type=int, default=0, help="clean: number of the first case")
    parser.add_argument("--only", action="append", default=[], help="faults: a code or family")
    parser.add_argument("--all-doses", action="store_true", help="faults: weaker doses too")
    parser.add_argument("--alone", action="store_true", help="faults: run the one check only, which is quick")
    parser.add_argument(
        "--record",
        action="store_true",
        help="put the figures, with the commit, into the ledger and the error budget that pages show",
    )
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    if given.record and (given.only or given.cases or given.first or given.alone):
        parser.error("--record takes a whole exam: leave out --only, --cases, --first and --alone")
    commit = ledger.clean_commit() if given.record else ""
    sha256 = sha256_of(given.part) if given.record else ""
    table: dict[str, Any] = {}
    texts: list[str] = []
    sealed = SEALED.get(given.part)
    if given.part == "clean" or (sealed is not None and not given.only):
        which = given.part if sealed is not None else KNOWN
        cases = given.cases or (N_CLEAN if sealed is None else sealed.clean)
        answers = clean_answers(range(given.first, given.first + cases), given.jobs, which)
        table["clean"] = clean_table(answers)
        texts.append(clean_text(table["clean"], answers))
    if given.part != "clean":
        usual = CASES if sealed is None else sealed.cases
        work = planted_jobs(given.part, given.cases or usual, given.only, given.all_doses, given.alone)
        table["faults"] = planted_table(planted_answers(work, given.jobs))
        texts.append(planted_text(table["faults"]))
    if given.record:
        record(given.part, table, ledger.commit_after(commit), sha256)
    print(json.dumps(table, indent=1, ensure_ascii=False) if given.json else "\n\n".join(texts))
    return 0


def sha256_of(part: str) -> str:
    """SHA-256 that a set is known by: of all cases of a sealed set, which must be those that were sealed; else over the
    digests of some of its cases, 40 clean ones or one of every fault at its largest dose, but for the numbers of their
    tables."""
    if part in SEALED:
        return SEALED[part].check()
    if part == KNOWN:
        largest = ((fault, fault.doses[-1]) for fault in FAULTS)
        drawn = [(f"{fault.name} {dose:g} ", planted(fault, dose, 0, STREAM)[0].case) for fault, dose in largest]
    else:
        drawn = [("", clean_case(number)) for number in range(40)]
    cases = [f"{name}{without_numbers(case).digest()}" for name, case in drawn]
    return hashlib.sha256("\n".join(cases).encode()).hexdigest()


def clean_text(table: dict[str, Any], answers: Sequence[CleanAnswer]) -> str:
    """The score on clean cases for people."""
    rate = table["rate"]
    lines = [
        f"{table['with_alarm']} of {table['cases']} clean folders with an error, a warning or a check that failed "
        f"(95 % interval {100 * rate['low']:.1f} to {100 * rate['high']:.1f} %), {table['seconds']:.0f} s of audits"
    ]
    for code, names in sorted(table["by_code"].items(), key=lambda item: -len(item[1])):
        lines.append(f"  {code}: {len(names)}")
        lines += [
            f"    {answer.name} ({answer.kind}, {answer.rows:,} rows) {alarm.severity}: {alarm.summary[:300]}"
            for answer in answers
            for alarm in answer.alarms
            if alarm.code == code
        ]
    return "\n".join(lines)


def planted_text(table: list[dict[str, Any]]) -> str:
    """The score on planted faults for people."""
    lines = [f"{'fault':58} {'right':>9} {'found':>6} {'placed':>6}  at least  limit  by dose"]
    for one in table:
        by_dose = " ".join(f"{dose}:{share}" for dose, share in one["by_dose"].items())
        lines.append(
            f"{one['code'] + ' (' + one['kind'] + ')':58} {one['right']:>4}/{one['cases']:<4} {one['found']:>6} "
            f"{one['placed']:>6}  {100 * one['rate']['low']:6.1f} %  {one['limit']}  {by_dose}"
        )
        lines += [f"    {missed['number']} at {missed['dose']:g}: {missed['said']}" for missed in one["missed"][:3]]
        lines += [f"    failed: {text}" for text in one["failures"]]
    right, cases = sum(one["right"] for one in table), sum(one["cases"] for one in table)
    low, high = bound_share(right, max(cases, 1))
    lines.append(f"{right} of {cases} right (95 % interval {100 * low:.1f} to {100 * high:.1f} %)")
    return "\n".join(lines)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except InputError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
