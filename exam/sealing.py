"""A set of subjects and faults whose contents are fixed by one hash before any check meets it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.core.hashing import pretty_json
from brittlestar.core.seeds import generator
from exam.cases import Case
from exam.planted import Fault, Subject, planted


@dataclass(frozen=True)
class SealedSet:
    """Faults, and subjects that take turns in clean cases of so many `rows`. The random numbers depend on the name
    `stream`: another one makes other cases. `cases` are scored of each fault and dose, `clean` clean ones in all.
    `sealed` is the digest that the set had before a check met it."""

    name: str
    stream: str
    faults: tuple[Fault, ...]
    subjects: tuple[Callable[..., Subject], ...]
    rows: tuple[int, int]
    sealed: str
    cases: int = 5
    clean: int = 120

    def clean_case(self, number: int) -> Case:
        """A subject of the set without a fault."""
        make = self.subjects[number % len(self.subjects)]
        random = generator(number, self.stream, "clean")
        case = make(random, rows=int(random.integers(*self.rows))).case
        return replace(case, name=f"{self.name}-{number}", kind=make.__name__)

    def digest(self) -> str:
        """SHA-256 of the doses, numbers and contents of every case: clean ones, and faults at doses that matter. It
        makes all of them, which takes about a minute."""
        return hashlib.sha256(pretty_json(self._cases())).hexdigest()

    def _cases(self) -> dict[str, Any]:
        clean = [{"number": number, "sha256": self.clean_case(number).digest()} for number in range(self.clean)]
        faults = {fault.name: {"unit": fault.unit, "cases": self._cases_of(fault)} for fault in self.faults}
        return {"clean": clean, "faults": faults}

    def _cases_of(self, fault: Fault) -> list[dict[str, Any]]:
        return [
            {"dose": dose, "number": number, "sha256": planted(fault, dose, number, self.stream)[0].case.digest()}
            for dose in fault.doses
            if dose >= fault.matters
            for number in range(self.cases)
        ]

    def check(self) -> str:
        """The digest. Raises InputError where the set is not the one that was sealed."""
        found = self.digest()
        if found != self.sealed:
            what = f"the cases of the {self.name} set are not those that were sealed"
            raise InputError(what, f"{found[:12]}…, not {self.sealed[:12]}…", "restore the code that makes them")
        return found
