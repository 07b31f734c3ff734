"""What a gate is decided on: data alone, given predictions, or a study; nothing is trained unless that is asked for."""

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from brittlestar.claims.releases import Release, find_release, make_release
from brittlestar.core.commands import store_name
from brittlestar.core.errors import InputError
from brittlestar.core.forecasts import Forecast
from brittlestar.core.results import StudyRecord
from brittlestar.core.splits import headline_split
from brittlestar.core.texts import suggest_file
from brittlestar.execution.jobs import Watcher
from brittlestar.execution.progress import AUDIT, PROBES
from brittlestar.pipeline.data_audit import audit_data, name_data
from brittlestar.pipeline.open import MEMORY, Opened, choose_main, is_study_file, open_again, open_rows, refuse_changed
from brittlestar.pipeline.own_metrics import read_live_record
from brittlestar.pipeline.release_file import ReleaseFile, match_release
from brittlestar.pipeline.request import Request, is_store
from brittlestar.reports.gate.ask import JUDGED, Gated
from brittlestar.reports.gate.policy import find_reads
from brittlestar.reports.study_view import StudyView, fill_reading
from brittlestar.store.layout import Store, open_store, read_place
from brittlestar.store.split_answers import AnsweredRows
from brittlestar.store.study_document import stored_cells
from brittlestar.study.gate_policy import GatePolicy, name_keys

LastRelease = Store | ReleaseFile
"""What a gate holds against: a study, or predictions for the rows that are gated."""


def name_request(request: Request) -> str:
    """What is gated, for people."""
    return MEMORY if isinstance(request.data, Mapping) else str(request.data)


def read_last_release(policy: GatePolicy, request: Request) -> LastRelease:
    """The last release of a policy, before anything is audited: a study's folder, or files of predictions for the rows
    that are gated, in files or in memory. Raises InputError."""
    paths = policy.asked["against"]
    if len(paths) == 1 and is_store(paths[0]):
        return open_store(paths[0])
    for path in paths if isinstance(paths[0], Path) else ():
        if is_store(path):
            raise InputError("a study is a release by itself", str(path), "give it alone, or files of predictions")
        if not path.is_file():
            hint = suggest_file(path, "give a study's folder, or files of predictions")
            raise InputError("the last release is not there", str(path), hint)
    opened = _open_data(request)
    named = request.predictions_columns if policy.terms.against_columns is None else policy.terms.against_columns
    try:
        last = match_release(paths, opened, named, policy.source.abstain)
    except InputError as error:
        error.retell(lambda text: name_keys(text, {"--preds-columns": "against_columns"}))
        raise
    split = headline_split({name: frame.height for name, frame in opened.frames.items()})
    if split is not None and not last.covers(choose_main(last.variants), split):
        raise InputError(f"there are no predictions for {split}", last.place, "add its rows")
    return last


def has_runs(request: Request, train: bool) -> bool:
    """Whether what is gated has answers, and not data alone."""
    return is_store(request.data) or bool(request.predictions) or is_study_file(request.data) or train


def examine_input(
    request: Request, train: bool, watcher: Watcher, policy: GatePolicy, metrics: Sequence[str] = ()
) -> Gated:
    """What the requirements of a policy read of what is gated, and no more, with the `metrics` that its claims name;
    labels that the policy has are joined with the forecasts. Raises InputError, also where a study has runs that are
    missing and must not be trained."""
    if not has_runs(request, train):
        result = audit_data(request, progress=partial(watcher.on_stage, AUDIT))
        return Gated(headline=result.headline, findings=result.filled.findings, notes=result.notes)
    if is_store(request.data):
        return _examine_store(request, read_place(request.data), train, watcher, policy, metrics)
    beside = {"report.metrics": json.dumps(metrics)} if metrics else {}
    claimed = replace(request, settings={**beside, **request.settings})
    if request.predictions:
        return _examine_given(claimed, watcher, policy)
    study = open_rows(request).loaded.study
    if study.model.predictions and not study.variants:
        return _examine_given(claimed, watcher, policy)
    if train:
        return _examine_trained(request, request, watcher, policy)
    place = Path(store_name(study.name))
    if not is_store(place):
        hint = f"`brittlestar run {shlex.quote(str(request.data))}` trains them, or add --run"
        raise InputError(f"the study has no runs yet: there is no {place}", str(request.data), hint)
    return _examine_store(request, place, train, watcher, policy, metrics)


