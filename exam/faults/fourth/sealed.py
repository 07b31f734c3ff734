"""The fourth set: subjects, faults and doses of its own, whose contents are fixed by hashes (`sealed.json`).

It was sealed at 686f555 and scored once before any check was tuned on it. Since then checks were, as the ledger says.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.core.hashing import pretty_json
from brittlestar.core.seeds import generator
from exam.cases import Case
from exam.faults.fourth import FAULTS
from exam.faults.fourth.subjects import SUBJECTS
from exam.planted import Fault, planted

STREAM = "held-out"
"""The name that the random numbers of the set depend on, from when it was sealed: another one makes other cases."""
CASES = 5
CLEAN = 120
MANIFEST = Path(__file__).with_name("sealed.json")


def faults() -> tuple[Fault, ...]:
    """Every fault of the set."""
    return FAULTS


def clean_case(number: int) -> Case:
    """A subject of the set without a fault."""
    make = SUBJECTS[number % len(SUBJECTS)]
    random = generator(number, STREAM, "clean")
    case = make(random, rows=int(random.integers(400, 4_000))).case
    return replace(case, name=f"fourth-{number}", kind=make.__name__)


def manifest() -> dict[str, Any]:
    """Doses, numbers and the SHA-256 of every case, by the names they were drawn under: clean ones, and faults at doses
    that matter."""
    return {
        "clean": [{"number": number, "sha256": clean_case(number).digest()} for number in range(CLEAN)],
        "faults": {
            fault.drawn_as: {
                "unit": fault.unit,
                "cases": [
                    {"dose": dose, "number": number, "sha256": planted(fault, dose, number, STREAM)[0].case.digest()}
                    for dose in fault.doses
                    if dose >= fault.matters
                    for number in range(CASES)
                ],
            }
            for fault in FAULTS
        },
    }


def check_digest(case: Case, committed: Sequence[dict[str, Any]], number: int, dose: float | None = None) -> None:
    """Raises InputError where a case is not the one that was committed; a case that is not listed passes."""
    for entry in committed:
        if entry["number"] == number and entry.get("dose") == dose and entry["sha256"] != case.digest():
            what = f"case {number} of the fourth set ({case.kind or 'planted'}) is not the one that was committed"
            raise InputError(what, MANIFEST.name, "restore the code that makes it")


def committed() -> dict[str, Any]:
    """The manifest that was committed."""
    return json.loads(MANIFEST.read_bytes())


if __name__ == "__main__":
    MANIFEST.write_bytes(pretty_json(manifest()))
    print(f"{MANIFEST}: {len(FAULTS)} faults", file=sys.stderr)
