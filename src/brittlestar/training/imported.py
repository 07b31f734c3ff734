"""Predictions that somebody else's code has made: read, matched to rows by split and id, or refused with the ids."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from brittlestar.core.errors import InputError, Problem
from brittlestar.training.fitted import SUM_TOLERANCE

_SHOWN = 10
_NUMBER = re.compile(r"[-_. ]*(?:seed|run)?[-_. ]*[0-9]+$", re.IGNORECASE)
_PLAIN = ("id", "split", "variant", "seed", "prediction", "label")
_COLUMNS = (
    "a predictions file has id, prediction or p_CLASS for every class and, if it can, split, variant, seed and label"
)


@dataclass(frozen=True)
class ImportedArm:
    """One variant under one seed.

    `probabilities[split]` is float32 (n_rows, n_classes) in the order of the rows, and its argmax is the prediction
    of the file. `hard` names the splits for which the file gives no probabilities, so that rows are one-hot and log
    loss and calibration mean nothing. `notes` are sentences for the report.
    """

    arm: str
    seed: int
    probabilities: Mapping[str, np.ndarray]
    hard: frozenset[str]
    notes: tuple[str, ...] = ()


def read_predictions(
    paths: Sequence[Path],
    ids: Mapping[str, Sequence[str]],
    labels: Mapping[str, Sequence[str]],
    classes: Sequence[str],
) -> tuple[ImportedArm, ...]:
    """Read files with the columns `id,split,variant,seed,prediction[,p_CLASS…][,label]`, CSV or Parquet.

    `ids[split]` and `labels[split]` are those of the data in row order, `classes` the sorted labels of train. A
    missing column `split` means `test`, a missing `variant` (or `arm`) the file's name without its ending, and without
    the number of a seed where files differ in nothing else (`mine_0.csv`, `mine_1.csv`), a missing `seed` 0, 1, … over
    the files of one variant; `prediction` may be missing when every class has its `p_CLASS`. A variant must cover every
    row of a split that it speaks of, once. A predicted label that train lacks counts as wrong and is noted.

    Sorted by variant and seed. Raises InputError with every problem of every file.
    """
    places = Counter(str(Path(path)) for path in paths)
    problems = [
        Problem(f"this file is given {times} times", place, "give each file once")
        for place, times in places.items()
        if times > 1
    ]
    frames = [frame for path in paths if (frame := _read(Path(path), tuple(classes), problems)) is not None]
    if problems:
        raise InputError(problems)
    if not frames:
        raise InputError("no predictions file was given", "model.predictions")
    together = pl.concat(_with_seeds(_with_arms(frames)), how="diagonal")
    reader = _Reader(ids, labels, tuple(classes))
    arms = [
        reader.arm(str(arm), int(seed), rows)
        for (arm, seed), rows in together.sort("variant", "seed", maintain_order=True).group_by(
            ["variant", "seed"], maintain_order=True
        )
    ]
    if reader.problems:
        raise InputError(reader.problems)
    return tuple(arms)


def _read(path: Path, classes: tuple[str, ...], problems: list[Problem]) -> pl.DataFrame | None:
    """One file in canonical columns, text except for `seed` (int64) and `p_CLASS` (float64); None after a problem."""
    frame = _read_raw(path, problems)
    if frame is None:
        return None
    if "arm" in frame.columns and "variant" not in frame.columns:
        frame = frame.rename({"arm": "variant"})
    known = [f"p_{name}" for name in classes]
    present = [name for name in known if name in frame.columns]
    before = len(problems)
    if "id" not in frame.columns:
        problems.append(Problem("there is no column 'id'", str(path), _near("id", frame.columns) or _COLUMNS))
    if present and len(present) < len(known):
        lacking = [name for name in known if name not in present]
        hint = "give a probability for every class of train, or for none"
        problems.append(
            Problem(f"the columns {lacking[:_SHOWN]} are missing beside {present[:_SHOWN]}", str(path), hint)
        )
    elif "prediction" not in frame.columns and not present:
        hint = _near("prediction", frame.columns) or _COLUMNS
        problems.append(Problem("there is no column 'prediction'", str(path), hint))
    strangers = [name for name in frame.columns if name.startswith("p_") and name not in known]
    if strangers:
        hint = f"the classes of train are {list(classes)[:_SHOWN]}"
        problems.append(Problem(f"the columns {strangers[:_SHOWN]} name no class of train", str(path), hint))
    if len(problems) > before:
        return None
    frame = frame.select(name for name in (*_PLAIN, *present) if name in frame.columns)
    frame = _typed(frame, present, path, problems)
    if frame is None:
        return None
    missing = [] if "split" in frame.columns else [pl.lit("test").alias("split")]
    return frame.with_columns(*missing, pl.lit(str(path)).alias("file"))


def _read_raw(path: Path, problems: list[Problem]) -> pl.DataFrame | None:
    if not path.is_file():
        problems.append(Problem("the predictions file does not exist", str(path)))
        return None
    try:
        if path.suffix.lower() in (".parquet", ".pq"):
            return pl.read_parquet(path)
        separator = "\t" if path.suffix.lower() == ".tsv" else ","
        return pl.read_csv(path, infer_schema=False, separator=separator)
    except (pl.exceptions.PolarsError, UnicodeDecodeError, OSError) as error:
        first = str(error).strip().splitlines()[0]
        problems.append(Problem(f"the predictions file cannot be read ({first})", str(path), "write CSV or Parquet"))
        return None


def _typed(frame: pl.DataFrame, present: list[str], path: Path, problems: list[Problem]) -> pl.DataFrame | None:
    """Text, numbers, and no gaps."""
    before = len(problems)
    wanted: dict[str, Any] = {name: pl.String for name in _PLAIN if name in frame.columns and name != "seed"}
    wanted |= dict.fromkeys(present, pl.Float64)
    if "seed" in frame.columns:
        wanted["seed"] = pl.Int64
    if frame.is_empty():
        problems.append(Problem("the predictions file has no rows", str(path)))
    cast = frame.with_columns(pl.col(name).cast(kind, strict=False) for name, kind in wanted.items())
    for name in wanted:
        gaps = cast[name].is_null()
        if gaps.any():
            row = int(gaps.arg_max() or 0)
            kind = "an integer" if name == "seed" else "a number" if name in present else "a value"
            given = frame[name][row]
            what = f"column {name!r} has {int(gaps.sum())} rows without {kind}, the first with {given!r}"
            problems.append(Problem(what, f"{path}, row {row + 1}"))
    return cast if len(problems) == before else None


def _with_arms(frames: list[pl.DataFrame]) -> list[pl.DataFrame]:
    """Files without a variant are named after themselves; those whose names differ in a last number alone are one
    variant."""
    nameless = [Path(str(frame["file"][0])).stem for frame in frames if "variant" not in frame.columns]
    shared = Counter(_NUMBER.sub("", stem) for stem in nameless)
    done: list[pl.DataFrame] = []
    for frame in frames:
        if "variant" not in frame.columns:
            stem = Path(str(frame["file"][0])).stem
            together = _NUMBER.sub("", stem)
            name = together if together and shared[together] > 1 else stem
            frame = frame.with_columns(pl.lit(name).alias("variant"))
        done.append(frame)
    return done


def _with_seeds(frames: list[pl.DataFrame]) -> list[pl.DataFrame]:
    """Files without a seed are numbered within their variant, in the order given."""
    counts: dict[str, int] = {}
    done: list[pl.DataFrame] = []
    for frame in frames:
        if "seed" in frame.columns:
            done.append(frame)
            continue
        arms: list[str] = frame["variant"].unique().to_list()
        seeds = {arm: counts.get(arm, 0) for arm in arms}
        counts |= {arm: seed + 1 for arm, seed in seeds.items()}
        numbered = pl.col("variant").replace_strict(seeds, return_dtype=pl.Int64) if seeds else pl.lit(0, pl.Int64)
        done.append(frame.with_columns(numbered.alias("seed")))
    return done


class _Reader:
    """Matches the rows of variants against the data, and collects what does not fit."""

    def __init__(
        self, ids: Mapping[str, Sequence[str]], labels: Mapping[str, Sequence[str]], classes: tuple[str, ...]
    ) -> None:
        self.problems: list[Problem] = []
        self._classes = classes
        self._columns = [f"p_{name}" for name in classes]
        self._known_labels = {str(label) for values in labels.values() for label in values} | set(classes)
        self._data = {
            name: pl.DataFrame(
                {"id": [str(one) for one in ids[name]], "truth": [str(one) for one in labels[name]]},
                schema={"id": pl.String, "truth": pl.String},
            ).with_row_index("place")
            for name in ids
        }

    def arm(self, arm: str, seed: int, rows: pl.DataFrame) -> ImportedArm:
        """The probabilities of one variant and seed, as far as its rows fit the data."""
        probabilities: dict[str, np.ndarray] = {}
        hard: set[str] = set()
        notes: list[str] = []
        for (split,), part in rows.group_by(["split"], maintain_order=True):
            name = str(split)
            where = f"{part['file'][0]}, variant {arm!r}, seed {seed}, split {name!r}"
            matched = self._match(name, part, where)
            if matched is None:
                continue
            table, is_hard, lost = self._probabilities(matched, where)
            if table is not None:
                probabilities[name] = table
            if is_hard:
                hard.add(name)
            if lost:
                notes.append(
                    f"variant {arm!r}, seed {seed}: {lost} of {len(matched)} predictions on {name} name a label "
                    "that train lacks and count as wrong"
                )
        return ImportedArm(arm, seed, probabilities, frozenset(hard), tuple(notes))

    def _match(self, split: str, part: pl.DataFrame, where: str) -> pl.DataFrame | None:
        """The rows in the order of the data, with a column `truth`; None when ids or labels do not agree."""
        data = self._data.get(split)
        if data is None:
            hint = _near(split, list(self._data)) or f"the data has {sorted(self._data)}"
            self.problems.append(Problem(f"the data has no split {split!r}", where, hint))
            return None
        before = len(self.problems)
        part = part.with_row_index("line")
        twice = part.filter(pl.col("id").is_duplicated())["id"].unique(maintain_order=True)
        absent = data.join(part, on="id", how="anti").sort("place")["id"]
        extra = part.join(data, on="id", how="anti").sort("line")["id"].unique(maintain_order=True)
        self._refuse(twice, "ids stand there more than once", where, "one row per id, split, variant and seed")
        self._refuse(absent, f"of {len(data)} rows have no prediction", where, "predict every row of the split")
        self._refuse(extra, "ids are not in the data", where, "check that the file belongs to this data")
        if len(self.problems) > before:
            return None
        matched = data.join(part, on="id", how="left").sort("place")
        if "label" in part.columns and matched["label"].null_count() == 0:
            contradicted = matched.filter(pl.col("label") != pl.col("truth"))["id"]
            self._refuse(contradicted, "rows have another label than the data", where, "check which data was scored")
        return matched if len(self.problems) == before else None

    def _probabilities(self, rows: pl.DataFrame, where: str) -> tuple[np.ndarray | None, bool, int]:
        """(probabilities or None after a problem, whether they are one-hot, predictions of labels that train lacks)."""
        given = [name for name in self._columns if name in rows.columns and rows[name].null_count() == 0]
        has_table = len(given) == len(self._columns)
        predicted = self._predicted(rows, where)
        if "prediction" in rows.columns and predicted is None:
            return None, not has_table, 0
        if not has_table:
            assert predicted is not None
            table, lost = self._one_hot(predicted, rows)
            return table, True, lost
        table = rows.select(self._columns).to_numpy().astype(np.float64)
        if not self._are_probabilities(table, rows["id"], where):
            return None, False, 0
        table = np.clip(table, 0.0, 1.0).astype(np.float32)
        if predicted is not None:
            return self._agreed(table, predicted, rows["id"], where), False, 0
        return table, False, 0

    def _predicted(self, rows: pl.DataFrame, where: str) -> np.ndarray | None:
        """int64 (n_rows,): the class of each prediction, -1 for a label that train lacks but some split has; None when
        there is no prediction, or one that no split knows."""
        if "prediction" not in rows.columns or rows["prediction"].null_count():
            return None
        named = rows["prediction"]
        unknown = rows.filter(~pl.col("prediction").is_in(sorted(self._known_labels)))
        if len(unknown):
            labels: list[str] = unknown["prediction"].unique(maintain_order=True).to_list()
            hint = self._spelling(labels[0])
            what = f"rows predict labels that no split has ({', '.join(map(repr, labels[:_SHOWN]))}), with ids"
            self._refuse(unknown["id"], what, where, hint)
            return None
        places = {name: place for place, name in enumerate(self._classes)}
        return named.replace_strict(places, default=-1, return_dtype=pl.Int64).to_numpy()

    def _spelling(self, label: str) -> str:
        try:
            same = [name for name in self._classes if float(name) == float(label)]
        except ValueError:
            same = []
        return f"write {same[0]!r}, as the data does" if same else _near(label, sorted(self._known_labels))

    def _one_hot(self, predicted: np.ndarray, rows: pl.DataFrame) -> tuple[np.ndarray, int]:
        """A label that train lacks has no column: its row goes to the first class that is not the true one."""
        lost = predicted < 0
        first_wrong = np.where(rows["truth"].to_numpy() == self._classes[0], 1, 0)
        return np.eye(len(self._classes), dtype=np.float32)[np.where(lost, first_wrong, predicted)], int(lost.sum())

    def _are_probabilities(self, table: np.ndarray, ids: pl.Series, where: str) -> bool:
        inside: np.ndarray = np.logical_and.reduce((table >= 0) & (table <= 1), axis=1)  # NaN is not
        sums = np.abs(np.where(inside[:, None], table, 0).sum(axis=1) - 1) <= SUM_TOLERANCE
        outside, unnormalised = np.flatnonzero(~inside), np.flatnonzero(inside & ~sums)
        self._refuse(ids.gather(outside), "rows have a probability outside [0, 1]", where, "give softmax")
        self._refuse(ids.gather(unnormalised), "rows do not sum to 1", where, "normalise each row")
        return outside.size == 0 and unnormalised.size == 0

    def _agreed(self, table: np.ndarray, predicted: np.ndarray, ids: pl.Series, where: str) -> np.ndarray | None:
        """The prediction must be a most probable class; where it is one of several, it is put a rounding step ahead, so
        that the argmax of the table is what the file says."""
        places = np.arange(len(table))
        chosen = np.where(predicted < 0, 0, predicted)
        best: np.ndarray = np.max(table, axis=1)
        apart = np.flatnonzero((predicted < 0) | (table[places, chosen] < best))
        if apart.size:
            hint = "leave the p_ columns out if another rule than the most probable class decides"
            self._refuse(ids.gather(apart), "rows predict another class than their most probable", where, hint)
            return None
        tied = table.argmax(axis=1) != chosen
        table[places[tied], chosen[tied]] = np.nextafter(best[tied], np.float32(2))
        return table

    def _refuse(self, ids: pl.Series, what: str, where: str, hint: str) -> None:
        if len(ids):
            shown = ", ".join(str(one) for one in ids.head(_SHOWN).to_list())
            more = ", …" if len(ids) > _SHOWN else ""
            self.problems.append(Problem(f"{len(ids)} {what}: {shown}{more}", where, hint))


def _near(name: str, names: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, list(names), n=1)
    return f"did you mean {near[0]!r}?" if near else ""
