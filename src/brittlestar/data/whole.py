"""One table that has no splits yet: read, checked, and with every further column kept."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import polars as pl

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.hashing import file_digest
from brittlestar.core.splits import UNKNOWN_ID
from brittlestar.core.token_rows import TokenRows
from brittlestar.data.encode import encode
from brittlestar.data.files import READERS, read_file
from brittlestar.data.hugging_face import find_columns
from brittlestar.data.infer_format import proposed_tokens
from brittlestar.data.memory import SPLIT, is_split, table_of_object
from brittlestar.data.names import FIRST
from brittlestar.data.rows import sequence_hashes, token_hashes
from brittlestar.data.rules import (
    blank_problems,
    fill_nulls,
    find_complete,
    optional_columns,
    split_frame,
    train_problems,
)
from brittlestar.data.tables import Table, format_count
from brittlestar.data.unpacking import find_ending, find_stem
from brittlestar.study.names import DATA_ROLES
from brittlestar.study.settings import Columns, DataSettings

MEMORY = "an object in memory"
FIRST_TOKEN = UNKNOWN_ID + 1  # by definition of the vocabulary


@dataclass(frozen=True)
class Whole:
    """`table` as read; `frame` with `id`, `sequence`, `label`, `group` where there is one, then every other column
    as it was (under `other_NAME` where a role has its name); `source` and `digest` name what was read; `rows` are
    those of the table that were kept."""

    table: Table
    frame: pl.DataFrame
    source: str
    digest: str
    notes: tuple[str, ...]
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Coded(TokenRows):
    """The tokens of a table: `codes` index `tokens`, which are in code-point order; `hashes` uint64 (n_rows,) equal
    where sequences are, `groups` int32 (n_rows,) or None (a row without a group has its own), `labels` int32 (n_rows,)
    in the order of `classes`."""

    how: str
    hashes: np.ndarray
    groups: np.ndarray | None
    labels: np.ndarray
    classes: tuple[str, ...]
    tokens: tuple[str, ...]
    fingerprint: str

    def distinct(self, within: np.ndarray | None = None) -> tuple[TokenRows, np.ndarray]:
        """Distinct sequences in the order of their hashes, whatever the order of rows, and int64 (n_distinct,), a row
        of each. `within` bool (n_rows,) are the rows to look at, all by default."""
        rows = np.arange(len(self.hashes)) if within is None else np.flatnonzero(within)
        first = rows[np.unique(self.hashes[rows], return_index=True)[1]]
        return self.take_tokens(first), first


def read_whole(source: Any, columns: Columns, drop_missing: bool = False) -> Whole:
    """Read one table: a CSV, TSV, Parquet or JSON Lines file, or an object as a split has it; without rows that lack a
    sequence or label where `drop_missing` says so. Raises InputError with every problem."""
    if isinstance(source, Mapping) and not is_split(source, (columns.sequence, columns.label)):
        names = ", ".join(str(name) for name in cast("Mapping[Any, Any]", source))
        raise InputError(f"a mapping ({names}) is no single table", "data", "give one frame or one file")
    if isinstance(source, str | Path):
        path = Path(source)
        if path.is_dir():
            raise InputError([_folder(path)])
        table, name = read_file(path, str(source)), path.name
    else:
        columns = columns.model_copy(update=find_columns({"train": source}, columns))
        table, name = table_of_object(source, SPLIT, "data"), MEMORY
    complete = find_complete(table, (columns.sequence, columns.label)).arg_true().to_list()
    rows = complete if drop_missing else range(table.frame.height)
    lost = table.frame.height - len(rows)
    table = table.take(rows) if lost else table
    notes, problems = optional_columns({"data": table}, columns)
    notes += table.placed_notes
    notes += [f"{format_count(lost, 'row')} without a sequence or label left out"] if lost else []
    frame, more = split_frame(table, columns)
    problems += [*more, *blank_problems(table, columns)]
    if frame is not None and frame["label"].n_unique() < 2:
        what = f"has one class, '{frame['label'][0]}'; a classifier needs two"
        problems.append(Problem(what, table.where, f"is '{columns.label}' the label column?"))
    elif frame is not None:
        problems += train_problems(table, columns, frame)
    if problems or frame is None:
        raise InputError(problems)
    frame = fill_nulls(frame)
    others, told = _others(table.frame, columns)
    digest = file_digest(Path(source)) if isinstance(source, str | Path) else ""
    return Whole(table, frame.with_columns(others), name, digest, (*notes, *told), tuple(rows))


def drop_copies(whole: Whole, coded: Coded, values: np.ndarray | None = None) -> tuple[Whole, np.ndarray]:
    """The table without exact copies of sequences, and int64 (n_kept,), the rows that stay: of copies the one with the
    smallest of `values` (n_rows,), else the first. Raises InputError where one class is left."""
    order = np.arange(len(coded.hashes)) if values is None else np.argsort(values, kind="stable")
    _, first, copy = np.unique(coded.hashes[order], return_index=True, return_inverse=True)
    stays, labels = order[first], coded.labels[order]
    other = int((labels != coded.labels[stays][copy.reshape(-1)]).sum())
    kept, lost = np.sort(stays), len(order) - len(stays)
    sentence = f"{format_count(lost, 'copy', 'copies')} left out, the earliest kept"
    sentence += f"; {format_count(other, 'copy', 'copies')} had another label" if other else ""
    frame = whole.frame[kept.tolist()]
    if frame["label"].n_unique() < 2:
        raise InputError("one class is left without copies", whole.table.where, "keep them: they are never parted")
    rows, table = tuple(np.asarray(whole.rows)[kept].tolist()), whole.table.take(kept.tolist())
    return replace(whole, table=table, frame=frame, notes=(*whole.notes, sentence), rows=rows), kept


def _folder(path: Path) -> Problem:
    hint = "it parts one file into train, dev and test"
    try:
        found = sorted(file.name for file in path.iterdir() if find_ending(file) in READERS)
    except OSError as error:
        return Problem(f"cannot be read ({error.strerror or error})", str(path))
    if any(find_stem(name) in FIRST for name in found):
        hint = f"it has splits already ({', '.join(found[:4])}); `brittlestar audit {path}` looks at them"
    elif found:
        hint = f"give one of its files: {', '.join(found[:4])}"
    return Problem("is a folder, and `split` takes one table", str(path), hint)


def _others(raw: pl.DataFrame, columns: Columns) -> tuple[list[pl.Series], list[str]]:
    """Every column without a role; one that no file holds is left aside and said."""
    named = {columns.id, columns.sequence, columns.label, columns.group}
    notes: list[str] = []
    kept: list[pl.Series] = []
    for column in raw.get_columns():
        if column.name in named:
            continue
        if column.dtype == pl.Object:
            notes.append(f"column '{column.name}' holds values of several kinds and is left aside")
            continue
        new = column.name
        while new in DATA_ROLES or (new != column.name and new in raw.columns):
            new = f"other_{new}"
        if new != column.name:
            notes.append(f"column '{column.name}' is written as '{new}': '{column.name}' is another one's name there")
        kept.append(column.alias(new))
    return kept, notes


def code(whole: Whole, tokens: str | None = None) -> Coded:
    """The tokens of the table; `tokens` says how a row becomes tokens, a look at the data where it is None. Raises
    InputError."""
    how = tokens or proposed_tokens(whole.frame["sequence"])
    try:
        settings = DataSettings(tokens=how)
    except ValueError:
        hint = "use whitespace, characters, list or regex:PATTERN"
        raise InputError(f"{how!r} is no way to make tokens", "--tokens", hint) from None
    roles = [role for role in DATA_ROLES if role in whole.frame.columns]
    data = encode({"train": whole.frame.select(roles)}, settings)
    split = data.splits["train"]
    hashes = sequence_hashes(token_hashes(data.raw_tokens), data.raw_codes["train"], split.offsets)
    return Coded(
        split.codes - FIRST_TOKEN,
        split.offsets,
        how,
        hashes,
        split.groups,
        split.labels,
        data.classes,
        data.vocabulary.tokens[FIRST_TOKEN:],
        split.fingerprint,
    )
