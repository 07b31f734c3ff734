"""The columns of a table of outcomes as judging reads them: keys, and finite numbers.

Columns that nobody needs are not looked at. What does not fit is told with the first row and its value, of all columns
at once.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NoReturn

import numpy as np
import polars as pl

from brittlestar.core.errors import InputError, Problem, read_all
from brittlestar.core.texts import suggest
from brittlestar.data.tables import Table, as_sequences, as_text, format_count, format_list, separator_hint
from brittlestar.study.names import role_problems

WEIGHT = "weight_"
TABLE = "variant,seed,example,outcome"
SCORES = "variant,seed,score"
MEANS = "variant,mean,sd,n"
ROLES = (
    *TABLE.split(","),
    "score",
    "mean",
    "sd",
    "se",
    "n",
    "label",
    "prediction",
    "split",
    "metric",
    "group",
    "sequence",
)
ROW, OUTCOME = "row", "outcome"
LARGEST_VALUE = 1e60
"""Judging takes fourth powers of values and sums them: from here on they could pass what float64 holds (1.8e308)."""
SMALLEST_VALUE = 1 / LARGEST_VALUE  # below it, a square is subnormal
NOTHING = 1e-30
"""A value that is less than this share of the largest is 0: no sum of both resolves it (float64 resolves 2e-16), and
its square could be less than what float64 holds."""
MOST_COLUMNS_NAMED = 12  # a sentence that a person reads
_LOST = "leave out the runs that were lost, whole"
DIVERGED = "score a run that diverged as the majority class, and leave out a run that was lost"
UNIT_HINT = "give the metric in a larger or smaller unit"
_WHOLE = r"^[-+]?[0-9]{1,18}(?:\.0*)?$"
_UNIT = "\x1f"
_TEXT = pl.String | pl.Categorical | pl.Enum


def type_columns(table: Table, group: str | None) -> tuple[pl.DataFrame, bool]:
    """What judging needs of a table, typed, and whether its rows have groups.

    Columns are `row` (its place in the table), `variant`, `seed` (Int64 or String) and, where the table has them,
    `split`, `example`, `outcome`, `score`, `label`, `prediction`, `group` (of the column that `group` names, else of
    `group` or `sequence`), `weight_FACTOR`. Raises InputError with every column that does not fit.
    """
    if "arm" in table.frame.columns and "variant" not in table.frame.columns:
        table = replace(table, frame=table.frame.rename({"arm": "variant"}))
    read = {name: name for name in _choose_columns(table, group)}
    by = group or next((name for name in ("group", "sequence") if name in table.frame.columns), None)
    grouped = by is not None and "example" in read and table.frame[by].null_count() < table.frame.height
    if by is not None and grouped:
        read["group"] = by

    def read_column(role: str) -> pl.Series:
        reader = read_numbers if role.startswith(WEIGHT) else _READERS.get(role, read_texts)
        return reader(table, read[role]).rename(role)

    return pl.DataFrame(read_all(read_column, read)).with_row_index(ROW).cast({ROW: pl.Int64}), grouped


def rename_columns(table: Table, columns: Mapping[str, str]) -> Table:
    """The table with the columns that `columns` names by role under the names of their roles. Raises InputError."""
    names = table.frame.columns
    problems = role_problems(columns, ROLES, "--columns")
    for role, name in columns.items():
        if name not in names:
            hint = suggest(name, names) or f"it has {format_list(names, MOST_COLUMNS_NAMED)}"
            problems.append(Problem(f"no column '{name}', which was named as {role}", table.where, hint))
    if problems:
        raise InputError(problems)
    kept = table.frame.drop(role for role in columns if role in names and role not in columns.values())
    return replace(table, frame=kept.rename({name: role for role, name in columns.items()}))


def list_metrics(table: Table) -> tuple[str, ...]:
    """The metrics that a table has values of, in their order; none where it has no column `metric`, and is of one
    metric that it does not name."""
    known = [name for name in ("score", "outcome") if name in table.frame.columns]
    if "metric" not in table.frame.columns:
        return ()
    rows = table.frame if not known else table.frame.filter(pl.any_horizontal(pl.col(known).is_not_null()))
    return tuple(_read_metrics(table, rows["metric"]).drop_nulls().unique(maintain_order=True).to_list())


def find_missing_metric(table: Table, metric: str) -> Problem | None:
    """What is wrong with a metric of which a table with a column `metric` has no value, with those that it has."""
    if "metric" not in table.frame.columns or metric in (there := list_metrics(table)):
        return None
    return Problem(f"it has no score under '{metric}'", table.where, f"it has {format_list(there, MOST_COLUMNS_NAMED)}")


def take_metric(table: Table, metric: str) -> Table:
    """The rows of one metric; all where the table has no column `metric`. Raises InputError where it has none of it."""
    if "metric" not in table.frame.columns:
        return table
    if problem := find_missing_metric(table, metric):
        raise InputError([problem])
    kept = (_read_metrics(table, table.frame["metric"]) == metric).arg_true().to_list()
    return table.take(kept)


def _read_metrics(table: Table, column: pl.Series) -> pl.Series:
    hint = "write the name of a metric, such as accuracy"
    text = as_text(column)
    return _refuse_kind(table, "metric", "values that are no names", hint) if text is None else text


def _choose_columns(table: Table, group: str | None) -> list[str]:
    columns = table.frame.columns
    lacking = [name for name in ("variant", "seed") if name not in columns]
    by_row = "example" in columns
    if not {"score", "outcome", "prediction"} & set(columns):
        lacking.append("outcome, prediction or score")
    elif "score" not in columns and not by_row:
        lacking.append("example, which outcomes row by row need")
    elif by_row and "outcome" not in columns and not {"label", "prediction"} <= set(columns):
        lacking.append("outcome, or label and prediction")
    if lacking:
        hint = separator_hint(columns) or f"columns are {TABLE}, {SCORES} or {MEANS}; here: {', '.join(columns[:8])}"
        raise InputError(f"the outcomes lack {', '.join(lacking)}", table.where, hint)
    if group is not None and group not in columns:
        what = f"there is no column '{group}' to group rows by"
        raise InputError(what, "claim.group", f"columns: {', '.join(columns)}")
    if table.frame.height == 0:
        raise InputError("the table has no rows", table.where, f"columns are {TABLE} or {SCORES}")
    values = ("example", "outcome", "label", "prediction") if by_row else ("score",)
    needed = [name for name in ("variant", "seed", "split", *values) if name in columns]
    if by_row and {"label", "prediction"} <= set(columns):
        needed += [name for name in columns if name.startswith(WEIGHT) and name != WEIGHT]
    elif by_row:
        needed = [name for name in needed if name not in ("label", "prediction")]
    twice = [name for name in needed if f"{name}_duplicated_0" in columns]
    if twice:
        raise InputError([Problem(f"two columns are named '{name}'", table.where, "rename one") for name in twice])
    return needed


def refuse_rows(
    table: Table, name: str, what: str, rows: Sequence[int] | np.ndarray, hint: str, shown: bool = True
) -> None:
    """Raise InputError where there are such rows: `column 'score' contains … (first: line 13, 'n/a')`."""
    if not len(rows):
        return
    first = int(rows[0])
    value = f", {short(table.frame[name][first])}" if shown else ""
    raise InputError(f"column '{name}' {what} (first: {table.rows([first])}{value})", table.where, hint)


def short(value: Any) -> str:
    """A value as it is written in Python, where it is long its beginning."""
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]} …"


def _refuse_missing(table: Table, name: str, column: pl.Series) -> None:
    gone = column.is_null()
    if column.dtype == pl.String:
        gone = gone | (column.str.strip_chars() == "").fill_null(False)
    elif column.dtype.is_float():
        gone = gone | column.is_nan().fill_null(False)
    rows = gone.arg_true().to_numpy()
    refuse_rows(table, name, f"has {format_count(len(rows), 'missing value')}", rows, _LOST, shown=False)


def _refuse_kind(table: Table, name: str, what: str, hint: str) -> NoReturn:
    """Refuse a column for its type, with its first value, or the first list or mapping."""
    column = table.frame[name]
    if column.null_count() == len(column):
        _refuse_missing(table, name, column)
    rows = column.is_not_null().arg_true().to_list()
    if column.dtype == pl.Object:
        odd = [k for k, value in enumerate(column.to_list()) if isinstance(value, list | tuple | dict)]
        rows = odd or rows
    refuse_rows(table, name, f"contains {what}", rows, hint)
    raise AssertionError(name)


def read_texts(table: Table, name: str) -> pl.Series:
    """Text of every value. Raises InputError with the first row that has none."""
    text = as_text(table.frame[name])
    if text is None:
        _refuse_kind(table, name, "values that are no text and no number", "write a text or a number")
    _refuse_missing(table, name, text)
    return text


def _read_examples(table: Table, name: str) -> pl.Series:
    column = table.frame[name]
    return column if column.dtype.is_integer() and not column.null_count() else read_texts(table, name)


def _read_seeds(table: Table, name: str) -> pl.Series:
    """Int64 where all are whole numbers, also those written as text, else text."""
    column, hint = table.frame[name], "a seed is a whole number or a name"
    written = isinstance(column.dtype, _TEXT)
    if not (written or column.dtype.is_numeric() or column.dtype == pl.Null):
        _refuse_kind(table, name, "values that are no seeds", hint)
    text = as_text(column.cast(pl.Float64) if column.dtype.is_decimal() else column)
    assert text is not None
    _refuse_missing(table, name, text)
    whole = text.str.contains(_WHOLE)
    if not written:
        refuse_rows(table, name, "contains values that are no seeds", (~whole).arg_true().to_numpy(), hint)
    if bool(whole.all()):
        numbers = text.str.replace(r"\.0*$", "").str.strip_prefix("+").cast(pl.Int64)
        if numbers.n_unique() == text.n_unique():
            return numbers
    return text


def read_numbers(table: Table, name: str) -> pl.Series:
    """Float64, of outcomes true and false, too. Raises InputError with the first row without a number that can be
    computed with, and of weights with one below 0."""
    column = table.frame[name]
    if name == OUTCOME and column.dtype == pl.Boolean:
        column = column.cast(pl.Int8)
    if isinstance(column.dtype, _TEXT):
        column = column.cast(pl.String).str.strip_chars()
        truths = {"true": "1", "false": "0"} if name == OUTCOME else {}
        column = column.str.to_lowercase().replace(truths) if truths else column
    elif not (column.dtype.is_numeric() or column.dtype == pl.Null):
        _refuse_kind(table, name, "non-numeric values", "write 0.931")
    _refuse_missing(table, name, column)
    values = column.cast(pl.Float64, strict=False)
    wrong = values.is_null().arg_true().to_numpy()
    if len(wrong):
        refuse_rows(table, name, "contains non-numeric values", wrong, number_hint(str(column[int(wrong[0])])))
    odd, told, hint = find_unusable(values.to_numpy())
    refuse_rows(table, name, f"contains {told}", np.flatnonzero(odd), hint)
    if name.startswith(WEIGHT):
        below = (values < 0).arg_true().to_numpy()
        refuse_rows(table, name, "contains negative weights", below, "a weight is 0 or more")
    return pl.Series(name, drop_traces(values.to_numpy()))


def _read_groups(table: Table, name: str) -> pl.Series:
    """Text; empty where a row has no group. Lists of tokens are one text."""
    found = as_sequences(table.frame[name])
    if found is None:
        hint = "name the column whose rows belong together: group"
        _refuse_kind(table, name, "values that cannot name a group", hint)
    if isinstance(found.dtype, pl.List):
        found = found.list.join(_UNIT, ignore_nulls=True)
    return found.fill_null("")


_READERS: Mapping[str, Callable[[Table, str], pl.Series]] = {
    "seed": _read_seeds,
    "example": _read_examples,
    OUTCOME: read_numbers,
    "score": read_numbers,
    "group": _read_groups,
}
"""How the columns of some roles are read; others are text."""


def find_unusable(values: np.ndarray, largest: float | None = None) -> tuple[np.ndarray, str, str]:
    """Which values cannot be computed with (bool of their shape), what they are, and what to do. `largest` is the size
    of the largest value beside them (None: of these)."""
    sizes = np.abs(values)
    largest = float(sizes.max(initial=0.0)) if largest is None else largest
    if not np.isfinite(largest):
        return ~np.isfinite(sizes), "values that are not finite", DIVERGED
    size = "large" if largest > LARGEST_VALUE else "small"
    wrong = sizes > LARGEST_VALUE if largest > LARGEST_VALUE else (sizes > 0) & (largest < SMALLEST_VALUE)
    return wrong, f"values too {size} to compute with", UNIT_HINT


def drop_traces(values: np.ndarray, largest: float | None = None) -> np.ndarray:
    """The values, those that are nothing beside the largest as 0."""
    sizes = np.abs(values)
    traces = (sizes > 0) & (sizes < NOTHING * (sizes.max(initial=0.0) if largest is None else largest))
    return np.where(traces, 0.0, values) if traces.any() else values


def number_hint(text: str) -> str:
    """What to write instead of a text that is no number."""
    text = text.strip()
    if re.fullmatch(r"[-+]?[0-9]+,[0-9]+", text):
        return f"write {text.replace(',', '.')}, with a point"
    if per_cent := re.fullmatch(r"([-+]?[0-9.]+)\s*%", text):
        try:
            return f"write {float(per_cent[1]) / 100:.6g}, not {text}"
        except ValueError:
            pass
    return _LOST if text.lower() in ("na", "n/a", "none", "null", "nan", "-", "?") else "write numbers: 0.931"
