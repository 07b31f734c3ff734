"""How many runs share a GPU: as `execution.cells_per_gpu` of the study says, followed by the executor."""

from collections.abc import Sequence
from dataclasses import replace
from multiprocessing.connection import Connection

from brittlestar.core.cells import Cell
from brittlestar.core.errors import InputError, StoreError
from brittlestar.core.optional import NO_GPU
from brittlestar.execution.describing import ask_worker
from brittlestar.execution.imported import is_given
from brittlestar.execution.jobs import Executor, Run, trains_on_gpu
from brittlestar.execution.places import Places
from brittlestar.execution.processes import Processes
from brittlestar.execution.ray_executor import Cluster
from brittlestar.execution.session import missing
from brittlestar.store.study_document import read_study
from brittlestar.study.settings import ExecutionSettings


def place_on_gpus(executor: Executor, run: Run, cells: Sequence[Cell]) -> Executor:
    """The executor with as many places on each GPU as the study says. Raises InputError where a cell for cuda is
    missing and this machine has no GPU; finished runs are read anywhere."""
    on_gpu = [cell for cell in cells if not is_given(cell) and trains_on_gpu(cell)]
    if not on_gpu or not isinstance(executor, Processes | Cluster):
        return executor
    stated = read_study(run.store).get("execution") or {}
    cells_per_gpu = ExecutionSettings.model_validate(stated).cells_per_gpu
    try:
        gpus = 0 if isinstance(executor, Cluster) else count_gpus()  # a cluster counts its own
    except InputError:
        if missing(run.store, on_gpu):
            raise
        return executor
    return place_runs(executor, gpus, cells_per_gpu, len(on_gpu) == len(cells))


def place_runs(executor: Executor, gpus: int, cells_per_gpu: int, only: bool) -> Executor:
    """The executor with places on GPUs; where `only` such runs come, no wider than these are."""
    if isinstance(executor, Cluster):
        return replace(executor, cells_per_gpu=cells_per_gpu)
    if not isinstance(executor, Processes):
        return executor
    places = Places(gpus, cells_per_gpu)
    return replace(executor, places=places, width=min(executor.width, places.total) if only else executor.width)


def count_gpus() -> int:
    """How many GPUs this machine lets PyTorch see. Raises InputError where there is none, StoreError where nobody
    answers."""
    try:
        found: int = ask_worker(_send_count)
    except (EOFError, TimeoutError):
        what = "a process that looks at the GPUs did not start"
        raise StoreError(what, "", "is their driver at work?") from None
    if not found:
        raise InputError(*NO_GPU)
    return found


def _send_count(channel: Connection) -> None:
    import torch

    channel.send(torch.cuda.device_count() if torch.cuda.is_available() else 0)
