"""The columns of a log as numbers: what is none is told with its line; what is not finite is no gap."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import polars as pl

from brittlestar.core.errors import InputError, Problem
from brittlestar.data.columns import as_text
from brittlestar.data.outcome_columns import LARGEST, SMALLEST, number_hint, short
from brittlestar.data.tables import Table
from brittlestar.training.logs.column_roles import PLACES

GAPS = ("", "-", "na", "n/a", "null", "none")
"""Texts of a cell that reports nothing."""
_TENSOR = r"^tensor\(\s*([-+.\w]+)"
"""A tensor that was written without `.item()`."""


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
        instead = np.nan if gaps or role in PLACES else np.inf
        found[role] = _bound_sizes(np.where(values == -np.inf, instead, values))
    return found, [f"{odd:,} cells that say nan are gaps: numbers follow them"] if gaps and odd else []


def _bound_sizes(values: np.ndarray) -> np.ndarray:
    """Values whose squares can be summed: of a larger size they are infinite, of a smaller one 0."""
    sizes = np.abs(values)
    return np.where(sizes > LARGEST, np.inf, np.where(sizes < SMALLEST, 0.0, values))


def _returns(values: np.ndarray) -> bool:
    """Whether a number follows a `nan`, which is marked as -inf here."""
    odd, numbers = np.flatnonzero(values == -np.inf), np.flatnonzero(np.isfinite(values))
    return bool(odd.size and numbers.size and odd[0] < numbers[-1])


def _read_numbers(table: Table, name: str) -> np.ndarray:
    """float64 (n_rows,): NaN for a gap, -inf for `nan`, inf for what is infinite."""
    column = table.frame[name]
    if column.dtype.is_numeric():
        values = column.cast(pl.Float64)
        numbers = values.fill_null(0.0).to_numpy()
        marked = np.where(np.isnan(numbers), -np.inf, np.where(np.isinf(numbers), np.inf, numbers))
        return np.where(values.is_null().to_numpy(), np.nan, marked)
    text = None if column.dtype == pl.Boolean else as_text(column)
    if text is None:
        raise InputError(f"column '{name}' contains no numbers", table.where, "write numbers: 0.931")
    plain = text.fill_null("").str.strip_chars().str.to_lowercase()
    bare = plain.str.extract(_TENSOR).fill_null(plain)
    values = [_read_number(one) for one in bare.to_list()]
    wrong = [row for row, value in enumerate(values) if value is None]
    if wrong:
        what = f"column '{name}' contains {short(text[wrong[0]])}, which is no number"
        raise InputError(what, table.at(wrong), number_hint(str(text[wrong[0]])))
    return np.array(values, dtype=np.float64)


def _read_number(text: str) -> float | None:
    if text in GAPS:
        return float("nan")
    if re.fullmatch(r"[-+]?nan", text):
        return float("-inf")
    if re.fullmatch(r"[-+]?inf(inity)?", text):
        return float("inf")
    try:
        return float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        return None
