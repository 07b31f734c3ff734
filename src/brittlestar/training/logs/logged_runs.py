"""Runs of training as their logs tell them: one for each seed, with their curves and what was read as what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.suggesting import suggest
from brittlestar.data.columns import as_text
from brittlestar.data.tables import Table, format_list, separator_hint
from brittlestar.training.logs.column_roles import PLACES, ROLES, ColumnRoles, choose_columns
from brittlestar.training.logs.column_values import read_columns
from brittlestar.training.logs.log_formats import Log, open_logs
from brittlestar.training.logs.log_points import Unit, draw_curves

OPTION = "--history-columns"
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


def read_logs(places: Sequence[str | Path], columns: Mapping[str, str] | None = None) -> tuple[LoggedRun, ...]:
    """The runs of all logs at these places, each run once, seeds in order.

    Args:
        places: Files, or folders of TensorBoard, of runs that differ in the seed alone.
        columns: Columns by role, of those whose names say nothing.

    Raises:
        InputError: With all that is wrong with any of them.
        MissingExtraError: For event files without the library of TensorBoard.
    """
    given = {role.replace(".log_loss", ".loss"): name for role, name in (columns or {}).items()}
    problems = [
        Problem(f"unknown role {role!r}", OPTION, suggest(role, ROLES) or f"roles are {', '.join(ROLES)}")
        for role in given
        if role not in ROLES
    ]
    logs: list[Log] = []
    found: list[tuple[str | None, LoggedRun]] = []
    for place in places if not problems else ():
        try:
            logs += open_logs(place)
        except InputError as error:
            problems += error.problems
    for log in _tell_apart(logs):
        try:
            found += _read_runs(log, given)
        except InputError as error:
            problems += error.problems
    if not places:
        problems.append(Problem("no file of curves was given", "--history", "give --history curves.csv"))
    if problems:
        raise InputError(problems)
    return _number_runs(found)


def _tell_apart(logs: Sequence[Log]) -> Iterator[Log]:
    """Logs, those of one name by their places."""
    names = [Path(log.name).name for log in logs]
    for log in logs:
        where = log.table.where
        longer = where if where.endswith(log.name) else f"{where}/{log.name}"
        yield replace(log, name=longer) if names.count(Path(log.name).name) > 1 else log


def _read_runs(log: Log, given: Mapping[str, str]) -> Iterator[tuple[str | None, LoggedRun]]:
    """(what the log calls its seed, the run) of each run of a log."""
    table = log.table
    roles = _find_roles(table, given)
    columns, notes = read_columns(table, roles.taken)
    named = None if "seed" not in roles.taken else as_text(table.frame[roles.taken["seed"]])
    seeds = ["" if one is None else one for one in named.to_list()] if named is not None else [""] * table.frame.height
    for seed in dict.fromkeys(seeds):
        rows = np.array([k for k, one in enumerate(seeds) if one == seed])
        parts = list(_split_restarts(rows, columns))
        for number, (part, told) in enumerate(parts, start=1):
            chosen = {role: values[part] for role, values in columns.items()}
            name = f"{log.name} {roles.taken['seed']} {seed}" if seed else log.name
            name += f" run {number}" if len(parts) > 1 else ""
            if all(np.isnan(values).all() for role, values in chosen.items() if role not in PLACES):
                raise InputError(f"no column of {name} has a value", table.where, "give the rows that have losses")
            curves = draw_curves(chosen)
            if not curves.values:
                raise InputError(f"no curve of {name} is left", table.where, "; ".join(curves.notes))
            more = (*notes, *told, *curves.notes, *_note_counting(chosen, curves.unit), *_note_test(roles))
            yield (
                seed or None,
                LoggedRun(name, -1, curves.values, curves.unit, roles.taken, roles.left_out, more),
            )


def _note_counting(columns: Mapping[str, np.ndarray], unit: Unit) -> Iterator[str]:
    """That epochs are counted here from 1, where the log counts from 0."""
    epochs = columns.get("epoch", np.ones(1))
    if unit == "epoch" and epochs[np.isfinite(epochs)].min(initial=1) == 0:
        yield "epochs are counted from 1 here, and from 0 in the log"


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


def _split_restarts(rows: np.ndarray, columns: Mapping[str, np.ndarray]) -> Iterator[tuple[np.ndarray, list[str]]]:
    """The rows of each run among rows of one seed: where epochs or steps fall back to the first, another run begins;
    where they fall back to a later one, training was resumed, and what comes later counts."""
    role = next((one for one in ("epoch", "step") if one in columns), None)
    if role is None or rows.size < 2:
        yield rows, []
        return
    places = columns[role][rows]
    known = np.flatnonzero(np.isfinite(places))
    falls = known[1:][np.diff(places[known]) < 0]
    starts = [0, *(k for k in falls if places[k] <= places[known[0]])]
    for first, end in zip(starts, [*starts[1:], rows.size], strict=True):
        kept: list[int] = []
        dropped = 0
        for k in range(first, end):
            if k in falls and k != first:
                before = len(kept)
                kept = [one for one in kept if not places[one] >= places[k]]
                dropped += before - len(kept)
            kept.append(k)
        yield rows[kept], [f"training was resumed: {dropped} earlier rows were replaced"] if dropped else []


def _number_runs(found: Sequence[tuple[str | None, LoggedRun]]) -> tuple[LoggedRun, ...]:
    """Each run once, with its seed: as logs say it, else the number that its name ends in, else its place."""
    kept: list[tuple[str | None, LoggedRun]] = []
    for seed, run in found:
        same = next((k for k, (_, one) in enumerate(kept) if _are_equal(one, run)), None)
        if same is None:
            kept.append((seed, run))
        else:
            note = f"{run.name} has the very same curves and is left out: is it the same run, or is the seed not used?"
            kept[same] = (kept[same][0], replace(kept[same][1], notes=(*kept[same][1].notes, note)))
    said = [int(seed) if seed is not None and re.fullmatch(r"\d{1,9}", seed) else None for seed, _ in kept]
    ends = [re.findall(r"\d{1,9}", str(Path(run.name).with_suffix(""))) for _, run in kept]
    for choice in (said, [int(end[-1]) if end else None for end in ends]):
        numbers = [one for one in choice if one is not None]
        if len(numbers) == len(kept) and len(set(numbers)) == len(kept) and (len(kept) > 1 or choice is said):
            break
    else:
        numbers = list(range(len(kept)))
    numbered = [replace(run, seed=number) for number, (_, run) in zip(numbers, kept, strict=True)]
    return tuple(sorted(numbered, key=lambda one: one.seed))


def _are_equal(one: LoggedRun, other: LoggedRun) -> bool:
    """Whether two runs are the same in every value of every curve."""
    return one.curves.keys() == other.curves.keys() and all(
        np.array_equal(curve, other.curves[role], equal_nan=True) for role, curve in one.curves.items()
    )
