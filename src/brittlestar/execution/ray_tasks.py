"""Jobs as tasks of Ray: given, listened to, and ended with all that they started."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError, format_error
from brittlestar.execution import jobs
from brittlestar.execution.interruption import Interruption
from brittlestar.execution.own_code import collect_own_code
from brittlestar.execution.places import describe_shortage
from brittlestar.execution.ray_checks import check_nodes, find_differences
from brittlestar.execution.ray_connection import Connection
from brittlestar.execution.ray_files import carry, carry_weights, list_inputs
from brittlestar.execution.ray_node import Demand, Ended, Message, NodeRefused, Raised, do_job
from brittlestar.execution.saving import save_returned

_LEAVING = 10.0  # seconds for cancelled tasks to end their processes, before Ray ends theirs


@dataclass(eq=False)
class Running:
    """A task that Ray was given: it waits for a place, or runs. `gpu` names the GPU that it has a part of."""

    waiting: jobs.Waiting
    stream: Any
    started: bool = False
    over: bool = False
    gpu: str = "a GPU"

    @property
    def job(self) -> jobs.Job:
        """What it does."""
        return self.waiting.job

    @property
    def attempt(self) -> int:
        """Which attempt it is, from 1."""
        return self.waiting.attempt


@dataclass
class RayTasks:
    """The tasks of one run of the executor. `timeout` is that of a job, in seconds; one for cuda gets one of
    `cells_per_gpu` parts of a GPU."""

    connection: Connection
    timeout: float | None
    cells_per_gpu: int = 1
    running: list[Running] = field(default_factory=list[Running])
    _demand: Demand | None = None
    _task: Any = None
    _carried: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def one_waits_alone(self) -> bool:
        """Whether a task waits for a GPU that it has to itself: others that begin meanwhile could take parts of each
        for ever."""
        return any(one.waiting.alone and not one.started for one in self.running)

    def submit(self, waiting: jobs.Waiting, interruption: Interruption) -> None:
        """Give Ray a job; the first one when all nodes have been asked. Raises InputError where one is refused."""
        ray, job = self.connection.open(), waiting.job
        absolute = replace(job, run=jobs.make_absolute(job.run))  # nodes have other working directories
        there = replace(absolute, run=replace(absolute.run, folder=""))
        if self._demand is None:
            self._demand = check_nodes(self.connection, job, interruption)
        if self._task is None:  # one for all jobs: Ray sends each anew to every process of the cluster
            self._task = ray.remote(num_cpus=1, max_retries=0, num_returns="streaming")(do_job)
        gpus = part_of_gpu(1 if waiting.alone else self.cells_per_gpu) if waiting.on_gpu else 0
        name = f"{type(job).__name__} {job.cell.variant} seed {job.cell.seed}"  # for Ray's own tools
        task = self._task.options(name=name, num_gpus=gpus)
        asked = (there, self._code(absolute), self._demand, self.timeout, self.connection.run)
        inputs = (self._put(str(path), partial(carry, path, key)) for path, key in list_inputs(absolute))
        self.running.append(Running(waiting, task.remote(*asked, *inputs, carry_weights(absolute))))

    def _code(self, job: jobs.Job) -> Any:
        cells = jobs.cells_of(job)
        names = sorted({str(cell.settings["model"].get("own")) for cell in cells})
        folder = Path(job.run.search_path)
        return self._put("\n".join((str(folder), *names)), partial(collect_own_code, folder, cells))

    def _put(self, what: str, collect: Callable[[], Any]) -> Any:
        """What many jobs need, in Ray's object store, from where each node fetches it once."""
        if what not in self._carried:
            self._carried[what] = self.connection.open().put(collect())
        return self._carried[what]

    def wait(self, patience: float) -> list[Running]:
        """Those that have something to say, within `patience` seconds. Raises StoreError when the head is gone."""
        self.connection.count("CPU")  # raises when nobody answers
        if not self.running:
            time.sleep(patience)
            return []
        streams = {one.stream: one for one in self.running}
        ready, _ = self.connection.open().wait([*streams], num_returns=len(streams), timeout=0)
        if not ready:
            ready, _ = self.connection.open().wait([*streams], timeout=patience)
        return [streams[stream] for stream in ready]

    def read(self, one: Running) -> Iterator[jobs.Event]:
        """What a task has told since; one that ended leaves `running`, and every end is told behind a start."""
        ray = self.connection.open()
        while not one.over and ray.wait([one.stream], timeout=0)[0]:
            event = self._next(one, ray)
            if not isinstance(event, jobs.Progressed | jobs.Started):
                one.over = True
                self.running.remove(one)
            if not one.started and not isinstance(event, jobs.Started):
                yield jobs.Started(one.job, one.attempt, 0)
            one.started = True
            if isinstance(event, jobs.Started) and event.gpu is not None:
                one.gpu = f"GPU {event.gpu} of {event.host}"
            yield event

    def _next(self, one: Running, ray: Any) -> jobs.Event:
        """The next event, and of one that ended what it wrote, which goes into the store. Raises what the node raised,
        InputError where the node was refused, and StoreError where the store cannot be written."""
        try:
            message: Message = ray.get(next(one.stream))
        except StopIteration:
            return _lost(one, "its task ended without a word")
        except ray.exceptions.RayError as error:
            return _lost(one, _reason(ray, error))
        if isinstance(message, Raised):
            raise message.error
        if isinstance(message, NodeRefused):
            problems = find_differences([message.report], one.job.cell.settings["training"]["device"])
            raise InputError(problems or f"node {message.report.host} computes otherwise than the nodes before it")
        if isinstance(message, Ended):
            save_returned(one.job, message.files)
            message = message.event
        event = replace(message, job=one.job)
        if isinstance(event, jobs.Progressed):
            return event
        if isinstance(event, jobs.Lost):
            reason = describe_shortage(one.gpu) if event.on_gpu else event.reason
            return replace(_lost(one, reason, event.log), on_gpu=event.on_gpu)
        return replace(event, attempt=one.attempt)

    def end(self) -> None:
        """Cancel what is left, and wait until nothing of it runs. Nodes are told directly: it needs no head."""
        if not self.running:
            return
        ray = self.connection.open()
        for force in (False, True):
            for one in sorted(self.running, key=lambda one: one.started):
                ray.cancel(one.stream, force=force)  # waiting first: one that begins meanwhile makes Ray abort
            until = time.monotonic() + _LEAVING
            while self.running and time.monotonic() < until:
                ready, _ = ray.wait([one.stream for one in self.running], timeout=0.1)
                for one in [one for one in self.running if one.stream in ready]:
                    if _is_over(ray, one.stream):
                        self.running.remove(one)


