"""An audit as a flow of its own: from a request for data to what is wrong with them, without training."""

import os
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.limits import codes_of
from brittlestar.audits.limits import limits as detection_limits
from brittlestar.audits.recording import pairs, record_audit
from brittlestar.audits.running import audit_dataset
from brittlestar.audits.split_sizes import note_small_splits
from brittlestar.audits.vocabulary import read_vocabulary
from brittlestar.claims.effects import weigh_alone
from brittlestar.core.audit_record import Audit
from brittlestar.core.checks import Check
from brittlestar.core.commands import data_place, follow_kind
from brittlestar.core.documents import begin_document, offer_command
from brittlestar.core.errors import InputError, Problem
from brittlestar.core.files import refuse_existing
from brittlestar.core.findings import Finding
from brittlestar.core.headline import Decision, Headline
from brittlestar.core.plain import plain, round_floats
from brittlestar.core.results import SplitRecord
from brittlestar.core.splits import headline_split
from brittlestar.data.predictions.runs import Given, list_notes
from brittlestar.data.summary import split_record
from brittlestar.execution.progress import AUDIT, READING, Progress, tell_progress
from brittlestar.pipeline.auditing import describe_audited, open_analysis
from brittlestar.pipeline.cleaning import OPTION, write_clean
from brittlestar.pipeline.kept_audits import make_audit
from brittlestar.pipeline.open import Opened, open_rows, source_of
from brittlestar.pipeline.request import Request, is_store, read_request
from brittlestar.reports.answers.evidence import Evidence
from brittlestar.reports.figures.frame import Figure
from brittlestar.reports.figures.of_audit import audit_figures
from brittlestar.reports.finding_groups import fill_remedies, rank_findings
from brittlestar.reports.headline import decide_headline
from brittlestar.reports.headline_text import fill_headline, style_answer
from brittlestar.reports.paragraphs import Paragraph, name_next, name_text
from brittlestar.reports.result_text import counts_block, explain_leading, leading_blocks
from brittlestar.reports.showing import Shown, show_page, write_page
from brittlestar.study.names import prediction_column_problems
from brittlestar.study.units import unit_of

OF_RUNS = ("seeds", "streams", "training", "claims", "probes", "execution")
OF_TRAIN = ("data.order", "data.factor", "data.spelling", "data.train_rows", "data.train_without")
"""Settings that runs read, and no audit: whole sections, and changes that variants make to rows."""
MOST_SOUND = 6
"""Lines of the answer, which leads here: `-v` has all (convention)."""


