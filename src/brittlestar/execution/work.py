"""What happens inside a worker: one job, by what can do it; models that train themselves are asked before they are
gone, and files that own code opened are searched for rows of splits. Writes no file.

PyTorch is imported for networks alone: fit functions and estimators need none.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from brittlestar.core.errors import format_error
from brittlestar.core.metrics import metric_names
from brittlestar.core.probing import ProbedCell
from brittlestar.core.seen_training import SeenFile, SeenFiles
from brittlestar.data.opening import open_data
from brittlestar.execution.environment import numeric_environment
from brittlestar.execution.job_inputs import load_model_code, make_reader, read_data, read_sections, seed_of
from brittlestar.execution.jobs import Inspection, InspectJob, Job, ProbeJob, Run, Scored, ScoreJob, TrainJob
from brittlestar.models.opened_files import find_unseen, watch_opened
from brittlestar.models.own import OwnModel
from brittlestar.models.source import is_library
from brittlestar.store.growing_arrays import encode_suite, suite_strings
from brittlestar.store.layout import Store
from brittlestar.store.split_rows import decode_rows, find_lone_rows, token_rows
from brittlestar.study.settings import DataSettings
from brittlestar.training.asking import ask_function
from brittlestar.training.fitted import FittedRun, fit_own
from brittlestar.training.history import read_history
from brittlestar.training.process import isolate_process, seed_frameworks
from brittlestar.training.trained import TellEpoch, Trained, probabilities_record

ROWS_SOUGHT = 20  # convention
SHORTEST = 8  # convention: shorter texts may stand in any file
MOSTLY = 0.5  # convention: of the rows that are sought
LARGEST_SEARCHED = 64 << 20  # budget: bytes of a file that is searched
FORM = b" \t\r\n\"',\\[]"
"""Characters that tables, JSON and lists put between tokens, or leave out."""


def find_split_files(own: OwnModel, opened: Mapping[str, str], run: Run) -> SeenFiles:
    """What own code read of splits. `opened` are {path: line} of files that it opened while it trained."""
    lines = {**own.opened, **opened}
    sought = _choose_rows(run.store) if lines else {}
    found: set[SeenFile] = set()
    for path, line in lines.items():
        content = _read(Path(path))
        held = {name for name, rows in sought.items() if sum(row in content for row in rows) > MOSTLY * len(rows)}
        found |= {SeenFile(name, Path(path).name, line, "train" in held) for name in held - {"train"}}
    texts = [file.read_text(encoding="utf-8", errors="replace") for file in own.files if not is_library(file)]
    source = "" if run.session is None else run.session.source or ""
    return SeenFiles(tuple(sorted(found, key=repr)), find_unseen([*texts, source]))


def _read(path: Path) -> bytes:
    """What stands in a file, without its form; nothing where that cannot be searched."""
    try:
        return _strip(path.read_bytes()) if path.is_file() and path.stat().st_size <= LARGEST_SEARCHED else b""
    except OSError:
        return b""


def _strip(text: bytes) -> bytes:
    return text.translate(None, FORM).lower()


def _choose_rows(store: Store) -> dict[str, list[bytes]]:
    """The text of some rows of each split, without its form: none where no row is long enough to be told."""
    rows = find_lone_rows(store.data, tuple(open_data(store.data).splits), ROWS_SOUGHT)
    texts = {name: [_strip("".join(row).encode(errors="replace")) for row in some] for name, some in rows.items()}
    return {name: [text for text in some if len(text) >= SHORTEST] for name, some in texts.items()}


CHANGES = ("order", "factor", "spelling", "train_rows", "train_without")
"""Settings by which a variant reads other rows or tokens than its study has."""
UNCHANGED = DataSettings()


def fit_model(job: TrainJob, own: OwnModel) -> Trained:
    """Fit the cell's own model, and score it on every split."""
    cell = job.cell
    data_settings, model_settings, _ = read_sections(cell)
    data = read_data(job.run, cell, data_settings)
    seed_frameworks(seed_of(cell, "init"))
    changed = any(getattr(data_settings, key) != getattr(UNCHANGED, key) for key in CHANGES)
    redrawn = cell.streams["split"] is not None or cell.streams["sampling"] is not None
    decoded = changed or redrawn
    rows = token_rows(job.run.store.data, data, decoded)
    began = time.perf_counter()
    fitted = fit_own(own, rows, data.classes, cell.seed, model_settings.params)
    seconds = time.perf_counter() - began
    probed, notes = _probe_fitted(job, fitted, data_settings if decoded else None)
    return probabilities_record(
        data,
        fitted.probabilities,
        tuple(data.splits) if fitted.hard else (),
        "fitted",
        steps={"step": np.arange(len(fitted.losses)), "loss": fitted.losses},
        read_back={"model.kind": own.kind},
        notes=notes,
        timing={"seconds": seconds},
        history=read_history(fitted.history, metric_names(tuple(data.vocabulary.factors))),
        probed=probed,
        seen=fitted.seen,
        held=fitted.held,
    )


