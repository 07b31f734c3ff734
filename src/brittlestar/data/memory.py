"""Objects in memory as raw tables: Polars, pandas and Arrow frames, Hugging Face datasets, pairs, lists of dicts."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

import polars as pl

from brittlestar.core.errors import InputError, Problem, format_error
from brittlestar.data.tables import Table, column_of_values, format_list, table_of_records
from brittlestar.study.settings import Columns

TAKEN = (
    "give a path, a pandas, Polars or Arrow frame, a Hugging Face dataset, a pair (sequences, labels), "
    "or a list of dicts"
)
DIRECT = ("bool", "float32", "float64", *(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)))
"""Types of a pandas column that Polars takes as they lie in memory."""
MEDIA = ("Image", "Audio", "Video", "Pdf")
"""Features whose columns are no text, and large."""


def table_of_object(given: Any, where: str) -> Table:
    """The raw table of one split given as an object. No framework is imported that the caller did not import. Raises
    InputError."""
    try:
        return Table(where, frame_of_object(given))
    except InputError as error:
        raise error.with_place(where) from None


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


def frame_of_object(given: Any) -> pl.DataFrame:
    """The frame of an object, as `table_of_object` reads it. Raises InputError, which names no place."""
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
    if type(given).__name__ in ("Series", "Column", "ChunkedArray"):
        raise InputError(f"a {type(given).__name__} is one column, and a split has sequences and labels", hint=TAKEN)
    if hasattr(given, "__arrow_c_stream__"):
        return pl.DataFrame(given)
    if isinstance(given, tuple) and len(cast("tuple[Any, ...]", given)) == 2:
        return _from_pair(*cast("tuple[Any, Any]", given))
    if isinstance(given, Sequence) and not isinstance(given, str | bytes):
        rows = cast("Sequence[Any]", given)
        if all(isinstance(row, Mapping) for row in rows):
            return table_of_records(cast("Sequence[Mapping[str, Any]]", rows))
    raise InputError(f"an object of type {type(given).__name__} is no data that is read", hint=TAKEN)


def _from_pandas(given: Any) -> pl.DataFrame:
    # By way of Python values: Polars' own conversion needs pyarrow, which a pandas user may not have.
    if not given.columns.is_unique:
        raise InputError("two columns have the same name", hint=TAKEN)
    series: list[pl.Series] = []
    for name in given.columns:
        column = given[name]
        if str(column.dtype) in DIRECT:
            series.append(pl.Series(str(name), column.to_numpy(), nan_to_null=True))
        else:
            values = column.astype(object).where(column.notna(), None).tolist()
            series.append(column_of_values(str(name), values))
    return pl.DataFrame(series)


def _from_pair(sequences: Any, labels: Any) -> pl.DataFrame:
    if any(isinstance(one, str | bytes) or not isinstance(one, Iterable) for one in (sequences, labels)):
        raise InputError("a pair is (sequences, labels), both with one entry a row", hint=TAKEN)
    texts, targets = list(sequences), list(labels)
    if len(texts) != len(targets):
        raise InputError(f"{len(texts):,} sequences but {len(targets):,} labels", hint=TAKEN)
    values = {
        "sequence": [entry if isinstance(entry, str | bytes) or entry is None else list(entry) for entry in texts],
        "label": targets,
    }
    return pl.DataFrame([column_of_values(name, column) for name, column in values.items()])


def is_dataset(given: Any) -> bool:
    """Whether an object is a `datasets.Dataset` or a streaming one."""
    return _is_of_library(given) and hasattr(given, "features") and not (is_column(given) or are_datasets(given))


def is_column(given: Any) -> bool:
    """Whether an object is one column of a dataset, as `dataset["text"]` gives it."""
    return _is_of_library(given) and type(given).__name__ == "Column"


def are_datasets(given: Any) -> bool:
    """Whether an object is a `datasets.DatasetDict`: every split by its name."""
    return _is_of_library(given) and isinstance(given, Mapping)


def _is_of_library(given: Any) -> bool:
    return any(kind.__module__.split(".")[0] == "datasets" for kind in type(given).__mro__)


def frame_of_dataset(given: Any) -> pl.DataFrame:
    """Its rows in their order, with the names of classes in place of their numbers and null for a number that names
    none (-1 marks labels that are kept back). Raises InputError on a streaming dataset."""
    if not hasattr(given, "num_rows"):
        hint = "load it without streaming=True, or take rows: Dataset.from_list(list(dataset.take(10_000)))"
        raise InputError("a streaming dataset has no number of rows", hint=hint)
    names = [name for name, feature in given.features.items() if type(feature).__name__ not in MEDIA]
    try:
        frame = pl.DataFrame(given.select_columns(names).with_format("arrow")[:])
    except (pl.exceptions.PolarsError, TypeError, ValueError) as error:
        raise InputError(f"the dataset cannot be read: {format_error(error)}") from error
    named = {name: classes for name in names if (classes := class_names(given.features[name]))}
    return frame.with_columns(
        pl.col(name).replace_strict(dict(enumerate(classes)), default=None, return_dtype=pl.String)
        for name, classes in named.items()
    )


def class_names(feature: Any) -> list[str]:
    """The names of a `ClassLabel`, in the order of their numbers; none of any other feature."""
    return list(getattr(feature, "names", None) or []) if type(feature).__name__ == "ClassLabel" else []


def names_by_number(data: Mapping[str, Any], label: str) -> list[str]:
    """The names of classes in the order of their numbers, where the label of train is a `ClassLabel`."""
    train: Any = data.get("train")
    features: Mapping[str, Any] = (getattr(train, "features", None) or {}) if is_dataset(train) else {}
    return class_names(features.get(label))


def find_columns(data: Mapping[str, Any], columns: Columns) -> dict[str, str]:
    """The columns of datasets that hold sequence and label, where nobody named them and none is called so: the only
    class label, and the only column of texts or lists of texts that is neither that nor id nor group.

    {} where train is no dataset. Raises InputError where several columns could be meant.
    """
    given: Any = data.get("train")
    if not is_dataset(given) or not getattr(given, "features", None):
        return {}
    features: Mapping[str, Any] = given.features
    found: dict[str, str] = {}
    problems: list[Problem] = []
    labels = [name for name, feature in features.items() if class_names(feature)]
    texts = [name for name, feature in features.items() if _holds_text(feature)]
    taken = {columns.id, columns.group, columns.label}
    for role, default, candidates in (("label", columns.label, labels), ("sequence", columns.sequence, texts)):
        if default != role or default in features:
            continue
        meant = [name for name in candidates if name not in {*taken, *found.values()}]
        if len(meant) == 1:
            found[role] = meant[0]
        elif meant:
            what = f"no column '{role}', and several could be it: {format_list(meant, 8)}"
            problems.append(Problem(what, "data for train", f"name it: columns={{'{role}': '{meant[0]}'}}"))
    if problems:
        raise InputError(problems)
    return found


def _holds_text(feature: Any) -> bool:
    inner = feature[0] if isinstance(feature, list) and feature else getattr(feature, "feature", feature)
    return getattr(inner, "dtype", None) in ("string", "large_string")
