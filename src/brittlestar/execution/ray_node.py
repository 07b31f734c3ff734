"""What happens on a node of a Ray cluster: one job in a process of its own, whose files go back to the run.

Ray loads this module on every node; it imports no Ray.
"""

import contextlib
import os
import socket
import threading
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from typing import Any

from brittlestar.core.errors import BrittlestarError
from brittlestar.execution.describing import describe_worker
from brittlestar.execution.environment import environment_class
from brittlestar.execution.interruption import Interrupted, Interruption
from brittlestar.execution.jobs import Event, Failed, Finished, InspectJob, Job, Run, Started
from brittlestar.execution.own_code import OwnCode, place_own_code
from brittlestar.execution.processes import Processes
from brittlestar.execution.ray_files import Carried, Returned, collect_returned, place_job
from brittlestar.execution.saving import save_end

_LOOK_EVERY = 0.1  # seconds within which a cancelled job notices
_NO_JOB = InspectJob(Run("", "", ""), ())
"""Stands for the job in events that cross to the driver, which knows it."""


@dataclass(frozen=True)
class Demand:
    """What a node must be like: the environment class for `device`."""

    device: str
    environment_class: str


@dataclass(frozen=True)
class NodeReport:
    """What a node is: its host, and what a worker process computes with there."""

    host: str
    described: dict[str, Any]


@dataclass(frozen=True)
class NodeRefused:
    """The node is not as demanded: nothing was begun there."""

    report: NodeReport


@dataclass(frozen=True)
class Raised:
    """The node cannot go on, and neither can the run: its disk is full, for one. What was not meant for a person comes
    with its traceback."""

    error: Exception


@dataclass(frozen=True)
class Ended:
    """A job's last event, with what it wrote."""

    event: Event
    files: Returned


Message = Event | Ended | NodeRefused | Raised


def report_node() -> NodeReport:
    """Describe this node."""
    return NodeReport(socket.gethostname(), describe_worker())


def do_job(
    job: Job, code: OwnCode, demand: Demand, timeout: float | None, run: str, *carried: Carried
) -> Iterator[Message]:
    """Do a job of a `run` once, in a process of its own, with files that were `carried` here, and tell what happens
    while it happens; its value comes as files where the job's run has an environment class. Ends the process with all
    that it started when it is closed or interrupted."""
    report = report_node()
    if demand.environment_class != environment_class(report.described, demand.device):
        yield NodeRefused(report)
        return
    events, ending = SimpleQueue[Message | None](), Interruption()
    doing = threading.Thread(target=_do, args=(job, code, timeout, run, carried, events, ending), daemon=True)
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
    job: Job,
    code: OwnCode,
    timeout: float | None,
    run: str,
    carried: tuple[Carried, ...],
    events: SimpleQueue[Message | None],
    ending: Interruption,
) -> None:
    def tell(event: Event) -> None:
        event = save_end(event)
        if isinstance(event, Started):
            event = replace(event, host=socket.gethostname(), gpu=_gpu_of_task())
        bare = replace(event, job=_NO_JOB)
        events.put(Ended(bare, collect_returned(event.job)) if isinstance(event, Finished | Failed) else bare)

    try:
        with place_job(job, run, carried) as here:
            there = replace(here.run, search_path=place_own_code(code, job.run.search_path))
            waiting = iter([replace(here, run=there)])
            Processes(1, timeout, attempts=1).run(lambda: next(waiting, None), tell, ending)
    except Interrupted:
        pass
    except BrittlestarError as error:
        events.put(Raised(error))
    except Exception:  # a fault of ours: told by the driver, not by a thread that nobody hears
        events.put(Raised(RuntimeError(f"on {socket.gethostname()}: {traceback.format_exc()}")))
    finally:
        events.put(None)
