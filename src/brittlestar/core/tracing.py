"""What came of changing one thing at a time in a run: settings, and what nobody states."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from brittlestar.core.plain import read_record

Kind = Literal["setting", "influence", "repetition"]
Effect = Literal["changes", "none", "cannot-tell"]
INERT, UNDECLARED, UNREPEATABLE = "report.inert", "report.undeclared", "seed.undeclared"
CODES: Mapping[Kind, str] = {"setting": INERT, "influence": UNDECLARED, "repetition": UNREPEATABLE}
WORDS: Mapping[str, str] = {
    INERT: "changes no weight and no answer, of the whole training either",
    UNDECLARED: "changes what comes of the same run",
    UNREPEATABLE: "the same run from the same seed gives something else; so nothing more can be told",
}
"""What a finding says, after what was changed."""


@dataclass(frozen=True)
class Traced:
    """One thing that was changed alone: a `setting`, an `influence` that nobody states, or nothing (`repetition`).

    `told` says what was changed; `effect` whether any weight or answer did; `why` what cannot be told, or was seen.
    """

    kind: Kind
    name: str
    told: str
    effect: Effect
    why: str = ""

    @property
    def code(self) -> str | None:
        """The finding that this is: a setting without effect, or something else that has one; None for neither."""
        wrong = "none" if self.kind == "setting" else "changes"
        return CODES[self.kind] if self.effect == wrong else None

    @property
    def sentence(self) -> str:
        """What a finding says, without its full stop."""
        failed = f" ({self.why})" if self.why and self.kind == "influence" else ""
        return f"{self.name} ({self.told}): {WORDS[CODES[self.kind]]}{failed}"

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON values."""
        return {**asdict(self), "code": self.code}


@dataclass(frozen=True)
class Tracing:
    """What was `traced` in the run `cell` (its hash), one thing after the other, on `rows` rows of train."""

    cell: str
    rows: int
    traced: tuple[Traced, ...]

    @property
    def found(self) -> tuple[Traced, ...]:
        """Settings without effect, and influences that nobody states."""
        return tuple(one for one in self.traced if one.code is not None)

    def count(self, kinds: Sequence[Kind]) -> int:
        """How many things of these kinds were told."""
        return sum(one.kind in kinds and one.effect != "cannot-tell" for one in self.traced)

    def as_json(self) -> dict[str, Any]:
        """As it is written; `read_tracing` reads it."""
        return {"cell": self.cell, "rows": self.rows, "traced": [one.as_json() for one in self.traced]}


def read_tracing(written: Mapping[str, Any]) -> Tracing:
    """What `as_json` wrote."""
    return read_record(Tracing, written)
