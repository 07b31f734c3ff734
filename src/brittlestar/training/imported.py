"""Predictions that somebody else's code has made, as variants and seeds: read, matched to rows, or refused."""

import re
import shlex
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.splits import headline_split, is_unlabelled
from brittlestar.core.texts import suggest
from brittlestar.data.sources import SplitFrames
from brittlestar.data.tables import format_list
from brittlestar.study.settings import Columns
from brittlestar.training.prediction_header import SHOWN, Complaints, Header, join_seeds
from brittlestar.training.prediction_rows import RowMatcher, has_row_numbers, identify_rows
from brittlestar.training.prediction_sources import PredictionSource, file_source
from brittlestar.training.prediction_tables import PredictionTable, read_table
from brittlestar.training.predictor import SUM_TOLERANCE

_NUMBER = re.compile(r"[-_. ]*(?:seed|run)?[-_. ]*[0-9]+$", re.IGNORECASE)


class AnswerReader:
    """Reads the probabilities of matched rows; what contradicts itself goes to `complaints`. `labels` are those of any
    split, `classes` those of train in their order; a prediction of `abstain` names no class, and is wrong."""

    def __init__(
        self, classes: Sequence[str], labels: Collection[str], complaints: Complaints, abstain: str | None = None
    ) -> None:
        self._classes = tuple(classes)
        self._columns = [f"p_{name}" for name in classes]
        self._labels = {*labels, *classes, *([] if abstain is None else [abstain])}
        self._abstain = abstain
        self._complaints = complaints

    def probabilities(self, rows: pl.DataFrame, where: str) -> tuple[np.ndarray | None, bool, int]:
        """(float32 (n_rows, n_classes) or None after a problem, whether they are one-hot, predictions of labels that
        train lacks)."""
        given = [name for name in self._columns if name in rows.columns and rows[name].null_count() == 0]
        has_table = len(given) == len(self._columns)
        predicted = self._read_classes(rows, where)
        if "prediction" in rows.columns and predicted is None:
            return None, not has_table, 0
        if not has_table:
            assert predicted is not None
            table, lost = self._one_hot(predicted, rows)
            return table, True, lost
        table = rows.select(self._columns).to_numpy().astype(np.float64)
        if not self._are_probabilities(table, rows, where):
            return None, False, 0
        table = np.clip(table, 0.0, 1.0).astype(np.float32)
        if predicted is not None:
            return self._check_agreement(table, predicted, rows, where), False, 0
        return table, False, 0

    def _read_classes(self, rows: pl.DataFrame, where: str) -> np.ndarray | None:
        """int64 (n_rows,): the class of each prediction, -1 for a label that train lacks but some split has; None when
        there is no prediction, or one that no split knows."""
        if "prediction" not in rows.columns or rows["prediction"].null_count():
            return None
        named = rows["prediction"]
        unknown = rows.filter(~pl.col("prediction").is_in(sorted(self._labels)))
        if len(unknown):
            labels: list[str] = unknown["prediction"].unique(maintain_order=True).to_list()
            said = f"a label that no split has ({', '.join(map(repr, labels[:SHOWN]))}), with"
            what = f"row predicts {said} id", f"rows predict {said} ids"
            self._complaints.refuse(unknown, what, where, self._spelling(labels[0]))
            return None
        places = {name: place for place, name in enumerate(self._classes)}
        return named.replace_strict(places, default=-1, return_dtype=pl.Int64).to_numpy()

    def _spelling(self, label: str) -> str:
        known = sorted(self._labels)
        try:
            same = [name for name in self._classes if float(name) == float(label)]
        except ValueError:
            same = [name for name in known if name.casefold() == label.casefold()]
        if same:
            return f"write {same[0]!r}, as the data does"
        listed = f"labels are {', '.join(known[:SHOWN])}"
        return suggest(label, known) or f"{listed}; one that stands for no answer: --abstain {shlex.quote(label)}"

    def _one_hot(self, predicted: np.ndarray, rows: pl.DataFrame) -> tuple[np.ndarray, int]:
        """A label that train lacks has no column: its row goes to the first class that is not the true one."""
        lost = predicted < 0
        chosen = np.where(lost, self._first_wrong(rows), predicted)
        return np.eye(len(self._classes), dtype=np.float32)[chosen], int((lost & ~self.find_abstained(rows)).sum())

    def _first_wrong(self, rows: pl.DataFrame) -> np.ndarray:
        return np.where(rows["truth"].to_numpy() == self._classes[0], 1, 0)

    def find_abstained(self, rows: pl.DataFrame) -> np.ndarray:
        """bool (n_rows,): the predictions that name no class."""
        if self._abstain is None or "prediction" not in rows.columns:
            return np.zeros(len(rows), np.bool_)
        return (rows["prediction"] == self._abstain).fill_null(False).to_numpy()

    def _are_probabilities(self, table: np.ndarray, rows: pl.DataFrame, where: str) -> bool:
        inside: np.ndarray = np.logical_and.reduce((table >= 0) & (table <= 1), axis=1)  # NaN is not
        sums = np.abs(np.where(inside[:, None], table, 0).sum(axis=1) - 1) <= SUM_TOLERANCE
        outside, unnormalised = np.flatnonzero(~inside), np.flatnonzero(inside & ~sums)
        said = "a probability outside [0, 1]"
        self._complaints.refuse(rows[outside], (f"row has {said}", f"rows have {said}"), where, "give softmax")
        what = "row does not sum to 1", "rows do not sum to 1"
        self._complaints.refuse(rows[unnormalised], what, where, "normalise each row")
        return outside.size == 0 and unnormalised.size == 0

    def _check_agreement(
        self, table: np.ndarray, predicted: np.ndarray, rows: pl.DataFrame, where: str
    ) -> np.ndarray | None:
        """The prediction must be a most probable class; where it is one of several, it is put a rounding step ahead, so
        that the argmax of the table is what the file says. A row that abstains gives all classes alike, a wrong one a
        rounding step ahead."""
        abstained = self.find_abstained(rows)
        table[abstained] = np.float32(1 / len(self._classes))
        predicted = np.where(abstained, self._first_wrong(rows), predicted)
        places = np.arange(len(table))
        chosen = np.where(predicted < 0, 0, predicted)
        best: np.ndarray = np.max(table, axis=1)
        apart = np.flatnonzero((predicted < 0) | (table[places, chosen] < best))
        if apart.size:
            hint = "leave the p_ columns out if another rule than the most probable class decides"
            what = (
                "row predicts another class than its most probable",
                "rows predict another class than their most probable",
            )
            self._complaints.refuse(rows[apart], what, where, hint)
            return None
        tied = table.argmax(axis=1) != chosen
        table[places[tied], chosen[tied]] = np.nextafter(best[tied], np.float32(2))
        return table


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
) -> tuple[ImportedVariant, ...]:
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

    Sorted by variant and seed. Raises InputError with every problem of every table.
    """
    given = [one if isinstance(one, PredictionSource) else file_source(one) for one in sources]
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
    read = [read_table(one, header, problems) for one in given]
    if problems:
        raise InputError(dict.fromkeys(problems))
    tables = [table for table in read if table is not None]
    complaints = Complaints({one.source.name: one.raw for one in tables})
    matcher = RowMatcher(rows, complaints)
    answers = AnswerReader(classes, labels, complaints, abstain)
    together = pl.concat(_name_runs(tables), how="diagonal")
    variants = [
        _variant(str(variant), int(seed), rows, matcher, answers, _notes(tables, rows))
        for (variant, seed), rows in together.sort("variant", "seed", maintain_order=True).group_by(
            ["variant", "seed"], maintain_order=True
        )
    ]
    if complaints.problems:
        raise InputError(join_seeds(complaints.problems))
    return tuple(variants)


def _variant(
    variant: str, seed: int, rows: pl.DataFrame, matcher: RowMatcher, answers: AnswerReader, notes: Sequence[str]
) -> ImportedVariant:
    probabilities: dict[str, np.ndarray] = {}
    hard: set[str] = set()
    notes = list(notes)
    for (split,), part in rows.group_by(["split"], maintain_order=True):
        name = str(split)
        where = f"{part['file'][0]}, variant {variant!r}, seed {seed}, split {name!r}"
        matched = matcher.match(name, _without_absent(part), where)
        if matched is None:
            continue
        table, is_hard, lost = answers.probabilities(matched.rows, where)
        if table is not None:
            probabilities[name] = table
        if is_hard:
            hard.add(name)
        if matched.how:
            notes.append(f"predictions of {variant!r} on {name} have no ids: {matched.how}")
        if abstained := int(answers.find_abstained(matched.rows).sum()):
            notes.append(
                f"variant {variant!r}, seed {seed}: {abstained:,} of {len(matched.rows):,} predictions on {name} "
                "abstain and count as wrong"
            )
        if lost:
            notes.append(
                f"variant {variant!r}, seed {seed}: {lost} of {len(matched.rows)} predictions on {name} name a label "
                "that train lacks and count as wrong"
            )
    return ImportedVariant(variant, seed, probabilities, frozenset(hard), tuple(notes))


def _without_absent(part: pl.DataFrame) -> pl.DataFrame:
    """Columns that only other files have are no columns here."""
    return part.select(name for name in part.columns if part[name].null_count() < len(part))


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
