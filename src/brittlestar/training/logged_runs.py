"""Logs of training that ran elsewhere: CSV, JSON Lines or a Trainer's `trainer_state.json`, whose columns have names
that `core/foreign_names.py` knows. The points of each run are read as the history of a fit function is."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil, inf
from pathlib import Path

import numpy as np
import polars as pl

from brittlestar.core.errors import InputError, format_error
from brittlestar.core.foreign_names import COLUMN_NAMES, METRIC_NAMES, SPLIT_NAMES, list_words
from brittlestar.core.metrics import list_names_of_curves
from brittlestar.core.results import CellRecord, SplitRecord, StudyRecord, VariantRecord
from brittlestar.data.files import read_file
from brittlestar.data.outcome_columns import LARGEST_VALUE, number_hint, short
from brittlestar.data.tables import Table, format_list, separator_hint, table_of_records
from brittlestar.study.units import count
from brittlestar.training.history import read_history

METRICS = list_names_of_curves()
PLACES = ("step", "epoch")
"""What says where a row stands, the finer first."""
ROLES = tuple(f"{part}.{metric}" for part in ("train", "dev") for metric in ("loss", *METRICS))
HINT = (
    "a .csv, a .jsonl or a trainer_state.json has columns such as epoch, step, seed, and train_ or val_ before loss, "
    f"{', '.join(METRICS)}; docs/how-to/curves.md makes one of another log, and a fit function can return `history`"
)
GAPS = ("", "-", "na", "n/a", "null", "none")
"""Texts of a cell that reports nothing."""
PER_CENT = 1.5
"""A score beyond it is in per cent (convention)."""
MOST_POINTS = 100
"""Points of a train curve alone: the loss of single steps is averaged to so many (convention: one step is noise)."""
FEWEST_POINTS = 7
"""With fewer values of dev beside more of train, train has points of its own: 6 epochs are the fewest that checks read,
and a train loss shows by itself whether it flew off."""


def read_log(path: Path) -> StudyRecord:
    """The runs of a log, each once, as the record of a study of which curves and scores on dev are known, and nothing
    else; its notes say how it was read. Raises InputError where it cannot be read, or has rows that are of no run."""
    table = _open_log(path)
    columns = _choose_columns(table)
    left_out = [name for name in table.frame.columns if name not in columns.values()]
    sentence = ", ".join(
        f"{role.replace('.', ' ')} from {name}" for role, name in columns.items() if role not in PLACES
    )
    notes = [f"{sentence}{'; left out: ' * bool(left_out)}{format_list(left_out, 12)}", *table.placed_notes]
    frame = pl.DataFrame([_read_column(table, name, role) for role, name in columns.items()]).with_row_index("row")
    parts = frame.partition_by("seed", maintain_order=True) if "seed" in columns else [frame]
    seeds = [str(part["seed"][0]) if "seed" in columns else "0" for part in parts]
    numbers = map(int, seeds) if all(map(str.isdecimal, seeds)) else range(len(seeds))
    runs: dict[bytes, CellRecord] = {}
    for seed, number, part in zip(seeds, numbers, parts, strict=True):
        run = _draw_run(number, _place_rows(table, part))
        if not run.curves:
            raise InputError(f"no curve of seed {seed} is left", str(path), "; ".join(run.notes) or HINT)
        first = runs.setdefault(b"".join(curve.tobytes() for curve in run.curves.values()), run)
        same = f"seed {seed} has the very same curves as {first.seed} and is left out: is the seed not used?"
        notes += run.notes if first is run else [same]
    name = path.name if len(runs) == 1 else count(len(runs), "run")
    cells = tuple(replace(run, variant=name) for run in sorted(runs.values(), key=lambda run: run.seed))
    scored = [one for one in METRICS if any(f"dev.{one}" in run.curves for run in cells)]
    dev = SplitRecord(
        name="dev", rows=0, classes=(), class_counts={}, mean_length=0.0, max_length=0, empty_rows=0,
        unknown_label_rows=0, unseen_token_rate=0.0, factor_weight_range={}, fingerprint="", majority={},
    )  # fmt: skip
    metrics = (*scored, "log_loss")
    odd = (f"{path.name}: {count(cells[0].epochs or 0, 'point')}, which count as epochs", *dict.fromkeys(notes))
    variants = {name: VariantRecord(name, name, own=True, changes={}, settings=(), parameters=None)}
    return StudyRecord(
        name=name,
        main=name,
        metric=metrics[0],
        metrics=metrics,
        classes=(),
        factors=(),
        seeds=tuple(run.seed for run in cells),
        streams={},
        splits={"dev": dev} if any(run.scores for run in cells) else {},
        variants=variants,
        cells=cells,
        claims=(),
        notes=odd,
        environment={},
        timing={},
    )


def _open_log(path: Path) -> Table:
    if path.suffix == ".json":
        try:
            records = json.loads(path.read_text(encoding="utf-8"))["log_history"]
            return Table(str(path), table_of_records(records))
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise InputError(f"is no trainer_state.json ({format_error(error)})", str(path), HINT) from error
    if path.suffix not in (".csv", ".jsonl"):
        raise InputError("is no log that is read", str(path), HINT)
    return read_file(path, str(path))


def _choose_columns(table: Table) -> dict[str, str]:
    """{role: column}: of several that mean the same the commoner name, then the one with more values."""
    roles, taken = _list_roles(), dict[str, str]()
    words = {name: frozenset(list_words(name)) for name in table.frame.columns}
    known = {name: roles.get(word) or roles.get(word - {"epoch"}) for name, word in words.items()}
    ranked = [(one[1], table.frame[name].null_count(), name, one[0]) for name, one in known.items() if one]
    for *_, name, role in sorted(ranked):
        taken.setdefault(role, name)
    if words and table.frame.is_empty():
        raise InputError("has a header and no rows", table.where, HINT)
    if not any("." in role for role in taken):
        what = f"none of its columns is known as a loss or a score ({format_list([*words], 12)})"
        raise InputError(what, table.where, separator_hint([*words]) or HINT)
    return {role: name for name in words for role, one in taken.items() if one == name}


def _list_roles() -> dict[frozenset[str], tuple[str, int]]:
    """The role of each name of `core/foreign_names.py`, by its words, with how many names of it are commoner. A score
    that names no split is one of train."""
    roles = {name: (role, 0) for role in (*PLACES, "seed") for name in COLUMN_NAMES[role]}
    for role in ROLES:
        part, _, metric = role.partition(".")
        for rank, name in enumerate(METRIC_NAMES[metric.replace("loss", "log_loss")]):
            roles |= {f"{split}_{name}": (role, rank) for split in SPLIT_NAMES[part]}
            roles.setdefault(name, (role, rank))
    return {frozenset(name.split("_")): role for name, role in roles.items()}


def _read_column(table: Table, name: str, role: str) -> pl.Series:
    """Seeds as texts, anything else as Float64: null for a gap, NaN for `nan`, infinite where squares overflow."""
    cells = table.frame[name].to_list()
    text = pl.Series(role, ["" if cell is None else str(cell).strip().lower() for cell in cells])
    if role == "seed":
        return text
    numbers = text.cast(pl.Float64, strict=False)
    wrong = (numbers.is_null() & ~text.is_in(GAPS)).arg_true()
    if len(wrong):
        what = f"column '{name}' contains {short(cells[wrong[0]])}, which is no number"
        raise InputError(what, table.at(wrong.to_list()), number_hint(text[wrong[0]]))
    return numbers.set(numbers.is_not_nan() & (numbers.abs() > LARGEST_VALUE), np.inf)


def _place_rows(table: Table, run: pl.DataFrame) -> pl.DataFrame:
    """The rows of one seed with the step of each as `place`, else its epoch, else its row. Raises InputError where all
    of these fall: such rows are of several runs, or of a resumed one."""
    known = [role for role in PLACES if role in run.columns]
    places = [run[role].fill_nan(None).forward_fill().fill_null(0.0) for role in known] or [run["row"]]
    rising = [place for place in places if place.is_sorted()]
    if not rising:
        fall = (places[-1].diff() < 0).arg_true()[0]
        before, after = places[-1][fall - 1], places[-1][fall]
        what = f"the {known[-1]} falls from {before:g} to {after:g}: these rows are not of one run"
        hint = "several runs take a column seed; of a resumed one leave out what was trained again"
        raise InputError(what, table.at([run["row"][fall]]), hint)
    return run.with_columns(rising[0].alias("place"))


def _draw_run(seed: int, rows: pl.DataFrame) -> CellRecord:
    """One run; its notes say what was odd about it.

    Train loss may be logged at every step and dev loss once an epoch, on rows of their own. A point is where the rarer
    of the two was logged. `nan` is a loss that was lost, unless a number follows it: such a log writes gaps as `nan`.
    """
    given = [rows[role].drop_nulls() for role in ROLES if role in rows.columns]
    if any((one.is_nan() & one.shift(-1).is_finite()).any() for one in given):
        rows = rows.with_columns(pl.col(one.name for one in given).fill_nan(None))
    high = [one.name for one in given if "loss" not in one.name and (one.is_finite() & (one > PER_CENT)).any()]
    rows = rows.with_columns(pl.col(high) / 100)
    known = [one.name for one in given if rows[one.name].count()]
    train, dev = ([role for role in known if role.startswith(part)] for part in ("train.", "dev."))
    entries = _join_rows(rows, [*dev[:1], *train[:1]]) if known else []
    history = read_history(entries, METRICS)
    curves = dict(history.curves)
    if train and (not dev or len(entries) < FEWEST_POINTS):
        curves |= read_history(_join_rows(rows.drop(dev), train[:1], MOST_POINTS), METRICS).curves
    held_out = {role.removeprefix("dev."): curve for role, curve in curves.items() if role.startswith("dev.")}
    notes = (*(f"{role.replace('.', ' ')} is read as per cent" for role in high), *history.notes)
    scores = {"dev": {"best": _score_best(held_out)}} if held_out else {}
    points = max((one.size - 1 for one in held_out.values() or curves.values()), default=0)
    return CellRecord(f"{seed:064d}", "", seed, "done", "logged", None, points, curves, scores, notes=notes)


def _score_best(curves: Mapping[str, np.ndarray]) -> dict[str, float | None]:
    """Scores on dev at the point with the lowest loss, else with the best score."""
    chosen = curves.get("log_loss", -next(iter(curves.values())))
    best = int(np.argmin(np.where(np.isfinite(chosen), chosen, np.inf)))
    return {name: float(curve[best]) if np.isfinite(curve[best]) else None for name, curve in curves.items()}


def _join_rows(rows: pl.DataFrame, needed: Sequence[str], most: float = inf) -> list[dict[str, float]]:
    """At most so many entries of a history, each where the rarer of what is `needed` was logged: train is the mean of
    what was logged since the entry before, dev the last. What comes after the last entry belongs to it."""
    logged = rows.filter(pl.col(min(needed, key=lambda role: rows[role].count())).is_not_null())["place"].unique()
    each = max(1, ceil(len(logged) / most))
    ends = logged.sort().gather_every(each, each - 1)
    points = ends.search_sorted(rows["place"]).clip(upper_bound=len(ends) - 1)
    means, lasts = pl.col(r"^train\..*$").mean(), pl.col(r"^dev\..*$").drop_nulls().last()
    joined = rows.group_by(points.alias("point"), maintain_order=True).agg(means, lasts).drop_nulls(needed)
    return [{role: one for role, one in row.items() if one is not None} for row in joined.drop("point").to_dicts()]
