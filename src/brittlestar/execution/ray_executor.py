"""The executor `ray`: one task per job on a Ray cluster, in a process of its own on whatever node has room."""

import contextlib
import logging
import os
import pickle
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from brittlestar.core.errors import BrittlestarError, InputError, Problem, StoreError, format_error
from brittlestar.core.optional import require
from brittlestar.core.processes import set_variables
from brittlestar.execution import jobs
from brittlestar.execution.environment import environment, usable_cores
from brittlestar.execution.interruption import Interruption
from brittlestar.execution.own_code import OwnCode, collect_own_code
from brittlestar.execution.ray_node import do_job, read_files
from brittlestar.execution.saving import save_returned
from brittlestar.store.layout import DATA
from brittlestar.store.study_document import stored_cells
from brittlestar.training.trained import CHECKPOINTS

LOCAL = "local"
_GONE_AFTER = 10.0  # seconds without the head until the run ends: a short break of the network is none
_ASK_EVERY = 2.0  # seconds between two looks at the head, and at how large the cluster is
_LOOK_EVERY = 0.2  # seconds: quicker than a person notices
_LEAVING = 10.0  # seconds for cancelled tasks to end their processes, before Ray ends theirs
_AHEAD = 4  # one task waits for every so many that run: places are filled at once, and autoscalers see demand
_VARIABLES = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_worker_niceness": "0", "RAY_gcs_server_port_wait_time_s": "1"}
"""No statistics of use; on a cluster that is started here runs yield to others no more than processes do (Ray's own
niceness is 15); and what answers and is no cluster is asked once, for 40 seconds, not for minutes."""


@dataclass
class Connection:
    """A cluster at `address` (HOST:PORT); `local` is one of this machine's cores that lives as long as the connection.
    One that the caller has open is used as it is."""

    address: str = LOCAL
    mine: bool = False
    task: Any = None  # `do_job` for Ray: one for all jobs, since each is sent to every process of the cluster
    head: tuple[str, int] = ("", 0)
    first: dict[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])  # node, by device
    sent: dict[Path, Any] = field(default_factory=dict[Path, Any])
    codes: dict[str, OwnCode] = field(default_factory=dict[str, OwnCode])
    resources: Mapping[str, float] = field(default_factory=dict[str, float])
    seen: float = 0.0
    asked: float = 0.0

    def open(self, code: OwnCode | None = None) -> Any:
        """Ray, connected, which gives every task a working folder with own code. Raises InputError where there is no
        such cluster, MissingExtraError without Ray."""
        ray = require("ray", "ray")
        if not ray.is_initialized():
            self._begin(ray, {} if code is None else code.files)
        if self.task is None:
            self.task = ray.remote(num_cpus=1, max_retries=0, num_returns="streaming")(do_job)
            host, _, port = str(ray.get_runtime_context().gcs_address).rpartition(":")
            self.head, self.seen = (host, int(port)), time.monotonic()
        return ray

    def _begin(self, ray: Any, code: Mapping[str, bytes]) -> None:
        local = self.address == LOCAL
        options: dict[str, Any] = {"num_cpus": usable_cores(), "include_dashboard": False} if local else {}
        kept = signal.getsignal(signal.SIGTERM)
        with tempfile.TemporaryDirectory(prefix="brittlestar-") as staged, set_variables(_VARIABLES):
            if code and "working_dir" not in os.environ.get("RAY_JOB_CONFIG_JSON_ENV_VAR", ""):
                for name, content in code.items():  # what was submitted to Ray with a folder of its own keeps that
                    (Path(staged) / name).parent.mkdir(parents=True, exist_ok=True)
                    (Path(staged) / name).write_bytes(content)
                options["runtime_env"] = {"working_dir": staged}
            try:
                ray.init(self.address, log_to_driver=False, logging_level=logging.CRITICAL, **options)
            except (Exception, SystemExit) as error:
                hint = "is this machine a node of the cluster? Where it asks for a token, set RAY_AUTH_MODE=token"
                raise InputError(
                    f"cannot connect to Ray: {format_error(error)}", f"--address={self.address}", hint
                ) from error
            finally:
                with contextlib.suppress(ValueError):  # in another thread, where Ray took none
                    signal.signal(signal.SIGTERM, kept)
        self.mine = True

    def close(self) -> None:
        """End what `open` began."""
        if self.mine:
            require("ray", "ray").shutdown()
        vars(self).update(vars(Connection(self.address)))

    def collect_code(self, job: jobs.Job) -> OwnCode:
        """Own code of all models of the study that a job is of, read once."""
        folder = job.run.search_path
        if folder not in self.codes:
            cells = [*jobs.cells_of(job), *stored_cells(job.run.store)]
            self.codes[folder] = collect_own_code(Path(folder), cells)
        return self.codes[folder]

    def send(self, source: Path, key: str) -> Any:
        """A file or folder for many jobs, in Ray's object store: each node fetches it once."""
        if source not in self.sent:
            self.sent[source] = self.open().put(read_files(source, key))
        return self.sent[source]

    def count(self, resource: str) -> int:
        """How much of a resource (`CPU`, `GPU`) the cluster has now. Raises StoreError when its head is gone."""
        ray = self.open()
        if time.monotonic() - self.asked > _ASK_EVERY:
            try:
                socket.create_connection(self.head, timeout=1.0).close()
                self.resources = ray.cluster_resources()
                self.asked = self.seen = time.monotonic()
            except OSError as error:
                if time.monotonic() - self.seen > _GONE_AFTER:
                    what = f"the head of the Ray cluster is gone: no answer for {_GONE_AFTER:g} seconds"
                    hint = "finished runs are kept; start the cluster, then run the same again"
                    raise StoreError(what, "{}:{}".format(*self.head), hint) from error
        return int(self.resources.get(resource, 0))

    def compare_node(self, there: Mapping[str, Any], device: str) -> None:
        """Raise InputError where a node has other versions than this machine, or computes otherwise than the first that
        answered: a study has one environment class."""
        here, first = environment(), self.first.setdefault(device, there)
        kind = ("torch_cpu_capability", "torch_threads", *(("cuda_device", "cuda") if device == "cuda" else ()))
        versions = [{name: one[name] for name in ("python", "machine")} | one["packages"] for one in (there, here)]
        kinds = [{name: one.get(name) for name in kind} for one in (there, first)]
        hint = "use nodes of one kind, with the same versions of Python, brittlestar and PyTorch"
        found = [
            Problem(
                f"{name} is {one.get(name) or 'not there'}, {place} {other.get(name) or 'not there'}",
                f"node {there['host']}",
                hint,
            )
            for (one, other), place in ((versions, "here"), (kinds, f"on node {first['host']}"))
            for name in {**other, **one}
            if one.get(name) != other.get(name)
        ]
        if found:
            raise InputError(found)