@dataclass(frozen=True, repr=False)
class AuditResult(Shown):
    """What an audit found: the `analysis` it looked at, `record`: the findings with the trivial baselines and what the
    page shows beside them, `place`: the data as commands name them, None where they are objects in memory, and what is
    `told` beside that. Shown as text or in a notebook it says whether the data are sound, and what was found."""

    told: Mapping[str, Any]
    analysis: Analysis
    record: Audit
    splits: Mapping[str, SplitRecord]
    place: str | None = None

    _lacking = "an audit trains nothing"

    @property
    def _figure(self) -> Figure | None:
        return self._figures.get("ladder")

    @property
    def _figures(self) -> Mapping[str, Figure]:
        return audit_figures(self.record, tuple(self.splits))

    @property
    def notes(self) -> tuple[str, ...]:
        """What is worth knowing of how the data were read."""
        return tuple(self.document["notes"])

    def show(self) -> Path:
        """Open the page in a browser, and return where it lies."""
        return show_page(lambda: self.html, "audit")

    open = show

    @property
    def _followed(self) -> Audit:
        """The audit with remedies that can be followed here, as calls where the data are objects in memory."""
        held = self.place is None
        found = (
            replace(finding, remedy=follow_kind(finding.remedy, in_memory=held)) for finding in self.record.findings
        )
        return replace(self.record, findings=tuple(found))

    @property
    def filled(self) -> Audit:
        """The same with the place of the data in every command."""
        followed = self._followed
        return replace(followed, findings=fill_remedies(followed.findings, self.place))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, worst first."""
        return self.filled.findings

    @cached_property
    def document(self) -> dict[str, Any]:
        """The JSON of the verb."""
        whole, findings = self.record.as_json(), round_floats([plain(finding.document) for finding in self.findings])
        first = begin_document(self.headline.as_json())
        return {**first, **self.told, "findings": findings, "trivial_baselines": whole["ladder"]}

    @cached_property
    def headline(self) -> Headline:
        """The answers that data alone can give, with commands that can be pasted here."""
        found = assess_data(replace(self.record, limits=self.told.get("limits")), self.place)
        again = self.told.get("next")  # after a cleaning the same question is asked of what stays
        return found if again is None else replace(found, real=replace(found.real, next=again))

    @property
    def blocks(self) -> list[Paragraph]:
        """Whether the data are sound, what a model has to exceed, errors and warnings with their remedies, counts, and
        what would have been caught."""
        limits = "; ".join(describe_limits(self.document.get("limits")))
        return [
            *sound_blocks(self.headline.sound),
            *self._baseline_blocks,
            *leading_blocks(self.findings, None),
            counts_block(self.findings, None),
            *explain_leading(self.findings, None, self.place is None),
            *name_text("Limits", limits and f"{limits}."),
        ]

    @property
    def _baseline_blocks(self) -> list[Paragraph]:
        best, baselines = self.headline.best_trivial, self.record.trivial_baselines
        if best is None or best.score is None or baselines is None:
            return []
        unit = unit_of("accuracy")
        score = f"{unit.number(best.score)} {unit.unit} of accuracy on {headline_split(baselines.rows)}"
        return [Paragraph("To exceed", f"{best.name}, {score}: the best trivial baseline.")]

    def of(self, code: str) -> tuple[Finding, ...]:
        """Findings of one code."""
        return tuple(finding for finding in self.findings if finding.code == code)

    @cached_property
    def html(self) -> str:
        """The audit as one offline page."""
        from brittlestar.reports.audit_page import audit_page

        headline, notes = assess_data(self._followed, self.place), self.document["notes"]
        return audit_page(self.document["study"], self.filled, headline, self.splits, notes, self.place)

    def write_html(self, path: str | Path) -> None:
        """Write the page. Raises StoreError where that is not possible."""
        write_page(self.html, path)


def sound_blocks(sound: Decision) -> list[Paragraph]:
    """Whether data are sound, without the finding that this quotes: the list below begins with it."""
    quoted = next((f" {ground.ref}: {ground.text}" for ground in sound.grounds if ground.kind == "finding"), "")
    return [Paragraph("Sound?", style_answer(sound, quoted), most=MOST_SOUND), *name_next("", sound.next)]


def describe_limits(found: Mapping[str, Any] | None) -> list[str]:
    """What would have been caught in these data, a line a check."""
    if found is None:
        return []
    lines: list[str] = []
    for one in found["limits"]:
        if one["dose"] is not None:
            hits = one["caught"][f"{one['dose']:g}"]
            lines.append(f"{one['code']}: from {100 * one['dose']:g} % {one['unit']}, caught {hits} of {one['of']}")
        elif one["there_already"]:
            lines.append(f"{one['code']}: not measurable, clean splits of these rows have it too")
        else:
            lines.append(f"{one['code']}: not even {100 * one['largest']:g} % {one['unit']}")
    false = found["false_alarms"]
    counted = f"{false['splits']} of {false['of']}, so below {100 * false['below']:.0f} % (95 %)"
    return [*lines, f"false alarms of these checks on clean splits of the same rows: {counted}"]


def assess_data(audit: Audit, place: str | None) -> Headline:
    """The headline of data alone: what an audit says, and what a model would have to exceed. `place` is what commands
    name the data, None where they are objects in memory."""
    evidence = Evidence(audit=audit, findings=audit.findings)
    return fill_headline(decide_headline(evidence, place is None), place, kept=False)


def name_data(request: Request, data: Any = None) -> str | None:
    """How commands name the data of a request, or `data` in their place, with the predictions that were given beside
    them where all are files; None where the data are objects in memory."""
    place = request.data if data is None else data
    if not isinstance(place, str | os.PathLike):
        return None
    named = data_place(os.fspath(place), request.columns, request.settings)
    files = [source.name for source in request.predictions if source.is_file]
    if not files or len(files) < len(request.predictions):
        return named
    words = [word for name in files for word in ("--preds", name)]
    if request.predictions_columns:
        words += ["--preds-columns", ",".join(f"{role}={name}" for role, name in request.predictions_columns.items())]
    return f"{named} {shlex.join(words)}"


def audit_data(
    request: Request,
    *,
    only: Sequence[str] = (),
    checks: Sequence[Check] = (),
    vocabulary: str | Path | None = None,
    clean: Path | None = None,
    limits: bool = False,
    progress: bool | Progress = True,
) -> AuditResult:
    """Audit what a request names: data, or the data of a study. `only` are codes or families of checks, `checks` those
    of others, `vocabulary` a file with the tokens that own code knows, `clean` a new folder for rows that are clean,
    and `limits` says that detection limits are measured. Raises InputError, StoreError."""
    _refuse_unread(request.settings)
    place, data = name_data(request), request.data
    if is_store(data):
        request = _add_stored(request, read_request(cast("str", data)))
    if others := [f"{check.code} needs {check.needs}" for check in checks if check.needs != "data"]:
        hint = "name it under `report.checks` in the study file: `run` and `report` use it"
        raise InputError(f"an audit reads data alone, and {', '.join(others)}", "--check", hint)
    if clean is not None:
        refuse_existing(clean, OPTION)
    with tell_progress(progress, AUDIT) as tell:
        tell(READING, 0, 0)
        opened = open_rows(request)
        given = _match_predictions(opened, request)
        made = open_analysis(opened, given)
        if vocabulary is not None:
            made = replace(made, vocabulary=read_vocabulary(vocabulary))
        if only or vocabulary is not None:
            found = audit_dataset(made, only=only, own=checks, progress=tell)
            audit = record_audit(made, found, with_baselines=not only)
        else:
            audit, _ = make_audit(opened, describe_audited(opened, given, checks), made, checks, tell)
    held_out = headline_split({name: split.n_rows for name, split in opened.data.splits.items()})
    weighed = rank_findings(weigh_alone(audit.findings, held_out), None, held_out)
    record = replace(audit, findings=weighed, pairs=pairs(made, weighed))
    splits = {name: split_record(opened.frames[name]["label"], one) for name, one in opened.data.splits.items()}
    told = _describe(opened, splits, [*list_notes(given), *note_small_splits(record.trivial_baselines)])
    if limits:
        with tell_progress(progress, AUDIT) as tell:
            told["limits"] = detection_limits(made, codes_of(only), progress=tell)
    if clean is not None:
        told["clean"] = write_clean(source_of(request.data, opened.loaded), made, clean)
        told |= offer_command(f"brittlestar check {name_data(request, clean)}")
    return AuditResult(told, made, record, splits, place)


def _add_stored(request: Request, stored: Request) -> Request:
    """What a study's folder was asked for, with what is asked now beside it."""
    return replace(
        stored,
        columns={**stored.columns, **request.columns},
        settings={**stored.settings, **request.settings},
        predictions=[*stored.predictions, *request.predictions],
        predictions_columns={**stored.predictions_columns, **request.predictions_columns},
    )


