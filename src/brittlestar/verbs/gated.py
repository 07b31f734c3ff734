"""What a gate is decided on: data alone, given predictions, or a study; nothing is trained unless that is asked for."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from brittlestar.claims.releases import Release
from brittlestar.core.commands import data_place, store_name
from brittlestar.core.errors import InputError
from brittlestar.core.findings import Finding
from brittlestar.core.headline import Headline
from brittlestar.data.sources import raw_tables
from brittlestar.execution.jobs import Watcher
from brittlestar.reports.gate.sarif import list_rows
from brittlestar.reports.headline_text import fill_headline
from brittlestar.store.layout import Store, open_store
from brittlestar.store.split_answers import StoredAnswers
from brittlestar.store.study_record import read_record
from brittlestar.training.prediction_sources import sources_of
from brittlestar.verbs.asked import asked_of, is_store
from brittlestar.verbs.assessing import Assessment, assess_data, assess_study
from brittlestar.verbs.audit import audit
from brittlestar.verbs.opening import MEMORY, is_study_file, open_input, source_of
from brittlestar.verbs.probe import probe
from brittlestar.verbs.run import run


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
    """The headline with commands that can be pasted, all findings, and of a study its main variant and answers."""

    headline: Headline
    findings: tuple[Finding, ...]
    release: Release | None

    @property
    def main(self) -> str | None:
        """The variant under test; None for data alone."""
        return None if self.release is None else self.release.record.main


def examine_input(request: Request, scratch: Path, watcher: Watcher) -> Gated:
    """Everything that is known of what is gated; what a folder of results needs is kept in `scratch` meanwhile. Raises
    InputError, also where a study has runs that are missing and must not be trained."""
    if not is_store(request.data) and not _has_runs(request):
        result = audit(request.data, columns=request.columns, settings=request.settings, progress=watcher.on_audit)
        place = _name_place(request)
        return Gated(fill_headline(assess_data(result.record), place), tuple(result.record.findings), None)
    store, assessment = _assess_runs(request, scratch, watcher)
    place = shlex.quote(str(request.data)) if is_store(request.data) else _name_place(request)
    release = Release(assessment.record, StoredAnswers(store, assessment.record))
    return Gated(fill_headline(assessment.headline, place), tuple(assessment.reading.findings), release)


def open_release(path: Path, request: Request, scratch: Path, watcher: Watcher) -> Release:
    """The last release: a study's folder, or predictions for the data that is gated. Raises InputError."""
    if not is_store(path):
        if not path.is_file():
            hint = "give a study's folder, or a file of predictions"
            raise InputError("the last release is not there", str(path), hint)
        asked = asked_of(request.data) if is_store(request.data) else None
        data = request.data if asked is None else asked.data
        columns = request.columns if asked is None else {**asked.columns, **(request.columns or {})}
        named = Request(data, [str(path)], request.predictions_columns, columns, request.settings)
        if is_study_file(data):
            opened = open_input(data, columns=columns, overrides=request.settings)
            folder = source_of(data, opened.loaded)
            columns = opened.loaded.study.data.columns.model_dump()
            named = replace(named, data=folder, columns=columns, settings=None)
        store, assessment = _run_given(named, scratch / "last-release.study", watcher)
        return Release(assessment.record, StoredAnswers(store, assessment.record))
    store = open_store(path)
    record = read_record(store)
    return Release(record, StoredAnswers(store, record))


def find_lines(request: Request, findings: tuple[Finding, ...]) -> tuple[dict[str, str], dict[str, dict[str, int]]]:
    """The file of each split, and in it the line of each row that a finding names; nothing for objects in memory."""
    asked = asked_of(request.data) if is_store(request.data) else None
    data, columns, settings = (
        (request.data, request.columns, request.settings)
        if asked is None
        else (asked.data, asked.columns, asked.settings)
    )
    opened = open_input(data, columns=columns, overrides=settings)
    tables = raw_tables(source_of(data, opened.loaded))
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


def _has_runs(request: Request) -> bool:
    return bool(sources_of(request.predictions)) or is_study_file(request.data) or request.train


def _name_place(request: Request) -> str:
    return (
        "DATA"
        if isinstance(request.data, Mapping)
        else data_place(str(request.data), request.columns, request.settings)
    )


def _assess_runs(request: Request, scratch: Path, watcher: Watcher) -> tuple[Store, Assessment]:
    if is_store(request.data):
        return _assess_store(request, Path(request.data), watcher)
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


def _assess_store(request: Request, place: Path, watcher: Watcher) -> tuple[Store, Assessment]:
    store = open_store(place)
    record = read_record(store)
    open_ = [cell for cell in record.cells if cell.state in ("planned", "running")]
    if open_ and request.train:
        ran = run(place, watcher=watcher)
        return store, ran.assessment
    if record.probes is None and any(cell.outcome == "trained" for cell in record.cells):
        probe(place, progress=watcher.on_probe)
        record = read_record(store)
    return store, assess_study(store, record)


def _run_given(request: Request, place: Path, watcher: Watcher) -> tuple[Store, Assessment]:
    """Given predictions, kept in `place`."""
    settings = {"variants": "{}", **(request.settings or {})}
    ran = run(
        request.data,
        predictions=request.predictions,
        predictions_columns=request.predictions_columns,
        columns=request.columns,
        settings=settings,
        out=place,
        executor="serial",
        watcher=watcher,
    )
    return Store(ran.store), ran.assessment
