"""Sources as they were read, and their columns, of any origin, as the text columns that every later step reads."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, cast

import polars as pl

from brittlestar.core.errors import InputError

SHOWN = 3  # a sentence that a person reads
PLAIN = frozenset({type(None), bool, int, float, str, bytes, list, dict})
"""Types of cells that need no look."""


@dataclass(frozen=True)
class Table:
    """A raw table of one split.

    `where` is the file as people wrote it, or `data for SPLIT`; `unit` is `line` or `row`; `places(indices)` turns
    zero-based row indices into what people count: file lines, or the row indices themselves, as the owner of an object
    in memory counts. `notes` say how it was read, where that is not as its name says. `index` is that of a pandas
    object, as text, where it does more than count rows.
    """

    where: str
    frame: pl.DataFrame
    unit: str = "row"
    places: Callable[[Sequence[int]], list[int]] = list
    notes: tuple[str, ...] = ()
    index: pl.Series | None = None

    @property
    def placed_notes(self) -> list[str]:
        """Its notes, with its place."""
        return [f"{self.where}: {note}" for note in self.notes]

    def at(self, indices: Sequence[int]) -> str:
        """`data/train.csv:3`: where the first of the rows stands, as far as the place has lines."""
        return f"{self.where}:{self.places(indices[:1])[0]}" if self.unit == "line" else self.where

    def rows(self, indices: Sequence[int]) -> str:
        """`lines 3, 7, 9 and 2 more` for zero-based row indices."""
        return f"{self.unit}{'s' if len(indices) > 1 else ''} {format_list(self.places(indices))}"

    def take(self, rows: Sequence[int]) -> "Table":
        """The table of some rows, at the places that they have here."""
        frame = self.frame[list(rows)]
        return Table(self.where, frame, self.unit, lambda some: self.places([rows[k] for k in some]), self.notes)


def tell_reading(tables: Iterable[Table]) -> list[str]:
    """The notes of tables, each once with the places that it is about."""
    places: dict[str, list[str]] = {}
    for table in tables:
        for note in table.notes:
            places.setdefault(note, []).append(table.where)
    return [f"{format_list(found)}: {note}" for note, found in places.items()]


def format_list(items: Sequence[object], shown: int = SHOWN) -> str:
    """`a, b, c and 4 more`: the first few of many."""
    text = ", ".join(str(item) for item in items[:shown])
    return f"{text} and {len(items) - shown:,} more" if len(items) > shown else text


def format_count(n: int, noun: str, plural: str | None = None) -> str:
    """`1 row`, `2 rows`, `1,000 rows`."""
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"


def separator_hint(names: Sequence[str]) -> str:
    """What to do about a header that is one column because fields are separated by another sign; else nothing."""
    other = next((sign for sign in ";|\t," if sign in names[0]), None) if len(names) == 1 else None
    return f"its fields look separated by {other!r}: use commas in .csv and tabs in .tsv" if other else ""


def table_of_records(records: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """A frame of dicts, one a row; a key that a row lacks is null there. Columns stand in order of first appearance."""
    names = list(dict.fromkeys(name for record in records for name in record))
    return pl.DataFrame([column_of_values(str(name), [record.get(name) for record in records]) for name in names])


def column_of_values(name: str, values: Iterable[Any]) -> pl.Series:
    """A column of Python values; where they have no common type, of their texts (Boolean as `true`, null stays).

    Lists among texts have no common text either: such a column is of type Object, which later steps refuse.
    Raises InputError on text that has no UTF-8, and on numbers that no type holds.
    """
    cells = [value if type(value) in PLAIN else _plain(value) for value in values]
    try:
        return pl.Series(name, cells, strict=True)
    except UnicodeEncodeError as error:
        what = f"column '{name}' holds half a surrogate pair, which is no character"
        raise InputError(what, hint="write it as UTF-8 text") from error
    except OverflowError as error:
        raise InputError(
            f"column '{name}' holds a number that is too large", hint="write smaller ones, or names"
        ) from error
    except (Exception, pl.exceptions.PanicException):  # what Polars says of cells of several types has many forms
        if any(isinstance(cell, list | tuple | dict) for cell in cells):
            return pl.Series(name, cells, dtype=pl.Object)
        return pl.Series(name, [_text(cell) for cell in cells], dtype=pl.String)


def _plain(value: Any) -> Any:
    """A value of NumPy or PyTorch as one of Python, and values one by one as a list."""
    if hasattr(value, "tolist"):
        return value.tolist()
    listed = isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping | Set)
    return [*cast("Iterable[Any]", value)] if listed else value


def _text(value: Any) -> str | None:
    if value is None or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def as_text(column: pl.Series) -> pl.Series | None:
    """The column as String: whole numbers without a point, Booleans as `true`/`false`, NaN as null.

    None where its type has no text (lists, structs, bytes, objects).
    """
    written = _write_text(pl.col("value"), column.dtype)
    return None if written is None else column.to_frame("value").select(written.alias(column.name)).to_series()


def as_sequences(column: pl.Series) -> pl.Series | None:
    """The column as String, or as List(String) where it holds lists. None where its type is neither."""
    if isinstance(column.dtype, pl.Array):
        column = column.arr.to_list()
    if not isinstance(column.dtype, pl.List):
        return as_text(column)
    written = _write_text(pl.element(), column.dtype.inner)
    return None if written is None else column.list.eval(written)


def _write_text(values: pl.Expr, dtype: Any) -> pl.Expr | None:
    if dtype.is_nested() or dtype == pl.Object or dtype == pl.Binary:
        return None
    if not dtype.is_float():
        return values.cast(pl.String)
    wide = values.cast(pl.Float64).fill_nan(None)
    whole = (wide == wide.round()) & (wide.abs() < 2**53)
    return pl.when(whole).then(wide.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(wide.cast(pl.String))
