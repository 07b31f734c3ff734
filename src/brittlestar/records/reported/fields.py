"""What a stated setting, or one that nobody stated, is found to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Kind = Literal["match", "misstated", "omitted-default", "omitted", "without-effect", "ambiguous"]
WORST: tuple[Kind, ...] = ("misstated", "without-effect", "omitted", "ambiguous", "omitted-default", "match")

CODES: Mapping[Kind, str] = {
    "misstated": "report.misstated", "omitted": "report.omitted", "without-effect": "report.inert",
}  # fmt: skip
"""The findings that fields of a report are."""


@dataclass(frozen=True)
class Field:
    """One setting: its path (or the name as stated, where nobody can say which it is), what it is, what was stated,
    under which name and on which line (None, empty and 0 where nothing was), what is in effect, and why, in a
    sentence."""

    name: str
    kind: Kind
    stated: str | None
    actual: Any
    why: str
    line: int = 0
    said: str = ""

    @property
    def code(self) -> str | None:
        """The finding that this is; None where nothing is wrong."""
        return CODES.get(self.kind)

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON values."""
        return {**asdict(self), "code": self.code}
