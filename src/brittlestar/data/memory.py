"""The one door for objects in memory: a table of any library, or values without names, becomes one frame.

Libraries are known by the names of their modules: none is imported that the caller did not import. What foreign code
raises is an InputError that says what was given, where, and what to give instead.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard, cast

import numpy as np
import polars as pl

from brittlestar.core.errors import InputError, format_error
from brittlestar.data.hugging_face import are_datasets, frame_of_dataset, is_dataset, is_dataset_column, is_of_library
from brittlestar.data.tables import Table, column_of_values, format_list, table_of_records

DIRECT = ("bool", "float32", "float64", *(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)))
"""Types of an array or a pandas column that Polars takes as they lie in memory."""
FRAMES = "a pandas, Polars or Arrow frame, a Hugging Face dataset, a list of dicts, a dict of columns"


@dataclass(frozen=True)
class Form:
    """What an argument takes in memory: every table, and values that `columns` name. Two columns come as a pair of
    lists or as rows of pairs, or where `alone` says so as the first, of texts or lists of them. `hint` says what to
    give."""

    hint: str
    columns: tuple[str, ...] = ()
    alone: bool = False


SPLIT = Form(f"give a path, {FRAMES}, or a pair (sequences, labels)", ("sequence", "label"))


def table_of_object(given: Any, form: Form, where: str) -> Table:
    """The raw table of an object that stands at `where`. Raises InputError."""
    try:
        frame = _read_frame(given) if is_frame(given) else _read_values(given, form)
        return Table(where, frame, index=_find_index(given))
    except InputError as error:
        raise error.with_place(where) from error.__cause__


def _find_index(given: Any) -> pl.Series | None:
    """The index of a pandas object, or of the first one in a pair or a dict of columns, as text; None where it only
    counts rows."""
    parts = given.values() if isinstance(given, Mapping) else cast("Any", given)[:2] if isinstance(given, tuple) else ()
    tables = [one for one in cast("tuple[Any, ...]", (given, *parts)) if is_of_library(one, "pandas")]
    found: Any = getattr(tables[0], "index", None) if tables else None
    names = [] if found is None else [str(name) for name in found]
    return None if names == [str(row) for row in range(len(names))] else pl.Series("index", names)


def read_parts(given: Mapping[Any, Any], where: str, hint: str) -> dict[str, Any]:
    """The objects of a mapping by their names. Raises InputError where a name is no text."""
    parts = {str(name): one for name, one in given.items()} if are_datasets(given) else dict(given)
    if odd := [name for name in parts if not isinstance(name, str) or not name]:
        raise InputError(f"names must be text (got {odd[0]!r})", where, hint)
    return parts


def is_frame(given: Any) -> bool:
    """Whether an object is a Polars, pandas or Arrow table, or a Hugging Face dataset; one column of these is none."""
    if isinstance(given, pl.DataFrame | pl.LazyFrame) or is_dataset(given):
        return True
    has_columns = any(hasattr(given, name) for name in ("columns", "column_names", "schema"))
    return has_columns and (hasattr(given, "__arrow_c_stream__") or is_of_library(given, "pandas"))


def is_column(given: Any) -> bool:
    """Whether an object is one column: an array or a column of any library, or a list of values, and not of tables or
    paths."""
    if isinstance(given, list | tuple):
        cells = cast("Sequence[Any]", given)
        kinds = {type(cell): cell for cell in cells}.values()
        return not any(isinstance(cell, Mapping) or is_frame(cell) or hasattr(cell, "__fspath__") for cell in kinds)
    return is_array(given)


def is_array(given: Any) -> bool:
    """Whether an object is an array or a column of any library: NumPy, pandas, Polars, Arrow, PyTorch, datasets."""
    if isinstance(given, pl.Series) or is_dataset_column(given):
        return True
    return hasattr(given, "__array__") and getattr(given, "ndim", 1) > 0 and not is_frame(given)


def is_table(given: Any, is_name: Callable[[str], bool]) -> bool:
    """Whether an object is one table and not several: a frame, a list of dicts, or a dict of columns, of which one has
    a name that a column may have."""
    if isinstance(given, Mapping):
        columns = cast("Mapping[Any, Any]", given)
        named = any(isinstance(name, str) and is_name(name) for name in columns)
        return named and all(map(is_column, columns.values()))
    if not are_records(given):
        return is_frame(given)
    first = given[0] if given else {}
    parts = [one for one in first.values() if isinstance(one, Mapping) or is_frame(one)]
    return bool(first) and not any(is_table(one, is_name) for one in (first, *parts))


def is_split(given: Any, columns: Iterable[str] = ()) -> bool:
    """Whether an object is one split: a table, or a pair (sequences, labels). `columns` are other names of its
    columns."""
    pair = isinstance(given, tuple) and len(cast("tuple[Any, ...]", given)) == 2
    return pair or is_table(given, {*SPLIT.columns, *columns}.__contains__)


def are_records(given: Any) -> TypeGuard[Sequence[Mapping[Any, Any]]]:
    """Whether an object is a list of dicts."""
    return isinstance(given, list | tuple) and all(isinstance(row, Mapping) for row in cast("Sequence[Any]", given))


def _read_frame(given: Any) -> pl.DataFrame:
    if isinstance(given, pl.DataFrame):
        return given
    if is_dataset(given):
        return frame_of_dataset(given)
    if is_of_library(given, "pandas"):
        return _join_columns((name, given.iloc[:, place]) for place, name in enumerate(given.columns))
    try:
        return given.collect() if isinstance(given, pl.LazyFrame) else pl.DataFrame(given)
    except pl.exceptions.DuplicateError as error:
        raise InputError("two columns have the same name", hint="rename one of them") from error
    except Exception as error:
        raise InputError(f"the {type(given).__name__} cannot be read: {format_error(error)}") from error


def _read_values(given: Any, form: Form) -> pl.DataFrame:
    """The frame of an object that no library calls a table."""
    if are_records(given):
        return table_of_records(given)
    if isinstance(given, Mapping):
        columns = cast("Mapping[Any, Any]", given)
        if columns and all(map(is_column, columns.values())):
            return _join_columns(columns.items())
    elif len(form.columns) == 2 and isinstance(given, tuple) and len(cast("tuple[Any, ...]", given)) == 2:
        if any(isinstance(one, str | bytes) or not isinstance(one, Iterable) for one in cast("tuple[Any, ...]", given)):
            what = f"a pair is ({', '.join(f'{name}s' for name in form.columns)}), both with one entry a row"
            raise InputError(what, hint=form.hint)
        return _join_columns(zip(form.columns, cast("tuple[Any, Any]", given), strict=True))
    elif form.columns and is_column(given):
        return _join_columns([(form.columns[0], given)] if len(form.columns) == 1 else _part_rows(given, form))
    raise InputError(f"{_name_kind(given)} is not read here", hint=form.hint)


def _part_rows(given: Any, form: Form) -> list[tuple[str, list[Any]]]:
    """The columns of rows that are pairs, or texts alone."""
    rows: list[Any] = [*given] if isinstance(given, list | tuple) else column_of("", given).to_list()
    lists = (tuple,) if form.alone and not isinstance(given, np.ndarray) else (list, tuple)  # else a list is tokens
    if rows and all(isinstance(row, lists) and len(row) == 2 for row in rows):
        return [(name, [row[place] for row in rows]) for place, name in enumerate(form.columns)]
    if not form.alone:
        raise InputError(f"{_name_kind(given)} is one column, and {' and '.join(form.columns)} are two", hint=form.hint)
    if not all(isinstance(row, str | list | None) for row in rows):
        raise InputError("these are no texts", hint=form.hint)
    return [(form.columns[0], rows)]


def _join_columns(columns: Iterable[tuple[Any, Any]]) -> pl.DataFrame:
    found = [column_of(str(name), values) for name, values in columns]
    if len({one.name for one in found}) < len(found):
        raise InputError("two columns have the same name", hint="rename one of them")
    if len({len(one) for one in found}) > 1:
        counts = ", ".join(f"{one.name} {len(one):,}" for one in found)
        raise InputError(f"its columns have different numbers of rows ({counts})")
    return pl.DataFrame(found)


def column_of(name: str, given: Any) -> pl.Series:
    """One column of any library, or of values one by one; rows of an array of two dimensions are lists, and NaN is
    null. Raises InputError where foreign code cannot say it, and on arrays of more dimensions."""
    if isinstance(given, pl.Series):
        return given.alias(name)
    if not is_array(given) or is_dataset_column(given):
        return column_of_values(name, given)
    try:
        of_pandas = is_of_library(given, "pandas")
        if of_pandas and str(given.dtype) not in DIRECT:
            # by way of Python values: Polars' own conversion needs pyarrow, which a pandas user may not have
            array = np.array(given, dtype=object)
            array[np.asarray(given.isna())] = None
        elif not of_pandas and (hasattr(given, "__arrow_c_array__") or hasattr(given, "__arrow_c_stream__")):
            return pl.Series(name, given)
        else:
            array = np.asarray(given)
    except Exception as error:
        raise InputError(f"the {type(given).__name__} cannot be read: {format_error(error)}") from error
    if array.ndim > 2:
        what = f"an array of shape {array.shape} is no column"
        raise InputError(what, hint="give one of (rows,) or (rows, values), and several in a list")
    if str(array.dtype) in DIRECT:
        return pl.Series(name, array, nan_to_null=True)
    return column_of_values(name, array.tolist())


def _name_kind(given: Any) -> str:
    """`an object of type int`, `an empty dict`, `a list of DataFrame`."""
    kind = type(given).__name__
    if not isinstance(given, Mapping | list | tuple):
        return f"an object of type {kind}"
    parts = cast("Iterable[Any]", given.values() if isinstance(given, Mapping) else given)
    inner = sorted({type(one).__name__ for one in parts})
    return f"a {kind} of {format_list(inner)}" if inner else f"an empty {kind}"
