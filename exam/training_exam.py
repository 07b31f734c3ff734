"""`python -m exam.training_exam [--set NAME] [--only NAME …] [--json FILE]`: what a run says of programs with a known
fault, against their healthy twins, and of healthy programs that look odd.

Outcomes are kept in the folder of `--results` and are not measured again with the same code.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError
from exam import budget, ledger
from exam.training.fault import Fault
from exam.training.grading import COMPARED, FAMILIES, Grade, graded, weak
from exam.training.healthy import measure_healthy
from exam.training.known import ODD
from exam.training.sets import KNOWN, SETS, FaultSet
from exam.training.shares import percent, share, write_entries
from exam.training.study import FAILED, measured, scored

SEEDS = 3
WEAK = Path(__file__).with_name("training") / "weak.json"
"""Accuracies over seeds of every fault and its twin, measured before anything was graded."""
ASKED = ("noticed", "accepted", "first", "named", "place")


def main(arguments: Sequence[str] | None = None) -> int:
    """Sit the exam; print a table and totals."""
    parser = argparse.ArgumentParser(prog="python -m exam.training_exam", description=__doc__)
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="faults or odd programs")
    parser.add_argument("--set", choices=SETS, default=KNOWN.name, help="which faults")
    parser.add_argument("--record", action="store_true", help="write the figures into the ledger")
    parser.add_argument("--scores", action="store_true", help="measure which faults matter, by accuracies alone")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--results", type=Path, default=Path(tempfile.gettempdir()) / "training-exam")
    parser.add_argument("--json", type=Path, help="every grade as JSON")
    given = parser.parse_args(arguments)
    try:
        return _sit(given)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2


def _sit(given: argparse.Namespace) -> int:
    chosen = SETS[given.set]
    if given.scores:
        every = [fault for one in SETS.values() for fault in one.faults]
        measure_weak(_chosen(every, given.only), given.jobs, given.results)
        return 0
    if chosen.unmet and not given.record:
        what = "a set that checks have not met is only scored to be recorded"
        raise InputError(what, f"--set {chosen.name}", "add --record, or leave both out")
    if given.record and given.only:
        raise InputError("only a whole set is recorded", "--only", "leave --only out")
    commit = ledger.clean_commit() if given.record else ""
    sha256 = chosen.check()
    faults = _chosen(chosen.faults, given.only)
    odd = _chosen(ODD, given.only) if chosen is KNOWN else []
    if not faults and not odd:
        raise InputError("no program has one of these names", " ".join(given.only), "see exam/training/known.yaml")
    grades = list(_grades(faults, given))
    healthy = dict(
        measure_healthy(
            {**{f"twin of {one.name}": one.twin for one in faults}, **{one.name: one.healthy for one in odd}},
            SEEDS,
            given.jobs,
            given.results,
        )
    )
    table = summary(grades, healthy)
    print(as_text(table))
    if given.json is not None:
        given.json.write_text(json.dumps(table, indent=1, ensure_ascii=False), encoding="utf-8")
    if given.record:
        _record(table, chosen, commit, sha256)
    return 0


def _chosen(every: Sequence[Any], names: Sequence[str]) -> list[Any]:
    return [one for one in every if not names or one.name in names]


def measure_weak(faults: Sequence[Fault], jobs: int, results: Path) -> None:
    """Write the accuracies of faults and their twins: what is said of them is not looked at."""
    known = json.loads(WEAK.read_bytes()) if WEAK.exists() else {}
    for fault in faults:
        pair = [scored(one, SEEDS, jobs, results) for one in (fault.faulty, fault.twin)]
        known[fault.name] = {"faulty": pair[0], "twin": pair[1], "weak": weak(*pair)}
        print(f"{fault.name}: {'weak' if weak(*pair) else 'matters'}", file=sys.stderr, flush=True)
        write_entries(WEAK, known)


def _grades(faults: Sequence[Fault], given: argparse.Namespace) -> Iterator[Grade]:
    known = json.loads(WEAK.read_bytes()) if WEAK.exists() else {}
    for fault in faults:
        faulty = measured(fault.faulty, SEEDS, given.jobs, given.results)
        twin = measured(fault.twin, SEEDS, given.jobs, given.results)
        is_weak = known[fault.name]["weak"] if fault.name in known else weak(faulty.scores, twin.scores)
        grade = graded(fault, faulty, twin, is_weak)
        print(f"{fault.name}: {faulty.seconds:.0f} s, twin {twin.seconds:.0f} s", file=sys.stderr, flush=True)
        yield grade


def summary(grades: Sequence[Grade], healthy: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The figures as JSON values. Shares have 95 % intervals (Clopper and Pearson 1934)."""
    strong = [grade for grade in grades if not grade.weak]
    groups = {
        "all": strong,
        "fit functions": [grade for grade in strong if grade.kind == "fit"],
        "factories": [grade for grade in strong if grade.kind == "build"],
    }
    return {
        "faults": [asdict(grade) for grade in grades],
        "healthy": {name: dict(one) for name, one in healthy.items()},
        "totals": {
            group: {what: share(sum(getattr(one, what) for one in found), len(found)) for what in ASKED}
            for group, found in groups.items()
        },
        "precision": share(
            sum(len(grade.right) for grade in strong), sum(len({*grade.new} - {FAILED}) for grade in strong)
        ),
        "weak": {grade.name: list(grade.new) for grade in grades if grade.weak},
        "false alarms": share(sum(bool(one["false"]) for one in healthy.values()), len(healthy)),
        "false beside comparisons": share(
            sum(bool({*one["false"]} - COMPARED) for one in healthy.values()), len(healthy)
        ),
    }


