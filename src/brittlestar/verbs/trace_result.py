"""What tracing a run found: settings, and what nobody states, each changed alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from brittlestar.core.brief import brief_repr
from brittlestar.reports.document import SCHEMA_VERSION

Effect = Literal["changes", "none", "cannot-tell"]
CODES = {"setting": "report.inert", "influence": "report.undeclared", "repetition": "seed.undeclared"}


@dataclass(frozen=True)
class Traced:
    """One thing that was changed alone: a `setting`, an `influence` that nobody states, or nothing (`repetition`).

    `told` says what was changed; `effect` whether any weight or answer did; `why` what cannot be told, or was seen.
    """

    kind: Literal["setting", "influence", "repetition"]
    name: str
    told: str
    effect: Effect
    why: str = ""

    @property
    def code(self) -> str | None:
        """The finding that this is: a setting without effect, or something else that has one; None for neither."""
        wrong = "none" if self.kind == "setting" else "changes"
        return CODES[self.kind] if self.effect == wrong else None

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON values."""
        return {**asdict(self), "code": self.code}


@dataclass(frozen=True, repr=False)
class TraceResult:
    """What was `traced` in the `study`, one thing after the other, in a run of `rows` rows of train."""

    __repr__ = brief_repr

    study: str
    main: str
    rows: int
    traced: tuple[Traced, ...]

    @property
    def found(self) -> tuple[Traced, ...]:
        """Settings without effect, and influences that nobody states."""
        return tuple(one for one in self.traced if one.code is not None)

    def count(self, kinds: Sequence[str]) -> int:
        """How many things of these kinds were told."""
        return sum(one.kind in kinds and one.effect != "cannot-tell" for one in self.traced)

    @property
    def document(self) -> dict[str, Any]:
        """The JSON of the verb."""
        return {
            "schema_version": SCHEMA_VERSION,
            "study": self.study,
            "main": self.main,
            "rows": self.rows,
            "traced": [one.as_json() for one in self.traced],
        }
