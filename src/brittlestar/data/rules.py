"""What a split must have to be a split at all. Everything merely odd is kept, counted and reported later."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from brittlestar.core.errors import Problem
from brittlestar.core.foreign_names import COLUMN_NAMES
from brittlestar.data.tables import Table, as_sequences, as_text, format_count, format_list, separator_hint
from brittlestar.study.names import SLICE
from brittlestar.study.settings import Columns

ID_LIKE_ROWS = 20  # convention: fewer rows may well have a class each
ID_LIKE_SHARE = 0.9  # convention: nearly every row a class of its own


NEEDED = ("sequence", "label")
"""Columns without which rows are no split; of rows whose labels nobody reads the first alone."""


def split_frame(
    table: Table, columns: Columns, needed: Sequence[str] = NEEDED
) -> tuple[pl.DataFrame | None, list[Problem]]:
    """The text columns of one split (id, sequence, label, group where present, and `slice_NAME` of each column that is
    kept as a slice, empty where it is absent), or every problem with them, among these roles that are `needed` and
    absent."""
    empty = Problem("has no rows", table.where, "fill it or leave it out; train needs rows")
    problems = _absent(table, columns, needed) if table.frame.width else [empty]
    if problems:
        return None, problems
    raw = table.frame
    found: dict[str, pl.Series | None] = {"sequence": as_sequences(raw[columns.sequence])}
    found["label"] = as_text(raw[columns.label])
    numbers = pl.Series(range(raw.height), dtype=pl.UInt32).cast(pl.String)
    found["id"] = as_text(raw[columns.id]) if columns.id in raw.columns else numbers
    if columns.group in raw.columns:
        found["group"] = as_text(raw[columns.group])
    kept = {f"{SLICE}{name}": name for name in columns.slices}
    empty_texts = pl.Series([""] * raw.height, dtype=pl.String)
    found |= {role: as_text(raw[name]) if name in raw.columns else empty_texts for role, name in kept.items()}
    for role, column in found.items():
        if column is None:
            name: str = kept.get(role) or getattr(columns, role)
            kind = "values of several kinds" if raw[name].dtype == pl.Object else str(raw[name].dtype)
            problems.append(Problem(f"column '{name}' holds {kind}, not text", table.where))
    series = {role: column for role, column in found.items() if column is not None}
    if len(series) < len(found):
        return None, problems
    problems += _find_bad_rows(table, columns, series)
    if raw.height == 0:
        problems.append(empty)
    if problems:
        return None, problems
    order = [role for role in ("id", "sequence", "label", "group") if role in series]
    slices = [column.fill_null("").rename(role) for role, column in series.items() if role.startswith(SLICE)]
    return pl.DataFrame([*(series[role].rename(role) for role in order), *slices]), []


def _find_bad_rows(table: Table, columns: Columns, series: Mapping[str, pl.Series]) -> list[Problem]:
    """NUL in names, rows without a label, ids that are missing or stand twice, and lists with missing tokens."""
    problems: list[Problem] = []
    for role, column in series.items():
        if role == "sequence" or role.startswith(SLICE):
            continue
        bad = column.str.contains("\0", literal=True).fill_null(False)
        problems += _find_rows(table, bad, f"a NUL character in column '{getattr(columns, role)}'", "remove it")
    bad, what = _are_blank(series["label"]), f"without a label in column '{columns.label}'"
    hint = "label these rows or leave them out, as `split --drop-missing` does"
    problems += _find_rows(table, bad, what, hint, counted=True)
    problems += _ids(table, columns.id, series["id"])
    if isinstance(series["sequence"].dtype, pl.List):
        bad = series["sequence"].list.eval(pl.element().is_null().any()).list.first().fill_null(False)
        problems += _find_rows(table, bad, f"lists with missing tokens in column '{columns.sequence}'")
    return problems


def _are_blank(labels: pl.Series) -> pl.Series:
    return (labels.str.strip_chars() == "").fill_null(True)


def train_problems(table: Table, columns: Columns, frame: pl.DataFrame) -> list[Problem]:
    """What only train must have: two classes, and labels that repeat."""
    labels = frame["label"]
    classes = labels.n_unique()
    if classes < 2:
        what = f"train has one class, '{labels[0]}'; a classifier needs two"
        return [Problem(what, table.where, f"is '{columns.label}' the label column?")]
    if frame.height >= ID_LIKE_ROWS and classes >= ID_LIKE_SHARE * frame.height:
        what = f"label column '{columns.label}' has {classes:,} different values in {frame.height:,} rows, like an id"
        if 1 < (texts := frame["sequence"].n_unique()) < (1 - ID_LIKE_SHARE) * frame.height:
            what += f", and sequence column '{columns.sequence}' has {texts:,}: they look exchanged"
            hint = f"exchange them: --columns sequence={columns.label},label={columns.sequence}"
            return [Problem(what, table.where, hint)]
        return [Problem(what, table.where, _use_column("label", _closest("label", table.frame.columns, columns)))]
    return []


def fill_labels(table: Table, columns: Columns) -> Table:
    """The table with one label in every row, for a split whose labels nobody reads; without sequences it stays."""
    if columns.sequence not in table.frame.columns:
        return table
    return replace(table, frame=table.frame.with_columns(pl.lit("?").alias(columns.label)))


def lacks_labels(table: Table, columns: Columns) -> bool:
    """Whether a table has rows and a label column in which no row has a label: its labels are kept back."""
    raw = table.frame
    labels = as_text(raw[columns.label]) if raw.height and columns.label in raw.columns else None
    return labels is not None and bool(_are_blank(labels).all())


def find_complete(table: Table, names: Sequence[str]) -> pl.Series:
    """Rows that have a value in each of these columns, as far as they are there; blank text and an empty list are
    none."""
    there = pl.repeat(True, table.frame.height, eager=True)
    for name in (name for name in names if name in table.frame.columns):
        if (column := as_sequences(table.frame[name])) is not None:
            text = column.dtype == pl.String
            there &= column.is_not_null() & (column.str.strip_chars() != "" if text else column.list.len() > 0)
    return there.fill_null(False)


def blank_problems(table: Table, columns: Columns) -> list[Problem]:
    """Rows without a sequence, where each must have one."""
    what = f"without a sequence in column '{columns.sequence}'"
    bad = ~find_complete(table, [columns.sequence])
    return _find_rows(table, bad, what, "leave them out: --drop-missing", counted=True)


def _absent(table: Table, columns: Columns, needed: Sequence[str]) -> list[Problem]:
    names = table.frame.columns
    problems: list[Problem] = []
    for role in needed:
        if (name := getattr(columns, role)) not in names:
            hint = f"it has {format_list(names, 8)}; {_use_column(role, _closest(role, names, columns, name))}"
            problems.append(Problem(f"no column '{name}'", table.where, separator_hint(names) or hint))
    for name in (columns.id, columns.sequence, columns.label, columns.group):
        # The CSV reader renames the second of two columns with one name; which of them was meant is not guessed.
        if f"{name}_duplicated_0" in names:
            problems.append(Problem(f"two columns are named '{name}'", table.where, "rename one of them"))
    return problems


def slice_problems(tables: Mapping[str, Table], columns: Columns) -> list[Problem]:
    """Columns that are to be kept as slices and that no split has."""
    names = dict.fromkeys(name for table in tables.values() for name in table.frame.columns)
    missing = [name for name in columns.slices if names and name not in names]
    hint = f"the data have {format_list([*names], 8)}"
    return [Problem(f"no column '{name}', which was named as slice", "--slices", hint) for name in missing]


def optional_columns(tables: Mapping[str, Table], columns: Columns) -> tuple[list[str], list[Problem]]:
    """Notes on splits that lack an id or group column which others have; a problem where a named one is nowhere."""
    notes: list[str] = []
    problems: list[Problem] = []
    for role, name, instead in (
        ("id", columns.id, "its rows are numbered"),
        ("group", columns.group, "it has no groups"),
    ):
        lacking = [split for split, table in tables.items() if name not in table.frame.columns]
        if 0 < len(lacking) < len(tables):
            notes += [f"{split}: no column '{name}' ({instead}), although other splits have it" for split in lacking]
        elif lacking and name != role:
            table = tables[lacking[0]]
            hint = f"it has {format_list(table.frame.columns, 8)}"
            problems.append(Problem(f"no column '{name}', which was named as {role}", table.where, hint))
    return notes, problems


def _closest(role: str, names: Sequence[str], columns: Columns, wanted: str = "") -> str | None:
    taken = {columns.id, columns.group, columns.sequence, columns.label}
    by_lower = {name.strip().lower(): name for name in names if name not in taken}
    for candidate in (wanted.lower(), role, *COLUMN_NAMES[role]):
        if candidate in by_lower:
            return by_lower[candidate]
    near = difflib.get_close_matches(wanted.lower() or role, list(by_lower), n=1)
    return by_lower[near[0]] if near else None


def _use_column(role: str, name: str | None) -> str:
    if name == role:
        return f"leave {role} out of --columns: it has that column"
    return f"did you mean '{name}'? --columns {role}={name}" if name else f"name it with --columns {role}=NAME"


def _find_rows(table: Table, bad: pl.Series, what: str, hint: str = "", counted: bool = False) -> list[Problem]:
    """One problem of the rows for which `bad` holds, with how many they are where they are `counted`; none without."""
    rows = bad.arg_true().to_list()
    many = f"{format_count(len(rows), 'row')} " if counted else ""
    return [Problem(f"{many}{what} ({table.rows(rows)})", table.at(rows), hint)] if rows else []


def _ids(table: Table, name: str, ids: pl.Series) -> list[Problem]:
    what, hint = f"without an id in column '{name}'", "give every row an id, or leave the column out"
    if missing := _find_rows(table, (ids == "").fill_null(True), what, hint, counted=True):
        return missing
    if ids.n_unique() == len(ids):
        return []
    again = pl.DataFrame({"id": ids, "row": range(len(ids))}).group_by("id", maintain_order=True).agg("row")
    again = again.filter(pl.col("row").list.len() > 1)
    shown = [f"'{i}' ({table.rows(rows)})" for i, rows in again.head(3).iter_rows()]
    more = f" and {again.height - 3:,} more" if again.height > 3 else ""
    what = f"ids stand more than once: {', '.join(shown)}{more}"
    return [Problem(what, table.at(again["row"][0].to_list()), "an id is unique within one split")]


def fill_nulls(frame: pl.DataFrame) -> pl.DataFrame:
    """A missing sequence is an empty one, and a missing group is the group without a name."""
    kind = frame["sequence"].dtype
    empty = pl.lit([] if isinstance(kind, pl.List) else "", dtype=kind)
    group = [pl.col("group").fill_null("")] if "group" in frame.columns else []
    return frame.with_columns(pl.col("sequence").fill_null(empty), *group)
