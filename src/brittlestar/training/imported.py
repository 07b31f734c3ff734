"""Predictions that somebody else's code has made, as variants and seeds: read, matched to rows, or refused."""

import re
import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from brittlestar.core.errors import InputError, Problem, read_all
from brittlestar.core.splits import headline_split, is_unlabelled
from brittlestar.core.texts import suggest
from brittlestar.data.sources import SplitFrames
from brittlestar.data.tables import Table, format_list
from brittlestar.study.settings import Columns
from brittlestar.training.prediction_rows import Place, has_row_numbers, identify_rows, match_rows
from brittlestar.training.prediction_sources import PredictionSource, file_source
from brittlestar.training.prediction_tables import SHOWN, Header, PredictionTable, read_table
from brittlestar.training.predictor import SUM_TOLERANCE

_SEED = re.compile(r", seed \d+")
_PLACES = re.compile(r" \((?:[^()]*: )?lines? [^()]*\)$")
_NUMBER = re.compile(r"[-_. ]*(?:seed|run)?[-_. ]*[0-9]+$", re.IGNORECASE)


@dataclass(frozen=True)
class ImportedVariant:
    """One variant under one seed.

    `probabilities[split]` is float32 (n_rows, n_classes) in the order of the rows, and its argmax is the prediction
    of the file. `hard` names the splits for which the file gives no probabilities, so that rows are one-hot and log
    loss and calibration mean nothing. `notes` are sentences for the report.
    """

    name: str
    seed: int
    probabilities: Mapping[str, np.ndarray]
    hard: frozenset[str]
    notes: tuple[str, ...] = ()


def read_predictions(
    sources: Sequence[PredictionSource | Path],
    frames: Mapping[str, pl.DataFrame],
    classes: Sequence[str],
    columns: Mapping[str, str] | None = None,
    data_columns: Columns | None = None,
    abstain: str | None = None,
) -> dict[tuple[str, int], ImportedVariant]:
    """Read tables with the columns `id,split,variant,seed,prediction[,p_CLASS…][,label]` (or `sequence` for `id`).

    `frames[split]` has the columns id, sequence and label of the data, `classes` are the sorted labels of train.
    `columns` names columns of the predictions by role, `data_columns` those of the data. A missing column `split`
    means test (dev where there is none), a missing `variant` (or `variant`) the name of the file or object, without the
    number of a seed where files differ in nothing else (`mine_0.csv`, `mine_1.csv`), a missing `seed` 0, 1, … over the
    tables of one variant; columns that hold the ids, sequences or labels of the data under other names are found;
    `prediction` may be missing when every class has its `p_CLASS`, or be a list of them. Rows
    without ids are matched by sequence where sequences of the split are unique, else by order, which a note says. A
    variant must cover every row of a split that it speaks of, once. A predicted label that train lacks counts as wrong
    and is noted, and so does `abstain`, a label that no split has.

    By variant and seed, sorted. Raises InputError with every problem of every table.
    """
    given = [source if isinstance(source, PredictionSource) else file_source(source) for source in sources]
    if not given:
        raise InputError("no predictions file was given", "model.predictions")
    problems = [
        Problem(f"this file is given {times} times", place, "give each file once")
        for place, times in Counter(one.name for one in given).items()
        if times > 1
    ]
    numbered = frames.numbered if isinstance(frames, SplitFrames) else ()
    spoken_of = headline_split({name: frame.height for name, frame in frames.items()}) or "test"
    labels = {str(one) for name, frame in frames.items() if not is_unlabelled(name) for one in frame["label"].to_list()}
    if abstain in labels:
        what = f"{abstain!r} is a label of the data, so a prediction of it may be right"
        raise InputError(what, "--abstain", "name the label that stands for no answer")
    rows = {name: identify_rows(frame) for name, frame in frames.items()}
    held = {
        "id": frozenset(one for frame in rows.values() if not has_row_numbers(frame) for one in frame["id"].to_list()),
        "sequence": frozenset(one for frame in rows.values() for one in frame["sequence"].to_list()),
        "label": frozenset(labels),
    }
    header = Header(tuple(classes), dict(columns or {}), data_columns or Columns(), numbered, spoken_of, held)
    tables = read_all(lambda one: read_table(one, header), given, problems)
    raw = {table.source.name: table.raw for table in tables}
    known = _Labels(tuple(classes), frozenset({*labels, *classes, *([] if abstain is None else [abstain])}), abstain)

    def read_run(run: pl.DataFrame) -> ImportedVariant:
        splits = run.partition_by("split", maintain_order=True)
        parts = read_all(lambda part: _read_split(part, rows, known, raw), splits)
        hard = frozenset(one.split for one in parts if one.hard)
        notes = (*_notes(tables, run), *(note for one in parts for note in one.notes))
        return ImportedVariant(run["variant"][0], run["seed"][0], {one.split: one.table for one in parts}, hard, notes)

    together = pl.concat(_name_runs(tables), how="diagonal").sort("variant", "seed", maintain_order=True)
    try:
        runs = read_all(read_run, together.partition_by("variant", "seed", maintain_order=True))
    except InputError as error:
        raise InputError(join_seeds(error.problems)) from None
    return {(one.name, one.seed): one for one in runs}