def _refuse_unread(settings: Mapping[str, str]) -> None:
    """Raise InputError for settings that change what is trained, and not the data that an audit looks at."""
    found = [path for path in settings if path.split(".")[0] in OF_RUNS or path in OF_TRAIN]
    hint = "leave it out; `run` reads it"
    if found:
        raise InputError([Problem(f"an audit does not read {path}", "--set", hint) for path in found])


def _describe(opened: Opened, splits: Mapping[str, SplitRecord], notes: Sequence[str]) -> dict[str, Any]:
    """The JSON of `audit`: `study`, `data.splits.NAME` as `run` has it, `notes`; the result adds what was found."""
    from brittlestar.reports.document import split_entry

    return {
        "study": opened.study.name,
        "data": {"splits": {name: split_entry(split) for name, split in splits.items()}},
        "findings": [],  # in their place
        "trivial_baselines": None,
        "notes": [*opened.frames.notes, *opened.data.notes, *notes],
        **offer_command(None),
    }


def _match_predictions(opened: Opened, request: Request) -> Given:
    """Predictions that are given, and those that the study file names. Raises InputError with the ids."""
    sources, columns = [*request.predictions, *opened.prediction_sources], request.predictions_columns
    problems = prediction_column_problems(columns, "--preds-columns")
    if columns and not sources:
        problems.append(Problem("there are no predictions whose columns could be named", "--preds-columns"))
    if problems:
        raise InputError(problems)
    return opened.match(sources, {**opened.study.model.predictions_columns, **columns}) if sources else {}
