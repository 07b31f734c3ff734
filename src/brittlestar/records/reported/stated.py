"""A setting as somebody stated it, and what it is found to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Stated:
    """One setting: its name and value as written, and the line of the file (0 where that is not known)."""

    name: str
    text: str
    line: int = 0

    def judge(self, name: str, kind: Kind, actual: Any = None, why: str = "") -> Field:
        """The field of the setting `name`, for which this was stated."""
        return Field(name, kind, self.text, actual, why, self.line, self.name)


class WrittenSetting(str):
    """A name or a value of a file, with its line."""

    line: int

    def __new__(cls, text: str, line: int) -> WrittenSetting:
        """The text, on a line."""
        made = super().__new__(cls, text)
        made.line = line
        return made


Kind = Literal["match", "misstated", "omitted-default", "omitted", "without-effect", "ambiguous", "cannot-tell"]
WORST: tuple[Kind, ...] = (
    "misstated", "without-effect", "omitted", "ambiguous", "cannot-tell", "omitted-default", "match",
)  # fmt: skip
UNTOLD: tuple[Kind, ...] = ("ambiguous", "cannot-tell")
"""Of a stated setting that is not compared: nobody can say which it is, or own code sets it and nobody saw how."""

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

    @property
    def words(self) -> str:
        """What was stated and why that is what it is, behind its name."""
        return describe_stated(self.name, self.stated, self.line, self.why)

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON values."""
        return {**asdict(self), "code": self.code}


def describe_stated(name: str, stated: str | None, line: int, why: str) -> str:
    """`training.epochs stated as 3 (line 4): 5 were in effect`."""
    told = "" if stated is None else f" stated as {stated}"
    return f"{name}{told}{f' (line {line})' if line else ''}{f': {why}' if why else ''}"