def as_text(table: Mapping[str, Any]) -> str:
    """The figures for people."""
    marks = "   ".join(f"{what:8}" for what in ASKED)
    lines = [f"{'fault':38} kind  fault  twin  {marks}  seconds  new warnings and errors"]
    for one in table["faults"]:
        sentence = "   ".join(f"{'yes' if one[what] else '-':8}" for what in ASKED)
        name = one["name"] + (" (weak)" if one["weak"] else "")
        scores = " ".join(f"{100 * score:5.1f}" for score in one["accuracy"])
        remedy = " (a remedy names it)" if one["remedy"] and not one["named"] else ""
        failed = f" ({one['failed']} runs failed)" if one["failed"] else ""
        lines.append(
            f"{name:38} {one['kind']:5} {scores}  {sentence}  {one['seconds']:7.0f}  "
            f"{', '.join(one['new'])}{remedy}{failed}"
        )
    lines += ["", f"{'healthy program':50} kind  accuracy  false alarms [other alarms]"]
    for name, one in table["healthy"].items():
        lines.append(
            f"{name:50} {one['kind']:5} {100 * one['accuracy']:8.1f}  "
            f"{', '.join(one['false']) or '-'} [{', '.join(one['other'])}]"
        )
    lines.append("")
    for group, totals in table["totals"].items():
        lines += [f"{group}, {what}: {percent(total)}" for what, total in totals.items() if total["of"]]
    lines.append(f"accepted among all new codes: {percent(table['precision'])}")
    quiet = sum(not new for new in table["weak"].values())
    lines.append(f"weak faults without a new alarm: {quiet} of {len(table['weak'])}")
    lines.append(f"healthy programs with a false alarm ({', '.join(FAMILIES)}): {percent(table['false alarms'])}")
    lines.append(f"the same without comparisons with trivial baselines: {percent(table['false beside comparisons'])}")
    return "\n".join(lines)


def _record(table: Mapping[str, Any], chosen: FaultSet, commit: str, sha256: str) -> None:
    figures = {f"faults {what}": table["totals"]["all"][what] for what in ASKED}
    figures["new codes that were accepted"] = table["precision"]
    figures["healthy programs with a false alarm"] = table["false alarms"]
    figures["the same without comparisons with trivial baselines"] = table["false beside comparisons"]
    budget.record_training(chosen.part, figures, ledger.commit_after(commit))
    command = "python -m exam.training_exam" + f" --set {chosen.name}" * (chosen is not KNOWN) + " --record"
    ledger.record(chosen.part, chosen.title, sha256, ledger.commit_after(commit), command, figures)


if __name__ == "__main__":
    sys.exit(main())
