"""`python -m exam.ordinary_exam [--data DIR] [--faults] [--only NAME …]`: ordinary programs on four sets, and their
ordinary faults.

Without `--data` the sets are made here; with it they are four folders of real ones below DIR (`exam/ordinary/sets.py`).
Every study stays below `--results`, to be read.
"""

import argparse
import hashlib
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from exam.ordinary.library import HONEST, OF_WORDS, OrdinaryFault, name_model, read_faults, read_program
from exam.ordinary.sets import MADE, OF_SYMBOLS, REAL, is_true, write_set
from exam.training.grading import alarms
from exam.training.study import Outcome, read_outcome, study_folder

SEEDS = 3
FAULTS_ON = {False: "tickets", True: "customer_reviews"}
"""{whether sets are real: the set on which faults are made}."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, and print what was said: of honest programs what is not true, of faults whether they were noticed."""
    parser = argparse.ArgumentParser(prog="python -m exam.ordinary_exam", description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of real sets")
    parser.add_argument("--faults", action="store_true", help="the faults, in place of the honest programs")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="programs, faults or sets")
    parser.add_argument("--again", action="store_true", help="judge what is trained once more, with the code as it is")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--results", type=Path, default=Path(tempfile.gettempdir()) / "ordinary-exam")
    given = parser.parse_args(arguments)
    if given.again:
        for known in given.results.glob("*/outcome.json"):
            known.unlink()
    return _grade_faults(given) if given.faults else _grade_honest(given)


def study(text: str, set_name: str, name: str, given: Path | None, results: Path, jobs: int = 1) -> Outcome:
    """What is said of a program on a set: read from `results` where it was studied there."""
    folder = results / f"{name}-{set_name}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    if not (folder / "outcome.json").exists():
        if not (folder / "data").exists():
            write_set(set_name, folder / "data", given)
        study_folder(folder, text, name_model(text), SEEDS, jobs)
    return read_outcome(json.loads((folder / "outcome.json").read_bytes()))


def list_untrue(outcome: Outcome, set_name: str) -> dict[str, str]:
    """{code: sentence} of warnings and errors that are not true of the set. Of an honest program, none is true."""
    return {alarm.code: alarm.summary for alarm in alarms(outcome.said) if not is_true(set_name, alarm.code)}


def grade_fault(fault: OrdinaryFault, outcome: Outcome, twin: Outcome) -> tuple[set[str], bool, bool]:
    """(codes that are new, whether one of them names the cause, whether it is what to act on first)."""
    known = {(alarm.code, alarm.severity) for alarm in alarms(twin.said)}
    new = {alarm.code for alarm in alarms(outcome.said) if (alarm.code, alarm.severity) not in known}
    first = outcome.first is not None and outcome.first[0] in fault.codes
    return new, bool(new & {*fault.codes}), first


def pair_programs(sets: Sequence[str]) -> list[tuple[str, str]]:
    """(program, set) of all that suit each other: first each program once, the sets in turn, then each with the next
    set."""
    pairs = ((name, sets[(place + turn) % len(sets)]) for turn in range(len(sets)) for place, name in enumerate(HONEST))
    return [(name, one) for name, one in pairs if one != OF_SYMBOLS or name not in OF_WORDS]


def _grade_honest(given: argparse.Namespace) -> int:
    wrong = 0
    for name, set_name in pair_programs(MADE if given.data is None else REAL):
        if given.only and not {name, set_name} & {*given.only}:
            continue
        outcome = study(read_program(name), set_name, name, given.data, given.results, given.jobs)
        untrue = list_untrue(outcome, set_name)
        wrong += bool(untrue or outcome.failed)
        print(f"{set_name:18} {name:16} {_mean(outcome):5.1f}  first: {_first(outcome)}", flush=True)
        for code, sentence in untrue.items():
            print(f"    UNTRUE {code}: {sentence}", flush=True)
    print(f"programs with something untrue above information: {wrong}")
    return int(wrong > 0)


def _grade_faults(given: argparse.Namespace) -> int:
    set_name = FAULTS_ON[given.data is not None]
    faults = [one for one in read_faults() if not given.only or one.name in given.only]
    totals = [0, 0]
    for fault in faults:
        twin, outcome = (
            study(text, set_name, name, given.data, given.results, given.jobs)
            for name, text in ((fault.program, read_program(fault.program)), (fault.name, fault.text))
        )
        new, noticed, first = grade_fault(fault, outcome, twin)
        totals = [totals[0] + noticed, totals[1] + first]
        print(
            f"{fault.name:28} {_mean(twin):5.1f} → {_mean(outcome):5.1f}  {_describe(fault, outcome, noticed):11} "
            f"{'first' if first else '-':6} new: {', '.join(sorted(new)) or '-'}; first: {_first(outcome)}",
            flush=True,
        )
    print(f"{len(faults)} faults: {totals[0]} noticed with a code that names the cause, {totals[1]} named first")
    return 0


def _describe(fault: OrdinaryFault, outcome: Outcome, noticed: bool) -> str:
    """Noticed above information, named as information alone, or not named."""
    return "noticed" if noticed else "information" if {one.code for one in outcome.said} & {*fault.codes} else "-"


def _first(outcome: Outcome) -> str:
    return outcome.first[0] if outcome.first else "-"


def _mean(outcome: Outcome) -> float:
    return 100 * sum(outcome.scores) / len(outcome.scores) if outcome.scores else float("nan")


if __name__ == "__main__":
    sys.exit(main())
