"""`python -m exam.training_controls [--half open|sealed] [--only NAME …] [--json FILE]`: what a run says of many
healthy programs. Every alarm about training is false.

Outcomes are kept in the folder of `--results` and are not measured again with the same code.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError
from exam import ledger
from exam.training.controls.admission import SEEDS, check, keep_accuracies
from exam.training.controls.every import CANDIDATES, CONTROLS, half_of
from exam.training.grading import COMPARED, FAMILIES
from exam.training.healthy import measure_healthy
from exam.training.shares import percent, share


def main(arguments: Sequence[str] | None = None) -> int:
    """Count false alarms; print those of the open half, and totals."""
    parser = argparse.ArgumentParser(prog="python -m exam.training_controls", description=__doc__)
    parser.add_argument("--half", choices=("open", "sealed"), default="open", help="sealed: only to be recorded")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="controls of that half")
    parser.add_argument("--record", action="store_true", help="write the totals into the ledger")
    parser.add_argument("--scores", action="store_true", help="measure accuracies alone: what admits a control")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--results", type=Path, default=Path(tempfile.gettempdir()) / "training-exam")
    parser.add_argument("--json", type=Path, help="what is printed, as JSON")
    given = parser.parse_args(arguments)
    try:
        return _count(given)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2


def _count(given: argparse.Namespace) -> int:
    if given.scores:
        keep_accuracies([candidate for candidate in CANDIDATES if not given.only or candidate.name in given.only])
        return 0
    if given.half == "sealed" and not given.record:
        raise InputError(
            "the sealed half is only scored to be recorded", "--half", "add --record, or take the open one"
        )
    if given.record and given.only:
        raise InputError("only a whole half is recorded", "--only", "leave --only out")
    commit = ledger.clean_commit() if given.record else ""
    half = [control for control in CONTROLS if half_of(control.name) == given.half]
    chosen = {control.name: control.healthy for control in half if not given.only or control.name in given.only}
    if not chosen:
        raise InputError(f"no control of the {given.half} half has one of these names", " ".join(given.only))
    sha256 = check(half)
    found: dict[str, Mapping[str, Any]] = {}
    for name, one in measure_healthy(chosen, SEEDS, given.jobs, given.results):
        found[name] = one
        sentence = f"{name}: {one['seconds']:.0f} s" if given.half == "open" else "a control of the sealed half"
        print(f"{len(found)} of {len(chosen)}: {sentence}", file=sys.stderr, flush=True)
    table = summary(found, given.half)
    print(as_text(table))
    if given.json is not None:
        given.json.write_text(json.dumps(table, indent=1, ensure_ascii=False), encoding="utf-8")
    if given.record:
        _record(table, given.half, commit, sha256)
    return 0


def summary(found: Mapping[str, Mapping[str, Any]], half: str) -> dict[str, Any]:
    """Totals as JSON values; of the open half single controls, too."""
    groups = {
        "controls": list(found.values()),
        "fit functions": [one for one in found.values() if one["kind"] == "fit"],
        "factories": [one for one in found.values() if one["kind"] == "build"],
    }
    totals = {name: share(sum(bool(one["false"]) for one in group), len(group)) for name, group in groups.items()}
    beside = sum(bool({*one["false"]} - COMPARED) for one in found.values())
    totals["controls, without comparisons with trivial baselines,"] = share(beside, len(found))
    return {
        "half": half,
        "totals": totals,
        "healthy": {name: dict(one) for name, one in found.items()} if half == "open" else {},
    }


def as_text(table: Mapping[str, Any]) -> str:
    """The figures for people."""
    lines: list[str] = []
    for name, one in table["healthy"].items():
        if one["false"]:
            lines += [f"{name} ({100 * one['accuracy']:.1f}): {', '.join(one['false'])}"]
            lines += [f"    {sentence}" for sentence in one["sentences"]]
    counted = f"with a false alarm ({', '.join(FAMILIES)})"
    return "\n".join(
        [*lines, *(f"{name} {counted}: {percent(one)}" for name, one in table["totals"].items() if one["of"])]
    )


def _record(table: Mapping[str, Any], half: str, commit: str, sha256: str) -> None:
    figures = {f"{name} with a false alarm": one for name, one in table["totals"].items()}
    command = f"python -m exam.training_controls --half {half} --record"
    title = f"controls of the training exam, {half} half"
    ledger.record(f"training-controls-{half}", title, sha256, ledger.commit_after(commit), command, figures)


if __name__ == "__main__":
    sys.exit(main())
