"""Where given predictions come from: files by name, or objects in memory, each with the name that people see."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import polars as pl

from brittlestar.core.errors import InputError, Problem, format_error
from brittlestar.core.foreign_names import list_names
from brittlestar.core.hashing import digest, file_digest
from brittlestar.data.files import ALSO, READERS
from brittlestar.data.memory import is_column, is_frame, table_of_object
from brittlestar.data.names import is_split
from brittlestar.data.tables import Table, as_sequences, as_they_are, column_of_values
from brittlestar.data.unpacking import find_ending, find_stem
from brittlestar.study.names import PREDICTION_ROLES, canonical_split

ARGUMENT = "predictions"
UNNAMED = "model"
"""The variant of predictions in memory that nobody named."""
_TAKEN = (
    "give files, pandas, Polars or Arrow frames, lists of dicts, dicts of columns, or arrays of labels or "
    "probabilities; a list has one for each seed, a dict one for each variant or split"
)
_NESTED = "give one frame with the columns variant, seed and split (docs/15-predictions.md)"
TOLERANCE = 0.01  # probabilities of half precision
PREDICTION = "prediction"


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
        frame = self.table.frame
        return digest([{name: _values(frame[name]) for name in frame.columns}, *names])


class _Reader:
    """Reads objects; what cannot be read goes to `problems`. `columns` are names that a column may have."""

    def __init__(self, columns: Collection[str], problems: list[Problem]) -> None:
        self._columns = columns
        self._problems = problems

    def read(self, given: Any, place: PredictionSource) -> list[PredictionSource]:
        """`place` has the name, and what is known of variant and split (an empty `stem` where nothing is)."""
        if not isinstance(given, Mapping) or not given or self._is_table(given):
            return self._read_seeds(given, place)
        found: list[PredictionSource] = []
        for key, part in cast("Mapping[Any, Any]", given).items():
            here = _enter_key(place, key)
            if isinstance(key, str) and _is_split(key):
                found += self._read_seeds(part, replace(here, split=canonical_split(key)))
            elif isinstance(key, str) and key:
                found += self._read_seeds(part, replace(here, stem=key))
            else:
                hint = f"use names of variants or splits as keys; of seeds, {_NESTED}"
                self._problems.append(Problem(f"{key!r} is neither a variant nor a split", place.name, hint))
        return found

    def _read_seeds(self, given: Any, place: PredictionSource) -> list[PredictionSource]:
        """One table, or a list of tables with one for each seed."""
        if not isinstance(given, list | tuple) or self._is_table(given):
            return self._read_one(given, place)
        many = cast("Sequence[Any]", given)
        labels = bool(many) and all(is_scalar(one) for one in many) and not are_files(many)
        if labels or (len(many) > 1 and are_rows(many)):
            return self._read_array(many, place)
        return [one for k, part in enumerate(many) for one in self._read_one(part, _enter_key(place, k))]

    def _read_one(self, given: Any, place: PredictionSource) -> list[PredictionSource]:
        if given is None:
            return []
        if isinstance(given, PredictionSource):
            return [given]
        if isinstance(given, str | Path):
            return [replace(place, name=str(given), stem=place.stem or find_stem(given))]
        if self._is_table(given):
            return self._keep(*_table(given, place.name), place)
        if is_column_like(given):
            return self._read_array(given, place)
        if given and isinstance(given, Mapping | list | tuple):
            self._problems.append(Problem("tables stand where one table belongs", place.name, _NESTED))
            return []
        what = "an empty dict is" if isinstance(given, Mapping) else f"objects of type {type(given).__name__} are"
        self._problems.append(Problem(f"{what} no predictions", place.name, _TAKEN))
        return []

    def _read_array(self, given: Any, place: PredictionSource) -> list[PredictionSource]:
        try:
            return self._keep(Table(place.name, frame_of_array(read_array(given)), "row", as_they_are), [], place)
        except InputError as error:
            self._problems += [Problem(one.what, place.name, one.hint) for one in error.problems]
            return []

    def _keep(self, table: Table | None, wrong: list[Problem], place: PredictionSource) -> list[PredictionSource]:
        self._problems += wrong
        return [] if table is None else [replace(place, stem=place.stem or UNNAMED, table=table)]

    def _is_table(self, given: Any) -> bool:
        """Whether an object is one table: a frame, a list of records, or a dict of columns."""
        if isinstance(given, Mapping):
            columns = cast("Mapping[Any, Any]", given)
            named = any(self._names_column(name) for name in columns)
            return named and all(is_column_like(one) for one in columns.values())
        if isinstance(given, list):
            rows = cast("list[Any]", given)
            return bool(rows) and all(isinstance(row, Mapping) and not self._holds_tables(row) for row in rows)
        return is_frame(given)

    def _names_column(self, name: Any) -> bool:
        return isinstance(name, str) and (name.strip().lower() in self._columns or name in self._columns or _is_p(name))

    def _holds_tables(self, row: Mapping[Any, Any]) -> bool:
        """A dict that is no row: a dict of columns, or of tables."""
        if not row or self._is_table(row) or all(_is_split(name) and is_column_like(row[name]) for name in row):
            return True
        return any(is_frame(one) or self._is_table(one) for one in row.values())


def file_source(name: str | Path) -> PredictionSource:
    """A file by its path."""
    return PredictionSource(str(name), find_stem(name))


def sources_of(predictions: Any, columns: Mapping[str, str] | None = None) -> tuple[PredictionSource, ...]:
    """What the argument `predictions` of a verb means: a table (a path or an object), a list of tables, one for each
    seed, or a dict of either from variants or splits. `columns` names columns by role. Raises InputError with all that
    cannot be read."""
    problems: list[Problem] = []
    elsewhere = {name for role in ("id", "prediction") for name in list_names("columns", role)}
    reader = _Reader({*PREDICTION_ROLES, *elsewhere, "arm", *(columns or {}).values()}, problems)
    found = tuple(reader.read(predictions, PredictionSource(ARGUMENT, "")))
    if problems:
        raise InputError(problems)
    return found


def _enter_key(place: PredictionSource, key: Any) -> PredictionSource:
    return replace(place, name=f"{place.name}[{key!r}]")


def _is_p(name: str) -> bool:
    return name.startswith("p_") and len(name) > 2


def _is_split(name: Any) -> bool:
    """Whether a key names a split, and no variant: the names that splits of a folder have."""
    return isinstance(name, str) and (is_split(canonical_split(name)))


def _table(given: Any, where: str) -> tuple[Table | None, list[Problem]]:
    if not isinstance(given, Mapping):
        return table_of_object(given, where)
    try:
        columns = {str(name): cells_of(one) for name, one in cast("Mapping[Any, Any]", given).items()}
        rows = {name: len(cells) for name, cells in columns.items()}
        if len(set(rows.values())) > 1:
            told = ", ".join(f"{name} {n:,}" for name, n in rows.items())
            return None, [Problem(f"its columns have different numbers of rows ({told})", where)]
        frame = pl.DataFrame([column_of_values(name, cells) for name, cells in columns.items()])
    except InputError as error:
        return None, [Problem(one.what, where, one.hint) for one in error.problems]
    return Table(where, frame, "row", as_they_are), []


def _values(column: pl.Series) -> list[Any]:
    text = as_sequences(column)
    return [str(value) for value in column.to_list()] if text is None else text.to_list()


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
    return len(texts) == len(cells) > 0 and any(find_ending(text) in ends for text in texts)


def are_rows(cells: Sequence[Any]) -> bool:
    """Whether these are rows of probabilities, and not labels of several seeds: as many fractions in each, which sum
    to 1."""
    try:
        table = np.asarray([_cell_values(cell) for cell in cells])
    except (ValueError, TypeError, InputError):
        return False
    if table.ndim != 2 or table.dtype.kind != "f" or table.shape[1] < 2:
        return False
    return bool((np.abs(table.sum(axis=1) - 1) < TOLERANCE).all() and (table >= 0).all())


def _cell_values(given: Any) -> Any:
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
