"""Where given predictions come from: files by name, or objects in memory, each with the name that people see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import polars as pl

from brittlestar.core.errors import InputError, Problem, format_error
from brittlestar.core.hashing import digest, file_digest
from brittlestar.data.columns import as_sequences, column_of_values
from brittlestar.data.files import ALSO, READERS
from brittlestar.data.memory import is_frame, table_of_object
from brittlestar.data.tables import Table, as_they_are

ARGUMENT = "predictions"
UNNAMED = "model"
"""The variant of predictions in memory that nobody named."""
_TAKEN = (
    "give files, pandas, Polars or Arrow frames, lists of dicts, or dicts of columns; "
    "a list has one for each seed, a dict one for each variant"
)


@dataclass(frozen=True)
class PredictionSource:
    """One file or one object. `name` is what people see: a path as written, or `predictions[0]`; `table` is None for
    a file. Rows that name no variant belong to `stem`, and rows that name no seed to `seed`, if there is one."""

    name: str
    stem: str
    table: Table | None = None
    seed: int | None = None

    @property
    def is_file(self) -> bool:
        """Whether its path alone says all of it."""
        return self.table is None and self.seed is None and self.stem == Path(self.name).stem

    def content(self, path: Path) -> str:
        """A digest of what it says: that of the file at `path`, or of the columns in memory. Raises OSError."""
        if self.table is None:
            return digest([file_digest(path), self.stem, self.seed])
        frame = self.table.frame
        return digest([{name: _values(frame[name]) for name in frame.columns}, self.stem, self.seed])


def file_source(name: str | Path) -> PredictionSource:
    """A file by its path."""
    return PredictionSource(str(name), Path(name).stem)


def sources_of(predictions: Any) -> tuple[PredictionSource, ...]:
    """What the argument `predictions` of a verb means: a path, an object, a list of them (one for each seed), or a
    mapping of them (from variants, or from integer seeds). Raises InputError with all that cannot be read."""
    problems: list[Problem] = []
    found = tuple(_sources(predictions, ARGUMENT, None, None, problems))
    if problems:
        raise InputError(problems)
    return found


def _sources(
    given: Any, where: str, stem: str | None, seed: int | None, problems: list[Problem]
) -> list[PredictionSource]:
    if given is None:
        return []
    if isinstance(given, PredictionSource):
        return [given]
    if isinstance(given, str | Path):
        return [PredictionSource(str(given), stem or Path(given).stem, None, seed)]
    if _is_table(given):
        table, wrong = _table(given, where)
        problems += wrong
        return [] if table is None else [PredictionSource(where, stem or UNNAMED, table, seed)]
    if isinstance(given, Mapping) and given:
        return _of_mapping(cast("Mapping[Any, Any]", given), where, stem, problems)
    if isinstance(given, list | tuple):
        many = cast("Sequence[Any]", given)
        if many and all(one is not None and np.isscalar(one) and not isinstance(one, str) for one in many):
            what = f"a list of {type(many[0]).__name__} is no predictions"
            problems.append(Problem(what, where, "name the column: {'prediction': [...]}"))
            return []
        return [one for k, part in enumerate(many) for one in _sources(part, f"{where}[{k}]", stem, seed, problems)]
    what = "an empty dict is" if isinstance(given, Mapping) else f"objects of type {type(given).__name__} are"
    problems.append(Problem(f"{what} no predictions", where, _TAKEN))
    return []


def _of_mapping(
    given: Mapping[Any, Any], where: str, stem: str | None, problems: list[Problem]
) -> list[PredictionSource]:
    found: list[PredictionSource] = []
    for key, part in given.items():
        here = f"{where}[{key!r}]"
        if isinstance(key, int | np.integer) and not isinstance(key, bool) and key >= 0:
            found += _sources(part, f"{where}[{int(key)}]", stem, int(key), problems)
        elif isinstance(key, str) and key:
            found += _sources(part, here, key, None, problems)
        else:
            what = f"{key!r} is neither a variant nor a seed"
            problems.append(Problem(what, where, "use names of variants, or whole numbers from 0, as keys"))
    return found


def _is_table(given: Any) -> bool:
    """Whether an object is one table: a frame, a list of records, or a dict of columns."""
    if isinstance(given, Mapping):
        columns = cast("Mapping[Any, Any]", given)
        return bool(columns) and all(_is_column(one) for one in columns.values())
    if isinstance(given, list):
        rows = cast("list[Any]", given)
        return bool(rows) and all(isinstance(row, Mapping) and not _holds_tables(row) for row in rows)
    return is_frame(given)


def _holds_tables(row: Mapping[Any, Any]) -> bool:
    """A dict that is no row: a dict of columns, or of tables."""
    return not row or _is_table(row) or any(is_frame(one) or _is_table(one) for one in row.values())


def _is_column(given: Any) -> bool:
    if isinstance(given, list | tuple):
        cells = cast("Sequence[Any]", given)
        return not any(isinstance(cell, Mapping | Path) or is_frame(cell) for cell in cells) and not _are_files(cells)
    if isinstance(given, pl.Series):
        return True
    return hasattr(given, "__array__") and getattr(given, "ndim", 1) > 0 and not is_frame(given)


def _are_files(cells: Sequence[Any]) -> bool:
    """Texts that end like files; a column of texts does not."""
    endings = (*READERS, *ALSO)
    return bool(cells) and all(isinstance(cell, str) and cell.lower().endswith(endings) for cell in cells)


def _table(given: Any, where: str) -> tuple[Table | None, list[Problem]]:
    if not isinstance(given, Mapping):
        return table_of_object(given, where)
    try:
        columns = {str(name): _cells(one) for name, one in cast("Mapping[Any, Any]", given).items()}
        rows = {name: len(cells) for name, cells in columns.items()}
        if len(set(rows.values())) > 1:
            told = ", ".join(f"{name} {n:,}" for name, n in rows.items())
            return None, [Problem(f"its columns have different numbers of rows ({told})", where)]
        frame = pl.DataFrame([column_of_values(name, cells) for name, cells in columns.items()])
    except InputError as error:
        return None, [Problem(one.what, where, one.hint) for one in error.problems]
    return Table(where, frame, "row", as_they_are), []


def _cells(column: Any) -> list[Any]:
    """The values of a column. Raises InputError where foreign code cannot say them."""
    if isinstance(column, list | tuple):
        return list(cast("Sequence[Any]", column))
    if isinstance(column, pl.Series):
        return column.to_list()
    try:
        return list(np.atleast_1d(np.asarray(column)).tolist())
    except Exception as error:
        raise InputError(f"a column cannot be read: {format_error(error)}") from error


def _values(column: pl.Series) -> list[Any]:
    text = as_sequences(column)
    return [str(value) for value in column.to_list()] if text is None else text.to_list()
