"""What data and predictions at hand support: the flow of a run without training, keeping or drawing anything."""

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import polars as pl
import yaml

from brittlestar.audits.showing import FEWEST_ROWS
from brittlestar.audits.split_sizes import note_small_splits
from brittlestar.claims.judgement import Judgement
from brittlestar.claims.stated_scores import StatedAs, StatedScoreCheck
from brittlestar.core.documents import begin_document
from brittlestar.core.errors import InputError
from brittlestar.core.findings import Finding
from brittlestar.core.headline import Headline
from brittlestar.core.trivial_baselines import TrivialBaselines
from brittlestar.execution.progress import AUDIT, Progress, tell_progress
from brittlestar.pipeline.auditing import MOST_ROWS_FOR_LIMITS, measure_limits
from brittlestar.pipeline.data_audit import assess_data, audit_data, name_data
from brittlestar.pipeline.request import Request
from brittlestar.reports.export_tables import Tables, list_findings, list_scores
from brittlestar.reports.figures.frame import Figure
from brittlestar.reports.headline_text import headline_blocks
from brittlestar.reports.page import page as make_page
from brittlestar.reports.paragraphs import Paragraph
from brittlestar.reports.result_text import explain_act
from brittlestar.reports.showing import Shown, main_figure, show_page, study_figures
from brittlestar.reports.study_view import StudyView, fill_reading
from brittlestar.store.stored_predictions import read_predictions_table


@dataclass(frozen=True, repr=False)
class CheckResult(Shown):
    """The headline, with commands that can be pasted here; all findings, worst first; the trivial baselines; verdicts
    on the default claims (none without predictions); where a stated score stands among the runs; detection limits of
    the audit, None where none were measured; where the study was kept, None without `out`; how commands name the data
    or that study, None where they are objects in memory; the study as its report reads it, None without predictions;
    what makes the page; and the predictions as they were matched. Shown as text or in a notebook it is the headline."""

    headline: Headline
    findings: tuple[Finding, ...]
    trivial_baselines: TrivialBaselines | None
    judgements: tuple[Judgement, ...]
    standing: StatedScoreCheck | None
    limits: Mapping[str, Any] | None
    store: Path | None
    notes: tuple[str, ...] = ()
    place: str | None = None
    reading: StudyView | None = None
    make_page: Callable[[], str] = lambda: ""
    read_predictions: Callable[[], pl.DataFrame] = field(default=pl.DataFrame, compare=False)

    _table = "scores"

    @property
    def blocks(self) -> list[Paragraph]:
        """The headline, and how to read more of what to act on first."""
        return [*headline_blocks(self.headline), *explain_act(self.headline, self.place is None)]

    @property
    def _figure(self) -> Figure | None:
        return main_figure(self.reading)

    @property
    def _figures(self) -> Mapping[str, Figure]:
        return study_figures(self.reading)

    def show(self) -> Path:
        """Open the page in a browser, and return where it lies: the study's report, or what the audit found."""
        return show_page(self.make_page, "check")

    open = show

    @cached_property
    def predictions(self) -> pl.DataFrame:
        """The predictions as they were matched, read when they are asked for."""
        return self.read_predictions()

    @property
    def _tables(self) -> Tables:
        tables = {"findings": list_findings(self.findings)}
        if self.reading is None:
            return tables
        return {"scores": list_scores(self.reading.record), **tables, "predictions": lambda: self.predictions}

    @property
    def _lacking(self) -> str:
        return "" if self.reading else "no predictions were given"

    @property
    def document(self) -> dict[str, Any]:
        """The JSON of the verb."""
        return {
            **begin_document(self.headline.as_json()),
            "claims": [judgement.as_json() for judgement in self.judgements],
            "stated": None if self.standing is None else self.standing.as_json(),
            "limits": self.limits,
            "trivial_baselines": None if self.trivial_baselines is None else self.trivial_baselines.as_json(),
            "findings": [finding.document for finding in self.findings],
            "notes": list(self.notes),
            "store": None if self.store is None else str(self.store),
        }


