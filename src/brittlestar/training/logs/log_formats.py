"""Where logs lie and what form they have: a table for each run, whatever wrote it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import polars as pl

from brittlestar.core.errors import InputError
from brittlestar.data.columns import column_of_values
from brittlestar.data.files import read_file
from brittlestar.data.tables import Table, as_they_are, format_list
from brittlestar.training.logs.event_files import EVENTS, read_event_runs

KNOWN = "CSV, TSV, JSON Lines, Parquet, trainer_state.json, or a folder of TensorBoard"
INSIDE = ("metrics.csv", "trainer_state.json")
"""What a folder of a run may hold: the log of Lightning's CSVLogger, that of a Trainer of transformers."""
LOG_HISTORY = "log_history"


@dataclass(frozen=True)
class Log:
    """The log of one file, or of one run of a folder: its `name` as people see it, and its rows as they were read."""

    name: str
    table: Table


def open_logs(place: str | Path) -> list[Log]:
    """The logs that lie at a path. Raises InputError where there are none or they cannot be read, MissingExtraError
    for event files of TensorBoard without its library."""
    path, where = Path(place), str(place)
    if path.is_dir():
        return _open_folder(path, where)
    if EVENTS in path.name:
        return _name_runs(read_event_runs(path, where), where)
    if path.suffix.lower() == ".json":
        return [Log(path.name, _read_json(path, where))]
    table, problems = read_file(path, where)
    if table is None:
        raise InputError(problems)
    return [Log(path.name, table)]


def _open_folder(path: Path, where: str) -> list[Log]:
    for name in INSIDE:
        if (path / name).is_file():
            return [Log(f"{path.resolve().name}/{name}", one.table) for one in open_logs(f"{where.rstrip('/')}/{name}")]
    if any(EVENTS in one.name for one in path.rglob("*")):
        return _name_runs(read_event_runs(path, where), where)
    deeper = sorted(str(one.relative_to(path)) for name in INSIDE for one in path.rglob(name))
    hint = f"give the files: {format_list(deeper)}" if deeper else f"read are {KNOWN}"
    raise InputError("the folder holds no log that is read", where, hint)


def _name_runs(runs: Mapping[str, pl.DataFrame], where: str) -> list[Log]:
    """Logs of the runs of TensorBoard. Raises InputError where they lie in folders beside each other."""
    parents = list(dict.fromkeys(str(Path(name).parent) for name in runs))
    if len(parents) > 1:
        hint = f"give one folder, whose runs differ in the seed alone: {where.rstrip('/')}/{parents[0]}"
        raise InputError(f"its runs lie in {len(parents)} folders ({format_list(parents)})", where, hint)
    if not runs:
        raise InputError("its event files hold no scalars that can be read", where, "log losses with add_scalar")
    return [Log(name, Table(where, frame, "row", as_they_are)) for name, frame in runs.items()]


def _read_json(path: Path, where: str) -> Table:
    """`log_history` of a Trainer's state, a list of records, or a dict of lists as Keras keeps its history."""
    try:
        given: Any = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        hint = "" if path.parent.is_dir() else f"there is no folder {path.parent} either"
        what = "no such file" if not path.exists() else f"cannot be read ({error.strerror or error})"
        raise InputError(what, where, hint) from error
    except UnicodeDecodeError as error:
        raise InputError("is no UTF-8 text", where, "write it as UTF-8") from error
    except json.JSONDecodeError as error:
        hint = "a file with one object a line is called .jsonl" if error.msg == "Extra data" else ""
        raise InputError(f"is no JSON ({error.msg})", f"{where}:{error.lineno}:{error.colno}", hint) from error
    except RecursionError as error:
        raise InputError("is nested too deeply", where) from error
    if isinstance(given, dict):
        given = cast("dict[str, Any]", given)
        given = given.get("history", given.get(LOG_HISTORY, given))
    if isinstance(given, dict) and given:
        columns = cast("dict[str, Any]", given)
        lengths = {len(one) if isinstance(one, list) else -1 for one in columns.values()}
        if len(lengths) == 1 and lengths != {-1}:
            return Table(where, pl.DataFrame([_column(name, one) for name, one in columns.items()]), "row", as_they_are)
    if isinstance(given, list) and given and all(isinstance(one, dict) for one in given):
        records = cast("list[dict[str, Any]]", given)
        return Table(where, frame_of_records(records), "row", as_they_are)
    hint = f"it has `{LOG_HISTORY}`, is a list of objects, or an object of lists of the same length"
    raise InputError("holds no learning curves", where, hint)


def frame_of_records(records: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """A frame of dicts, one a row; a key that a row lacks is null there."""
    names = list(dict.fromkeys(name for record in records for name in record))
    return pl.DataFrame([_column(name, [record.get(name) for record in records]) for name in names])


def _column(name: str, values: Sequence[Any]) -> pl.Series:
    """Numbers as float64, whose NaN stays; anything else as it is."""
    if all(one is None or (isinstance(one, int | float) and not isinstance(one, bool)) for one in values):
        return pl.Series(name, [None if one is None else float(one) for one in values], dtype=pl.Float64)
    return column_of_values(name, values)
