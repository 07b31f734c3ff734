"""Where given predictions come from: files by name, or objects in memory, each with the name that people see."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import polars as pl

from brittlestar.core.errors import InputError, Problem, format_error
from brittlestar.core.foreign_names import list_names
from brittlestar.core.hashing import digest, file_digest
from brittlestar.data.files import ALSO, READERS
from brittlestar.data.memory import frame_of_object, is_column, is_frame
from brittlestar.data.names import is_split
from brittlestar.data.tables import Table, as_sequences, column_of_values
from brittlestar.data.unpacking import find_ending, find_stem
from brittlestar.study.names import PREDICTION_ROLES, canonical_split

ARGUMENT = "predictions"
UNNAMED = "model"
"""The variant of predictions in memory that nobody named."""
_TAKEN = (
    "give files, pandas, Polars or Arrow frames, lists of dicts, dicts of columns, or arrays of labels or "
    "probabilities; a list has one for each seed, a dict one for each variant or split"
)
_NESTED = "give one frame with the columns variant, seed and split (docs/start/predictions.md)"
TOLERANCE = 0.01  # probabilities of half precision


@dataclass(frozen=True)
class PredictionSource:
    """One file or one object. `name` is what people see: a path as written, or `predictions[0]`; `table` is None for
    a file. Rows that name no variant belong to `stem`, those that name no split to `split`, if there is one."""

    name: str
    stem: str
    table: Table | None = None
    split: str | None = None

    @property
    def is_file(self) -> bool:
        """Whether its path alone says all of it."""
        alone = self.table is None and self.split is None
        return alone and self.stem == find_stem(self.name)

    def content(self, path: Path) -> str:
        """A digest of what it says: that of the file at `path`, or of the columns in memory. Raises OSError."""
        names = [self.stem, None, *([] if self.split is None else [self.split])]
        if self.table is None:
            return digest([file_digest(path), *names])
        texts = ((column, as_sequences(column)) for column in self.table.frame.get_columns())
        values = {
            column.name: [str(value) for value in column.to_list()] if text is None else text.to_list()
            for column, text in texts
        }
        return digest([values, *names])


Found = PredictionSource | Problem


def file_source(name: str | Path) -> PredictionSource:
    """A file by its path."""
    return PredictionSource(str(name), find_stem(name))


def sources_of(predictions: Any, columns: Mapping[str, str] | None = None) -> tuple[PredictionSource, ...]:
    """What the argument `predictions` of a verb means: a table (a path or an object), a list of tables, one for each
    seed, or a dict of either from variants or splits. `columns` names columns by role. Raises InputError with all that
    cannot be read."""
    elsewhere = {name for role in ("id", "prediction") for name in list_names("columns", role)}
    names = frozenset({*PREDICTION_ROLES, *elsewhere, "arm", *(columns or {}).values()})
    found = [*_read(predictions, PredictionSource(ARGUMENT, ""), names)]
    if problems := [one for one in found if isinstance(one, Problem)]:
        raise InputError(problems)
    return tuple(one for one in found if isinstance(one, PredictionSource))


def _read(given: Any, place: PredictionSource, names: frozenset[str]) -> Iterator[Found | None]:
    """`place` has the name, and what is known of variant and split (an empty `stem` where nothing is); `names` are
    those that a column may have."""
    if not isinstance(given, Mapping) or not given or _is_table(given, names):
        yield from _read_seeds(given, place, names)
        return
    for key, part in cast("Mapping[Any, Any]", given).items():
        here = _enter_key(place, key)
        if _is_split(key):
            yield from _read_seeds(part, replace(here, split=canonical_split(key)), names)
        elif isinstance(key, str) and key:
            yield from _read_seeds(part, replace(here, stem=key), names)
        else:
            hint = f"use names of variants or splits as keys; of seeds, {_NESTED}"
            yield Problem(f"{key!r} is neither a variant nor a split", place.name, hint)


def _read_seeds(given: Any, place: PredictionSource, names: frozenset[str]) -> Iterator[Found | None]:
    """One table, or a list of tables with one for each seed."""
    if not isinstance(given, list | tuple) or _is_table(given, names):
        yield _read_one(given, place, names)
    elif _is_array_of(cast("Sequence[Any]", given)):
        yield _read_table(given, place, _frame_of_array)
    else:
        for k, part in enumerate(cast("Sequence[Any]", given)):
            yield _read_one(part, _enter_key(place, k), names)


def _read_one(given: Any, place: PredictionSource, names: frozenset[str]) -> Found | None:
    if given is None or isinstance(given, PredictionSource):
        return given
    if isinstance(given, str | Path):
        return replace(place, name=str(given), stem=place.stem or find_stem(given))
    if _is_table(given, names):
        return _read_table(given, place, _frame_of_columns if isinstance(given, Mapping) else frame_of_object)
    if _is_column_like(given):
        return _read_table(given, place, _frame_of_array)
    if isinstance(given, Mapping | list | tuple) and given:
        return Problem("tables stand where one table belongs", place.name, _NESTED)
    what = "an empty dict is" if isinstance(given, Mapping) else f"objects of type {type(given).__name__} are"
    return Problem(f"{what} no predictions", place.name, _TAKEN)


def _read_table(given: Any, place: PredictionSource, read: Callable[[Any], pl.DataFrame]) -> Found:
    try:
        return replace(place, stem=place.stem or UNNAMED, table=Table(place.name, read(given)))
    except InputError as error:
        return error.with_place(place.name).problems[0]


def _is_table(given: Any, names: frozenset[str]) -> bool:
    """Whether an object is one table: a frame, a list of records, or a dict of columns."""
    if isinstance(given, Mapping):
        columns = cast("Mapping[Any, Any]", given)
        texts = [name for name in columns if isinstance(name, str)]
        named = any({name, name.strip().lower()} & names or (name.startswith("p_") and len(name) > 2) for name in texts)
        return named and all(_is_column_like(column) for column in columns.values())
    if isinstance(given, list):
        rows = cast("list[Any]", given)
        return bool(rows) and all(isinstance(row, Mapping) and not _holds_tables(row, names) for row in rows)
    return is_frame(given)


def _holds_tables(row: Mapping[Any, Any], names: frozenset[str]) -> bool:
    """A dict that is no row: a dict of columns, or of tables."""
    if not row or _is_table(row, names) or all(_is_split(name) and _is_column_like(row[name]) for name in row):
        return True
    return any(is_frame(one) or _is_table(one, names) for one in row.values())


def _enter_key(place: PredictionSource, key: Any) -> PredictionSource:
    return replace(place, name=f"{place.name}[{key!r}]")


def _is_split(name: Any) -> bool:
    """Whether a key names a split, and no variant: the names that splits of a folder have."""
    return isinstance(name, str) and is_split(canonical_split(name))


def _is_array(given: Any) -> bool:
    """Whether an object is an array or a column of any library: NumPy, pandas, Polars, Arrow, PyTorch, datasets."""
    if isinstance(given, pl.Series) or is_column(given):
        return True
    return hasattr(given, "__array__") and getattr(given, "ndim", 1) > 0 and not is_frame(given)


def _is_column_like(given: Any) -> bool:
    """Whether an object can be one column of a table: an array, or a list of values."""
    if isinstance(given, list | tuple):
        cells = cast("Sequence[Any]", given)
        tables = any(isinstance(cell, Mapping) or is_frame(cell) or hasattr(cell, "__fspath__") for cell in cells)
        return not tables and not are_files(cells)
    return _is_array(given)


def are_files(cells: Sequence[Any]) -> bool:
    """Whether these are paths: paths, or texts of which one ends like a file of predictions; labels do not."""
    ends = (*READERS, *ALSO)
    texts = [cell for cell in cells if isinstance(cell, str)]
    return len(texts) == len(cells) > 0 and any("." in text and find_ending(text) in ends for text in texts)


def _is_array_of(cells: Sequence[Any]) -> bool:
    """Whether these are one array, and not tables of several seeds: labels (a text, a number, a Boolean each), or rows
    of probabilities, as many fractions in each, which sum to 1."""
    if cells and all(cell is not None and np.isscalar(cell) for cell in cells):
        return not are_files(cells)
    if len(cells) < 2:
        return False
    try:
        table = np.asarray([_read_array(cell) if _is_array(cell) else cell for cell in cells])
    except (ValueError, TypeError, InputError):
        return False
    if table.ndim != 2 or table.dtype.kind != "f" or table.shape[1] < 2:
        return False
    return bool((np.abs(table.sum(axis=1) - 1) < TOLERANCE).all() and (table >= 0).all())


def _read_array(given: Any) -> np.ndarray:
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


def _frame_of_array(given: Any) -> pl.DataFrame:
    """Labels (rows,) or probabilities (rows, classes) as the column `prediction`, a list in each row of the latter."""
    table = _read_array(given)
    if table.ndim == 1:
        return pl.DataFrame([column_of_values("prediction", table.tolist())])
    try:
        return pl.DataFrame([pl.Series("prediction", table.astype(np.float64)).arr.to_list()])
    except (ValueError, TypeError) as error:
        raise InputError(f"an array of shape {table.shape} holds no numbers ({table.dtype})") from error


def _frame_of_columns(given: Mapping[Any, Any]) -> pl.DataFrame:
    columns = {
        str(name): [*cells] if isinstance(cells, list | tuple) else np.atleast_1d(_read_array(cells)).tolist()
        for name, cells in given.items()
    }
    if len({len(cells) for cells in columns.values()}) > 1:
        sentence = ", ".join(f"{name} {len(cells):,}" for name, cells in columns.items())
        raise InputError(f"its columns have different numbers of rows ({sentence})")
    return pl.DataFrame([column_of_values(name, cells) for name, cells in columns.items()])
