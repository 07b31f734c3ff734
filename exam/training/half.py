"""The two halves of the faults, and the manifest that seals one of them.

`python -m exam.training.half` writes the manifest: only before the half is scored for the first time.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.core.hashing import pretty_json
from exam.training.fault import PROGRAMS, Fault
from exam.training.open_half import loops as open_loops
from exam.training.open_half import modules as open_modules
from exam.training.open_half import more_loops as more_open_loops
from exam.training.open_half import more_modules as more_open_modules
from exam.training.sealed_half import loops as sealed_loops
from exam.training.sealed_half import modules as sealed_modules
from exam.training.sealed_half import more_loops as more_sealed_loops
from exam.training.sealed_half import more_modules as more_sealed_modules

OPEN: tuple[Fault, ...] = (
    *open_loops.FAULTS,
    *open_modules.FAULTS,
    *more_open_loops.FAULTS,
    *more_open_modules.FAULTS,
)
SEALED: tuple[Fault, ...] = (
    *sealed_loops.FAULTS,
    *sealed_modules.FAULTS,
    *more_sealed_loops.FAULTS,
    *more_sealed_modules.FAULTS,
)
PLACE = Path(__file__).with_name("sealed_half") / "sealed.json"


def manifest() -> dict[str, Any]:
    """SHA-256 of the sources of the sealed half and of the programs that its faults change, and of every program that
    is trained, by the name of its fault."""
    files = [*sorted(PLACE.parent.glob("*.py")), *sorted({PROGRAMS / f"{fault.program}.py" for fault in SEALED})]
    return {
        "sources": {f"{file.parent.name}/{file.name}": hashlib.sha256(file.read_bytes()).hexdigest() for file in files},
        "programs": {
            fault.name: {"kind": fault.kind, "faulty": fault.faulty.digest(), "twin": fault.twin.digest()}
            for fault in SEALED
        },
    }


def check() -> str:
    """SHA-256 of the manifest that was committed. Raises InputError where the half is not the one that it seals."""
    committed, now = json.loads(PLACE.read_bytes()), manifest()
    for part, known in committed.items():
        for name in sorted({*known, *now[part]}):
            if known.get(name) != now[part].get(name):
                raise InputError(f"{name} is not what was sealed", PLACE.name, "restore the code that was committed")
    return hashlib.sha256(PLACE.read_bytes()).hexdigest()


if __name__ == "__main__":
    PLACE.write_bytes(pretty_json(manifest()))
    print(f"{PLACE.name}: {len(SEALED)} faults")
