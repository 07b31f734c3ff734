"""A whole run: open, set up, train, assess, report, each entered once, and what it leaves."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from brittlestar.claims.judgement import Judgement
from brittlestar.claims.stated_scores import refuse_stated
from brittlestar.core.errors import Problem, RunError
from brittlestar.core.findings import Finding
from brittlestar.core.headline import Headline
from brittlestar.core.results import CellRecord, StudyRecord
from brittlestar.execution.executors import closing_executor
from brittlestar.execution.progress import AUDIT, READING, end_progress
from brittlestar.pipeline.assess import assess_study
from brittlestar.pipeline.report import build_report, show_document
from brittlestar.pipeline.request import Request
from brittlestar.pipeline.run_options import RunOptions
from brittlestar.pipeline.setup import set_up
from brittlestar.pipeline.train import TrainedStudy, train_study
from brittlestar.reports.export_tables import Tables, list_findings, list_scores
from brittlestar.reports.figures.frame import Figure
from brittlestar.reports.headline_text import fill_headline, headline_blocks
from brittlestar.reports.paragraphs import Paragraph, name_failed
from brittlestar.reports.result_text import explain_act, failed_blocks, failures_of, stopped_blocks
from brittlestar.reports.showing import Shown, main_figure, show_page, study_figures
from brittlestar.reports.study_view import StudyView
from brittlestar.store.layout import PAGE, Store
from brittlestar.store.stored_predictions import read_predictions_table, write_index
from brittlestar.store.study_document import save_stated
from brittlestar.study.units import count

MOST_PROBLEMS = 3  # a screen that a person reads


@dataclass(frozen=True, repr=False)
class RunResult(Shown):
    """What `run` leaves: the document of the contract, all that is said of the study, where the store is, and why it
    ended early.

    `stopped` says that a signal ended it; `unscored` are finished runs that could not be scored on an added split, and
    files of the report that could not be made; `only` is the start of the hash of the single run that was asked for,
    None for all; `told` is what there is to say of how it ran.
    Shown as text or in a notebook it is the headline.
    """

    document: Mapping[str, Any]
    reading: StudyView
    store: Path
    ended_early: str | None
    stopped: bool = False
    unscored: tuple[str, ...] = ()
    only: str | None = None
    told: tuple[str, ...] = ()

    @property
    def record(self) -> StudyRecord:
        """The study as it stands."""
        return self.reading.record

    @property
    def notes(self) -> tuple[str, ...]:
        """What is worth knowing of data and models, and of how this run was carried out."""
        of_runs = (f"{cell.variant}: {note}" for cell in self.record.cells for note in cell.notes)
        return (*self.record.notes, *dict.fromkeys(of_runs), *self.told)

    @property
    def headline(self) -> Headline:
        """The answers, with commands that can be pasted here."""
        return fill_headline(self.reading.headline, shlex.quote(str(self.store)))

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """The verdicts on the study's claims."""
        return self.reading.judgements

    @property
    def problems(self) -> tuple[str, ...]:
        """Runs that failed or were lost, each with what it raised and where, and those that could not be scored."""
        gone = (cell for cell in self.record.cells if cell.state in ("failed", "lost"))
        notes = (
            f"{cell.variant}, seed {cell.seed} {cell.state}: {cell.error or 'no reason is known'}" for cell in gone
        )
        return (*notes, *self.unscored)

    def __fspath__(self) -> str:
        """The study's folder or address: a result is given wherever a study is."""
        return str(self.store)

    @property
    def blocks(self) -> list[Paragraph]:
        """The headline, how to read more of what to act on first, and what did not finish."""
        record, place = self.record, shlex.quote(str(self.store))
        return [
            *headline_blocks(self.headline),
            *explain_act(self.headline, record.in_memory),
            *failed_blocks(failures_of(record.cells), place, in_memory=record.in_memory),
            *name_failed(self.unscored),
            *stopped_blocks(record, place, self.ended_early),
        ]

    @property
    def _figure(self) -> Figure | None:
        return main_figure(self.reading)

    @property
    def _figures(self) -> Mapping[str, Figure]:
        return study_figures(self.reading)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings of the study."""
        return tuple(replace(finding, remedy=str(finding.remedy)) for finding in self.reading.findings)

    def show(self) -> Path:
        """Open the study's report in a browser, and return where it lies. One that was not written is written."""
        store = Store(self.store)
        if not store.backend.exists(PAGE):
            build_report(store, self.reading)
        return show_page(store.page, "report")

    open = show

    @property
    def _tables(self) -> Tables:
        store, splits = Store(self.store), tuple(self.record.splits)
        return {
            "scores": list_scores(self.record),
            "findings": list_findings(self.findings),
            "predictions": lambda: read_predictions_table(store, self.record, splits).frame,
        }

    @property
    def exit_code(self) -> int:
        """0, or 1 when a run (of `only`: that one) failed, was lost or not scored, or a signal stopped it."""
        bad = any(cell.state in ("failed", "lost") for cell in self._asked)
        return 1 if bad or self.stopped or self.unscored else 0

    @property
    def _asked(self) -> list[CellRecord]:
        return [cell for cell in self.record.cells if self.only is None or cell.hash.startswith(self.only)]

    def refuse_failed(self) -> None:
        """Raise RunError where no run that was asked for is done and some failed: what each raised, and where."""
        gone = [cell for cell in self._asked if cell.state in ("failed", "lost")]
        if not gone or any(cell.state == "done" for cell in self._asked):
            return
        first = {cell.error: cell for cell in reversed(gone)}
        notes = [
            Problem(cell.error or "no reason is known", f"{cell.variant}, seed {cell.seed}") for cell in first.values()
        ]
        hint = "mend what they raised; the same call goes on from there"
        what = f"no run is done: {len(gone)} of {count(len(self._asked), 'run')} failed"
        raise RunError([Problem(what, str(self.store), hint), *notes[::-1][:MOST_PROBLEMS]])


def run_study(request: Request, order: RunOptions, report: bool = True) -> RunResult:
    """Train what is missing of a study, find what is wrong, and write its report.

    Raises KeyboardInterrupt where a signal stopped it and nobody watches; InputError, StoreError.
    """
    order.watcher.on_stage(AUDIT, READING, 0, 0)
    with closing_executor(order.executor), set_up(request, order) as ready:
        done = train_study(ready, order)
        result = _assess_run(ready.run.store, done, order, report)
    if result.stopped and not order.watched:
        raise KeyboardInterrupt(f"{result.ended_early}; what is done is kept, and the same call goes on from there")
    return result


def _assess_run(store: Store, done: TrainedStudy, order: RunOptions, report: bool) -> RunResult:
    end_progress(order.watcher)
    write_index(store, done.record)
    if order.stated is not None:
        refuse_stated(order.stated, done.record.metric)
        save_stated(store, order.stated, order.stated_is)
    reading = assess_study(store, done.record, answers=done.answers, judgements=done.judgements)
    document = build_report(store, reading) if report else show_document(store, reading)
    reason, stopped = (None, False) if done.ended is None else (done.ended.reason, done.ended.stopped)
    unscored = (*done.problems, *document.faults)
    return RunResult(document, reading, store.root, reason, stopped, unscored, order.only, order.told)