def _examine_given(request: Request, watcher: Watcher, policy: GatePolicy) -> Gated:
    """Given predictions, of which no study is kept."""
    from brittlestar.pipeline.given_study import assess_given, read_given  # late: a study needs none of it

    reads, tell = find_reads(policy), partial(watcher.on_stage, AUDIT)
    if reads not in JUDGED:
        return _read(request, *read_given(request, tell, audit=reads != "answers"), policy)
    store, view = assess_given(request, tell)
    return _judge(request, store, fill_reading(view, name_data(request), False), policy)


def _examine_store(
    request: Request, place: Path, train: bool, watcher: Watcher, policy: GatePolicy, metrics: Sequence[str]
) -> Gated:
    store = open_store(place)
    record = read_live_record(store, policy.terms.metric, metrics)
    if train and any(cell.state in ("planned", "running") for cell in record.cells):
        return _examine_trained(request, Request(place), watcher, policy)
    if find_reads(policy) not in JUDGED:
        return _read(request, store, record, policy)
    if record.probes is None and any(cell.outcome == "trained" for cell in record.cells):
        from brittlestar.execution.executors import Workers  # late: what is finished needs none of it
        from brittlestar.pipeline.probe_store import probe_store

        probe_store(store, Workers(), partial(watcher.on_stage, PROBES))
        record = read_live_record(store, policy.terms.metric, metrics)
    from brittlestar.pipeline.assess import assess_study  # late: what is only read needs none of it

    return _judge(request, store, fill_reading(assess_study(store, record), shlex.quote(str(store.root))), policy)


def _examine_trained(request: Request, run: Request, watcher: Watcher, policy: GatePolicy) -> Gated:
    from brittlestar.pipeline.run import run_study
    from brittlestar.pipeline.run_options import make_run_options  # late: what trains nothing needs none of it

    ran = run_study(run, make_run_options(watcher=watcher))
    store = Store(ran.store)
    return _judge(request, store, fill_reading(ran.reading, shlex.quote(str(store.root))), policy)


def _read(request: Request, store: Store, record: StudyRecord, policy: GatePolicy) -> Gated:
    """A study of which nothing is judged."""
    expected = _forecast(request, store, record, policy) if find_reads(policy) == "forecasts" else ()
    return Gated(record=record, answers=AnsweredRows(store, record), forecasts=expected, notes=record.notes)


def _judge(request: Request, store: Store, view: StudyView, policy: GatePolicy) -> Gated:
    """A study with its findings and headline; its forecasts are made again where the policy has labels."""
    record, labelled = view.record, policy.terms.labelled is not None
    return Gated(
        findings=view.findings,
        headline=view.headline,
        record=record,
        answers=AnsweredRows(store, record),
        forecasts=_forecast(request, store, record, policy) if labelled else view.forecasts,
        notes=record.notes,
    )


def _forecast(request: Request, store: Store, record: StudyRecord, policy: GatePolicy) -> tuple[Forecast, ...]:
    """Forecasts, with the labels of a policy that has some."""
    from brittlestar.pipeline.forecast_inputs import find_roles, name_labelled, read_all_labels
    from brittlestar.pipeline.forecasting import forecast_study  # late: few gates ask for a forecast

    labelled = name_labelled(policy.terms.labelled)
    if not labelled:
        return forecast_study(store, record)
    names = [name for name in policy.asked.get("min_expected", ()) if name in record.unlabelled]
    known = read_all_labels(store, names, labelled, find_roles(stored_cells(store)[0], request.columns))
    return forecast_study(store, record, labelled=known)


def open_release(last: LastRelease, now: Release, split: str, record: StudyRecord, metric: str) -> Release:
    """The last release on the split that is gated, as rows of `now` where it is files. Raises InputError."""
    if isinstance(last, Store):
        before = read_live_record(last, None, [metric])
        return find_release(before, AnsweredRows(last, before), split, metric)
    refuse_changed(last.opened, record, (split,))
    seeds, answers = last.answer(choose_main(last.variants), split, now.rows.rows)
    return make_release(now, seeds, answers, metric)


def _open_data(request: Request) -> Opened:
    """The data alone, also of a study's folder."""
    if not is_store(request.data):
        return open_rows(request)
    return open_again(read_place(request.data))
