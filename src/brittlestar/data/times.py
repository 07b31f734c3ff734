"""A column of times as numbers that sort."""

import math
import re
from datetime import UTC, datetime

import numpy as np
import polars as pl

from brittlestar.core.errors import InputError
from brittlestar.data.encode import shorten_text
from brittlestar.data.tables import Table, format_count

_MONTH = re.compile(r"\d{4}-\d{2}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def times_of(table: Table, name: str) -> tuple[np.ndarray, bool]:
    """float64 (n_rows,): numbers as they are, dates and times as seconds since 1970 (UTC where no zone is written);
    and whether they were dates.

    Text is taken as numbers where every row is one, else as ISO 8601 (`2021-03-31`, `2021-03-31T12:00:00Z`, `2021-03`).
    Raises InputError that names the rows without a time and those whose time cannot be read.
    """
    if name not in table.frame.columns:
        hint = f"it has {', '.join(table.frame.columns[:8])}"
        raise InputError(f"no column '{name}' to take times from", table.where, hint)
    column = table.frame[name]
    if isinstance(column.dtype, pl.Date | pl.Datetime):
        read = column.dt.timestamp("us").cast(pl.Float64) / 1e6
        return _complete(table, name, column, read), True
    if column.dtype.is_numeric():
        return _complete(table, name, column, column.cast(pl.Float64).fill_nan(None)), False
    if column.dtype != pl.String:
        raise InputError(f"column '{name}' holds {column.dtype}, not times", table.where, _HINT)
    text = column.str.strip_chars()
    numbers = text.cast(pl.Float64, strict=False).fill_nan(None)
    if len(text) and not numbers.null_count():
        return _complete(table, name, column, numbers), False
    dates = pl.Series([_seconds(one) for one in text.to_list()], dtype=pl.Float64)
    if dates.null_count() == len(dates) > numbers.null_count():
        return _complete(table, name, column, numbers), False
    return _complete(table, name, column, dates), True


_HINT = "write numbers, or times as 2021-03-31 or 2021-03-31T12:00:00"


def _complete(table: Table, name: str, column: pl.Series, read: pl.Series) -> np.ndarray:
    if bad := (read.is_null() | read.is_infinite().fill_null(False)).arg_true().to_list():
        shown = shorten_text(repr(None if column[bad[0]] is None else str(column[bad[0]])))
        what = f"{format_count(len(bad), 'row')} without a time that can be read in column '{name}' ({table.rows(bad)})"
        raise InputError(f"{what}: {shown}", table.at(bad), f"{_HINT}, or leave these rows out")
    return read.to_numpy().astype(np.float64)


def _seconds(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        when = datetime.fromisoformat(f"{text}-01" if _MONTH.fullmatch(text) else text)
    except ValueError:
        return None
    return ((when if when.tzinfo else when.replace(tzinfo=UTC)) - _EPOCH).total_seconds()


def shown_time(seconds: float, dated: bool) -> str:
    """A time as people write it."""
    if not dated:
        return str(int(seconds)) if math.isfinite(seconds) and seconds == int(seconds) else f"{seconds:g}"
    when = datetime.fromtimestamp(seconds, UTC)
    return when.date().isoformat() if when.time() == datetime.min.time() else when.isoformat(sep=" ")
