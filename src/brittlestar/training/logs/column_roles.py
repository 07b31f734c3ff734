"""The columns of a log: what they are, by the names that training code gives them, and their values as numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.foreign_names import list_names, list_words
from brittlestar.core.metrics import list_names_of_curves
from brittlestar.data.outcome_columns import LARGEST, number_hint, short
from brittlestar.data.tables import Table, as_text

PARTS = {part: list_names("splits", part) for part in ("train", "dev", "test")}
METRICS = {"loss": list_names("metrics", "log_loss")} | {
    metric: list_names("metrics", metric) for metric in list_names_of_curves()
}
PLACES = {role: list_names("columns", role) for role in ("epoch", "step", "seed")}
RATES = list_names("columns", "learning_rate")
ROLES = (*PLACES, "learning_rate", *(f"{part}.{metric}" for part in ("train", "dev") for metric in METRICS))
"""What a column may be taken for."""
_BESIDE = {"epoch", "step", "mean", "avg", "average"}
"""Words beside a split and a metric that change neither."""
GAPS = ("", "-", "na", "n/a", "null", "none")
"""Texts of a cell that reports nothing."""


@dataclass(frozen=True)
class ColumnRoles:
    """`taken`: the column of each role; `left_out`: every other column, with the reason where there is one to say.
    `test` are those that are a curve on test, by the role that they would have on dev."""

    taken: Mapping[str, str]
    left_out: tuple[str, ...]
    test: Mapping[str, str]


def choose_columns(filled: Mapping[str, int], given: Mapping[str, str]) -> ColumnRoles:
    """The columns of a log by role: as somebody said (`given`, by role), else by their names.

    `filled` are the columns with how many values each has. An average over an epoch comes before the value of a step;
    of equals the commoner name is taken, and then the column with more values.
    """
    names = list(filled)
    free = [name for name in names if name not in given.values()]
    wanted = {name: role for name in free if (role := _name_role(name)) is not None}
    keras = any(role.startswith("dev.") for role in (*wanted.values(), *given))
    taken, left = dict(given), dict[str, str]()
    for name in sorted(free, key=lambda one: (*_rank(one), -filled[one])):
        role = wanted.get(name, "")
        if role.startswith("any."):  # Keras names no split for train, and says `val_` for dev
            role = role.replace("any.", "train.") if keras or role == "any.loss" else role
        if role.startswith("test."):
            left[name] = "a test curve is not dev"
        elif role.startswith("any."):
            left[name] = "it names no split"
        elif not role:
            left[name] = ""
        elif role in taken:
            left[name] = f"{role} is {taken[role]}"
        else:
            taken[role] = name
    ordered = {role: taken[role] for role in ROLES if role in taken}
    test = {wanted[one].replace("test.", "dev."): one for one in left if wanted.get(one, "").startswith("test.")}
    shown = (f"{one} ({left[one]})" if left[one] else one for one in names if one in left)
    return ColumnRoles(ordered, tuple(shown), test)


def _name_role(name: str) -> str | None:
    """The role that a name speaks of; `any.METRIC` where it names no split, `test.METRIC` for a test curve."""
    words = list_words(name)
    whole = "_".join(words)
    for role, known in (*PLACES.items(), ("learning_rate", RATES)):
        if whole in known:
            return role
    if words[:1] == ["lr"] or words[:2] == ["learning", "rate"]:
        return "learning_rate"
    parts = {part for word in words for part, known in PARTS.items() if word in known}
    metric, _ = _find_metric(words)
    return f"{parts.pop() if parts else 'any'}.{metric}" if metric and len(parts) < 2 else None


def _find_metric(words: Sequence[str]) -> tuple[str, int]:
    """The metric that a name without its split is, and how many names of it are commoner; empty where it is none."""
    rest = [word for word in words if word not in _BESIDE and not any(word in known for known in PARTS.values())]
    name = "_".join(dict.fromkeys(rest))
    return next(((metric, known.index(name)) for metric, known in METRICS.items() if name in known), ("", 0))


def _rank(name: str) -> tuple[int, int]:
    """What comes first of columns that mean the same: averages of epochs, steps last; then by how common a name is."""
    words = list_words(name)
    kind = 0 if words[-1:] == ["epoch"] else 2 if words[-1:] == ["step"] and len(words) > 1 else 1
    return kind, _find_metric(words)[1]


def describe_columns(taken: Mapping[str, str]) -> str:
    """`dev loss from val_loss, train loss from loss`: roles in words, each with its column."""
    return ", ".join(f"{role.replace('.', ' ').replace('_', ' ')} from {name}" for role, name in taken.items())


def read_columns(table: Table, taken: Mapping[str, str]) -> tuple[dict[str, np.ndarray], list[str]]:
    """Columns by role, float64 (n_rows,): NaN where nothing is reported, infinite where a value is not finite. The
    column of seeds is left out.

    `nan` is a value that is not finite, unless numbers follow one in the same column: such a log writes gaps as `nan`.

    Returns:
        The columns, and notes on how they were read.

    Raises:
        InputError: With the first cell of each column that is no number.
    """
    problems: list[Problem] = []
    found: dict[str, np.ndarray] = {}
    for role, name in taken.items():
        if role == "seed":
            continue
        try:
            found[role] = _read_numbers(table, name)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    scored = {role: values for role, values in found.items() if role not in PLACES}
    gaps = any(_returns(values) for values in scored.values())
    odd = sum(int((values == -np.inf).sum()) for values in scored.values())
    for role, values in found.items():
        values = np.where(np.abs(values) > LARGEST, np.copysign(np.inf, values), values)  # squares can be summed
        instead = np.nan if gaps or role in PLACES else np.inf
        found[role] = np.where(values == -np.inf, instead, values)
    return found, [f"{odd:,} cells that say nan are gaps: numbers follow them"] if gaps and odd else []


def _returns(values: np.ndarray) -> bool:
    """Whether a number follows a `nan`, which is marked as -inf here."""
    odd, numbers = np.flatnonzero(values == -np.inf), np.flatnonzero(np.isfinite(values))
    return bool(odd.size and numbers.size and odd[0] < numbers[-1])


def _read_numbers(table: Table, name: str) -> np.ndarray:
    """float64 (n_rows,): NaN for a gap, -inf for `nan`, inf for what is infinite."""
    column = table.frame[name]
    text = None if column.dtype == pl.Boolean else as_text(column)
    if text is None:
        raise InputError(f"column '{name}' contains no numbers", table.where, "write numbers: 0.931")
    numbers = column if column.dtype.is_numeric() else text.str.strip_chars().str.to_lowercase()
    values = [_read_number(one) for one in numbers.to_list()]
    wrong = [row for row, value in enumerate(values) if value is None]
    if wrong:
        what = f"column '{name}' contains {short(text[wrong[0]])}, which is no number"
        raise InputError(what, table.at(wrong), number_hint(str(text[wrong[0]])))
    return np.array(values, dtype=np.float64)


def _read_number(value: str | float | None) -> float | None:
    if value is None or value in GAPS:
        return float("nan")
    try:
        number = float(value)
    except ValueError:
        return None
    return float("-inf") if np.isnan(number) else abs(number) if np.isinf(number) else number
