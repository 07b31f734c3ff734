"""A setting as somebody stated it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Stated:
    """One setting: its name and value as written, and the line of the file (0 where that is not known)."""

    name: str
    text: str
    line: int = 0


class Written(str):
    """A name or a value of a file, with its line."""

    line: int

    def __new__(cls, text: str, line: int) -> Written:
        """The text, on a line."""
        made = super().__new__(cls, text)
        made.line = line
        return made


def join_list(values: Sequence[str]) -> str:
    """Values as one text; a list of one keeps its brackets: `seeds: [42]` is a seed, and `seeds: 42` how many."""
    return f"[{values[0]}]" if len(values) == 1 else ", ".join(values)
