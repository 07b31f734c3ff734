"""Given predictions as a study that lies nowhere: its record, what its runs answer, and all that is said of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from brittlestar.claims.stated_scores import StatedAs, refuse_stated
from brittlestar.core.audit_record import Audit
from brittlestar.core.cells import Cell
from brittlestar.core.hashing import pretty_json
from brittlestar.core.metrics import metric_names
from brittlestar.core.results import CellRecord, SplitRecord, StudyRecord
from brittlestar.core.splits import is_unlabelled
from brittlestar.core.trivial_baselines import BaselineAnswers, RowAnswers
from brittlestar.data.folder import rows_table
from brittlestar.data.names import split_order
from brittlestar.data.summary import summarise
from brittlestar.execution.environment import environment
from brittlestar.execution.imported import make_runs, notes_on
from brittlestar.execution.inspecting import variant_records
from brittlestar.pipeline.assess import Beside, assess
from brittlestar.pipeline.forecasting import AskedRows, forecast_rows
from brittlestar.pipeline.kept_audits import Tell, audit_opened
from brittlestar.pipeline.more_seeds import plan_claims, refuse_more_seeds
from brittlestar.pipeline.open import open_request
from brittlestar.pipeline.prepare import Prepared, prepare
from brittlestar.pipeline.request import Request
from brittlestar.reports.study_view import StudyView
from brittlestar.store.cell_outputs import StoredProbabilities, has_enough
from brittlestar.store.split_answers import AnsweredRows, StudyRows, count_unseen
from brittlestar.store.study_document import read_variants
from brittlestar.store.study_record import score_majority
from brittlestar.study.claims import claims_document

if TYPE_CHECKING:
    from brittlestar.training.trained import Trained


@dataclass(frozen=True)
class GivenRows(StudyRows):
    """Rows as they were read, `tables[split]` as `rows_table` makes them without tokens, with the runs by hash and the
    answers of trivial baselines."""

    tables: Mapping[str, pl.DataFrame]
    runs: Mapping[str, Trained]
    trivial: BaselineAnswers

    def list_columns(self, split: str) -> list[str]:
        """See StudyRows."""
        return self.tables[split].columns

    def read_rows(self, split: str, columns: Sequence[str]) -> pl.DataFrame:
        """See StudyRows."""
        return self.tables[split].select(columns)

    def read_runs(
        self, digests: Sequence[str], split: str, about: SplitRecord, sample: bool = False
    ) -> list[StoredProbabilities | None]:
        """See StudyRows."""
        return [self._read_run(self.runs[digest], split, about.rows, sample) for digest in digests]

    def _read_run(self, run: Trained, split: str, n_rows: int, sample: bool) -> StoredProbabilities | None:
        output = run.outputs.get(split, {}).get("best")
        if output is None or not has_enough(len(output.rows), n_rows, sample):
            return None
        values = np.asarray(output.values, np.float32).astype(np.float64)
        return StoredProbabilities(values, output.hard, output.rows)

    def read_trivial(self, split: str) -> Mapping[str, RowAnswers]:
        """See StudyRows."""
        return {name: splits[split] for name, splits in self.trivial.items() if split in splits}


@dataclass(frozen=True)
class GivenStudy:
    """The rows of a study of given predictions, what its runs answer, and all that is said of it; `asked` is what a
    forecast reads of it."""

    reading: StudyView
    answers: AnsweredRows
    asked: AskedRows
    cells: tuple[Cell, ...]


def without_training(request: Request) -> Request:
    """The same without variants of a study file: nothing is trained beside given predictions."""
    return replace(request, settings={"variants": "{}", **request.settings})


def assess_given(
    request: Request, tell: Tell, stated: float | None = None, stated_is: StatedAs = "mean", limits: bool = False
) -> GivenStudy:
    """Open data, match the predictions of a request, audit, and assess; no variant is trained beside them. Nothing is
    written. Raises InputError."""
    opened = open_request(without_training(request))
    prepared = prepare(opened)
    refuse_more_seeds(prepared.cells, {}, None)
    if stated is not None:
        refuse_stated(stated, prepared.metric)
    checks = tuple(check.check for check in prepared.checks)
    audit, trivial = audit_opened(opened, prepared.given, checks, tell, limits)
    data = opened.data
    tables = {name: rows_table(opened.frames[name], data, name, tokens=False) for name in split_order(data.splits)}
    rows = GivenRows(tables, make_runs(prepared.cells, prepared.given, data), trivial)
    record = _make_record(prepared, rows, Audit.from_json(json.loads(pretty_json(audit.as_json()))))
    answers = AnsweredRows(rows, record)
    asked = AskedRows(rows, data)
    forecasts = forecast_rows(asked, record)
    beside = Beside(checks=checks, stated=stated, stated_is=stated_is, forecasts=forecasts)
    return GivenStudy(assess(record, answers, beside), answers, asked, prepared.cells)


def _make_record(prepared: Prepared, rows: GivenRows, audit: Audit) -> StudyRecord:
    """The study as one record, as a store that keeps it would be read."""
    opened, study = prepared.opened, prepared.opened.study
    claims = plan_claims(prepared, count_unseen(rows, tuple(opened.data.splits)))
    variants = [asdict(record) for record in variant_records(opened.loaded, {}, {}, {})]
    splits = score_majority(summarise(opened.frames, opened.data).splits, opened.data)
    return StudyRecord(
        name=study.name,
        main=prepared.cells[0].variant,
        metric=prepared.metric,
        metrics=metric_names(tuple(opened.data.vocabulary.factors)),
        classes=opened.data.classes,
        factors=tuple(opened.data.vocabulary.factors),
        seeds=tuple(sorted({cell.seed for cell in prepared.cells})),
        streams=study.streams.model_dump(mode="json"),
        splits={name: splits[name] for name in rows.tables if not is_unlabelled(name)},
        variants={variant.name: variant for variant in read_variants({"variants": json.loads(pretty_json(variants))})},
        cells=tuple(
            CellRecord(cell.hash, cell.variant, cell.seed, "done", "imported", scores=run.scores, notes=run.notes)
            for cell in prepared.cells
            for run in [rows.runs[cell.hash]]
        ),
        claims=tuple(json.loads(pretty_json(claims_document(claims, True)))),
        notes=(*opened.frames.notes, *opened.data.notes, *notes_on(prepared.given)),
        environment=environment(),
        timing={"cell_seconds": dict.fromkeys(rows.runs, 0.0)},
        title=study.report.title,
        audit=audit,
        in_memory=opened.request is None,
        unlabelled={name: splits[name] for name in rows.tables if is_unlabelled(name)},
    )
