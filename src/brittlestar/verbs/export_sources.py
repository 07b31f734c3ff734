"""What can be exported of a study, or of a table of outcomes: tables that are made when they are asked for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from brittlestar.claims.frames import of_table
from brittlestar.core.errors import InputError
from brittlestar.core.findings import Finding, worst_first
from brittlestar.core.texts import suggest
from brittlestar.data.outcome_columns import list_metrics, type_columns
from brittlestar.data.tables import Table, format_list
from brittlestar.pipeline.judging import read_table
from brittlestar.pipeline.request import is_store
from brittlestar.records.opened_study import OpenedStudy
from brittlestar.reports.export_tables import make_findings_table, make_scores_table, score_outcomes
from brittlestar.store.address import Place
from brittlestar.store.stored_predictions import read_predictions_table

MOST_NAMED = 10  # a sentence that a person reads
ROWS_OF_A_TABLE = ("id", "split", "variant", "seed", "prediction", "label")


@dataclass(frozen=True)
class Exported:
    """One table; `records` are its lines where JSON can say more than a table; `notes` say what is not in it."""

    frame: pl.DataFrame
    records: Sequence[Mapping[str, Any]] | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """What is exported: its name, its splits, and what makes each kind of table of chosen splits. `lacking` says why
    another kind is not there; `study` is the study, None of a table."""

    name: str
    splits: tuple[str, ...]
    kinds: Mapping[str, Callable[[Sequence[str]], Exported]]
    lacking: Mapping[str, str]
    study: OpenedStudy | None = None

    def choose_splits(self, wanted: Sequence[str]) -> tuple[str, ...]:
        """The splits that somebody wants, all where nobody names one. Raises InputError for one that is not there."""
        for name in wanted:
            if name not in self.splits:
                hint = suggest(name, self.splits) or f"splits: {format_list(list(self.splits), MOST_NAMED)}"
                raise InputError(f"there is no split '{name}'", "--split", hint)
        return tuple(name for name in self.splits if name in wanted) if wanted else self.splits


def open_source(path: Place) -> Source:
    """A study's folder, or a table of outcomes. Raises InputError where it is neither."""
    return _open_study(path) if is_store(path) else _open_table(read_table(Path(path)), Path(path).stem)


def _open_study(path: Place) -> Source:
    study = OpenedStudy(path)
    store, record = study.store, study.record

    def list_predictions(splits: Sequence[str]) -> Exported:
        found = read_predictions_table(store, record, splits)
        return Exported(found.frame, None, found.notes)

    def list_scores(splits: Sequence[str]) -> Exported:
        gone = sum(cell.state != "done" for cell in record.cells)
        notes = (f"{gone:,} of {len(record.cells):,} runs have no result, and are not in these files",) if gone else ()
        return Exported(make_scores_table(record, splits), None, notes)

    def list_findings(splits: Sequence[str]) -> Exported:
        every = study.assessment.reading.document["findings"]
        here = [one for one in every if one["where"].get("split", splits[0]) in splits]
        found = [one.as_json() for one in worst_first(Finding(**one) for one in here)]
        return Exported(make_findings_table(found), found)

    kinds = {"predictions": list_predictions, "scores": list_scores, "findings": list_findings}
    return Source(record.name, tuple(record.splits), kinds, {}, study)


def _open_table(table: Table, name: str) -> Source:
    metrics = list_metrics(table)
    read = {metric: of_table(table, metric) for metric in metrics or ("",)}
    splits = tuple(dict.fromkeys(split or "test" for one in read.values() for split in one))

    def list_scores(chosen: Sequence[str]) -> Exported:
        parts = [
            score_outcomes({split: one for split, one in of_metric.items() if (split or "test") in chosen}, metric)
            for metric, of_metric in read.items()
        ]
        return Exported(pl.concat(parts, how="vertical_relaxed"))

    def list_predictions(chosen: Sequence[str]) -> Exported:
        frame, _ = type_columns(table, None)
        whole = frame if "split" in frame.columns else frame.with_columns(pl.lit("test").alias("split"))
        rows = whole.filter(pl.col("split").is_in(list(chosen))).rename({"example": "id"})
        return Exported(rows.select(ROWS_OF_A_TABLE))

    kinds: dict[str, Callable[[Sequence[str]], Exported]] = {"scores": list_scores}
    lacking = {"findings": "a table has no findings: export a study's folder"}
    if {"example", "label", "prediction"} <= {*table.frame.columns}:
        kinds["predictions"] = list_predictions
    else:
        lacking["predictions"] = "this table has no columns example, label and prediction"
    return Source(name, splits, kinds, lacking)
