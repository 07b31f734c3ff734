"""Arrays and lists as given predictions: labels (rows,), or probabilities (rows, classes)."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
import polars as pl

from brittlestar.core.errors import InputError, format_error
from brittlestar.data.files import ALSO, READERS
from brittlestar.data.hugging_face import is_column
from brittlestar.data.memory import is_frame
from brittlestar.data.tables import column_of_values

TOLERANCE = 0.01  # probabilities of half precision
PREDICTION = "prediction"


def is_array(given: Any) -> bool:
    """Whether an object is an array or a column of any library: NumPy, pandas, Polars, Arrow, PyTorch, datasets."""
    if isinstance(given, pl.Series) or is_column(given):
        return True
    return hasattr(given, "__array__") and getattr(given, "ndim", 1) > 0 and not is_frame(given)


def is_scalar(given: Any) -> bool:
    """Whether a value is one label: a text, a number, a Boolean."""
    return given is not None and bool(np.isscalar(given))


def are_files(cells: Sequence[Any]) -> bool:
    """Whether these are paths: paths, or texts of which one ends like a file of predictions; labels do not."""
    ends = (*READERS, *ALSO)
    texts = [cell for cell in cells if isinstance(cell, str)]
    return len(texts) == len(cells) > 0 and any(text.lower().endswith(ends) for text in texts)


def are_rows(cells: Sequence[Any]) -> bool:
    """Whether these are rows of probabilities, and not labels of several seeds: as many fractions in each, which sum
    to 1."""
    try:
        table = np.asarray([_values(cell) for cell in cells])
    except (ValueError, TypeError, InputError):
        return False
    if table.ndim != 2 or table.dtype.kind != "f" or table.shape[1] < 2:
        return False
    return bool((np.abs(table.sum(axis=1) - 1) < TOLERANCE).all() and (table >= 0).all())


def _values(given: Any) -> Any:
    return read_array(given) if is_array(given) else given


def read_array(given: Any) -> np.ndarray:
    """An array, column or list as a NumPy array. Raises InputError where foreign code cannot say it, and where it is
    neither labels (rows,) nor probabilities (rows, classes)."""
    try:
        if isinstance(given, pl.Series):
            given = given.to_list()
        table = np.asarray(list(given) if is_column(given) else given)
    except Exception as error:
        raise InputError(f"the array cannot be read: {format_error(error)}") from error
    if table.ndim == 2 and table.shape[1] == 1 and table.dtype.kind != "f":
        table = table[:, 0]
    if not 1 <= table.ndim <= 2:
        hint = "give labels (rows,), probabilities (rows, classes), or a list of them, one for each seed"
        raise InputError(f"an array of shape {table.shape} is no predictions", hint=hint)
    return table


def frame_of_array(table: np.ndarray) -> pl.DataFrame:
    """Labels (rows,) or probabilities (rows, classes) as the column `prediction`, a list in each row of the latter."""
    if table.ndim == 1:
        return pl.DataFrame([column_of_values(PREDICTION, table.tolist())])
    try:
        return pl.DataFrame([pl.Series(PREDICTION, table.astype(np.float64)).arr.to_list()])
    except (ValueError, TypeError) as error:
        raise InputError(f"an array of shape {table.shape} holds no numbers ({table.dtype})") from error


def cells_of(column: Any) -> list[Any]:
    """The values of a column. Raises InputError where foreign code cannot say them."""
    if isinstance(column, list | tuple):
        return list(cast("Sequence[Any]", column))
    return np.atleast_1d(read_array(column)).tolist()


def is_column_like(given: Any) -> bool:
    """Whether an object can be one column of a table: an array, or a list of values."""
    if isinstance(given, list | tuple):
        cells = cast("Sequence[Any]", given)
        tables = any(isinstance(cell, Mapping) or is_frame(cell) or hasattr(cell, "__fspath__") for cell in cells)
        return not tables and not are_files(cells)
    return is_array(given)
