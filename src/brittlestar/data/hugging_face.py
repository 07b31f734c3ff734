"""Datasets of Hugging Face as tables: rows in their order, names of classes for their numbers, and the columns that are
meant."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from brittlestar.core.errors import InputError, Problem, format_error
from brittlestar.data.tables import format_list
from brittlestar.study.settings import Columns

MEDIA = ("Image", "Audio", "Video", "Pdf")
"""Features whose columns are no text, and large."""


def is_dataset(given: Any) -> bool:
    """Whether an object is a `datasets.Dataset` or a streaming one."""
    return (
        is_of_library(given, "datasets")
        and hasattr(given, "features")
        and not (is_dataset_column(given) or are_datasets(given))
    )


def is_dataset_column(given: Any) -> bool:
    """Whether an object is one column of a dataset, as `dataset["text"]` gives it."""
    return is_of_library(given, "datasets") and type(given).__name__ == "Column"


def are_datasets(given: Any) -> bool:
    """Whether an object is a `datasets.DatasetDict`: every split by its name."""
    return is_of_library(given, "datasets") and isinstance(given, Mapping)


def is_of_library(given: Any, library: str) -> bool:
    """Whether the type of an object, or one that it is made from, is that library's, which nobody imports for it."""
    return any(kind.__module__.partition(".")[0] == library for kind in type(given).__mro__)


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
