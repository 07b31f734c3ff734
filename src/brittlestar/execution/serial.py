"""One job after another, in this very process."""

import contextlib
import io
import os
import sys
import threading
import time
from collections.abc import Generator
from dataclasses import dataclass

from brittlestar.execution.descendants import descendants, forks_since, kill_all
from brittlestar.execution.guarded import ending, perform_guarded, read_log
from brittlestar.execution.interruption import Interruption
from brittlestar.execution.jobs import Failed, Finished, Handler, Job, Later, Lost, Progressed, Source, Started

_ASK_EVERY = 0.2  # seconds between two questions for a job
_ONE_AT_A_TIME = threading.RLock()
"""A job owns the global random state and standard output of the process: runs in several threads take turns."""


@dataclass(frozen=True)
class Serial:
    """Runs jobs in this process: for debuggers, and where processes cannot be started.

    A crash of own code ends everything, there is no timeout, a budget is looked at after each epoch, and what own code
    prints past `sys.stdout` and `sys.stderr` goes to standard error; see `Processes` for isolation. Copies of this
    process that own code forks and leaves behind are ended with its job.
    """

    width: int = 1

    def run(self, source: Source, handle: Handler, interruption: Interruption) -> None:
        """Run every job of `source`. Raises Interrupted."""
        while (job := source()) is not None:
            if isinstance(job, Later):
                interruption.check()
                time.sleep(_ASK_EVERY)
                continue
            attempt, last = 1, False
            while not last:
                interruption.check()
                handle(Started(job, attempt, os.getpid()))
                event = _one(job, attempt, handle, interruption)
                handle(event)
                attempt, last = attempt + 1, not isinstance(event, Lost) or event.final


class _Aside(BaseException):
    """Carries what `handle` raised past own code, which must not take it for its own."""


def _one(job: Job, attempt: int, handle: Handler, interruption: Interruption) -> Finished | Failed | Lost:
    def progress(epoch: int, epochs: int) -> None:
        try:
            handle(Progressed(job, epoch, epochs))
            interruption.check()
        except BaseException as error:
            raise _Aside from error

    bytes_ = io.BytesIO()
    log = io.TextIOWrapper(bytes_, encoding="utf-8", errors="backslashreplace", write_through=True)
    try:
        with (
            _ONE_AT_A_TIME,
            interruption.at_once(),
            _ending_processes(),
            _freeing_output(),
            contextlib.redirect_stdout(log),
            contextlib.redirect_stderr(log),
        ):
            result = perform_guarded(job, progress)
    except _Aside as aside:
        raise aside.__cause__ or aside from None
    return ending(job, attempt, result, read_log(bytes_))


@contextlib.contextmanager
def _ending_processes() -> Generator[None]:
    """Kill the processes that were forked inside and still run at the end."""
    before = frozenset(descendants([os.getpid()]))
    try:
        yield
    finally:
        kill_all(forks_since(before))


@contextlib.contextmanager
def _freeing_output() -> Generator[None]:
    """Inside, what is written past `sys.stdout`, as by commands that are started, goes to standard error: what this
    process says on its standard output is read by others."""
    try:
        sys.stdout.flush()
        kept = os.dup(1)
    except (OSError, ValueError, AttributeError):  # it has none
        yield
        return
    try:
        os.dup2(2, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
