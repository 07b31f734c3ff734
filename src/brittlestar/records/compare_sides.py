"""What is compared: a study, a table of outcomes, or predictions for the rows of a study, each with its outcomes by
split and the names of its rows."""

import shlex
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import polars as pl

from brittlestar.claims.frames import of_table
from brittlestar.claims.outcomes import Outcomes
from brittlestar.claims.side_by_side import NamedRows, name_rows
from brittlestar.claims.study_outcomes import make_outcomes, make_row_runs
from brittlestar.claims.variance_sources import list_crossed_streams
from brittlestar.core.errors import InputError, Problem
from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.data.files import read_file
from brittlestar.data.tables import Table
from brittlestar.pipeline.judging import read_table
from brittlestar.pipeline.release_file import ReleaseFile, read_release
from brittlestar.records.opened_study import OpenedRecord, OpenedStudy
from brittlestar.reports.comparison import Side
from brittlestar.reports.finding_groups import fill_remedies
from brittlestar.store.address import Place, name_place
from brittlestar.store.stored_predictions import list_redrawn_splits
from brittlestar.study.default_claims import headline_split
from brittlestar.study.names import find_main, prediction_column_problems

TEST = "test"
"""The split of a table that names none."""
ACCURACY = "accuracy"
"""The metric of a table that names none."""
OF_TABLES = frozenset({"score", "outcome", "example"})
"""A table with one of these columns is one of outcomes, as `judge` reads it; any other holds predictions."""


