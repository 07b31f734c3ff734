"""What tracing a study found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from brittlestar.core.brief import brief_repr
from brittlestar.core.tracing import Kind, Traced, Tracing
from brittlestar.reports.document import SCHEMA_VERSION


@dataclass(frozen=True, repr=False)
class TraceResult:
    """What `tracing` found in the first run of `main` of the `study`."""

    __repr__ = brief_repr

    study: str
    main: str
    tracing: Tracing

    @property
    def rows(self) -> int:
        """Rows of train in a short run."""
        return self.tracing.rows

    @property
    def traced(self) -> tuple[Traced, ...]:
        """Each thing that was changed alone."""
        return self.tracing.traced

    @property
    def found(self) -> tuple[Traced, ...]:
        """Settings without effect, and influences that nobody states."""
        return self.tracing.found

    def count(self, kinds: Sequence[Kind]) -> int:
        """How many things of these kinds were told."""
        return self.tracing.count(kinds)

    @property
    def document(self) -> dict[str, Any]:
        """The JSON of the verb."""
        told = self.tracing.as_json()
        return {"schema_version": SCHEMA_VERSION, "study": self.study, "main": self.main, **told}
