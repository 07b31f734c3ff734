"""The sets of faults, and the hash that seals one of them."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from brittlestar.core.errors import InputError
from brittlestar.core.hashing import pretty_json
from exam.training import known
from exam.training.fault import PROGRAMS, Fault
from exam.training.fourth_set import answering, feeding, learning, modules, settings


@dataclass(frozen=True)
class FaultSet:
    """Faults under the name that `--set` takes. `title` stands in the ledger, `part` in the budget of pages. A set with
    a `sealed` digest has its `sources` in one folder. Of one that is `unmet`, checks know nothing before it is
    scored."""

    name: str
    title: str
    faults: tuple[Fault, ...]
    sources: Path | None = None
    sealed: str | None = None
    unmet: bool = False

    @property
    def part(self) -> str:
        """Name of the set in the ledger and in the budget that pages show."""
        return f"training-{self.name}"

    def digest(self) -> str:
        """SHA-256 of the sources of a sealed set, of the programs that its faults change, and of every program that is
        trained, by the name of its fault."""
        programs = sorted({PROGRAMS / f"{fault.program}.py" for fault in self.faults})
        files = [*(sorted(self.sources.glob("*.py")) if self.sources is not None else ()), *programs]
        sources = {f"{file.parent.name}/{file.name}": hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
        trained = {
            fault.name: {"kind": fault.kind, "faulty": fault.faulty.digest(), "twin": fault.twin.digest()}
            for fault in self.faults
        }
        return hashlib.sha256(pretty_json({"sources": sources, "programs": trained})).hexdigest()

    def check(self) -> str:
        """The digest. Raises InputError where a sealed set is not the one that was sealed."""
        found = self.digest()
        if self.sealed not in (None, found):
            what = f"the {self.name} set is not what was sealed"
            raise InputError(what, f"{found[:12]}…", "restore the code that was committed")
        return found


KNOWN = FaultSet("known", "training exam, known set", known.FAULTS)
FOURTH = FaultSet(
    "fourth",
    "training exam, fourth set",
    (*feeding.FAULTS, *learning.FAULTS, *answering.FAULTS, *modules.FAULTS, *settings.FAULTS),
    Path(__file__).parent / "fourth_set",
    "637264c365bd1ccb798c7dcc877f6892acf8e3b3a746bcd3e96eb288f34a9c1c",
    unmet=True,
)
SETS = {one.name: one for one in (KNOWN, FOURTH)}
"""{name: set}. Checks were tuned on the known set; the fourth was written without a look at how checks find faults."""