def _probe_fitted(
    job: TrainJob, fitted: FittedRun, changed: DataSettings | None
) -> tuple[ProbedCell | None, tuple[str, ...]]:
    """Its answers to the suite, with tokens `changed` as in its training; what goes wrong costs them, not the run."""
    if job.run.suite is None:
        return None, ()
    store = job.run.store
    folder = store.path(store.suite(job.run.suite))
    try:
        parts = suite_strings(folder) if changed is None else _changed_rows(store, folder, changed)
        return ask_function(fitted.predictor, parts, fitted.hard), ()
    except Exception as error:
        return None, (f"could not be probed: {format_error(error)}",)


def _changed_rows(store: Store, folder: Path, settings: DataSettings) -> Iterator[list[list[str]]]:
    data, read = make_reader(open_data(store.data), settings)
    for part in encode_suite(folder):
        yield decode_rows(read(part), data)[0]


def perform(job: Job, progress: TellEpoch, gpu: int = 0) -> Trained | Inspection | Scored | ProbedCell:
    """Do one job; one for cuda is done on the GPU with this number. The caller's global random state and thread count
    are as before when it returns."""
    with isolate_process(job.cell.settings["training"]["device"], gpu) as device:
        seed_frameworks(seed_of(job.cell, "init"))  # for what own code draws while it is imported
        match job:
            case InspectJob():
                return _inspect(job)
            case ScoreJob():
                from brittlestar.execution.networks import score_network

                return score_network(job)
            case ProbeJob():
                from brittlestar.execution.networks import probe_network

                return probe_network(job)
            case TrainJob():
                trained = _train(job, progress)
                return replace(trained, timing={**trained.timing, "device": device})


def _train(job: TrainJob, progress: TellEpoch) -> Trained:
    _, settings, _ = read_sections(job.cell)
    own = load_model_code(job.run, settings)
    if own is None:
        return _train_network(job, progress)
    with watch_opened() as opened:
        trained = _train_network(job, progress) if own.kind == "factory" else fit_model(job, own)
    return replace(trained, opened=find_split_files(own, opened, job.run))


def _train_network(job: TrainJob, progress: TellEpoch) -> Trained:
    from brittlestar.execution.networks import train_network

    return train_network(job, progress)


def _inspect(job: InspectJob) -> Inspection:
    read_back: dict[str, Mapping[str, Any]] = {}
    parameters: dict[str, int | None] = {}
    shapes: dict[str, str | None] = {}
    notes: list[str] = []
    for cell in job.cells:
        _, settings, _ = read_sections(cell)
        own = load_model_code(job.run, settings)
        if own is not None and own.kind != "factory":
            read_back[cell.variant] = {"model.kind": own.kind}
            parameters[cell.variant] = shapes[cell.variant] = None
            continue
        from brittlestar.execution.networks import inspect_network

        read_back[cell.variant], parameters[cell.variant], shapes[cell.variant], odd = inspect_network(job.run, cell)
        notes += [f"{cell.variant}: {note}" for note in odd]
    return Inspection(read_back, parameters, shapes, numeric_environment(), tuple(notes))
