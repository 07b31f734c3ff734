"""What a job gives is kept in the store: by one function for each kind of job, whoever calls it and wherever."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from brittlestar.core.errors import StoreError
from brittlestar.core.probing import ProbedCell
from brittlestar.execution import jobs
from brittlestar.store.cell_folder import damage, has_folder
from brittlestar.store.cell_outputs import write_done, write_failed, write_scored
from brittlestar.store.layout import Store, derived_folder, probed_folder, telling_failures
from brittlestar.training.fitted import UnusableAnswersError
from brittlestar.training.trained import Trained


def save_end(event: jobs.Event) -> jobs.Event:
    """Keep what a finished job gave, or how a training failed, and return the event without it. Another event, one that
    is kept already, one of an inspection, and one whose run has no environment class come back as they are. Raises
    StoreError when the disk is full or read-only."""
    job = event.job
    if not job.run.environment_class or isinstance(job, jobs.InspectJob):
        return event
    if isinstance(event, jobs.Finished) and not isinstance(event.value, jobs.KeptValue):
        return replace(event, value=_keep(job, event), log="")
    if isinstance(event, jobs.Failed) and not event.kept and isinstance(job, jobs.TrainJob):
        _save_failed(job, event)
        return replace(event, kept=True)
    return event


def _keep(job: jobs.TrainJob | jobs.ScoreJob | jobs.ProbeJob, end: jobs.Finished) -> jobs.KeptValue:
    match job:
        case jobs.TrainJob():
            return _save_trained(job, end.value, end.log)
        case jobs.ScoreJob():
            return _save_scored(job, end.value)
        case jobs.ProbeJob():
            return _save_probed(job.run.store, job.cell.hash, job.suite, end.value)


def _save_trained(job: jobs.TrainJob, value: Trained, log: str) -> jobs.KeptValue:
    """The cell, then what a model without weights answered to the suite."""
    run, store, cell = job.run, job.run.store, job.cell
    write = partial(write_done, store, cell, value, log, run.environment_class, run.fingerprints)
    _place_once(store, store.cell(cell.hash), write)
    if run.suite is not None and value.probed is not None:
        _save_probed(store, cell.hash, run.suite, value.probed)
    return jobs.KeptValue(value.outcome, value.notes)


def _save_failed(job: jobs.TrainJob, end: jobs.Failed) -> None:
    run, store, cell = job.run, job.run.store, job.cell
    seen = end.reported.seen if isinstance(end.reported, UnusableAnswersError) else None
    write = partial(write_failed, store, cell, end.error, end.log, run.environment_class, seen)
    _place_once(store, store.cell(cell.hash), write)


def _save_scored(job: jobs.ScoreJob, value: jobs.Scored) -> jobs.KeptValue:
    run, store, cell = job.run, job.run.store, job.cell
    for split, scores in value.scores.items():
        fingerprint = run.fingerprints[split]
        write = partial(write_scored, store, cell, split, fingerprint, value.outputs[split], scores)
        _place_once(store, derived_folder(store, cell.hash, split, fingerprint), write)
    return jobs.KeptValue()


def _save_probed(store: Store, digest: str, suite: str, value: ProbedCell) -> jobs.KeptValue:
    from brittlestar.store.probe_answers import write_probed  # late: a network is trained without it

    _place_once(store, probed_folder(store, digest, suite), partial(write_probed, store, digest, suite, value))
    return jobs.KeptValue()


def save_returned(job: jobs.Job, folders: Mapping[str, Mapping[str, bytes]]) -> None:
    """Keep folders that a job wrote into a store of its own on another machine: by key, files by name. Raises
    StoreError when the disk is full or read-only."""
    store = job.run.store
    for key, files in folders.items():
        _place_once(store, key, partial(_write_folder, store, key, files))


def _write_folder(store: Store, key: str, files: Mapping[str, bytes]) -> None:
    def write(folder: Path) -> None:
        for name, content in files.items():
            (folder / name).write_bytes(content)

    with telling_failures(store.name_key(key)):
        store.backend.place(key, write)


def _place_once(store: Store, key: str, write: Callable[[], None]) -> None:
    """Write a folder. One that is there and whole is as good: an attempt that was believed lost placed it."""
    try:
        write()
    except StoreError:
        if not has_folder(store, key) or damage(store, key):
            raise
