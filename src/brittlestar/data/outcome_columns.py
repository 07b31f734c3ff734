"""The columns of a table of outcomes as judging reads them: keys, and finite numbers.

Columns that nobody needs are not looked at. What does not fit is told with the first row and its value, of all columns
at once.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.texts import suggest
from brittlestar.data.tables import Table, as_sequences, as_text, format_count, format_list, separator_hint
from brittlestar.study.names import role_problems

WEIGHT = "weight_"
TABLE = "variant,seed,example,outcome"
SCORES = "variant,seed,score"
ROLES = (*TABLE.split(","), "score", "label", "prediction", "split", "metric", "group", "sequence")
ROW = "row"
LARGEST = 1e60
"""Judging takes fourth powers of values and sums them: from here on they could pass what float64 holds (1.8e308)."""
SMALLEST = 1 / LARGEST  # below it, a square is subnormal
NOTHING = 1e-30
"""A value that is less than this share of the largest is 0: no sum of both resolves it (float64 resolves 2e-16), and
its square could be less than what float64 holds."""
MOST_NAMED = 12  # a sentence that a person reads
_LOST = "leave out the runs that were lost, whole"
DIVERGED = "score a run that diverged as the majority class, and leave out a run that was lost"
UNIT_HINT = "give the metric in a larger or smaller unit"
_WHOLE = r"^[-+]?[0-9]{1,18}(?:\.0*)?$"
_UNIT = "\x1f"


def _is_text(dtype: pl.DataType) -> bool:
    return dtype == pl.String or dtype == pl.Categorical or dtype == pl.Enum


def type_columns(table: Table, group: str | None) -> tuple[pl.DataFrame, bool]:
    """What judging needs of a table, typed, and whether its rows have groups.

    Columns are `row` (its place in the table), `variant`, `seed` (Int64 or String) and, where the table has them,
    `split`, `example`, `outcome`, `score`, `label`, `prediction`, `group` (of the column that `group` names, else of
    `group` or `sequence`), `weight_FACTOR`. Raises InputError with every column that does not fit.
    """
    if "arm" in table.frame.columns and "variant" not in table.frame.columns:
        table = Table(table.where, table.frame.rename({"arm": "variant"}), table.unit, table.places)
    names = _choose_columns(table, group)
    readers: dict[str, Callable[[Table, str], pl.Series]] = {
        "seed": _read_seeds,
        "example": _read_examples,
        "outcome": _read_outcomes,
        "score": _read_floats,
    }
    found: list[pl.Series] = [pl.Series(ROW, np.arange(table.frame.height, dtype=np.int64))]
    problems: list[Problem] = []

    def read(reader: Callable[[Table, str], pl.Series], column: str, name: str) -> None:
        try:
            found.append(reader(table, column).rename(name))
        except InputError as error:
            problems.extend(error.problems)

    for name in names:
        read(_read_weights if name.startswith(WEIGHT) else readers.get(name, _read_texts), name, name)
    by = group or next((name for name in ("group", "sequence") if name in table.frame.columns), None)
    grouped = by is not None and "example" in names and table.frame[by].null_count() < table.frame.height
    if by is not None and grouped:
        read(_read_groups, by, "group")
    if problems:
        raise InputError(problems)
    return pl.DataFrame(found), grouped


def rename_columns(table: Table, columns: Mapping[str, str]) -> Table:
    """The table with the columns that `columns` names by role under the names of their roles. Raises InputError."""
    names = table.frame.columns
    problems = role_problems(columns, ROLES, "--columns")
    for role, name in columns.items():
        if name not in names:
            hint = suggest(name, names) or f"it has {format_list(names, MOST_NAMED)}"
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
    return Problem(f"it has no score under '{metric}'", table.where, f"it has {format_list(there, MOST_NAMED)}")


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
    return _need(table, "metric", as_text(column), "values that are no names", hint)


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
        hint = separator_hint(columns) or f"columns are {TABLE} or {SCORES}; here: {', '.join(columns[:8])}"
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


def _refuse_missing(table: Table, name: str, text: pl.Series | None = None) -> None:
    column = table.frame[name] if text is None else text
    gone = column.is_null()
    if column.dtype == pl.String:
        gone = gone | (column.str.strip_chars() == "").fill_null(False)
    elif column.dtype.is_float():
        gone = gone | column.is_nan().fill_null(False)
    rows = gone.arg_true().to_numpy()
    refuse_rows(table, name, f"has {format_count(len(rows), 'missing value')}", rows, _LOST, shown=False)


def _read_texts(table: Table, name: str) -> pl.Series:
    what = "values that are no text and no number"
    text = _need(table, name, as_text(table.frame[name]), what, "write a text or a number")
    _refuse_missing(table, name, text)
    return text


def _need(table: Table, name: str, read: pl.Series | None, what: str, hint: str) -> pl.Series:
    """What was read of a column; refused for its type where that is nothing."""
    if read is None:
        _refuse_kind(table, name, what, hint)
    assert read is not None
    return read


def _refuse_kind(table: Table, name: str, what: str, hint: str) -> None:
    """Refuse a column for its type, with its first value, or the first list or mapping."""
    column = table.frame[name]
    if column.null_count() == len(column):
        _refuse_missing(table, name)
    rows = column.is_not_null().arg_true().to_numpy()
    if column.dtype == pl.Object:
        odd = [k for k, value in enumerate(column.to_list()) if isinstance(value, list | tuple | dict)]
        rows = np.asarray(odd or rows)
    refuse_rows(table, name, f"contains {what}", rows, hint)


def _read_seeds(table: Table, name: str) -> pl.Series:
    """Int64 where all are whole numbers, also those written as text, else text."""
    column, hint = table.frame[name], "a seed is a whole number or a name"
    dtype = column.dtype
    if dtype == pl.Boolean or dtype.is_temporal() or not (_is_text(dtype) or dtype.is_numeric() or dtype == pl.Null):
        _refuse_kind(table, name, "values that are no seeds", hint)
    text = as_text(column.cast(pl.Float64) if dtype.is_decimal() else column)
    assert text is not None
    _refuse_missing(table, name, text)
    whole = text.str.contains(_WHOLE)
    if not _is_text(dtype):
        refuse_rows(table, name, "contains values that are no seeds", (~whole).arg_true().to_numpy(), hint)
    if bool(whole.all()):
        numbers = text.str.strip_suffix(".").str.replace(r"\.0*$", "").str.strip_prefix("+").cast(pl.Int64)
        if numbers.n_unique() == text.n_unique():
            return numbers
    return text


def _read_examples(table: Table, name: str) -> pl.Series:
    column = table.frame[name]
    return column if column.dtype.is_integer() and not column.null_count() else _read_texts(table, name)


def _read_outcomes(table: Table, name: str) -> pl.Series:
    column = table.frame[name]
    if column.dtype == pl.Boolean:
        _refuse_missing(table, name)
        return column.cast(pl.Float64)
    if _is_text(column.dtype):
        words = column.cast(pl.String).str.strip_chars().str.to_lowercase()
        column = words.replace({"true": "1", "false": "0"})
    return _read_floats(table, name, column)


def _read_weights(table: Table, name: str) -> pl.Series:
    values = _read_floats(table, name)
    refuse_rows(table, name, "contains negative weights", (values < 0).arg_true().to_numpy(), "a weight is 0 or more")
    return values


def _read_floats(table: Table, name: str, column: pl.Series | None = None) -> pl.Series:
    """Float64. Raises InputError with the first row without a number that can be computed with."""
    column = table.frame[name] if column is None else column
    if not (_is_text(column.dtype) or column.dtype.is_numeric() or column.dtype == pl.Null):
        _refuse_kind(table, name, "non-numeric values", "write 0.931")
    if _is_text(column.dtype):
        column = column.cast(pl.String).str.strip_chars()
    _refuse_missing(table, name, column)
    values = column.cast(pl.Float64, strict=False)
    wrong = values.is_null().arg_true().to_numpy()
    if len(wrong):
        refuse_rows(table, name, "contains non-numeric values", wrong, number_hint(str(column[int(wrong[0])])))
    wrong, told, hint = find_unusable(values.to_numpy())
    refuse_rows(table, name, f"contains {told}", np.flatnonzero(wrong), hint)
    return pl.Series(name, drop_traces(values.to_numpy()))


def find_unusable(values: np.ndarray, largest: float | None = None) -> tuple[np.ndarray, str, str]:
    """Which values cannot be computed with (bool of their shape), what they are, and what to do. `largest` is the size
    of the largest value beside them (None: of these)."""
    sizes = np.abs(values)
    largest = float(sizes.max(initial=0.0)) if largest is None else largest
    if not np.isfinite(largest):
        return ~np.isfinite(sizes), "values that are not finite", DIVERGED
    size = "large" if largest > LARGEST else "small"
    wrong = sizes > LARGEST if largest > LARGEST else (sizes > 0) & (largest < SMALLEST)
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


def _read_groups(table: Table, name: str) -> pl.Series:
    """Text; empty where a row has no group. Lists of tokens are one text."""
    hint = "name the column whose rows belong together: group"
    found = _need(table, name, as_sequences(table.frame[name]), "values that cannot name a group", hint)
    if isinstance(found.dtype, pl.List):
        found = found.list.join(_UNIT, ignore_nulls=True)
    return found.fill_null("")
