"""Runs of training as their log tells them: one for each seed, with their curves and what was read as what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import polars as pl

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.texts import suggest
from brittlestar.data.files import read_file
from brittlestar.data.memory import table_of_object
from brittlestar.data.tables import Table, as_text, as_they_are, column_of_values, format_list, separator_hint
from brittlestar.study.names import role_problems
from brittlestar.training.logs.column_roles import PLACES, ROLES, ColumnRoles, choose_columns, read_columns
from brittlestar.training.logs.log_points import Unit, draw_curves

OPTION = "--history-columns"
MEMORY = "the curves in memory"
GUIDE = "docs/20-diagnosis.md"
_SHOWN = 12  # a sentence that a person reads


@dataclass(frozen=True)
class LoggedRun:
    """One run: its `name`, its `seed` (as the log has it, else by its place), and `curves[role]`, float64
    (points + 1,), row 0 before any step. A point is what `unit` says. `columns` are the columns by role, `left_out` the
    others, each with the reason where there is one; `notes` say what was odd."""

    name: str
    seed: int
    curves: Mapping[str, np.ndarray]
    unit: Unit
    columns: Mapping[str, str]
    left_out: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def points(self) -> int:
        """How many points the curves of dev have, of runs without those the curves of train."""
        dev = [curve.size - 1 for role, curve in self.curves.items() if role.startswith("dev.")]
        return max(dev or [curve.size - 1 for curve in self.curves.values()])


def read_log(log: Any, columns: Mapping[str, str] | None = None) -> tuple[LoggedRun, ...]:
    """The runs of one log, each once, seeds in order.

    Args:
        log: A file, a frame, a dict of columns, or a list of dicts. A column of seeds tells runs apart.
        columns: Columns by role, of those whose names say nothing.

    Raises:
        InputError: With all that is wrong with it.
    """
    given = {role.replace(".log_loss", ".loss"): name for role, name in (columns or {}).items()}
    if unknown := role_problems(given, ROLES, OPTION):
        raise InputError(unknown)
    table = _open_log(log)
    return _number_runs(list(_read_runs(Path(table.where).name, table, given)))


def _open_log(log: Any) -> Table:
    if isinstance(log, str | Path):
        path = Path(log)
        if path.is_dir() or "tfevents" in path.name or path.suffix.lower() == ".json":
            hint = f"{GUIDE} makes a CSV of event files, and reads JSON in Python"
            raise InputError("a log is one CSV, TSV, JSON Lines or Parquet file", str(log), hint)
        table, problems = read_file(path, str(log))
    elif (columns := _list_columns(log)) is not None:
        if len({len(values) if isinstance(values, Sequence) else -1 for values in columns.values()}) != 1:
            raise InputError("a dict of columns has one list for each, all of the same length", MEMORY)
        frame = pl.DataFrame([_column(name, values) for name, values in columns.items()])
        return Table(MEMORY, frame, "row", as_they_are)
    elif isinstance(log, list):
        raise InputError("one log is read", MEMORY, f"join the logs of several seeds with a column seed ({GUIDE})")
    else:
        table, problems = table_of_object(log, MEMORY)
    if table is None:
        raise InputError(problems)
    return table


def _list_columns(log: Any) -> dict[str, Any] | None:
    """The columns of a dict, a list of dicts or a frame of pandas, whose NaN may be a loss that was lost; None of
    another object."""
    if type(log).__module__.split(".")[0] == "pandas":
        return log.to_dict("list")
    if isinstance(log, Mapping):
        given = cast("Mapping[str, Any]", log)
        return {name: values.tolist() if hasattr(values, "tolist") else values for name, values in given.items()}
    if not isinstance(log, list) or not log or not all(isinstance(one, Mapping) for one in cast("list[Any]", log)):
        return None
    records = cast("list[Mapping[str, Any]]", log)
    names = dict.fromkeys(name for record in records for name in record)
    return {name: [record.get(name) for record in records] for name in names}


def _column(name: str, values: Sequence[Any]) -> pl.Series:
    """Numbers as float64, whose NaN stays; anything else as it is."""
    if all(one is None or (isinstance(one, int | float) and not isinstance(one, bool)) for one in values):
        return pl.Series(name, [None if one is None else float(one) for one in values], dtype=pl.Float64)
    return column_of_values(name, values)


def _read_runs(file: str, table: Table, given: Mapping[str, str]) -> Iterator[tuple[str | None, LoggedRun]]:
    """(what the log calls its seed, the run) of each run of a log."""
    roles = _find_roles(table, given)
    columns, notes = read_columns(table, roles.taken)
    notes = [*table.placed_notes, *notes]
    named = None if "seed" not in roles.taken else as_text(table.frame[roles.taken["seed"]])
    seeds = ["" if one is None else one for one in named.to_list()] if named is not None else [""] * table.frame.height
    for seed in dict.fromkeys(seeds):
        rows = np.array([k for k, one in enumerate(seeds) if one == seed])
        _refuse_restarts(table, rows, columns)
        chosen = {role: values[rows] for role, values in columns.items()}
        name = f"{file} {roles.taken['seed']} {seed}" if seed else file
        if all(np.isnan(values).all() for role, values in chosen.items() if role not in PLACES):
            raise InputError(f"no column of {name} has a value", table.where, "give the rows that have losses")
        curves = draw_curves(chosen)
        if not curves.values:
            raise InputError(f"no curve of {name} is left", table.where, "; ".join(curves.notes))
        more = (*notes, *curves.notes, *_note_test(roles))
        yield seed or None, LoggedRun(name, -1, curves.values, curves.unit, roles.taken, roles.left_out, more)


def _note_test(roles: ColumnRoles) -> Iterator[str]:
    """How a test curve is read as one of dev, where there is none of dev."""
    if roles.test and not any(role.startswith("dev.") for role in roles.taken):
        role, name = next(iter(roles.test.items()))
        yield f"there is no dev curve; where {name} was watched while training, it is one: {OPTION} {role}={name}"


def _find_roles(table: Table, given: Mapping[str, str]) -> ColumnRoles:
    """The columns of a table by role. Raises InputError where none is a loss or a score, or a given one is missing."""
    names = table.frame.columns
    problems = [
        Problem(
            f"there is no column {name!r}, which {OPTION} names as {role}",
            table.where,
            suggest(name, names) or f"it has {format_list(names, _SHOWN)}",
        )
        for role, name in given.items()
        if name not in names
    ]
    twice = [name.removesuffix("_duplicated_0") for name in names if name.endswith("_duplicated_0")]
    problems += [Problem(f"two columns are named {name!r}", table.where, "rename one of them") for name in twice]
    if not problems and table.frame.is_empty():
        problems.append(Problem("has a header and no rows", table.where))
    roles = choose_columns({one.name: one.len() - one.null_count() for one in table.frame}, given)
    other = separator_hint(names)
    if not problems and (other or not any("." in role for role in roles.taken)):
        hint = other or f"say which is which: {OPTION} train.loss=NAME,dev.loss=NAME"
        what = f"none of its columns is known as a loss or a score ({format_list(names, _SHOWN)})"
        problems.append(Problem(what, table.where, hint))
    if problems:
        raise InputError(problems)
    return roles


def _refuse_restarts(table: Table, rows: np.ndarray, columns: Mapping[str, np.ndarray]) -> None:
    """Raise InputError where epochs or steps of one seed fall: such rows are of several runs, or of a resumed one."""
    role = next((one for one in ("epoch", "step") if one in columns), None)
    if role is None:
        return
    places = columns[role][rows]
    known = np.flatnonzero(np.isfinite(places))
    falls = np.flatnonzero(np.diff(places[known]) < 0)
    if falls.size:
        before, after = known[falls[0]], known[falls[0] + 1]
        what = f"the {role} falls from {places[before]:g} to {places[after]:g}: these rows are not of one run"
        hint = "several runs take a column seed; of a resumed one leave out what was trained again"
        raise InputError(what, table.at([int(rows[after])]), f"{hint} ({GUIDE})")


def _number_runs(found: Sequence[tuple[str | None, LoggedRun]]) -> tuple[LoggedRun, ...]:
    """Each run once, with its seed: as the log says it, else its place."""
    kept: list[tuple[str | None, LoggedRun]] = []
    for seed, run in found:
        same = next((k for k, (_, one) in enumerate(kept) if _are_equal(one, run)), None)
        if same is None:
            kept.append((seed, run))
        else:
            note = f"{run.name} has the very same curves and is left out: is it the same run, or is the seed not used?"
            kept[same] = (kept[same][0], replace(kept[same][1], notes=(*kept[same][1].notes, note)))
    said = [int(seed) for seed, _ in kept if seed is not None and re.fullmatch(r"\d{1,9}", seed)]
    numbers = said if len(said) == len(set(said)) == len(kept) else range(len(kept))
    numbered = [replace(run, seed=number) for number, (_, run) in zip(numbers, kept, strict=True)]
    return tuple(sorted(numbered, key=lambda one: one.seed))


def _are_equal(one: LoggedRun, other: LoggedRun) -> bool:
    return one.curves.keys() == other.curves.keys() and all(
        np.array_equal(curve, other.curves[role], equal_nan=True) for role, curve in one.curves.items()
    )
