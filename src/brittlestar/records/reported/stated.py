"""A setting as somebody stated it, and settings of nested mappings."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast


@dataclass(frozen=True)
class Stated:
    """One setting: its name and value as written, and the line of the file (0 where that is not known). A number of a
    sentence beside which no name is known has none."""

    name: str
    text: str
    line: int = 0


def flatten_stated(values: Mapping[str, Any], before: str = "") -> Iterator[Stated]:
    """Settings of nested mappings, as `outer.inner`."""
    for name, value in values.items():
        path = f"{before}.{name}" if before else str(name)
        inner = cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else None
        if inner is not None and is_exported(inner):
            yield from flatten_stated({path: inner["value"]})
        elif (pairs := find_pairs(value)) is not None:
            yield from flatten_stated(pairs, before)
        elif inner is not None:
            yield from flatten_stated(inner, path)
        else:
            yield Stated(path, _write(value))


def find_pairs(value: Any) -> dict[str, Any] | None:
    """Values by name of a list of names with values, each a mapping of its own; None of another list."""
    listed = cast("list[Any]", value) if isinstance(value, list) else []
    found: dict[str, Any] = {}
    for one in listed:
        inner = cast("Mapping[str, Any]", one) if isinstance(one, Mapping) else {}
        key = next((key for key in NAMING if key in inner), None)
        if key is None or "value" not in inner:
            return None
        found[str(inner[key])] = inner["value"]
    return found or None


NAMING = ("name", "key", "param", "parameter")
"""What names are called in lists of names with values."""


def is_exported(names: Collection[str]) -> bool:
    """Whether a mapping is one value with its description, as trackers of experiments export them."""
    return "value" in names and {*names} <= {"value", "desc"}


def _write(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return join_list([_write(one) for one in cast("list[Any]", value)])
    return str(value)


def join_list(values: Sequence[str]) -> str:
    """Values as one text; a list of one keeps its brackets: `seeds: [42]` is a seed, and `seeds: 42` how many."""
    return f"[{values[0]}]" if len(values) == 1 else ", ".join(values)
