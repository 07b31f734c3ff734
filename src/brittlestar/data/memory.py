"""Objects in memory as raw tables: Polars, pandas and Arrow frames, Hugging Face datasets, pairs, lists of dicts."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import polars as pl

from brittlestar.core.errors import InputError, Problem, format_error
from brittlestar.data.hugging_face import frame_of_dataset, is_dataset
from brittlestar.data.tables import Table, as_they_are, column_of_values, table_of_records

TAKEN = (
    "give a path, a pandas, Polars or Arrow frame, a Hugging Face dataset, a pair (sequences, labels), "
    "or a list of dicts"
)

DIRECT = ("bool", "float32", "float64", *(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)))
"""Types of a pandas column that Polars takes as they lie in memory."""


def table_of_object(given: Any, where: str) -> tuple[Table | None, list[Problem]]:
    """The raw table of one split given as an object. No framework is imported that the caller did not import."""
    try:
        frame = _frame(given)
    except InputError as error:
        return None, [Problem(problem.what, where, problem.hint) for problem in error.problems]
    if isinstance(frame, pl.DataFrame):
        return Table(where, frame, "row", as_they_are), []
    return None, [Problem(frame, where, TAKEN)]


def is_frame(given: Any) -> bool:
    """Whether an object is a Polars, pandas or Arrow table, or a Hugging Face dataset; one column of these is none."""
    if isinstance(given, pl.DataFrame | pl.LazyFrame) or is_dataset(given):
        return True
    has_columns = any(hasattr(given, name) for name in ("columns", "column_names", "schema"))
    return has_columns and (hasattr(given, "__arrow_c_stream__") or type(given).__module__.split(".")[0] == "pandas")


def is_split(given: Any) -> bool:
    """Whether an object is one split: a frame, a dataset, a pair, or a list of dicts."""
    pair = isinstance(given, tuple) and len(cast("tuple[Any, ...]", given)) == 2
    return is_frame(given) or pair or (isinstance(given, list) and all(isinstance(row, Mapping) for row in given))


def _frame(given: Any) -> pl.DataFrame | str:
    if isinstance(given, pl.DataFrame):
        return given
    if isinstance(given, pl.LazyFrame):
        try:
            return given.collect()
        except (pl.exceptions.PolarsError, OSError) as error:
            raise InputError(f"the lazy frame cannot be collected: {format_error(error)}") from error
    if is_dataset(given):
        return frame_of_dataset(given)
    if type(given).__module__.split(".")[0] == "pandas" and hasattr(given, "columns"):
        return _from_pandas(given)
    if hasattr(given, "__arrow_c_stream__"):
        return pl.DataFrame(given)
    if isinstance(given, tuple) and len(cast("tuple[Any, ...]", given)) == 2:
        return _from_pair(*cast("tuple[Any, Any]", given))
    if isinstance(given, Sequence) and not isinstance(given, str | bytes):
        rows = cast("Sequence[Any]", given)
        if all(isinstance(row, Mapping) for row in rows):
            return table_of_records(cast("Sequence[Mapping[str, Any]]", rows))
    return f"an object of type {type(given).__name__} is no data that is read"


def _from_pandas(given: Any) -> pl.DataFrame | str:
    # By way of Python values: Polars' own conversion needs pyarrow, which a pandas user may not have.
    if not given.columns.is_unique:
        return "two columns have the same name"
    return pl.DataFrame([_from_series(str(name), given[name]) for name in given.columns])


def _from_series(name: str, column: Any) -> pl.Series:
    if str(column.dtype) in DIRECT:
        return pl.Series(name, column.to_numpy(), nan_to_null=True)
    return column_of_values(name, column.astype(object).where(column.notna(), None).tolist())


def _from_pair(sequences: Any, labels: Any) -> pl.DataFrame | str:
    if isinstance(sequences, str | bytes) or isinstance(labels, str | bytes):
        return "a pair is (sequences, labels), both with one entry a row"
    texts, targets = list(sequences), list(labels)
    if len(texts) != len(targets):
        return f"{len(texts):,} sequences but {len(targets):,} labels"
    values = {
        "sequence": [entry if isinstance(entry, str | bytes) or entry is None else list(entry) for entry in texts],
        "label": targets,
    }
    return pl.DataFrame([column_of_values(name, column) for name, column in values.items()])
