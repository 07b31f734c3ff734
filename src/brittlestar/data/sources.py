"""Where the rows come from: a folder, named files, or objects in memory; read whole, or refused with every reason."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from brittlestar.core.commands import data_place
from brittlestar.core.errors import InputError, Problem
from brittlestar.core.splits import is_unlabelled
from brittlestar.core.texts import suggest_file
from brittlestar.data.files import READERS, read_file
from brittlestar.data.hugging_face import find_columns, names_by_number
from brittlestar.data.memory import SPLIT, table_of_object
from brittlestar.data.names import is_split, split_order
from brittlestar.data.rules import (
    NEEDED,
    fill_labels,
    fill_nulls,
    lacks_labels,
    optional_columns,
    slice_problems,
    split_frame,
    train_problems,
)
from brittlestar.data.tables import Table, format_list, tell_reading
from brittlestar.data.unpacking import find_ending, find_stem
from brittlestar.data.writing import MANIFEST
from brittlestar.study.names import canonical_split
from brittlestar.study.settings import Columns

SPLIT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
KNOWN = "splits are train, dev, test, shift_NAME, and new_NAME without labels"

Source = str | Path | Mapping[str, Any]


class SplitFrames(dict[str, pl.DataFrame]):
    """Frames by split: train, dev, test, then the others by name.

    `files[split]` names its file as given (no entry for objects in memory); `notes` are sentences about what was
    left aside while reading. `found` are the columns of Hugging Face datasets that nobody named, by role, and
    `numbered` the names of their classes in the order of the numbers. `indexes[split]` is the index of a pandas object
    that does more than count rows. `removed[split]` has `row` and `id`, as text, of rows that cleaning took out.
    """

    def __init__(
        self,
        frames: Mapping[str, pl.DataFrame],
        files: Mapping[str, str] | None = None,
        notes: Iterable[str] = (),
        found: Mapping[str, str] | None = None,
        numbered: Sequence[str] = (),
        indexes: Mapping[str, pl.Series] | None = None,
        removed: Mapping[str, pl.DataFrame] | None = None,
    ) -> None:
        super().__init__({name: frames[name] for name in split_order(frames)})
        self.found: Mapping[str, str] = dict(found or {})
        self.numbered: tuple[str, ...] = tuple(numbered)
        self.indexes: Mapping[str, pl.Series] = dict(indexes or {})
        self.removed: Mapping[str, pl.DataFrame] = dict(removed or {})
        self.files: Mapping[str, str] = dict(files or {})
        self.notes: tuple[str, ...] = tuple(notes)


@dataclass
class _Tables:
    """What a source holds, while it is read: raw tables and names of files by split, notes and problems."""

    tables: dict[str, Table] = field(default_factory=dict[str, Table])
    files: dict[str, str] = field(default_factory=dict[str, str])
    notes: list[str] = field(default_factory=list[str])
    problems: list[Problem] = field(default_factory=list[Problem])

    def refuse(self, what: str, where: str, hint: str = "") -> None:
        self.problems.append(Problem(what, where, hint))

    def read_file(self, name: str, path: Path, where: str, shown: str) -> None:
        """Take the split of a file that records call `shown`."""
        self.files[name] = shown
        self.read(name, read_file, path, where)

    def read(self, name: str, read: Callable[[Any, str], Table], given: Any, where: str) -> None:
        """Take a split, or what keeps it from being read."""
        try:
            self.tables[name] = read(given, where)
        except InputError as error:
            self.problems += error.problems

    def leave_out(self, wanting: Callable[[Table], bool], lacks: str) -> None:
        """Leave out splits other than train that lack what any split needs, with a note."""
        for name in [name for name, table in self.tables.items() if name != "train" and wanting(table)]:
            self.notes.append(f"{self.tables.pop(name).where} {lacks}: there is no {name} split")
            self.files.pop(name, None)


def read_splits(source: Source, columns: Columns) -> SplitFrames:
    """Every split as a frame with columns `id`, `sequence`, `label`, where the data has one `group`, and `slice_NAME`
    for each column that is kept as a slice.

    `source` is a folder, or a mapping from split names to paths, tables of any library, lists of dicts, dicts of
    columns, or pairs (sequences, labels). Text columns are String, `sequence` is List(String) for lists; ids are
    row numbers from 0 where there are none. A split other than train without any label is left out, with a note; one
    named `new_NAME` is kept, and its labels are empty texts whatever its file says. Raises InputError with every
    problem of every file at once.
    """
    found_columns = find_columns(source, columns) if isinstance(source, Mapping) else {}
    columns = columns.model_copy(update=found_columns)
    found = _read_tables(source, columns)
    found.notes += tell_reading(found.tables.values())
    found.notes += [f"column '{name}' is read as {role}" for role, name in found_columns.items()]
    unlabelled = [name for name in found.tables if is_unlabelled(name)]
    found.tables |= {name: fill_labels(found.tables[name], columns) for name in unlabelled}
    found.leave_out(lambda table: lacks_labels(table, columns), "has no label in any row")
    tables = {name: found.tables[name] for name in split_order(found.tables)}
    more_notes, more_problems = optional_columns(tables, columns)
    problems = [*found.problems, *more_problems, *slice_problems(tables, columns)]
    frames: dict[str, pl.DataFrame] = {}
    for name, table in tables.items():
        frame, wrong = split_frame(table, columns, ("sequence",) if name in unlabelled else NEEDED)
        problems += wrong
        if frame is not None:
            frames[name] = fill_nulls(frame.with_columns(label=pl.lit("")) if name in unlabelled else frame)
            if name == "train":
                problems += train_problems(table, columns, frame)
    if problems:
        raise InputError(sorted(problems, key=lambda problem: problem.where.split(":")[0]))
    numbered = names_by_number(source, columns.label) if isinstance(source, Mapping) else ()
    indexes = {name: table.index for name, table in tables.items() if table.index is not None}
    removed = {} if isinstance(source, Mapping) else _read_removed(Path(source) / MANIFEST)
    return SplitFrames(frames, found.files, [*found.notes, *more_notes], found_columns, numbered, indexes, removed)


def _read_removed(manifest: Path) -> Mapping[str, pl.DataFrame]:
    """`row` and `id`, by split, of what `audit --write-clean` took out of the rows beside its manifest; of any other
    file nothing."""
    try:
        rows = read_file(manifest, str(manifest)).frame if manifest.is_file() else pl.DataFrame()
    except InputError:
        return {}
    if not {"split", "row", "id", "rule", "because_row"} <= set(rows.columns):
        return {}
    rows = rows.select(pl.col("split", "row", "id").cast(pl.String))
    return {str(split): part for (split,), part in rows.partition_by("split", as_dict=True).items()}


def raw_tables(source: Source) -> dict[str, Table]:
    """Every split as it was read, with all its columns; rows are those of `read_splits`. Raises InputError."""
    found = _read_tables(source, Columns())
    if found.problems:
        raise InputError(found.problems)
    return {name: found.tables[name] for name in split_order(found.tables)}


def _read_tables(source: Source, columns: Columns) -> _Tables:
    """The tables of a source. A split other than train without rows is left out, with a note."""
    found = _from_mapping(source) if isinstance(source, Mapping) else _from_folder(Path(source), columns)
    found.leave_out(lambda table: not table.frame.height, "has no rows")
    return found


def _from_folder(folder: Path, columns: Columns) -> _Tables:
    found = _Tables()
    if not folder.is_dir():
        found.problems.append(_no_folder(folder, columns))
        return found
    try:
        present = sorted(path for path in folder.iterdir() if find_ending(path) in READERS and path.is_file())
    except OSError as error:
        found.refuse(f"cannot be read ({error.strerror or error})", str(folder))
        return found
    by_split = files_by_split(present)
    taken = [path for paths in by_split.values() for path in paths]
    if aside := [path.name for path in present if path not in taken and path.name != MANIFEST]:
        found.notes.append(f"left aside in {folder.name or folder}: {format_list(aside, 10)} ({KNOWN})")
    found.notes += [f"{path.name} is read as dev" for path in by_split.get("dev", ()) if find_stem(path) != "dev"]
    if "train" not in by_split:
        found.problems.append(_no_train(folder, present, bool(by_split), columns))
    for name, paths in by_split.items():
        if len(paths) > 1:
            both = " and ".join(path.name for path in paths)
            found.refuse(f"two files for split '{name}': {both}", str(folder), "leave one of them")
        else:
            found.read_file(name, paths[0], str(paths[0]), paths[0].name)
    return found


def _no_train(folder: Path, present: Sequence[Path], has_others: bool, columns: Columns) -> Problem:
    what = f"no train file ({', '.join('train' + suffix for suffix in READERS)})"
    if not present:
        return Problem(what, str(folder), "it holds no file of a format that is read")
    hint = f"it holds {format_list([path.name for path in present], 6)}; name the files in a study file (data.splits)"
    if len(present) == 1 and not has_others:
        hint += _offer_splits(present[0], columns)
    return Problem(what, str(folder), hint)


def files_by_split(files: Iterable[Path]) -> dict[str, list[Path]]:
    """The files that a folder's splits may be read from, by the name of the split; other files are none."""
    found: dict[str, list[Path]] = {}
    for path in files:
        name = canonical_split(find_stem(path))
        if is_split(name):
            found.setdefault(name, []).append(path)
    return found