@dataclass(eq=False)
class _Task:
    """A job that Ray was given: it waits for a place, or runs."""

    waiting: jobs.Waiting
    stream: Any
    started: bool = False


@dataclass(frozen=True)
class Cluster:
    """Jobs as tasks of a Ray cluster: `limit` at once (None: as many as it has places), one thread each; `timeout` in
    seconds per job, None for no limit. Nodes share no folder with the run: files go there, and come back. With
    `cells_per_gpu` its places are those of its GPUs, as far as it has a processor for each, else its processors; a job
    for cuda asks for its part of a GPU.

    Connects when it is first asked for anything, and stays connected until `close`.
    """

    limit: int | None = None
    timeout: float | None = None
    connection: Connection = field(default_factory=Connection, repr=False, compare=False)
    cells_per_gpu: int | None = None

    @property
    def width(self) -> int:
        """How many jobs run at once now: clusters grow and shrink."""
        places = max(1, self.connection.count("CPU"))
        if self.cells_per_gpu is not None:
            places = min(places, max(1, self.connection.count("GPU")) * self.cells_per_gpu)
        return places if self.limit is None else min(self.limit, places)

    def close(self) -> None:
        """End the connection."""
        self.connection.close()

    def run(self, source: jobs.Source, handle: jobs.Handler, interruption: Interruption) -> None:
        """Run every job of `source`. Raises Interrupted; InputError where the cluster or its nodes cannot be used;
        StoreError when the head of the cluster is gone."""
        tasks: list[_Task] = []
        again: list[jobs.Waiting] = []
        more = True
        with contextlib.ExitStack() as ending:
            ending.enter_context(contextlib.redirect_stdout(sys.stderr))  # Ray prints deaths of nodes: JSON goes there
            ending.callback(self._end, tasks)
            while more or again or tasks:
                while (more or again) and self._has_room(tasks, interruption):
                    one = again.pop(0) if again else source()
                    if isinstance(one, jobs.Later):
                        break
                    more = more and one is not None
                    if one is not None:
                        interruption.check()
                        tasks.append(self._submit(one if isinstance(one, jobs.Waiting) else jobs.Waiting(one)))
                left = interruption.remaining
                ready = self._wait(tasks, _LOOK_EVERY if left is None else min(_LOOK_EVERY, left))
                interruption.check()
                for task in ready:
                    for event in self._read(task):
                        if not isinstance(event, jobs.Started | jobs.Progressed):
                            tasks.remove(task)
                        handle(event)
                        if isinstance(event, jobs.Lost) and not event.final:
                            again.append(task.waiting.try_again(event))

    def _has_room(self, tasks: list[_Task], interruption: Interruption) -> bool:
        """Whether Ray is given another task. Under a budget none waits: which is next is then decided late. Beside one
        that waits for a whole GPU none begins: others could take parts of each for ever."""
        if not tasks:
            return True
        if any(task.waiting.alone and not task.started for task in tasks):
            return False
        width = self.width
        ahead = 0 if interruption.remaining is not None else -(-width // _AHEAD)
        return len(tasks) < (width + ahead if self.limit is None else min(self.limit, width + ahead))

    def _submit(self, waiting: jobs.Waiting) -> _Task:
        """Give Ray a job, and what it reads. Raises InputError."""
        job = replace(waiting.job, run=jobs.make_absolute(waiting.job.run))
        store, code = job.run.store, self.connection.collect_code(job)
        self.connection.open(code)
        suite = job.suite if isinstance(job, jobs.ProbeJob) else job.run.suite
        shared = {key: store.path(key) for key in (DATA, *([store.suite(suite)] if suite else []))}
        named = {cell.settings["model"].get("embedding", {}).get("table") for cell in jobs.cells_of(job)} - {None}
        tables = {table: f"tables/{number}/{Path(table).name}" for number, table in enumerate(sorted(named))}
        shared |= {key: Path(job.run.base) / table for table, key in tables.items()}
        inputs = [self.connection.send(path, key) for key, path in shared.items()]
        if isinstance(job, jobs.ScoreJob | jobs.ProbeJob):
            weights = (store.weights(job.cell.hash, checkpoint) for checkpoint in CHECKPOINTS)
            inputs += [read_files(store.path(key), key) for key in weights]
        there = replace(job, run=replace(job.run, folder="", tables=tables))
        asked = pickle.dumps((there, code.hashes, self.timeout))
        sharing = 1 if waiting.alone else self.cells_per_gpu or 1
        gpus = 10_000 // sharing / 10_000 if waiting.on_gpu else 0  # Ray counts in parts of ten thousand, and rounds up
        name = f"{type(job).__name__} {job.cell.variant} seed {job.cell.seed}"  # for Ray's own tools
        return _Task(waiting, self.connection.task.options(name=name, num_gpus=gpus).remote(asked, *inputs))

    def _wait(self, tasks: list[_Task], patience: float) -> list[_Task]:
        """Those that have something to say, within `patience` seconds. Raises StoreError when the head is gone."""
        if not tasks:
            time.sleep(patience)
            return []
        self.connection.count("CPU")
        ray, streams = self.connection.open(), {task.stream: task for task in tasks}
        ready = ray.wait([*streams], num_returns=len(streams), timeout=0)[0]
        return [streams[stream] for stream in ready or ray.wait([*streams], timeout=patience)[0]]

    def _read(self, task: _Task) -> Iterator[jobs.Event]:
        """What a task has told since, each end behind a start; what it wrote goes into the store. Raises InputError
        where its node cannot be used, StoreError where the store cannot be written, and what the node raised."""
        ray, job, attempt = self.connection.open(), task.waiting.job, task.waiting.attempt
        over = False
        while not over and ray.wait([task.stream], timeout=0)[0]:
            try:
                told = ray.get(next(task.stream))
            except (StopIteration, ray.exceptions.RayError) as error:
                told = jobs.Lost(job, attempt, _find_reason(ray, error), "", False), {}
            if not isinstance(told, tuple):
                self.connection.compare_node(told, job.cell.settings["training"]["device"])
                continue
            event, files = told
            save_returned(job, files)
            over = not isinstance(event, jobs.Started | jobs.Progressed)
            if over and not task.started:
                yield jobs.Started(job, attempt, 0)
            task.started = True
            if isinstance(event, jobs.Lost):
                event = replace(event, final=attempt >= jobs.MOST_ATTEMPTS)
            yield (
                replace(event, job=job)
                if isinstance(event, jobs.Progressed)
                else replace(event, job=job, attempt=attempt)
            )

    def _end(self, tasks: list[_Task]) -> None:
        """Cancel what is left, and wait until nothing of it runs. Nodes are told directly: it needs no head."""
        for force in (False, True):
            if tasks:
                ray, ends = self.connection.open(), {task.stream.completed(): task for task in tasks}
                for task in sorted(tasks, key=lambda task: task.started):
                    ray.cancel(task.stream, force=force)  # waiting first: one that begins meanwhile makes Ray abort
                tasks = [ends[end] for end in ray.wait([*ends], num_returns=len(ends), timeout=_LEAVING)[1]]


def _find_reason(ray: Any, error: Exception) -> str:
    """Why Ray lost a task. Raises what keeps its node from any job."""
    cause: Any = getattr(error, "cause", None)
    if isinstance(cause, MemoryError) or isinstance(error, ray.exceptions.OutOfMemoryError):
        return "out of memory on its node"
    if isinstance(error, ray.exceptions.NodeDiedError | ray.exceptions.LocalRayletDiedError):
        return "its node died"
    if not isinstance(error, ray.exceptions.RayTaskError):
        return f"Ray lost it: {format_error(error)}"
    if isinstance(cause, BrittlestarError):
        raise cause
    if isinstance(cause, ImportError) or "failed to import" in str(cause):
        hint = "install brittlestar there, in the same version, for the same Python"
        raise InputError(f"a node cannot load brittlestar: {format_error(cause)}", "--executor=ray", hint)
    raise error