def check_data(request: Request, stated: float | None, limits: bool, progress: bool | Progress) -> CheckResult:
    """What data alone say. Raises InputError for what needs predictions."""
    if request.predictions_columns:
        hint = "add --preds FILE"
        raise InputError("there are no predictions whose columns could be named", "--preds-columns", hint)
    if stated is not None:
        raise InputError("a stated score needs predictions", "--stated", "add --preds FILE")
    if request.out is not None:
        hint = "add --preds FILE; the audit command writes the page of data alone: --html FILE"
        raise InputError("without predictions there is no study to keep", "--out", hint)
    result = audit_data(request, progress=progress)
    record, place = result.record, result.place
    if limits:
        with tell_progress(progress, AUDIT) as tell:
            record = replace(record, limits=measure_limits(result.analysis, tell))
    page = replace(result, record=record)
    return CheckResult(
        assess_data(record, place),
        result.findings,
        record.trivial_baselines,
        (),
        None,
        record.limits,
        None,
        notes=(*result.document["notes"], *_note_unmeasured(limits, record.limits)),
        place=place,
        make_page=lambda: page.html,
    )


def check_predictions(
    request: Request, stated: float | None, stated_is: StatedAs, limits: bool, progress: bool | Progress
) -> CheckResult:
    """What given predictions support; the study is kept where the request says so."""
    from brittlestar.pipeline.given_study import assess_given  # late: data alone need none of it

    _refuse_trained(request.settings)
    with tell_progress(progress, AUDIT) as tell:
        store, reading = assess_given(request, tell, stated, stated_is, limits)
    record, kept = reading.record, None if request.out is None else Path(request.out)
    found = _of_study(reading, kept, request, lambda: read_predictions_table(store, record, tuple(record.splits)).frame)
    return replace(found, notes=(*found.notes, *_note_unmeasured(limits, found.limits)))


def _note_unmeasured(wanted: bool, found: Mapping[str, Any] | None) -> tuple[str, ...]:
    """A note where detection limits were asked for, and there are too many rows or too few."""
    needed = f"{FEWEST_ROWS} rows in train and in test or dev, and at most {MOST_ROWS_FOR_LIMITS:,} in all"
    sentence = f"Detection limits were not measured: they need {needed}."
    return (sentence,) if wanted and found is None else ()


def _refuse_trained(settings: Mapping[str, str]) -> None:
    """Raise InputError for a variant that has no predictions of its own, and would be trained."""
    for path, value in settings.items():
        if path.partition(".")[0] != "variants":
            continue
        try:
            written = yaml.safe_load(value)
        except yaml.YAMLError:
            continue  # who reads the settings says so
        variants = written if path == "variants" and isinstance(written, Mapping) else {path: {path: written}}
        for name, changes in cast(Mapping[str, Any], variants).items():
            if "predictions" not in str(changes):
                hint = f"give variant {name} its model.predictions, or train it with the run command"
                raise InputError("check judges given predictions and trains nothing", "--set variants", hint)


def _of_study(
    reading: StudyView, kept: Path | None, request: Request, predictions: Callable[[], pl.DataFrame]
) -> CheckResult:
    """A study that is thrown away leaves its data, which commands then name."""
    record, audit = reading.record, reading.record.audit
    place = name_data(request) if kept is None else shlex.quote(str(kept))
    reading = fill_reading(reading, place, kept is not None)
    headline, findings = reading.headline, reading.findings
    baselines, limits = (None, None) if audit is None else (audit.trivial_baselines, audit.limits)
    judged = (reading.judgements, reading.stated)
    told = (*record.notes, *note_small_splits(baselines))
    notes = (limits, kept, told, place, reading, lambda: make_page(reading, kept is not None))
    return CheckResult(headline, findings, baselines, *judged, *notes, predictions)