@dataclass(frozen=True)
class _Labels:
    """The `classes` of train in their order, the labels that are `known` of any split, and the one that names no class
    and is wrong."""

    classes: tuple[str, ...]
    known: frozenset[str]
    abstain: str | None


@dataclass(frozen=True)
class _Answers:
    """What one run answers on a split, as `ImportedVariant` has it."""

    split: str
    table: np.ndarray
    hard: bool
    notes: tuple[str, ...]


def _read_split(
    part: pl.DataFrame, data: Mapping[str, pl.DataFrame], labels: _Labels, raw: Mapping[str, Table]
) -> _Answers:
    """The answers of the rows of one run on one split. Raises InputError."""
    variant, seed, split = (part[name][0] for name in ("variant", "seed", "split"))
    run = f"variant {variant!r}, seed {seed}"
    place = Place(f"{part['file'][0]}, {run}, split {split!r}", raw)
    absent = [name for name in part.columns if part[name].null_count() == len(part)]  # which only other files have
    rows, how = match_rows(split, part.drop(absent), data, place)
    named = rows["prediction"] if "prediction" in rows.columns else None
    predicted = None if named is None else _read_classes(rows, labels, place)
    abstained = np.zeros(len(rows), np.bool_)
    if named is not None and labels.abstain is not None:
        abstained = (named == labels.abstain).to_numpy()
    # a label that train lacks has no column: its row goes to the first class that is not the true one
    wrong = np.where(rows["truth"].to_numpy() == labels.classes[0], 1, 0)
    shares, lost = [f"p_{name}" for name in labels.classes], 0
    if hard := not {*shares} <= {*rows.columns}:
        assert predicted is not None
        table = np.eye(len(shares), dtype=np.float32)[np.where(predicted < 0, wrong, predicted)]
        lost = int(((predicted < 0) & ~abstained).sum())
    else:
        table = _read_probabilities(rows, shares, place)
        if predicted is not None:
            table[abstained] = np.float32(1 / len(shares))
            _put_first(table, np.where(abstained, wrong, predicted), rows, place)
    notes = [f"predictions of {variant!r} on {split} have no ids: {how}"] if how else []
    if abstained.any():
        many = f"{abstained.sum():,} of {len(rows):,} predictions on {split}"
        notes.append(f"{run}: {many} abstain and count as wrong")
    if lost:
        many = f"{lost} of {len(rows)} predictions on {split}"
        notes.append(f"{run}: {many} name a label that train lacks and count as wrong")
    return _Answers(split, table, hard, tuple(notes))


def _read_classes(rows: pl.DataFrame, labels: _Labels, place: Place) -> np.ndarray:
    """int64 (n_rows,): the class of each prediction, -1 for a label that train lacks but some split has. Raises
    InputError where no split knows one."""
    unknown = rows.filter(~pl.col("prediction").is_in(sorted(labels.known)))
    if len(unknown):
        names: list[str] = unknown["prediction"].unique(maintain_order=True).to_list()
        said = f"a label that no split has ({', '.join(map(repr, names[:SHOWN]))}), with"
        what = f"row predicts {said} id", f"rows predict {said} ids"
        raise InputError(place.find_problems(unknown, what, _spell_label(names[0], labels)))
    places = {name: place for place, name in enumerate(labels.classes)}
    return rows["prediction"].replace_strict(places, default=-1, return_dtype=pl.Int64).to_numpy()


def _spell_label(label: str, labels: _Labels) -> str:
    known = sorted(labels.known)
    try:
        same = [name for name in labels.classes if float(name) == float(label)]
    except ValueError:
        same = [name for name in known if name.casefold() == label.casefold()]
    if same:
        return f"write {same[0]!r}, as the data does"
    listed = f"labels are {', '.join(known[:SHOWN])}"
    return suggest(label, known) or f"{listed}; one that stands for no answer: --abstain {shlex.quote(label)}"


