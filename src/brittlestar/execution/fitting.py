"""Fits models that train themselves, fit functions and estimators, and asks them before they are gone. Without
PyTorch, unless they bring it."""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from brittlestar.core.errors import format_error
from brittlestar.core.metrics import metric_names
from brittlestar.core.probing import ProbedCell
from brittlestar.data.opening import open_data
from brittlestar.execution.job_inputs import make_reader, read_data, read_sections, seed_of, store_of
from brittlestar.execution.jobs import TrainJob
from brittlestar.models.own import OwnModel
from brittlestar.store.growing_arrays import encode_suite, suite_strings
from brittlestar.store.layout import Store
from brittlestar.store.split_rows import decode_rows, token_rows
from brittlestar.study.settings import DataSettings
from brittlestar.training.asking import ask_function
from brittlestar.training.fitted import FittedRun, fit_own
from brittlestar.training.history import read_history
from brittlestar.training.process import seed_frameworks
from brittlestar.training.trained import Trained, probabilities_record

CHANGES = ("order", "factor", "spelling", "train_rows", "train_without")
"""Settings by which a variant reads other rows or tokens than its study has."""
UNCHANGED = DataSettings()


def fit_model(job: TrainJob, own: OwnModel) -> Trained:
    """Fit the cell's own model, and score it on every split."""
    cell = job.cell
    data_settings, model_settings, _ = read_sections(cell)
    data = read_data(job.site, cell, data_settings)
    seed_frameworks(seed_of(cell, "init"))
    changed = any(getattr(data_settings, key) != getattr(UNCHANGED, key) for key in CHANGES)
    redrawn = cell.streams["split"] is not None or cell.streams["sampling"] is not None
    decoded = changed or redrawn
    rows = token_rows(store_of(job.site).data, data, decoded)
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
    if job.suite is None:
        return None, ()
    store = store_of(job.site)
    folder = store.path(store.suite(job.suite))
    try:
        parts = suite_strings(folder) if changed is None else _changed_rows(store, folder, changed)
        return ask_function(fitted.predictor, parts, fitted.hard), ()
    except Exception as error:
        return None, (f"could not be probed: {format_error(error)}",)


def _changed_rows(store: Store, folder: Path, settings: DataSettings) -> Iterator[list[list[str]]]:
    data, read = make_reader(open_data(store.data), settings)
    for part in encode_suite(folder):
        yield decode_rows(read(part), data)[0]
