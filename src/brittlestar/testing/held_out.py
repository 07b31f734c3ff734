"""The cases that nothing is tuned on: planted a second way, into other subjects, at other doses.

Their contents are fixed by hashes (`held_out.json`) before they are scored for the first time.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.core.hashing import pretty_json
from brittlestar.testing.faults_held_out import FAULTS
from brittlestar.testing.planted import Fault, planted

STREAM = "held-out"
CASES = 5
MANIFEST = Path(__file__).with_name("held_out.json")


def faults() -> tuple[Fault, ...]:
    """Every held-out fault."""
    return FAULTS


def manifest() -> dict[str, Any]:
    """Seeds, doses and the SHA-256 of every held-out case, at doses that matter."""
    return {
        fault.name: {
            "unit": fault.unit,
            "stream": STREAM,
            "cases": [
                {"dose": dose, "number": number, "sha256": planted(fault, dose, number, STREAM)[0].case.digest()}
                for dose in fault.doses
                if dose >= fault.matters
                for number in range(CASES)
            ],
        }
        for fault in FAULTS
    }


def verify(names: frozenset[str] | None = None) -> None:
    """Raises InputError where a held-out case (or one of the named faults) is not the one that was committed."""
    committed: dict[str, Any] = json.loads(MANIFEST.read_bytes())
    chosen = [fault for fault in FAULTS if names is None or fault.name in names]
    changed = [
        f"{fault.name} at {case['dose']:g}, case {case['number']}"
        for fault in chosen
        for case in committed.get(fault.name, {"cases": [{"dose": fault.doses[-1], "number": 0, "sha256": ""}]})[
            "cases"
        ]
        if planted(fault, case["dose"], case["number"], STREAM)[0].case.digest() != case["sha256"]
    ]
    if changed:
        raise InputError(f"held-out cases changed: {', '.join(changed[:5])}", MANIFEST.name, "restore their code")


if __name__ == "__main__":
    MANIFEST.write_bytes(pretty_json(manifest()))
    print(f"{MANIFEST}: {len(FAULTS)} faults", file=sys.stderr)
