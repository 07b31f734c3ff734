"""What a gate is decided on: data alone, given predictions, or a study; nothing is trained unless that is asked for."""

import shlex
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from brittlestar.claims.releases import Release, find_release, make_release
from brittlestar.core.commands import data_place, store_name
from brittlestar.core.errors import InputError
from brittlestar.core.findings import Finding
from brittlestar.core.gating import Outcome, Requirement
from brittlestar.core.headline import Headline
from brittlestar.core.results import StudyAnswers, StudyRecord
from brittlestar.core.texts import suggest_file
from brittlestar.data.sources import raw_tables
from brittlestar.execution.jobs import Watcher
from brittlestar.execution.progress import AUDIT, PROBES
from brittlestar.records.outcomes import Outcome as Verified
from brittlestar.reports.gate.documents import list_rows
from brittlestar.reports.reading import fill_reading
from brittlestar.store.address import Place, read_place
from brittlestar.store.layout import Store, open_store
from brittlestar.store.split_answers import StoredAnswers
from brittlestar.store.study_record import read_record
from brittlestar.training.prediction_sources import sources_of
from brittlestar.verbs.asked import is_store
from brittlestar.verbs.assessing import Assessment, assess_study
from brittlestar.verbs.audit import audit
from brittlestar.verbs.opened_study import open_study
from brittlestar.verbs.opening import MEMORY, Opened, choose_main, is_study_file, open_again, open_input, source_of
from brittlestar.verbs.probe import probe
from brittlestar.verbs.release_file import read_release
from brittlestar.verbs.run import run
from brittlestar.verbs.verify import verify

NAME = "record"
_OUTCOMES: dict[Verified, Outcome] = {
    "identical": "pass", "equivalent": "pass", "differs": "fail", "cannot-tell": "cannot-say",
}  # fmt: skip


@dataclass(frozen=True)
class Request:
    """What is gated: data, a study file or a study's folder, with predictions and what names their columns. `train`
    says that missing runs may be trained."""

    data: Any
    predictions: Any = ()
    predictions_columns: Mapping[str, str] | None = None
    columns: Mapping[str, str] | None = None
    settings: Mapping[str, str] | None = None
    train: bool = False

    @property
    def name(self) -> str:
        """The input for people."""
        return MEMORY if isinstance(self.data, Mapping) else str(self.data)


@dataclass(frozen=True)
class Gated:
    """The headline with commands that can be pasted, all findings, and of a study its record and what its runs answer;
    None for data alone."""

    headline: Headline
    findings: tuple[Finding, ...]
    record: StudyRecord | None = None
    answers: StudyAnswers | None = None


def examine_input(request: Request, scratch: Path, watcher: Watcher) -> Gated:
    """Everything that is known of what is gated; what a folder of results needs is kept in `scratch` meanwhile. Raises
    InputError, also where a study has runs that are missing and must not be trained."""
    has_runs = sources_of(request.predictions) or is_study_file(request.data) or request.train
    if not is_store(request.data) and not has_runs:
        result = audit(
            request.data, columns=request.columns, settings=request.settings, progress=partial(watcher.on_stage, AUDIT)
        )
        return Gated(result.headline, result.filled.findings)
    store, assessment = _assess_runs(request, scratch, watcher)
    kept = not str(store.root).startswith(str(scratch))
    reading = fill_reading(assessment.reading, shlex.quote(str(store.root)) if kept else _name_place(request), kept)
    answers = StoredAnswers(store, assessment.record)
    return Gated(reading.headline, reading.findings, assessment.record, answers)


def open_release(paths: Sequence[Path], request: Request, now: Release, split: str, record: StudyRecord) -> Release:
    """The last release on the split that is gated: a study's folder, or files of predictions for the data of `now`.
    Raises InputError."""
    if is_store(paths[0]) and len(paths) == 1:
        store = open_store(paths[0])
        last = read_record(store)
        return find_release(last, StoredAnswers(store, last), split, record.metric)
    for path in paths:
        if is_store(path):
            raise InputError("a study is a release by itself", str(path), "give it alone, or files of predictions")
        if isinstance(place := read_place(path), str):
            open_store(place)  # raises: there is no study
        if not path.is_file():
            hint = suggest_file(path, "give a study's folder, or files of predictions")
            raise InputError("the last release is not there", str(path), hint)
    last = read_release(paths, _open_data(request), record, (split,), request.predictions_columns)
    seeds, answers = last.answer(choose_main(last.variants), split, now.rows.labels)
    return make_release(now, seeds, answers, record.metric)


