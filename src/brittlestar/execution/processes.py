"""One process per job, forked from a server that has PyTorch loaded: isolation for a twentieth of a second."""

import multiprocessing
import pickle
import signal
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from brittlestar.core.errors import StoreError
from brittlestar.execution import jobs
from brittlestar.execution.descendants import descendants, kill_all
from brittlestar.execution.guarded import Result, ending, read_log
from brittlestar.execution.interruption import Interruption
from brittlestar.execution.server import fork_server, server_id, start
from brittlestar.execution.worker import live

_LOOK_EVERY = 0.2  # seconds: quicker than a person notices
_LEAVING = 2.0  # seconds for a worker to end by itself
_SERVER_GONE = 255  # what a worker's exit code reads as when the fork server that would have told it is dead


@dataclass
class _Running:
    job: jobs.Job
    attempt: int
    process: BaseProcess
    channel: Connection
    log: Path
    place: int
    server: int | None
    started: float = field(default_factory=time.monotonic)
    result: Result | None = None
    silent: bool = False

    def read(self) -> Iterator[jobs.Progressed]:
        """What the process has sent since."""
        try:
            while self.result is None and not self.silent and self.channel.poll():
                kind, *rest = pickle.loads(self.channel.recv_bytes())
                if kind == "progress":
                    yield jobs.Progressed(self.job, *rest)
                else:
                    self.result = rest[0]
        except (EOFError, OSError):
            self.silent = True

    def close(self) -> str:
        """Free what it holds, the process having ended; what it printed."""
        self.channel.close()
        self.process.close()
        if not self.log.exists():
            return ""
        with self.log.open("rb") as handle:
            text = read_log(handle)
        self.log.unlink()
        return text


@dataclass(frozen=True)
class Processes:
    """Up to `width` processes at once, one thread each; `timeout` in seconds per job, None for no limit. A job that is
    lost is done again until it has had `attempts`."""

    width: int
    timeout: float | None = None
    attempts: int = jobs.MOST_ATTEMPTS

    def warm(self, optimisers: bool = True) -> None:
        """Start loading PyTorch in the fork server, with what its own optimisers need where the study may use one."""
        fork_server(optimisers)

    def run(self, source: jobs.Source, handle: jobs.Handler, interruption: Interruption) -> None:
        """Run every job of `source`. Raises Interrupted."""
        running: list[_Running] = []
        again: list[tuple[jobs.Job, int]] = []
        more = True
        news: list[jobs.Event] = []
        with _scratch() as scratch:
            try:
                while True:
                    while len(running) < self.width and (again or more):
                        job, attempt = again.pop(0) if again else (source(), 1)
                        if job is None:
                            more = False
                            continue
                        interruption.check()
                        place = min(set(range(self.width)) - {one.place for one in running})
                        running.append(_start(job, attempt, scratch, place))
                        news.append(jobs.Started(job, attempt, running[-1].process.pid or 0))
                    while news:  # only now: a free place is filled before what ended is written down
                        handle(news.pop(0))
                    if not running and not again and not more:
                        return
                    left = interruption.remaining
                    patience = _LOOK_EVERY if left is None else min(_LOOK_EVERY, left)
                    wait([one.channel for one in running], timeout=patience)
                    interruption.check()  # before a death is read: the same Ctrl-C may have caused it
                    news += self._listen(running, again)
            finally:
                _end(running)

    def _listen(self, running: list[_Running], again: list[tuple[jobs.Job, int]]) -> Iterator[jobs.Event]:
        """What happened; who ended leaves `running`, and whose job is to be tried once more enters `again`."""
        for one in list(running):
            alive = one.process.is_alive()  # asked before reading: what a dead process sent is then already there
            yield from one.read()
            late = self.timeout is not None and time.monotonic() - one.started > self.timeout
            if one.result is None and alive and not late and not one.silent:
                continue
            event = _ending(one, self.timeout if late else None, self.attempts)
            running.remove(one)
            if isinstance(event, jobs.Lost) and not event.final:
                again.append((one.job, one.attempt + 1))
            yield event


@contextmanager
def _scratch() -> Generator[Path]:
    """A folder for what workers print, until it is read."""
    try:
        folder = tempfile.TemporaryDirectory(prefix="brittlestar-", ignore_cleanup_errors=True)
    except OSError as error:
        what = f"there is no room for temporary files: {error.strerror or error}"
        where = tempfile.gettempdir() if tempfile.tempdir else ""
        raise StoreError(what, where, "free some space there, or name another folder in TMPDIR") from error
    with folder as path:
        yield Path(path)


def _start(job: jobs.Job, attempt: int, scratch: Path, place: int) -> _Running:
    receiver, sender = multiprocessing.Pipe(duplex=False)
    log = scratch / f"{job.cell.hash[:16]}-{type(job).__name__}-{attempt}.log"
    process = start(live, job, sender, str(log), place)
    sender.close()
    return _Running(job, attempt, process, receiver, log, place, server_id())


def _end(running: list[_Running]) -> None:
    """Kill processes with all that they started, and wait until they are gone."""
    below = descendants(one.process.pid for one in running if one.process.pid) if running else []
    for one in running:
        one.process.kill()
    kill_all(below)
    for one in running:
        one.process.join()


def _ending(one: _Running, timeout: float | None, attempts: int) -> jobs.Finished | jobs.Failed | jobs.Lost:
    """The last event of a process that has sent its result, is dead or is to die."""
    job, attempt = one.job, one.attempt
    if one.result is None and timeout is not None:
        _end([one])
        return jobs.Failed(job, attempt, f"timed out: not done within {timeout:g} s (--timeout)", one.close())
    one.process.join(_LEAVING)
    code = one.process.exitcode
    if code is None:
        _end([one])
    log, final = one.close(), attempt >= attempts
    if one.result is not None:
        return ending(job, attempt, one.result, log, attempts)
    if code == _SERVER_GONE and fork_server() and server_id() != one.server:  # a new one is started
        return jobs.Lost(job, attempt, "the fork server died, and the process with it", log, final)
    if code is None:
        return jobs.Failed(job, attempt, "the process closed its files and stopped reporting", log)
    if code >= 0:
        return jobs.Failed(job, attempt, f"the process ended itself with exit code {code}", log)
    return jobs.Lost(job, attempt, f"the process was ended by {_signal_name(-code)}", log, final)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