def _read_probabilities(rows: pl.DataFrame, shares: Sequence[str], place: Place) -> np.ndarray:
    """float32 (n_rows, n_classes) of these columns. Raises InputError where rows hold no probabilities."""
    table = rows.select(shares).to_numpy().astype(np.float64)
    inside: np.ndarray = np.logical_and.reduce((table >= 0) & (table <= 1), axis=1)  # NaN is not
    sums = np.abs(np.where(inside[:, None], table, 0).sum(axis=1) - 1) <= SUM_TOLERANCE
    said = "a probability outside [0, 1]"
    outside = place.find_problems(rows.filter(~inside), (f"row has {said}", f"rows have {said}"), "give softmax")
    what = "row does not sum to 1", "rows do not sum to 1"
    if problems := [*outside, *place.find_problems(rows.filter(inside & ~sums), what, "normalise each row")]:
        raise InputError(problems)
    return np.clip(table, 0.0, 1.0).astype(np.float32)


def _put_first(table: np.ndarray, predicted: np.ndarray, rows: pl.DataFrame, place: Place) -> None:
    """Each prediction must be a most probable class; where it is one of several, `table` puts it a rounding step ahead,
    so that its argmax is what the file says. Raises InputError where it is none."""
    places, chosen = np.arange(len(table)), np.maximum(predicted, 0)
    best: np.ndarray = np.max(table, axis=1)
    what = "row predicts another class than its most probable", "rows predict another class than their most probable"
    hint = "leave the p_ columns out if another rule than the most probable class decides"
    apart = rows.filter((predicted < 0) | (table[places, chosen] < best))
    if problems := place.find_problems(apart, what, hint):
        raise InputError(problems)
    tied = table.argmax(axis=1) != chosen
    table[places[tied], chosen[tied]] = np.nextafter(best[tied], np.float32(2))


def join_seeds(problems: Sequence[Problem]) -> list[Problem]:
    """The problems, each once where it is that of several seeds of a variant but for the lines where it stands."""
    seeds: dict[tuple[str, ...], list[Problem]] = {}
    for problem in problems:
        of_files = (
            _PLACES.sub("", problem.what),
            _SEED.sub("", problem.where.partition(", variant ")[2]) or problem.where,
        )
        seeds.setdefault((*of_files, problem.hint), []).append(problem)
    found: list[Problem] = []
    for first, *others in seeds.values():
        more = f" and {len(others)} more" if others else ""
        found.append(replace(first, where=_SEED.sub(rf"\g<0>{more}", first.where)))
    return found


def _notes(tables: Sequence[PredictionTable], rows: pl.DataFrame) -> list[str]:
    """Notes on columns that mean nothing and on how tables were read, the same for all seeds of a variant where their
    files have the same."""
    files = set(rows["file"].unique().to_list())
    names = dict.fromkeys(name for table in tables if table.source.name in files for name in table.unread)
    unread = [f"columns of the predictions that are not read: {format_list(list(names), 5)}"] if names else []
    return [*unread, *dict.fromkeys(note for table in tables if table.source.name in files for note in table.notes)]


def _name_runs(tables: Sequence[PredictionTable]) -> list[pl.DataFrame]:
    """Tables without a variant are named after themselves, and are one variant where their names differ in a last
    number alone. Those without a seed are numbered within their variant, and within their split where the place named
    one, in the order given."""
    nameless = [table.source.stem for table in tables if "variant" not in table.frame.columns]
    shared = Counter(_NUMBER.sub("", stem) for stem in nameless)
    counts: Counter[tuple[str, str | None]] = Counter()
    done: list[pl.DataFrame] = []
    for table in tables:
        frame, stem, split = table.frame, table.source.stem, table.source.split
        if "variant" not in frame.columns:
            together = _NUMBER.sub("", stem)
            name = together if together and shared[together] > 1 else stem
            frame = frame.with_columns(pl.lit(name).alias("variant"))
        if "seed" not in frame.columns:
            seeds = {variant: counts[variant, split] for variant in frame["variant"].unique().to_list()}
            counts.update((variant, split) for variant in seeds)
            numbered = pl.col("variant").replace_strict(seeds, return_dtype=pl.Int64)
            frame = frame.with_columns(numbered.alias("seed"))
        done.append(frame)
    return done