def _is_over(ray: Any, stream: Any) -> bool:
    """Take one message of a cancelled task; whether it was the last."""
    try:
        ray.get(next(stream))
    except StopIteration:
        return True
    except ray.exceptions.RayError:
        pass
    return False


def part_of_gpu(cells_per_gpu: int) -> float:
    """What one of so many jobs asks for: Ray counts in parts of ten thousand, and rounds up what does not fit."""
    return math.floor(10_000 / cells_per_gpu) / 10_000


def _lost(one: Running, reason: str, log: str = "") -> jobs.Lost:
    return jobs.Lost(one.job, one.attempt, reason, log, one.attempt >= jobs.MOST_ATTEMPTS)


def _reason(ray: Any, error: Exception) -> str:
    """Why Ray lost a task. Raises what is a mistake of the node's installation, or of brittlestar."""
    known = ray.exceptions
    if isinstance(error, known.RayTaskError):
        cause: Any = getattr(error, "cause", None) or error
        if isinstance(cause, MemoryError):
            return "out of memory"
        if isinstance(cause, ImportError):
            hint = "install brittlestar there, in the same version, for the same Python"
            raise InputError(f"a node cannot load brittlestar: {format_error(cause)}", "--executor=ray", hint)
        raise error
    if isinstance(error, known.OutOfMemoryError):
        return "out of memory: Ray ended it to spare the node"
    if isinstance(error, known.NodeDiedError | known.LocalRayletDiedError):
        return "its node died"
    return f"Ray could not do it: {format_error(error)}"
