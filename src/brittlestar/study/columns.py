"""Which column holds what, as somebody typed it."""

from collections import Counter
from collections.abc import Mapping

from brittlestar.core.errors import InputError, Problem
from brittlestar.study.names import DATA_ROLES, PREDICTION_ROLES, role_problems
from brittlestar.study.settings import Columns


def prediction_column_problems(given: Mapping[str, str], where: str) -> list[Problem]:
    """What is wrong with `{"prediction": "pred"}`, before any file is read."""
    twice = [name for name, times in Counter(given.values()).items() if times > 1]
    problems = [Problem(f"column {name!r} has two roles", where, "one column has one role") for name in twice]
    return [*role_problems(given, (*PREDICTION_ROLES, "p_CLASS"), where), *problems]


def columns_of(given: Mapping[str, str] | None) -> Columns:
    """The columns of `{"sequence": "text"}`; what is not named keeps its own name. Raises InputError."""
    if problems := role_problems(given or {}, DATA_ROLES, "--columns"):
        raise InputError(problems)
    return Columns(**(given or {}))
