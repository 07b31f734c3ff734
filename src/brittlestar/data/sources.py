"""Where the rows come from: a folder, named files, or objects in memory; read whole, or refused with every reason."""

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.texts import suggest_file
from brittlestar.data.files import READERS, read_file
from brittlestar.data.memory import find_columns, names_by_number, table_of_object
from brittlestar.data.names import FIRST, split_order
from brittlestar.data.rules import lacks_labels, optional_columns, split_frame, train_problems, without_nulls
from brittlestar.data.tables import Table, format_list
from brittlestar.data.writing import MANIFEST
from brittlestar.study.names import canonical_split
from brittlestar.study.settings import Columns

SPLIT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
KNOWN = "splits are train, dev, test and shift_NAME"

Source = str | Path | Mapping[str, Any]


class SplitFrames(dict[str, pl.DataFrame]):
    """Frames by split: train, dev, test, then the others by name.

    `files[split]` names its file as given (no entry for objects in memory); `notes` are sentences about what was
    left aside while reading. `found` are the columns of Hugging Face datasets that nobody named, by role, and
    `numbered` the names of their classes in the order of the numbers.
    """

    def __init__(
        self,
        frames: Mapping[str, pl.DataFrame],
        files: Mapping[str, str] | None = None,
        notes: Iterable[str] = (),
        found: Mapping[str, str] | None = None,
        numbered: Sequence[str] = (),
    ) -> None:
        super().__init__({name: frames[name] for name in split_order(frames)})
        self.found: Mapping[str, str] = dict(found or {})
        self.numbered: tuple[str, ...] = tuple(numbered)
        self.files: Mapping[str, str] = dict(files or {})
        self.notes: tuple[str, ...] = tuple(notes)


def read_splits(source: Source, columns: Columns) -> SplitFrames:
    """Every split as a frame with columns `id`, `sequence`, `label` and, where the data has one, `group`.

    `source` is a folder, or a mapping from split names to paths, pandas, Polars or Arrow frames, Hugging Face datasets,
    pairs (sequences, labels), or lists of dicts. Text columns are String, `sequence` is List(String) for lists; ids are
    row numbers from 0 where there are none. A split other than train without any label is left out, with a note. Raises
    InputError with every problem of every file at once.
    """
    found_columns = find_columns(source, columns) if isinstance(source, Mapping) else {}
    columns = columns.model_copy(update=found_columns)
    tables, files, notes, problems = _read_tables(source)
    notes += [f"column '{name}' is read as {role}" for role, name in found_columns.items()]
    for name in [name for name, table in tables.items() if name != "train" and lacks_labels(table, columns)]:
        notes.append(f"{tables.pop(name).where} has no label in any row: there is no {name} split")
        files.pop(name, None)
    tables = {name: tables[name] for name in split_order(tables)}
    more_notes, more_problems = optional_columns(tables, columns)
    problems += more_problems
    frames: dict[str, pl.DataFrame] = {}
    for name, table in tables.items():
        frame, found = split_frame(table, columns)
        problems += found
        if frame is not None:
            frames[name] = frame
            if name == "train":
                problems += train_problems(table, columns, frame)
    if problems:
        raise InputError(sorted(problems, key=lambda problem: problem.where.split(":")[0]))
    numbered = names_by_number(source, columns.label) if isinstance(source, Mapping) else ()
    return SplitFrames(without_nulls(frames), files, [*notes, *more_notes], found_columns, numbered)


def raw_tables(source: Source) -> dict[str, Table]:
    """Every split as it was read, with all its columns; rows are those of `read_splits`. Raises InputError."""
    tables, _, _, problems = _read_tables(source)
    if problems:
        raise InputError(problems)
    return {name: tables[name] for name in split_order(tables)}


Found = tuple[dict[str, Table], dict[str, str], list[str], list[Problem]]


def _read_tables(source: Source) -> Found:
    """The tables of a source. A split other than train without rows is left out, with a note."""
    tables, files, notes, problems = (
        _from_mapping(source) if isinstance(source, Mapping) else _from_folder(Path(source))
    )
    for name in [name for name, table in tables.items() if name != "train" and not table.frame.height]:
        notes.append(f"{tables.pop(name).where} has no rows: there is no {name} split")
        files.pop(name, None)
    return tables, files, notes, problems


