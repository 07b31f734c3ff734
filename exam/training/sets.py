"""The sets of faults, and the manifests that seal four of them.

`python -m exam.training.sets third` writes the manifest of a set: only before it is scored for the first time.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.core.hashing import pretty_json
from exam.training.fault import PROGRAMS, Fault
from exam.training.fourth_set import answering as fourth_answering
from exam.training.fourth_set import feeding as fourth_feeding
from exam.training.fourth_set import learning as fourth_learning
from exam.training.fourth_set import modules as fourth_modules
from exam.training.fourth_set import settings as fourth_settings
from exam.training.open_half import loops as open_loops
from exam.training.open_half import modules as open_modules
from exam.training.open_half import more_loops as more_open_loops
from exam.training.open_half import more_modules as more_open_modules
from exam.training.sealed_half import loops as sealed_loops
from exam.training.sealed_half import modules as sealed_modules
from exam.training.sealed_half import more_loops as more_sealed_loops
from exam.training.sealed_half import more_modules as more_sealed_modules
from exam.training.second_set import loops as second_loops
from exam.training.second_set import modules as second_modules
from exam.training.second_set import more_loops as more_second_loops
from exam.training.second_set import settings as second_settings
from exam.training.third_set import feeding as third_feeding
from exam.training.third_set import forward_of_loops as third_forward
from exam.training.third_set import modules as third_modules
from exam.training.third_set import optimisation as third_optimisation
from exam.training.third_set import settings as third_settings

HERE = Path(__file__).parent


@dataclass(frozen=True)
class FaultSet:
    """Faults under the name that `--set` takes. `title` stands in the ledger, `part` in the budget of pages. A set with
    a `place` is sealed: its manifest lies there, beside its sources. Of one that is `unmet`, checks know
    nothing before it is scored."""

    name: str
    title: str
    faults: tuple[Fault, ...]
    place: Path | None = None
    unmet: bool = False

    @property
    def part(self) -> str:
        """Name of the set in the ledger and in the budget that pages show."""
        return f"training-{self.name}"

    def manifest(self) -> dict[str, Any]:
        """SHA-256 of the sources of a sealed set and of the programs that its faults change, and of every program that
        is trained, by the name of its fault."""
        programs = sorted({PROGRAMS / f"{fault.program}.py" for fault in self.faults})
        files = [*sorted(self._place().parent.glob("*.py")), *programs]
        return {
            "sources": {
                f"{file.parent.name}/{file.name}": hashlib.sha256(file.read_bytes()).hexdigest() for file in files
            },
            "programs": {
                fault.name: {"kind": fault.kind, "faulty": fault.faulty.digest(), "twin": fault.twin.digest()}
                for fault in self.faults
            },
        }

    def check(self) -> str | None:
        """SHA-256 of the manifest that was committed; None where nothing is sealed. Raises InputError where the set is
        not the one that it seals."""
        if self.place is None:
            return None
        committed, now = json.loads(self.place.read_bytes()), self.manifest()
        for part, known in committed.items():
            for name in sorted({*known, *now[part]}):
                if known.get(name) != now[part].get(name):
                    what = f"{name} is not what was sealed"
                    raise InputError(what, self.place.name, "restore the code that was committed")
        return hashlib.sha256(self.place.read_bytes()).hexdigest()

    def seal(self) -> None:
        """Write the manifest."""
        self._place().write_bytes(pretty_json(self.manifest()))

    def _place(self) -> Path:
        if self.place is None:
            raise InputError("an open set has no manifest", self.name, "name a sealed set")
        return self.place


OPEN = FaultSet(
    "open",
    "training exam, open half",
    (*open_loops.FAULTS, *open_modules.FAULTS, *more_open_loops.FAULTS, *more_open_modules.FAULTS),
)
SEALED = FaultSet(
    "sealed",
    "training exam, sealed half",
    (*sealed_loops.FAULTS, *sealed_modules.FAULTS, *more_sealed_loops.FAULTS, *more_sealed_modules.FAULTS),
    HERE / "sealed_half" / "sealed.json",
)
SECOND = FaultSet(
    "second",
    "training exam, second set",
    (*second_loops.FAULTS, *second_modules.FAULTS, *more_second_loops.FAULTS, *second_settings.FAULTS),
    HERE / "second_set" / "sealed.json",
)
THIRD = FaultSet(
    "third",
    "training exam, third set",
    (
        *third_optimisation.FAULTS,
        *third_feeding.FAULTS,
        *third_forward.FAULTS,
        *third_modules.FAULTS,
        *third_settings.FAULTS,
    ),
    HERE / "third_set" / "sealed.json",
)
FOURTH = FaultSet(
    "fourth",
    "training exam, fourth set",
    (
        *fourth_feeding.FAULTS,
        *fourth_learning.FAULTS,
        *fourth_answering.FAULTS,
        *fourth_modules.FAULTS,
        *fourth_settings.FAULTS,
    ),
    HERE / "fourth_set" / "sealed.json",
    unmet=True,
)
SETS = {one.name: one for one in (OPEN, SEALED, SECOND, THIRD, FOURTH)}
"""{name: set}. A coin drew the halves from one set of faults; somebody else wrote the second set, later, and the third
and the fourth without a look at how checks find faults."""


if __name__ == "__main__":
    for wanted in sys.argv[1:]:
        SETS[wanted].seal()
        print(f"{wanted}: {len(SETS[wanted].faults)} faults")
