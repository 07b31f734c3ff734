"""One table of given predictions in canonical columns, or every problem with it."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from brittlestar.core.errors import InputError, read_all
from brittlestar.data.predictions.header import Header, find_held, find_lacking, find_misnamed
from brittlestar.data.predictions.listed import spread_lists
from brittlestar.data.predictions.sources import PredictionSource
from brittlestar.data.tables import Table, as_sequences, as_text, format_count, format_list
from brittlestar.study.names import canonical_split


@dataclass(frozen=True)
class PredictionTable:
    """Text columns by role, except `seed` (int64) and `p_CLASS` (float64), with the `file` and the `row` (from 0) that
    each row comes from. `unread` are the columns that mean nothing here, `notes` say how the others were read."""

    source: PredictionSource
    raw: Table
    frame: pl.DataFrame
    unread: tuple[str, ...]
    notes: tuple[str, ...] = ()


def read_table(source: PredictionSource, header: Header) -> PredictionTable:
    """One table in canonical columns. Without a column `split`, rows belong to the split of the source, else to that of
    the header. Raises InputError with every problem."""
    raw, note = spread_lists(source.read(), header)
    names = raw.frame.columns
    chosen = header.chosen(names)
    held = find_held(raw.frame, header, chosen)
    chosen |= held
    if problems := [*find_misnamed(raw, header), *find_lacking(raw, header, chosen)]:
        raise InputError(problems)
    if raw.frame.is_empty():
        raise InputError("the predictions have no rows", raw.where)
    shares = [chosen[role] for role in header.probabilities if role in chosen and "prediction" in chosen]
    bare = _find_bare_rows(raw, shares)
    frame = pl.DataFrame(read_all(lambda role: _read_column(raw, role, chosen[role], bare), chosen))
    for role in {"prediction", "label"} & set(frame.columns):
        named = _name_numbers(frame[role], header.numbered)
        if role == "prediction" and named is not frame[role] and not named.equals(frame[role]):
            note = f"numbers of classes are the data's class names: {format_list(header.numbered, 5)}"
        frame = frame.with_columns(named.alias(role))
    split = [] if "split" in chosen else [pl.lit(source.split or header.split).alias("split")]
    frame = frame.with_columns(*split, pl.lit(source.name).alias("file")).with_row_index("row")
    if raw.index is not None and not {"id", "sequence"} & set(frame.columns):
        frame = frame.with_columns(raw.index)
    told = {*chosen.values(), header.data.sequence, header.data.group, ""}
    notes = [
        *raw.placed_notes,
        note,
        *(f"column {name!r} holds the {role}s of the data" for role, name in held.items()),
    ]
    return PredictionTable(source, raw, frame, tuple(n for n in names if n not in told), tuple(filter(None, notes)))


def _name_numbers(labels: pl.Series, numbered: Sequence[str]) -> pl.Series:
    """Labels that are all numbers of a dataset's class names as these names; any others as they are."""
    names = {str(number): name for number, name in enumerate(numbered)}
    given = set(labels.unique().to_list())
    return labels.replace_strict(names) if given and given <= names.keys() - set(numbered) else labels


def _find_bare_rows(raw: Table, names: Sequence[str]) -> pl.Series:
    """bool (n_rows,): rows none of whose columns of probabilities, which have these names, has a value: an export
    writes runs so that gave labels alone."""
    texts = [as_text(raw.frame[name]) for name in names]
    empty = [text.fill_null("").str.strip_chars() == "" for text in texts if text is not None]
    whole = pl.Series([len(empty) == len(names) > 0]).new_from_index(0, raw.frame.height)
    for one in empty:
        whole &= one
    return whole


def _read_column(raw: Table, role: str, name: str, bare: pl.Series) -> pl.Series:
    """One column as its role needs it, with no gaps but the probabilities of `bare` rows. Raises InputError."""
    given = raw.frame[name]
    if role == "sequence" and (text := as_sequences(given)) is not None:
        text = text.list.join(" ") if isinstance(text.dtype, pl.List) else text
        return text.fill_null("").rename(role)
    if (text := as_text(given)) is None:
        kind = "values of several kinds" if given.dtype == pl.Object else str(given.dtype)
        raise InputError(f"column {name!r} holds {kind}, not text", raw.where)
    if role == "seed":
        column, wanted = text.cast(pl.Int64, strict=False), "a whole number from 0"
        bad = (column < 0).fill_null(True)
    elif role.startswith("p_"):
        column = (given if given.dtype.is_numeric() else text).cast(pl.Float64, strict=False)
        bad, wanted = column.is_null() & ~bare, "a number"
    else:
        splits = text.drop_nulls().unique().to_list() if role == "split" else ()
        column, wanted = text.replace({name: canonical_split(name) for name in splits}), "a value"
        bad = (text.str.strip_chars() == "").fill_null(True) & (role != "label")  # rows of new_NAME have none
    if bad.any():
        rows = bad.arg_true().to_list()
        value = "" if given[rows[0]] is None else f", {given[rows[0]]!r}"
        what = f"column {name!r} has {format_count(len(rows), 'row')} without {wanted}: the first is "
        raise InputError(f"{what}{raw.rows(rows[:1])}{value}", raw.at(rows))
    return column.rename(role)