def _from_folder(folder: Path) -> Found:
    if not folder.is_dir():
        return {}, {}, [], [_no_folder(folder)]
    try:
        present = sorted(path for path in folder.iterdir() if path.suffix.lower() in READERS and path.is_file())
    except OSError as error:
        return {}, {}, [], [Problem(f"cannot be read ({error.strerror or error})", str(folder))]
    by_split = files_by_split(present)
    taken = [path for paths in by_split.values() for path in paths]
    aside = [path.name for path in present if path not in taken and path.name != MANIFEST]
    where = folder.name or str(folder)
    notes = [f"left aside in {where}: {format_list(aside, 10)} ({KNOWN})"] if aside else []
    notes += [f"{path.name} is read as dev" for path in by_split.get("dev", ()) if path.stem != "dev"]
    problems: list[Problem] = []
    if "train" not in by_split:
        what = f"no train file ({', '.join('train' + suffix for suffix in READERS)})"
        hint = (
            f"it holds {format_list([path.name for path in present], 6)}; name the files in a study file (data.splits)"
        )
        if len(present) == 1 and not by_split:
            hint += f", or make splits of it: brittlestar split {shlex.quote(str(present[0]))}"
        problems.append(Problem(what, str(folder), hint if present else "it holds no file of a format that is read"))
    tables: dict[str, Table] = {}
    files: dict[str, str] = {}
    for name, paths in by_split.items():
        if len(paths) > 1:
            both = " and ".join(path.name for path in paths)
            problems.append(Problem(f"two files for split '{name}': {both}", str(folder), "leave one of them"))
            continue
        table, found = read_file(paths[0], str(paths[0]))
        problems += found
        files[name] = paths[0].name
        if table is not None:
            tables[name] = table
    return tables, files, notes, problems


def files_by_split(files: Iterable[Path]) -> dict[str, list[Path]]:
    """The files that a folder's splits may be read from, by the name of the split; other files are none."""
    found: dict[str, list[Path]] = {}
    for path in files:
        name = canonical_split(path.stem)
        if name in FIRST or name.startswith("shift_"):
            found.setdefault(name, []).append(path)
    return found


def _no_folder(folder: Path) -> Problem:
    if folder.is_file():
        hint = "give the folder that holds the splits as train.csv, dev.csv, test.csv"
        if folder.suffix.lower() in READERS:
            hint += f", or make splits of it: brittlestar split {shlex.quote(str(folder))}"
        return Problem("is a file, not a folder of splits", str(folder), hint)
    if not folder.parent.is_dir():
        return Problem("no such folder", str(folder), f"there is no folder {folder.parent} either")
    return Problem("no such folder", str(folder), suggest_file(folder, f"looked in {folder.parent.resolve()}"))


def _from_mapping(source: Mapping[str, Any]) -> Found:
    tables: dict[str, Table] = {}
    files: dict[str, str] = {}
    notes: list[str] = []
    problems: list[Problem] = []
    if "train" not in source:
        names: Sequence[str] = [str(name) for name in source]
        hint = f"given: {format_list(names, 6)}" if names else "nothing was given"
        problems.append(Problem("no split named 'train'", "data", hint))
    given_as: dict[str, str] = {}
    for key, given in source.items():
        written, name = str(key), canonical_split(str(key))
        if not SPLIT_NAME.fullmatch(name):
            problems.append(Problem(f"'{name}' is no name of a split", "data", "use letters, digits, '.', '_' and '-'"))
            continue
        if name in given_as:
            what = f"two splits are {name}: {given_as[name]} and {written}"
            problems.append(Problem(what, "data", "leave one of them out, or name it shift_NAME"))
            continue
        given_as[name] = written
        if written != name:
            notes.append(f"{written} is read as {name}")
        if isinstance(given, str | Path):
            path = Path(given)
            table, found = read_file(path, str(given))
            files[name] = path.name if path.is_absolute() else str(given)
        else:
            table, found = table_of_object(given, f"data for {written}")
        problems += found
        if table is not None:
            tables[name] = table
    if unknown := [name for name in given_as if name not in FIRST and not name.startswith("shift_")]:
        said = f"{KNOWN}. Another one is audited and scored, and 'Holds?' does not read it"
        notes.append(f"{format_list(unknown, 6)}: {said}; call it shift_NAME where its rows come from elsewhere")
    return tables, files, notes, problems