@dataclass(frozen=True)
class StudySide:
    """A study with all that is said of it. A row is named by its sequence and label."""

    study: OpenedStudy

    @property
    def name(self) -> str:
        """The name of its folder."""
        return name_place(self.study.path)

    def describe(self) -> Side:
        """What a comparison says of it."""
        return Side(self.name, shlex.quote(str(self.study.path)), "study", self.main)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Its findings, with remedies that can be pasted here."""
        place = None if isinstance(self.study, OpenedRecord) else self.describe().place
        return fill_remedies(self.study.assessment.reading.findings, place)

    @property
    def record(self) -> StudyRecord:
        """The study as it stands."""
        return self.study.record

    @property
    def main(self) -> str:
        """Its variant under test."""
        return self.record.main

    @property
    def variants(self) -> tuple[str, ...]:
        """Its variants, the one under test first."""
        return tuple(dict.fromkeys((self.main, *self.record.variants)))

    @property
    def splits(self) -> tuple[str, ...]:
        """Its splits, in their order."""
        return tuple(self.record.splits)

    def count_rows(self, split: str) -> int:
        """Rows of one of its splits."""
        return self.record.splits[split].rows

    def name_rows(self, split: str) -> pl.DataFrame:
        """What names the rows of one of its splits."""
        return name_rows(self.study.answers[split], self.record.classes)

    def read_rows(self, split: str, metric: str) -> NamedRows:
        """Outcomes on one of its splits. Raises InputError where it does not have them."""
        if streams := list_crossed_streams(self.record):
            what = f"runs of {self.name} are crossed over {' and '.join(streams)}, so they are not independent"
            raise InputError(what, "compare")
        if split in list_redrawn_splits(self.record):
            raise InputError(f"every seed of {self.name} drew its own rows of {split}", "compare")
        if metric not in self.record.metrics:
            raise InputError(
                f"{self.name} has no metric '{metric}'", "--metric", f"it has {', '.join(self.record.metrics)}"
            )
        outcomes = make_outcomes(self.record, self.study.answers, split, metric)
        return NamedRows(outcomes, self.name_rows(split), self.record.classes)


@dataclass(frozen=True)
class StudyById(StudySide):
    """A study beside a table that names rows: by their ids."""

    def name_rows(self, split: str) -> pl.DataFrame:
        """The ids of one of its splits."""
        ids = pl.read_parquet(self.study.store.rows(split), columns=["id"])["id"]
        return pl.DataFrame({"example": ids.cast(pl.String)})


@dataclass(frozen=True)
class FileSide(ABC):
    """What is in a file: scores alone are compared."""

    path: Path

    @property
    def name(self) -> str:
        """The name of its file."""
        return self.path.name

    def describe(self) -> Side:
        """What a comparison says of it."""
        return Side(self.name, shlex.quote(str(self.path)), "table")

    @property
    def main(self) -> str | None:
        """Its variant under test, where one has that name."""
        return find_main(self.variants)

    @property
    @abstractmethod
    def variants(self) -> tuple[str, ...]:
        """Its variants."""


@dataclass(frozen=True)
class TableSide(FileSide):
    """A table of outcomes; of one with a column `metric`, the rows of this metric. `split` is the one of a table that
    names none."""

    table: Table
    metric: str
    split: str = TEST

    @cached_property
    def _read(self) -> Mapping[str, Outcomes]:
        return {split or self.split: one for split, one in of_table(self.table, self.metric).items()}

    @property
    def variants(self) -> tuple[str, ...]:
        """Its variants."""
        return tuple(dict.fromkeys(name for one in self._read.values() for name in one.variants))

    @property
    def splits(self) -> tuple[str, ...]:
        """Its splits."""
        return tuple(self._read)

    def count_rows(self, split: str) -> int:
        """Rows of one of its splits, 0 where scores alone are known."""
        return len(self._read[split].examples)

    def read_rows(self, split: str, metric: str) -> NamedRows:
        """Outcomes on one of its splits."""
        outcomes = self._read[split]
        rows = pl.DataFrame({"example": [str(one) for one in outcomes.examples]}) if len(outcomes.examples) else None
        return NamedRows(outcomes, rows)


@dataclass(frozen=True)
class PredictionsSide(FileSide):
    """Predictions for the rows of the study that they are compared with; `columns` names theirs by role."""

    study: StudySide
    columns: Mapping[str, str]

    @cached_property
    def _read(self) -> ReleaseFile:
        study = self.study
        held_out = [name for name in study.splits if name != "train"]
        return read_release([self.path], study.study.open_data(), study.record, held_out, self.columns)

    @property
    def variants(self) -> tuple[str, ...]:
        """Its variants."""
        return self._read.variants

    @property
    def splits(self) -> tuple[str, ...]:
        """The splits that it speaks of."""
        return self._read.splits

    def count_rows(self, split: str) -> int:
        """Rows of one of its splits: those of the study."""
        return self.study.count_rows(split)

    def read_rows(self, split: str, metric: str) -> NamedRows:
        """Outcomes on one of its splits. Raises InputError where they do not give the metric row by row."""
        base = self.study.read_rows(split, metric)
        labels = self.study.study.answers[split].labels
        answers = {
            name: self._read.answer(name, split, labels) for name in self.variants if self._read.covers(name, split)
        }
        runs = {name: make_row_runs(seeds, one, metric) for name, (seeds, one) in answers.items()}
        known = {name: one for name, one in runs.items() if one is not None}
        if len(known) < len(runs):
            hint = "compare another metric, or give probabilities"
            raise InputError(f"{metric} of {self.name} is not known row by row", "compare", hint)
        return replace(base, outcomes=replace(base.outcomes, variants=known))


AnySide = StudySide | TableSide | PredictionsSide


def open_sides(
    first: OpenedStudy | Place, second: OpenedStudy | Place, metric: str | None, columns: Mapping[str, str]
) -> tuple[AnySide, AnySide, str]:
    """The two, each a study that is open or the place of a table, and the metric that is compared: `metric`, else the
    one that heads the first study, else accuracy. `columns` names those of predictions by role. Raises InputError where
    one of them can be read as nothing."""
    one, other, metric = _open_pair(first, second, metric, columns)
    problems = prediction_column_problems(columns, "--preds-columns")
    if columns and not any(isinstance(side, PredictionsSide) for side in (one, other)):
        what = "there are no predictions whose columns could be named"
        problems.append(Problem(what, "--preds-columns", "give a study and a file of predictions"))
    if problems:
        raise InputError(problems)
    return one, other, metric


def _open_pair(
    first: OpenedStudy | Place, second: OpenedStudy | Place, metric: str | None, columns: Mapping[str, str]
) -> tuple[AnySide, AnySide, str]:
    if isinstance(first, OpenedStudy) and isinstance(second, OpenedStudy):
        return StudySide(first), StudySide(second), metric or first.record.metric
    if isinstance(first, OpenedStudy):
        return _open_beside(first, Path(str(second)), metric, columns)
    if isinstance(second, OpenedStudy):
        study, table, metric = _open_beside(second, Path(first), metric, columns)
        return table, study, metric
    metric = metric or ACCURACY
    one, other = Path(first), Path(second)
    return TableSide(one, read_table(one), metric), TableSide(other, read_table(other), metric), metric


def _open_beside(
    study: OpenedStudy, path: Path, metric: str | None, named: Mapping[str, str]
) -> tuple[AnySide, AnySide, str]:
    """A study, the table beside it (the examples of one of outcomes are ids of the study), and the metric."""
    table = read_file(path, str(path))[0] if path.is_file() else read_table(path)
    columns = set[str]() if table is None else {*table.frame.columns}
    if table is None or not OF_TABLES & columns:
        side = StudySide(study)
        return side, PredictionsSide(path, side, named), metric or study.record.metric
    if metric is None:  # a column of outcomes says which rows are right
        metric = study.record.metric if {"score", "prediction"} & columns else ACCURACY
    split = headline_split({name: one.rows for name, one in study.record.splits.items()}) or TEST
    side = StudyById(study) if "example" in columns else StudySide(study)
    return side, TableSide(path, table, metric, split), metric
