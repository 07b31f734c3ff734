"""What happens on a node of a Ray cluster: one job in a process of its own, and its value kept in the store.

Ray loads this module on every node; it imports no Ray.
"""

import contextlib
import hashlib
import os
import socket
import threading
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from typing import Any

from brittlestar.core.errors import BrittlestarError
from brittlestar.execution.describing import describe_worker
from brittlestar.execution.environment import environment_class
from brittlestar.execution.interruption import Interrupted, Interruption
from brittlestar.execution.job_inputs import store_of
from brittlestar.execution.jobs import Event, InspectJob, Job, Site, Started
from brittlestar.execution.keeping import keep_end
from brittlestar.execution.own_code import OwnCode, place_own_code
from brittlestar.execution.processes import Processes

_MARK = "vocabulary.json"
"""The file of a store's data by whose hash a node knows that it sees the same store."""
_LOOKS, _BETWEEN = 10, 0.5  # a shared folder may show a new file seconds late
_LOOK_EVERY = 0.1  # seconds within which a cancelled job notices
_NO_JOB = InspectJob(Site("", "", ""), ())
"""Stands for the job in events that cross to the driver, which knows it."""


@dataclass(frozen=True)
class Demand:
    """What a node must be like: the environment class for `device`, and the hash of a file of the store's data, None
    where any will do."""

    device: str
    environment_class: str | None
    mark: str | None


@dataclass(frozen=True)
class NodeReport:
    """What a node is: its host, what a worker process computes with there, and whether it sees the store."""

    host: str
    described: dict[str, Any]
    sees_store: bool


@dataclass(frozen=True)
class NodeRefused:
    """The node is not as demanded: nothing was begun there."""

    report: NodeReport


@dataclass(frozen=True)
class Raised:
    """The node cannot go on, and neither can the run: the store refuses to be written, for one. What was not meant
    for a person comes with its traceback."""

    error: Exception


Message = Event | NodeRefused | Raised


def read_mark(site: Site) -> str | None:
    """What tells a store from another one at the same path; None where no data are there."""
    try:
        return hashlib.sha256((store_of(site).data / _MARK).read_bytes()).hexdigest()
    except OSError:
        return None


def report_node(site: Site, mark: str | None) -> NodeReport:
    """Describe this node, as seen by a job at `site`."""
    return NodeReport(socket.gethostname(), describe_worker(), _sees(site, mark))


def _sees(site: Site, mark: str | None) -> bool:
    for look in range(_LOOKS):
        if read_mark(site) == mark:
            return True
        time.sleep(_BETWEEN * (look + 1 < _LOOKS))
    return False


def do_job(job: Job, code: OwnCode, demand: Demand, timeout: float | None) -> Iterator[Message]:
    """Do a job once, in a process of its own, and tell what happens while it happens; its value is kept here where the
    job's site has records. Ends the process with all that it started when it is closed or interrupted."""
    report = report_node(job.site, demand.mark)
    fits = demand.environment_class in (None, environment_class(report.described, demand.device))
    if not fits or not report.sees_store:
        yield NodeRefused(report)
        return
    events, ending = SimpleQueue[Message | None](), Interruption()
    doing = threading.Thread(target=_do, args=(job, code, timeout, events, ending), daemon=True)
    doing.start()
    try:
        while True:
            with contextlib.suppress(Empty):  # waits in short turns: an interrupt of Ray's comes between two
                if (event := events.get(timeout=_LOOK_EVERY)) is None:
                    return
                yield event
    finally:
        ending.deadline = 0.0
        doing.join()


def _gpu_of_task() -> int | None:
    """The number of the GPU that Ray gave this task a part of; None where it gave none, or names it otherwise."""
    named = os.environ.get("CUDA_VISIBLE_DEVICES", "").partition(",")[0]
    return int(named) if named.isdecimal() else None


def _do(
    job: Job, code: OwnCode, timeout: float | None, events: SimpleQueue[Message | None], ending: Interruption
) -> None:
    def tell(event: Event) -> None:
        event = keep_end(event)
        if isinstance(event, Started):
            event = replace(event, host=socket.gethostname(), gpu=_gpu_of_task())
        events.put(replace(event, job=_NO_JOB))

    try:
        place = replace(job.site, search_path=place_own_code(code, job.site.search_path))
        waiting = iter([replace(job, site=place)])
        Processes(1, timeout, attempts=1).run(lambda: next(waiting, None), tell, ending)
    except Interrupted:
        pass
    except BrittlestarError as error:
        events.put(Raised(error))
    except Exception:  # a fault of ours: told by the driver, not by a thread that nobody hears
        events.put(Raised(RuntimeError(f"on {socket.gethostname()}: {traceback.format_exc()}")))
    finally:
        events.put(None)