def find_lines(request: Request, findings: tuple[Finding, ...]) -> tuple[dict[str, str], dict[str, dict[str, int]]]:
    """The file of each split, and in it the line of each row that a finding names; nothing for objects in memory."""
    opened = _open_data(request)
    tables = raw_tables(source_of(opened.asked.data if opened.asked else request.data, opened.loaded))
    files = {split: table.where for split, table in tables.items() if split in opened.frames.files}
    named: dict[str, set[str]] = {}
    for one in findings:
        named.setdefault(one.where.get("split", "train"), set()).update(list_rows(one))
    lines: dict[str, dict[str, int]] = {}
    for split in files.keys() & named.keys() & opened.frames.keys():
        if tables[split].unit != "line":
            continue
        ids = opened.frames[split]["id"].cast(str).to_list()
        wanted = [k for k, name in enumerate(ids) if name in named[split]]
        lines[split] = {ids[k]: place for k, place in zip(wanted, tables[split].places(wanted), strict=True)}
    return files, lines


def _open_data(request: Request) -> Opened:
    """The data alone, also of a study's folder."""
    if not is_store(request.data):
        return open_input(request.data, columns=request.columns, overrides=request.settings)
    return open_again(read_place(request.data))


def _name_place(request: Request) -> str | None:
    data = request.data
    return None if isinstance(data, Mapping) else data_place(str(data), request.columns, request.settings)


def _assess_runs(request: Request, scratch: Path, watcher: Watcher) -> tuple[Store, Assessment]:
    if is_store(request.data):
        return _assess_store(request, read_place(request.data), watcher)
    if sources_of(request.predictions):
        return _run_given(request, scratch / "gate.study", watcher)
    opened = open_input(request.data, columns=request.columns, overrides=request.settings)
    if opened.loaded.study.model.predictions and not opened.loaded.study.variants:
        return _run_given(request, scratch / "gate.study", watcher)
    place = Path(store_name(opened.loaded.study.name))
    if request.train:
        ran = run(request.data, columns=request.columns, settings=request.settings, watcher=watcher)
        return Store(ran.store), ran.assessment
    if not is_store(place):
        hint = f"`brittlestar run {shlex.quote(str(request.data))}` trains them, or add --run"
        raise InputError(f"the study has no runs yet: there is no {place}", str(request.data), hint)
    return _assess_store(request, place, watcher)


def _assess_store(request: Request, place: Place, watcher: Watcher) -> tuple[Store, Assessment]:
    store = open_store(place)
    record = read_record(store)
    open_ = [cell for cell in record.cells if cell.state in ("planned", "running")]
    if open_ and request.train:
        return store, run(place, watcher=watcher).assessment
    if record.probes is None and any(cell.outcome == "trained" for cell in record.cells):
        probe(place, progress=partial(watcher.on_stage, PROBES))
        record = read_record(store)
    return store, assess_study(store, record)


def _run_given(request: Request, place: Place, watcher: Watcher) -> tuple[Store, Assessment]:
    settings = {"variants": "{}", **(request.settings or {})}
    ran = run(
        request.data,
        predictions=request.predictions,
        predictions_columns=request.predictions_columns,
        columns=request.columns,
        settings=settings,
        out=place,
        executor="serial",
        report=False,
        watcher=watcher,
    )
    return Store(ran.store), ran.assessment


def decide_record(place: Path, root: str | None, watcher: Watcher) -> Requirement:
    """Whether a record is what was sealed (with this root hash, where one is given), and follows from itself. Raises
    InputError where it cannot be a record."""
    found = verify(place, root=root, watcher=watcher)
    wrong = [one for one in found.checked if one.outcome == found.outcome and one.details]
    command = f"brittlestar verify {shlex.quote(str(place))}{'' if root is None else f' --root {shlex.quote(root)}'}"
    if not wrong:
        return Requirement(NAME, _OUTCOMES[found.outcome], "it is what was sealed, and follows from itself.")
    others = sum(len(one.details) for one in wrong) - 1
    more = f" (and {others} more)" if others else ""
    sentence = f"{wrong[0].what}: {wrong[0].details[0]}{more}."
    return Requirement(NAME, _OUTCOMES[found.outcome], sentence, command)


@contextmanager
def examine_record(place: Path) -> Generator[Gated]:
    """What is known of the study in a record, for as long as this lasts; nothing of it is run."""
    with open_study(place) as opened:
        reading = fill_reading(opened.assessment.reading, None)
        yield Gated(reading.headline, reading.findings, opened.record, opened.answers)
