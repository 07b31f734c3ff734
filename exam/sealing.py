"""A set of subjects and faults whose contents are fixed by hashes before any check meets it."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.core.hashing import pretty_json
from brittlestar.core.seeds import generator
from exam.cases import Case
from exam.planted import Fault, Subject, planted


@dataclass(frozen=True)
class SealedSet:
    """Faults, and subjects that take turns in clean cases of so many `rows`. The random numbers depend on the name
    `stream`: another one makes other cases. `cases` are scored of each fault and dose, `clean` clean ones in all."""

    name: str
    stream: str
    faults: tuple[Fault, ...]
    subjects: tuple[Callable[..., Subject], ...]
    place: Path
    rows: tuple[int, int]
    cases: int = 5
    clean: int = 120

    def clean_case(self, number: int) -> Case:
        """A subject of the set without a fault."""
        make = self.subjects[number % len(self.subjects)]
        random = generator(number, self.stream, "clean")
        case = make(random, rows=int(random.integers(*self.rows))).case
        return replace(case, name=f"{self.name}-{number}", kind=make.__name__)

    def manifest(self) -> dict[str, Any]:
        """Doses, numbers and the SHA-256 of every case, by the names they were drawn under: clean ones, and faults at
        doses that matter."""
        return {
            "clean": [{"number": number, "sha256": self.clean_case(number).digest()} for number in range(self.clean)],
            "faults": {
                fault.drawn_as: {
                    "unit": fault.unit,
                    "cases": [
                        {
                            "dose": dose,
                            "number": number,
                            "sha256": planted(fault, dose, number, self.stream)[0].case.digest(),
                        }
                        for dose in fault.doses
                        if dose >= fault.matters
                        for number in range(self.cases)
                    ],
                }
                for fault in self.faults
            },
        }

    def check_digest(
        self, case: Case, committed: Sequence[dict[str, Any]], number: int, dose: float | None = None
    ) -> None:
        """Raises InputError where a case is not the one that was committed; a case that is not listed passes."""
        for entry in committed:
            if entry["number"] == number and entry.get("dose") == dose and entry["sha256"] != case.digest():
                kind = case.kind or "planted"
                what = f"case {number} of the {self.name} set ({kind}) is not the one that was committed"
                raise InputError(what, self.place.name, "restore the code that makes it")

    def committed(self) -> dict[str, Any]:
        """The manifest that was committed."""
        return json.loads(self.place.read_bytes())

    def sha256(self) -> str:
        """SHA-256 of the manifest."""
        return hashlib.sha256(self.place.read_bytes()).hexdigest()

    def seal(self) -> None:
        """Write the manifest."""
        self.place.write_bytes(pretty_json(self.manifest()))
        print(f"{self.place}: {len(self.faults)} faults", file=sys.stderr)