def _offer_splits(file: Path, columns: Columns) -> str:
    named = {role: name for role, name in columns if role != "slices" and name != role}
    return f", or make splits of it: brittlestar split {data_place(str(file), named, None)}"


def _no_folder(folder: Path, columns: Columns) -> Problem:
    if folder.is_file():
        hint = "give the folder that holds the splits as train.csv, dev.csv, test.csv"
        if find_ending(folder) in READERS:
            hint += _offer_splits(folder, columns)
        return Problem("is a file, not a folder of splits", str(folder), hint)
    if not folder.parent.is_dir():
        hub = "; a dataset of a hub is given in Python: check(datasets.load_dataset(NAME))"
        hint = f"there is no folder {folder.parent} either{hub * (len(folder.parts) == 2)}"
        return Problem("no such folder", str(folder), hint)
    return Problem("no such folder", str(folder), suggest_file(folder, f"looked in {folder.parent.resolve()}"))


def _from_mapping(source: Mapping[str, Any]) -> _Tables:
    found = _Tables()
    if "train" not in source:
        names: Sequence[str] = [str(name) for name in source]
        hint = f"given: {format_list(names, 6)}" if names else "nothing was given"
        found.refuse("no split named 'train'", "data", hint)
    given_as: dict[str, str] = {}
    for key, given in source.items():
        written, name = str(key), canonical_split(str(key))
        if not SPLIT_NAME.fullmatch(name):
            found.refuse(f"'{name}' is no name of a split", "data", "use letters, digits, '.', '_' and '-'")
            continue
        if name in given_as:
            what = f"two splits are {name}: {given_as[name]} and {written}"
            found.refuse(what, "data", "leave one of them out, or name it shift_NAME")
            continue
        given_as[name] = written
        if written != name:
            found.notes.append(f"{written} is read as {name}")
        if isinstance(given, str | Path):
            path = Path(given)
            found.read_file(name, path, str(given), path.name if path.is_absolute() else str(given))
        else:
            found.read(name, lambda one, where: table_of_object(one, SPLIT, where), given, f"data for {written}")
    if unknown := [name for name in given_as if not is_split(name)]:
        said = f"{KNOWN}. Another one is audited and scored, and 'Holds?' does not read it"
        found.notes.append(f"{format_list(unknown, 6)}: {said}; call it shift_NAME where its rows come from elsewhere")
    return found
