"""What is compared: a study, or a table of outcomes, each with its outcomes by split and the names of its rows."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import polars as pl

from brittlestar.claims.frames import of_table
from brittlestar.claims.outcomes import Outcomes
from brittlestar.claims.side_by_side import NamedRows, name_rows
from brittlestar.claims.sources import list_crossed_streams
from brittlestar.claims.study_outcomes import make_outcomes
from brittlestar.core.errors import InputError
from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord, VariantRecord
from brittlestar.reports.comparison import Side
from brittlestar.reports.finding_groups import fill_remedies
from brittlestar.store.stored_predictions import list_redrawn_splits
from brittlestar.verbs.asked import is_store
from brittlestar.verbs.judging import read_table
from brittlestar.verbs.opened_study import OpenedStudy

TEST = "test"
"""The split of a table that names none."""


@dataclass(frozen=True)
class StudySide:
    """A study with all that is said of it."""

    study: OpenedStudy

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.study.path.resolve().name

    def describe(self) -> Side:
        """What a comparison says of it."""
        return Side(self.name, shlex.quote(str(self.study.path)), self.record.main)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Its findings, with remedies that can be pasted here."""
        return fill_remedies(self.study.assessment.reading.findings, self.describe().place)

    @property
    def record(self) -> StudyRecord:
        """The study as it stands."""
        return self.study.record

    @property
    def variants(self) -> tuple[str, ...]:
        """Its variants, the one under test first."""
        return tuple(dict.fromkeys((self.record.main, *self.record.variants)))

    @property
    def splits(self) -> tuple[str, ...]:
        """Its splits, in their order."""
        return tuple(self.record.splits)

    @property
    def metric(self) -> str:
        """The metric that heads it."""
        return self.record.metric

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

    def describe_variant(self, name: str) -> VariantRecord:
        """One of its variants."""
        return self.record.variants[name]


@dataclass(frozen=True)
class TableSide:
    """A table of outcomes; of one with a column `metric`, the rows of this metric."""

    path: Path
    metric: str = "accuracy"

    @property
    def name(self) -> str:
        """The name of its file."""
        return self.path.name

    def describe(self) -> Side:
        """What a comparison says of it."""
        return Side(self.name, shlex.quote(str(self.path)))

    @cached_property
    def _read(self) -> Mapping[str, Outcomes]:
        table = read_table(self.path)
        if "metric" in table.frame.columns:
            rows = table.frame.filter(pl.col("metric").cast(pl.String) == self.metric)
            if rows.is_empty():
                raise InputError(
                    f"it has no score under '{self.metric}'", str(self.path), "name another: --metric NAME"
                )
            table = replace(table, frame=rows)
        return {split or TEST: one for split, one in of_table(table).items()}

    @property
    def variants(self) -> tuple[str, ...]:
        """Its variants."""
        return tuple(dict.fromkeys(name for one in self._read.values() for name in one.arms))

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


def open_side(path: Path, metric: str | None) -> StudySide | TableSide:
    """A study's folder, or a table of outcomes, of which `metric` is read. Raises InputError where it is neither."""
    side = StudySide(OpenedStudy(path)) if is_store(path) else TableSide(path, metric or "accuracy")
    _ = side.variants  # what cannot be read is told now
    return side
