"""Where given predictions come from: files by name, or objects in memory, each with the name that people see."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np

from brittlestar.core.errors import InputError, read_all
from brittlestar.core.foreign_names import COLUMN_NAMES
from brittlestar.core.hashing import digest, file_digest
from brittlestar.core.texts import suggest_file
from brittlestar.data.files import ALSO, READERS, read_file
from brittlestar.data.memory import Form, is_array, is_column, is_table, read_parts, table_of_object
from brittlestar.data.names import is_split
from brittlestar.data.tables import Table, as_sequences
from brittlestar.data.unpacking import find_ending, find_stem
from brittlestar.study.names import PREDICTION_ROLES, canonical_split

ARGUMENT = "predictions"
UNNAMED = "model"
"""The variant of predictions in memory that nobody named."""
FORM = Form(
    "give files, pandas, Polars or Arrow frames, lists of dicts, dicts of columns, or arrays of labels or "
    "probabilities; a list has one for each seed, a dict one for each variant or split",
    ("prediction",),
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
        index = [] if self.table.index is None else [self.table.index.to_list()]
        return digest([values, *names, *index])

    def read(self) -> Table:
        """Its raw table. Raises InputError."""
        if self.table is not None:
            return self.table
        if not Path(self.name).exists():
            raise InputError("the predictions file does not exist", self.name, suggest_file(self.name))
        try:
            return read_file(Path(self.name), self.name)
        except InputError as error:
            notes = [replace(one, what=f"the predictions cannot be read: {one.what}") for one in error.problems]
            raise InputError(notes) from None


IsName = Callable[[str], bool]
"""Whether a column may have a name."""


def file_source(name: str | Path) -> PredictionSource:
    """A file by its path."""
    return PredictionSource(str(name), find_stem(name))


def sources_of(
    predictions: Any, columns: Mapping[str, str] | None = None, argument: str = ARGUMENT
) -> tuple[PredictionSource, ...]:
    """What the `argument` of a verb means: a table (a path or an object), a list of tables, one for each seed, or a
    dict of either from variants or splits, or of such a dict. `columns` names columns by role. Raises InputError with
    all that cannot be read."""
    elsewhere = {name for role in ("id", "prediction") for name in COLUMN_NAMES[role]}
    names = {*PREDICTION_ROLES, *elsewhere, "arm", *(columns or {}).values()}

    def is_name(name: str) -> bool:
        return bool({name, name.strip().lower()} & names) or (name.startswith("p_") and len(name) > 2)

    parts = _list_parts(predictions, PredictionSource(argument, ""), is_name)
    return tuple(one for one in read_all(lambda part: _read_one(*part, is_name), parts) if one is not None)


def _list_parts(given: Any, place: PredictionSource, is_name: IsName) -> Iterator[tuple[Any, PredictionSource]]:
    """Each table with its place, which has the name, and what is known of variant and split (an empty `stem` where
    nothing is)."""
    if not isinstance(given, Mapping) or not given or _is_table(given, is_name):
        yield from _list_seeds(given, place, is_name)
        return
    hint = f"use names of variants or splits as keys; of seeds, {_NESTED}"
    for key, part in read_parts(cast("Mapping[Any, Any]", given), place.name, hint).items():
        split = canonical_split(key)
        known = {"split": split} if is_split(split) else {"stem": key}
        if any(getattr(place, role) for role in known):  # a variant within a variant, or a split within a split
            raise InputError("tables stand where one table belongs", place.name, _NESTED)
        yield from _list_parts(part, replace(_enter_key(place, key), **known), is_name)


def _list_seeds(given: Any, place: PredictionSource, is_name: IsName) -> Iterator[tuple[Any, PredictionSource]]:
    """One table, or a list of tables with one for each seed."""
    if not isinstance(given, list | tuple) or _is_table(given, is_name):
        yield given, place
    elif (array := _find_array(cast("Sequence[Any]", given))) is not None:
        yield array, place
    else:
        for k, part in enumerate(cast("Sequence[Any]", given)):
            seed = _enter_key(place, k)
            yield from _list_parts(part, seed, is_name) if isinstance(part, Mapping) else ((part, seed),)


def _read_one(given: Any, place: PredictionSource, is_name: IsName) -> PredictionSource | None:
    if given is None or isinstance(given, PredictionSource):
        return given
    if isinstance(given, str | Path):
        return replace(place, name=str(given), stem=place.stem or find_stem(given))
    if isinstance(given, Mapping | list | tuple) and given and not (_is_table(given, is_name) or _is_column(given)):
        raise InputError("tables stand where one table belongs", place.name, _NESTED)
    table: Any = given
    if is_array(table) and getattr(table, "shape", ())[1:] == (1,) and "float" not in str(table.dtype):
        table = table[:, 0]  # labels in the one column of an array
    return replace(place, stem=place.stem or UNNAMED, table=table_of_object(table, FORM, place.name))


def _is_table(given: Any, is_name: IsName) -> bool:
    """Whether this is one table, and no files of variants or dicts of splits."""
    if not is_table(given, is_name):
        return False
    if isinstance(given, Mapping):
        return all(map(_is_column, cast("Mapping[Any, Any]", given).values()))
    return not isinstance(given, list | tuple) or not all(is_split(canonical_split(str(key))) for key in given[0])


def _is_column(given: Any) -> bool:
    return is_column(given) and not (isinstance(given, list | tuple) and are_files(cast("Sequence[Any]", given)))


def _enter_key(place: PredictionSource, key: Any) -> PredictionSource:
    return replace(place, name=f"{place.name}[{key!r}]")


def are_files(cells: Sequence[Any]) -> bool:
    """Whether these are paths: paths, or texts of which one ends like a file of predictions; labels do not."""
    ends = (*READERS, *ALSO)
    texts = [cell for cell in cells if isinstance(cell, str)]
    return len(texts) == len(cells) > 0 and any("." in text and find_ending(text) in ends for text in texts)


def _find_array(cells: Sequence[Any]) -> Any:
    """The cells where they are one array, and not tables of several seeds: labels (a text, a number, a Boolean each),
    or rows of probabilities, as many fractions in each, which sum to 1. None where they are not."""
    if cells and all(cell is not None and np.isscalar(cell) for cell in cells):
        return None if are_files(cells) else cells
    try:
        table = np.asarray(cells)
    except Exception:  # foreign code may raise anything
        return None
    if table.ndim != 2 or table.dtype.kind != "f" or len(table) < 2 or table.shape[1] < 2:
        return None
    return table if bool((np.abs(table.sum(axis=1) - 1) < TOLERANCE).all() and (table >= 0).all()) else None
