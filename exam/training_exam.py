"""`python -m exam.training_exam [--only NAME …] [--json FILE]`: what a run says of programs with a known fault, against
their healthy twins, and of healthy programs that look odd.

Outcomes are kept in the folder of `--results` and are not measured again with the same code.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.core.hashing import pretty_json
from exam import budget, ledger
from exam.training.fault import Fault
from exam.training.grading import FAMILIES, Grade, graded, weak
from exam.training.half import OPEN, SEALED, check
from exam.training.healthy import measure_healthy
from exam.training.odd import ODD
from exam.training.shares import percent as _percent
from exam.training.shares import share as _share
from exam.training.study import measured, scored

SEEDS = 3
WEAK = Path(__file__).with_name("training") / "weak.json"
"""Accuracies over seeds of every fault and its twin, measured before anything was graded."""
ASKED = ("noticed", "accepted", "first", "named", "place")


def main(arguments: Sequence[str] | None = None) -> int:
    """Sit the exam; print a table and totals."""
    parser = argparse.ArgumentParser(prog="python -m exam.training_exam", description=__doc__)
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="faults or odd programs")
    parser.add_argument("--sealed", action="store_true", help="the sealed half, which is only scored to be recorded")
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
    if given.scores:
        measure_weak(_chosen((*OPEN, *SEALED), given.only), given.jobs, given.results)
        return 0
    if given.sealed and not given.record:
        raise InputError("the sealed half is only scored to be recorded", "--sealed", "add --record, or leave both out")
    if given.record and given.only:
        raise InputError("only a whole half is recorded", "--only", "leave --only out")
    commit = ledger.clean_commit() if given.record else ""
    sha256 = check() if given.sealed else None
    faults = _chosen(SEALED if given.sealed else OPEN, given.only)
    odd = [] if given.sealed else _chosen(ODD, given.only)
    if not faults and not odd:
        raise InputError("no program has one of these names", " ".join(given.only), "see exam/training/open_half")
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
        _record(table, "sealed" if given.sealed else "open", commit, sha256)
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
        WEAK.write_bytes(pretty_json(known))


def _grades(faults: Sequence[Fault], given: argparse.Namespace) -> Iterator[Grade]:
    known = json.loads(WEAK.read_bytes()) if WEAK.exists() else {}
    for fault in faults:
        faulty, twin = (measured(one, SEEDS, given.jobs, given.results) for one in (fault.faulty, fault.twin))
        is_weak = known[fault.name]["weak"] if fault.name in known else weak(faulty.scores, twin.scores)
        grade = graded(fault, faulty, twin, is_weak, given.sealed)
        print(f"{fault.name}: {faulty.seconds:.0f} s, twin {twin.seconds:.0f} s", file=sys.stderr, flush=True)
        yield grade


def summary(grades: Sequence[Grade], healthy: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The figures as JSON values. Shares have 95 % intervals (Clopper and Pearson 1934)."""
    strong = [one for one in grades if not one.weak]
    groups = {
        "all": strong,
        "fit functions": [one for one in strong if one.kind == "fit"],
        "factories": [one for one in strong if one.kind == "build"],
    }
    return {
        "faults": [asdict(one) for one in grades],
        "healthy": {name: dict(one) for name, one in healthy.items()},
        "totals": {
            group: {what: _share(sum(getattr(one, what) for one in found), len(found)) for what in ASKED}
            for group, found in groups.items()
        },
        "precision": _share(
            sum(one.accepted for one in strong), sum(max(len(one.new), one.accepted) for one in strong)
        ),
        "weak": {one.name: list(one.new) for one in grades if one.weak},
        "false alarms": _share(sum(bool(one["false"]) for one in healthy.values()), len(healthy)),
    }


def as_text(table: Mapping[str, Any]) -> str:
    """The figures for people."""
    marks = "   ".join(f"{what:8}" for what in ASKED)
    lines = [f"{'fault':38} kind  fault  twin  {marks}  seconds  new warnings and errors"]
    for one in table["faults"]:
        told = "   ".join(f"{'yes' if one[what] else '-':8}" for what in ASKED)
        name = one["name"] + (" (weak)" if one["weak"] else "")
        scores = " ".join(f"{100 * score:5.1f}" for score in one["accuracy"])
        remedy = " (a remedy names it)" if one["remedy"] and not one["named"] else ""
        failed = f" ({one['failed']} runs failed)" if one["failed"] else ""
        lines.append(
            f"{name:38} {one['kind']:5} {scores}  {told}  {one['seconds']:7.0f}  "
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
        lines += [f"{group}, {what}: {_percent(share)}" for what, share in totals.items() if share["of"]]
    lines.append(f"accepted among all new codes: {_percent(table['precision'])}")
    quiet = sum(not new for new in table["weak"].values())
    lines.append(f"weak faults without a new alarm: {quiet} of {len(table['weak'])}")
    lines.append(f"healthy programs with a false alarm ({', '.join(FAMILIES)}): {_percent(table['false alarms'])}")
    return "\n".join(lines)


def _record(table: Mapping[str, Any], half: str, commit: str, sha256: str | None) -> None:
    figures = {f"faults {what}": table["totals"]["all"][what] for what in ASKED}
    figures["healthy programs with a false alarm"] = table["false alarms"]
    budget.record_training(half, figures, ledger.commit_after(commit))
    ledger.append(
        {
            "part": f"training-{half}",
            "set": f"training exam, {half} half",
            "sha256": sha256,
            "commit": ledger.commit_after(commit),
            "commit_from": "recorded",
            "command": "python -m exam.training_exam" + (" --sealed" if half == "sealed" else "") + " --record",
            "figures": figures,
            "tuned_afterwards": [],
        }
    )


if __name__ == "__main__":
    sys.exit(main())
