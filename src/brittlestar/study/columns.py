"""Which column holds what, as somebody typed it."""

from collections import Counter
from collections.abc import Mapping

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.texts import suggest
from brittlestar.study.names import PREDICTION_ROLES, is_prediction_role
from brittlestar.study.settings import Columns


def prediction_column_problems(given: Mapping[str, str], where: str) -> list[Problem]:
    """What is wrong with `{"prediction": "pred"}`, before any file is read."""
    known = (*PREDICTION_ROLES, "p_CLASS")
    problems = [
        Problem(f"unknown role {role!r}", where, suggest(role, known) or f"roles are {', '.join(known)}")
        for role in given
        if not is_prediction_role(role)
    ]
    twice = [name for name, times in Counter(given.values()).items() if times > 1]
    problems += [Problem(f"column {name!r} has two roles", where, "one column has one role") for name in twice]
    problems += [
        Problem(f"the column for {role} is {name!r}", where, "give the name of a column")
        for role, name in given.items()
        if name == ""
    ]
    return problems


def columns_of(given: Mapping[str, str] | None) -> Columns:
    """The columns of `{"sequence": "text"}`; what is not named keeps its own name. Raises InputError."""
    known = tuple(Columns.model_fields)
    listed = f"known: {', '.join(known)}"
    problems = [
        Problem(f"brittlestar reads no column '{name}'", "columns", suggest(name, known) or listed)
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
