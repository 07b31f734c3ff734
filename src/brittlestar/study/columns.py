"""Which column holds what, as somebody typed it."""

from __future__ import annotations

from collections.abc import Mapping

from brittlestar.core.errors import InputError, Problem
from brittlestar.study.schema import suggest
from brittlestar.study.settings import Columns


def columns_of(given: Mapping[str, str] | None) -> Columns:
    """The columns of `{"sequence": "text"}`; what is not named keeps its own name. Raises InputError."""
    known = tuple(Columns.model_fields)
    problems = [
        Problem(f"brittlestar reads no column '{name}'", "columns", suggest(name, known) or _known(known))
        for name in given or {}
        if name not in known
    ]
    problems += [
        Problem(f"the column {name} is {column!r}", "columns", "give the name of a column")
        for name, column in (given or {}).items()
        if column == ""
    ]
    if problems:
        raise InputError(problems)
    return Columns(**(given or {}))


def _known(known: tuple[str, ...]) -> str:
    return f"known: {', '.join(known)}"
