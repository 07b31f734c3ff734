"""What happens inside a worker: one job, by what can do it. Writes no file.

PyTorch is imported for networks alone: fit functions and estimators need none.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from brittlestar.core.probing import ProbedCell
from brittlestar.execution.environment import numeric_environment
from brittlestar.execution.fitting import fit_model
from brittlestar.execution.job_inputs import load_model_code, read_sections, seed_of
from brittlestar.execution.jobs import Inspection, InspectJob, Job, ProbeJob, Scored, ScoreJob, TrainJob
from brittlestar.execution.opened_splits import find_split_files
from brittlestar.models.opened_files import watch_opened
from brittlestar.training.process import isolate_process, seed_frameworks
from brittlestar.training.trained import TellEpoch, Trained


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
    own = load_model_code(job.site, settings)
    if own is None:
        return _train_network(job, progress)
    with watch_opened() as opened:
        trained = _train_network(job, progress) if own.kind == "factory" else fit_model(job, own)
    return replace(trained, opened=find_split_files(own, opened, job.site))


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
        own = load_model_code(job.site, settings)
        if own is not None and own.kind != "factory":
            read_back[cell.variant] = {"model.kind": own.kind}
            parameters[cell.variant] = shapes[cell.variant] = None
            continue
        from brittlestar.execution.networks import inspect_network

        read_back[cell.variant], parameters[cell.variant], shapes[cell.variant], odd = inspect_network(job.site, cell)
        notes += [f"{cell.variant}: {note}" for note in odd]
    return Inspection(read_back, parameters, shapes, numeric_environment(), tuple(notes))
