"""Who trains: processes, a Ray cluster, or this process where a model cannot leave it; and what to say of that."""

import os
import socket
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.optional import require
from brittlestar.execution.environment import usable_cores
from brittlestar.execution.jobs import Executor
from brittlestar.execution.processes import Processes
from brittlestar.execution.ray_executor import LOCAL, Cluster, Connection
from brittlestar.execution.serial import Serial
from brittlestar.models.naming import NamedModel
from brittlestar.models.session_model import why_not_carried

ExecutorName = Literal["processes", "serial", "ray"]
_PATIENCE = 5.0  # seconds for a cluster to answer
_TIMEOUT = "--timeout needs --executor processes or ray"


def default_width(jobs: int | None) -> int:
    """How many cells run at once: as asked, or one per core that this process may use. Raises InputError."""
    if jobs is not None and jobs < 1:
        raise InputError(f"--jobs must be 1 or more (got {jobs})")
    return jobs or usable_cores()


def executor_problems(executor: str, timeout: float | None, address: str | None = None) -> list[Problem]:
    """What is wrong with the options that choose an executor."""
    names = get_args(ExecutorName)
    wrong = [f"--executor must be processes or serial or ray (got {executor!r})"] * (executor not in names)
    wrong += ["--address needs --executor ray"] * (address is not None and executor != "ray")
    wrong += [_TIMEOUT] * (timeout is not None and executor == "serial")
    return [Problem(what) for what in wrong]


@dataclass(frozen=True)
class Workers:
    """Who carries runs out, as a user says it: the executor, how many runs go on at once at most (None: as many as
    there are cores), seconds after which one fails, and the address of a cluster."""

    executor: ExecutorName = "processes"
    jobs: int | None = None
    timeout: float | None = None
    address: str | None = None


def order_executor(workers: Workers, budget: float | None, named: NamedModel) -> tuple[Executor, tuple[str, ...]]:
    """`choose_executor` for a run, whose options are checked together. Raises InputError with every mistake."""
    wrong = executor_problems(workers.executor, workers.timeout, workers.address)
    for option, seconds in (("budget", budget), ("timeout", workers.timeout)):
        if seconds is not None and not seconds > 0:
            wrong.append(Problem(f"--{option} must be positive (got {seconds:g} s)"))
    if wrong:
        raise InputError(wrong)
    return choose_executor(workers.executor, workers.jobs, workers.timeout, named, workers.address)


def choose_executor(
    executor: ExecutorName, jobs: int | None, timeout: float | None, named: NamedModel, address: str | None = None
) -> tuple[Executor, tuple[str, ...]]:
    """The executor, and what a person should know of the choice. A model of the session goes to processes if it can be
    copied, and is trained in this process if not. Raises InputError where it then cannot be timed, or was to go to a
    cluster at `address`; MissingExtraError without Ray."""
    width, session = default_width(jobs), named.session
    if executor == "ray":
        return _choose_cluster(jobs, timeout, named, address)
    if session is None:
        return (Serial() if executor == "serial" else Processes(width, timeout)), ()
    intro, here = f"{session.name} is an object of this session", "its runs are trained in this process, one by one"
    if executor == "serial":
        return Serial(), (f"{intro}; {here}.",)
    reason = why_not_carried(session)
    if reason is None:
        return Processes(width, timeout), (f"{intro}; cloudpickle copied it to processes.",)
    if timeout is not None:
        raise InputError(f"{intro}; {here}: {reason}", "--timeout", _TIMEOUT)
    return Serial(), (f"{intro}; {here}: {reason}.",)


def _choose_cluster(
    jobs: int | None, timeout: float | None, named: NamedModel, address: str | None
) -> tuple[Executor, tuple[str, ...]]:
    require("ray", "ray")
    place = find_address(address)
    notes: tuple[str, ...] = ()
    if (session := named.session) is not None:
        reason = why_not_carried(session)
        if reason is not None:
            what = f"{session.name} is an object of this session and cannot go to a cluster: {reason}"
            raise InputError(what, "--executor=ray", "put it into a file and name it package.module:name")
        notes = (f"{session.name} is an object of this session; cloudpickle copied it to the nodes.",)
    return Cluster(jobs, timeout, Connection(place)), notes


def find_address(asked: str | None) -> str:
    """HOST:PORT of a cluster that answers, `local` where one is to be started. Raises InputError."""
    named = asked or os.environ.get("RAY_ADDRESS") or LOCAL
    if named == "auto":
        noted = Path(os.environ.get("RAY_TMPDIR") or "/tmp") / "ray" / "ray_current_cluster"  # by `ray start`
        named = os.environ.get("RAY_ADDRESS") or named
        named = noted.read_text(encoding="ascii").strip() if named == "auto" and noted.is_file() else named
    if named == "auto":
        hint = "start one: ray start --head; or leave --address out"
        raise InputError("no Ray cluster runs on this machine", "--address=auto", hint)
    host, _, port = named.rpartition(":")
    if named != LOCAL and (not host or not port.isdecimal() or "://" in named):
        hint = "give the head's HOST:PORT, as `ray start --head` prints it, on a machine of the cluster"
        raise InputError(f"{named!r} is not the address of a Ray cluster", "--address", hint)
    try:  # Ray itself would go on asking
        if named != LOCAL:
            socket.create_connection((host, int(port)), timeout=_PATIENCE).close()
    except OSError as error:
        hint = "is the cluster running, and its port open to this machine?"
        raise InputError(f"{named} does not answer: {error.strerror or error}", "--address", hint) from error
    return named


@contextmanager
def closing_executor(executor: Executor) -> Generator[None]:
    """When the block ends, end what an executor keeps open between runs: the connection to a cluster."""
    try:
        yield
    finally:
        if isinstance(executor, Cluster):
            executor.close()


def describe_session(named: NamedModel) -> tuple[str, ...]:
    """What a study says of a model that its store cannot train again."""
    session = named.session
    if session is None:
        return ()
    held = "hash and its source" if session.source else "hash (its source cannot be read)"
    notes = [
        f"The model {session.name} is an object of the session that trained it. The store keeps its {held}, not the "
        "object: to train more of it, give it again with model=."
    ]
    if session.digest.gaps:
        missed = ", ".join(session.digest.gaps)
        notes.append(
            f"The hash of {session.name} does not cover objects of type {missed}, which do not say what they hold. "
            "After a change there, give another out=."
        )
    return tuple(notes)
