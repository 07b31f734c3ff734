"""How many runs of a study share a GPU, decided before the first of them: told, kept beside its clocks, and followed by
the executor."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from brittlestar.core.cells import Cell
from brittlestar.core.errors import InputError
from brittlestar.data.opening import open_data
from brittlestar.execution.cluster import Cluster
from brittlestar.execution.given import is_given
from brittlestar.execution.gpu_gauge import count_gpus
from brittlestar.execution.gpu_pilot import GpuPilot, measure_sharing
from brittlestar.execution.inspecting import first_cells
from brittlestar.execution.interruption import Interrupted
from brittlestar.execution.jobs import Executor, Workplace, trains_on_gpu
from brittlestar.execution.places import Places
from brittlestar.execution.processes import Processes
from brittlestar.execution.session import missing
from brittlestar.execution.sharing import Sharing
from brittlestar.store.attempts import append_attempt, read_attempts
from brittlestar.store.layout import Store
from brittlestar.store.study_document import read_study
from brittlestar.study.settings import ExecutionSettings
from brittlestar.verbs.stages import Order

AUTO = "auto"
_EVENT = "gpus shared"


def share_gpus(workplace: Workplace, cells: Sequence[Cell], order: Order) -> Order:
    """The order, with an executor that puts as many runs on a GPU as the study says or a pilot found. The pilot runs
    where more cells than GPUs are missing. Raises InputError where such a cell is missing and there is no GPU."""
    executor = order.executor
    on_gpu = [cell for cell in cells if not is_given(cell) and trains_on_gpu(cell)]
    if not on_gpu or not isinstance(executor, Processes | Cluster):
        return order
    store = workplace.store
    wanted = read_cells_per_gpu(store)
    waiting = missing(store, on_gpu)
    gpus = _count(executor, needed=bool(waiting))
    if not gpus:
        return order
    try:
        found = _decide(workplace, waiting, order, wanted, gpus)
    except Interrupted:
        return order  # whoever works next hears of the wish too, and ends in order
    if waiting:
        order.watcher.on_message(found.describe(gpus))
        _keep_decision(store, workplace.environment_class, found, gpus)
    only = all(map(trains_on_gpu, cells))
    return replace(order, executor=place_runs(executor, gpus, found.cells_per_gpu, only))


def place_kept(executor: Executor, workplace: Workplace, cells: Sequence[Cell]) -> Executor:
    """The executor with places on GPUs as the study says or a pilot of before found, for runs that are finished."""
    on_gpu = [cell for cell in cells if not is_given(cell) and trains_on_gpu(cell)]
    if not on_gpu or not isinstance(executor, Processes | Cluster):
        return executor
    gpus, wanted = _count(executor, needed=False), read_cells_per_gpu(workplace.store)
    if not gpus:
        return executor
    found = _read_decision(workplace.store, workplace.environment_class) if wanted == AUTO else take_stated(wanted)
    return place_runs(executor, gpus, found.cells_per_gpu, len(on_gpu) == len(cells))


def place_runs(executor: Executor, gpus: int, cells_per_gpu: int, only: bool) -> Executor:
    """The executor with places on GPUs; where `only` such runs come, no wider than these are."""
    if isinstance(executor, Cluster):
        return replace(executor, cells_per_gpu=cells_per_gpu)
    if not isinstance(executor, Processes):
        return executor
    places = Places(gpus, cells_per_gpu)
    return replace(executor, places=places, width=min(executor.width, places.total) if only else executor.width)


def read_cells_per_gpu(store: Store) -> int | Literal["auto"]:
    """What a study says of it: its number, or `auto`."""
    return ExecutionSettings.model_validate(read_study(store).get("execution") or {}).cells_per_gpu


def most_of_use(runs: int, width: int, gpus: int) -> int:
    """How many runs at once on one GPU are of use: no more than there are, and than `width` lets run."""
    return max(1, min(-(-runs // gpus), -(-width // gpus)))


def decide_unmeasured(wanted: int | Literal["auto"], runs: int, gpus: int) -> Sharing | None:
    """What is known without a pilot: the study's number, or that there are no more runs than GPUs; else None."""
    if wanted != AUTO:
        return take_stated(wanted)
    return Sharing(1, f"{runs} to do, a GPU for each") if runs <= gpus else None


def take_stated(cells_per_gpu: int) -> Sharing:
    """What the study says, as a decision."""
    return Sharing(cells_per_gpu, "execution.cells_per_gpu says so")


def _count(executor: Processes | Cluster, needed: bool) -> int:
    """How many GPUs there are; 0 where there is none and nothing `needed` it: what is done is read anywhere."""
    if isinstance(executor, Cluster):
        return executor.gpus
    try:
        return count_gpus()
    except InputError:
        if needed:
            raise
        return 0


def _decide(
    workplace: Workplace, waiting: Sequence[Cell], order: Order, wanted: int | Literal["auto"], gpus: int
) -> Sharing:
    """Raises Interrupted."""
    executor = order.executor
    if wanted == AUTO and not waiting:  # finished runs are scored and probed as they were trained
        return _read_decision(workplace.store, workplace.environment_class)
    if (found := decide_unmeasured(wanted, len(waiting), gpus)) is not None:
        return found
    site = replace(workplace.site, records=None)  # what a pilot gives is kept nowhere
    rows = open_data(workplace.store.data).splits["train"].n_rows
    width = executor.gpu_width if isinstance(executor, Cluster) else executor.width
    pilot = GpuPilot(site, first_cells(waiting), rows, most_of_use(len(waiting), width, gpus))
    if isinstance(executor, Cluster):
        return executor.measure(pilot, order.interruption)
    return measure_sharing(pilot, order.interruption)


def _keep_decision(store: Store, environment_class: str, found: Sharing, gpus: int) -> None:
    """Write the decision among the attempts, where clocks belong."""
    details = {"cells_per_gpu": found.cells_per_gpu, "gpus": gpus, "why": found.why}
    rates = {str(many): round(rate, 3) for many, rate in found.rates.items()}
    memory = {"memory_per_run": found.memory_per_run, "memory_free": found.memory_free}
    measured = {**memory, "rates": rates} if rates else {}
    append_attempt(store, _EVENT, "", environment_class=environment_class, **details, **measured)


def _read_decision(store: Store, environment_class: str) -> Sharing:
    """The last decision for these machines, else one run on each GPU."""
    found = Sharing(1, "nothing was measured")
    for line in read_attempts(store):
        if line["event"] == _EVENT and line.get("environment_class") == environment_class:
            found = Sharing(line["cells_per_gpu"], line["why"])
    return found
