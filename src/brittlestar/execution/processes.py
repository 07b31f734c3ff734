"""One process per job, forked from a server that has PyTorch loaded: isolation for a twentieth of a second."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import pickle
import signal
import sys
import tempfile
import time
import traceback
import types
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from brittlestar.core.errors import BrittlestarError
from brittlestar.execution.jobs import (
    MOST_ATTEMPTS,
    Failed,
    Finished,
    Handler,
    Job,
    Lost,
    Progressed,
    Source,
    Started,
)

_ONE_THREAD = (
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "POLARS_MAX_THREADS",
)
_PARENT_DEATH_SIGNAL = 1


@dataclass
class _Running:
    job: Job
    attempt: int
    process: BaseProcess
    channel: Connection
    log: Path
    started: float
    message: tuple[Any, ...] | None = None


@dataclass(frozen=True)
class Processes:
    """Up to `width` processes at once, one thread each; `timeout` in seconds per job, None for no limit."""

    width: int
    timeout: float | None = None

    def run(self, source: Source, handle: Handler) -> None:
        """Run every job of `source`."""
        context = _server()
        running: list[_Running] = []
        again: list[tuple[Job, int]] = []
        more = True
        with tempfile.TemporaryDirectory(prefix="brittlestar-") as scratch:
            try:
                while True:
                    while len(running) < self.width and (again or more):
                        if again:
                            job, attempt = again.pop(0)
                        else:
                            fresh = source()
                            more = fresh is not None
                            if fresh is None:
                                break
                            job, attempt = fresh, 1
                        running.append(_start(context, job, attempt, Path(scratch)))
                        handle(Started(job, attempt, running[-1].process.pid or 0))
                    if not running:
                        return
                    self._listen(running, again, handle)
            finally:
                for one in running:
                    one.process.kill()
                for one in running:
                    one.process.join()

    def _listen(self, running: list[_Running], again: list[tuple[Job, int]], handle: Handler) -> None:
        """Wait for the next news and pass it on."""
        wait([one.channel for one in running], timeout=0.2)
        for one in list(running):
            alive = one.process.is_alive()  # asked before reading: what a dead process sent is then already there
            for progress in _read(one):
                handle(progress)
            late = self.timeout is not None and time.monotonic() - one.started > self.timeout
            if one.message is None and alive and not late and not one.channel.closed:
                continue
            if one.message is None and late:
                one.process.kill()
            one.process.join(10)
            running.remove(one)
            event = _ending(one, self.timeout if late else None)
            if isinstance(event, Lost) and not event.final:
                again.append((one.job, one.attempt + 1))
            handle(event)


def _read(one: _Running) -> Iterator[Progressed]:
    """News of one process; the channel is closed at its end."""
    try:
        while not one.channel.closed and one.channel.poll():
            message = pickle.loads(one.channel.recv_bytes())
            if message[0] == "progress":
                yield Progressed(one.job, *message[1:])
            else:
                one.message = message
                one.channel.close()
    except (EOFError, OSError):
        one.channel.close()


def _ending(one: _Running, timeout: float | None) -> Finished | Failed | Lost:
    log = one.log.read_text(encoding="utf-8", errors="replace") if one.log.exists() else ""
    one.log.unlink(missing_ok=True)
    job, attempt = one.job, one.attempt
    if one.message is not None:
        kind, *rest = one.message
        if kind == "done":
            return Finished(job, attempt, rest[0], log)
        if kind == "memory":
            return Lost(job, attempt, f"out of memory: {rest[0]}", log, attempt >= MOST_ATTEMPTS)
        return Failed(job, attempt, rest[0], log, rest[1])
    if timeout is not None:
        return Failed(job, attempt, f"timed out: not done within {timeout:g} s (--timeout)", log)
    code = one.process.exitcode
    if code is not None and code >= 0:
        return Failed(job, attempt, f"the process ended itself with exit code {code}", log)
    name = signal.Signals(-code).name if code is not None else "no exit code"
    return Lost(job, attempt, f"the process was ended by {name}", log, attempt >= MOST_ATTEMPTS)


def _server() -> ForkServerContext:
    """The fork server, started once per process with PyTorch loaded and every library held to one thread."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["brittlestar.execution.preload"])
    kept = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))
    try:
        from multiprocessing import forkserver

        forkserver.ensure_running()
    finally:
        for name, value in kept.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
    return context


@contextmanager
def _no_main() -> Generator[None]:
    """Children need nothing of the caller's script: without this each would run it again from its top."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _start(context: ForkServerContext, job: Job, attempt: int, scratch: Path) -> _Running:
    receiver, sender = context.Pipe(duplex=False)
    log = scratch / f"{job.cell.hash[:16]}-{job.kind}-{attempt}.log"
    process = context.Process(target=_child, args=(job, sender, str(log)))
    with _no_main():
        process.start()
    sender.close()
    return _Running(job, attempt, process, receiver, log, time.monotonic())


def _child(job: Job, channel: Connection, log: str) -> None:
    """The whole life of a worker process."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    sys.stdout = open(1, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
    message = _outcome(job, channel)
    sys.stdout.flush()
    sys.stderr.flush()
    channel.send_bytes(pickle.dumps(message, protocol=5))
    channel.close()


def _outcome(job: Job, channel: Connection) -> tuple[Any, ...]:
    from brittlestar.execution.work import perform

    def progress(epoch: int, epochs: int) -> None:
        channel.send_bytes(pickle.dumps(("progress", epoch, epochs)))

    try:
        return "done", perform(job, progress)
    except MemoryError as error:
        return "memory", str(error)
    except BrittlestarError as error:
        return "failed", str(error), error
    except Exception as error:  # own code may raise anything; the cell fails, the study goes on
        if "can't allocate memory" in str(error) or type(error).__name__ == "OutOfMemoryError":
            return "memory", str(error)
        traceback.print_exc()
        return "failed", f"{type(error).__name__}: {error}", None
