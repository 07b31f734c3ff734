"""One process per job, forked where the system can from a server that has PyTorch loaded: isolation for a twentieth of
a second."""

import itertools
import multiprocessing
import pickle
import signal
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from brittlestar.core.errors import StoreError
from brittlestar.execution import jobs
from brittlestar.execution.descendants import descendants, kill_all
from brittlestar.execution.guarded import JobResult, ending, read_log
from brittlestar.execution.interruption import Interruption
from brittlestar.execution.places import FIRST_GPU, Places, describe_shortage
from brittlestar.execution.server import server_id, start, start_server
from brittlestar.execution.worker import live

_LOOK_EVERY = 0.2  # seconds: quicker than a person notices
_LEAVING = 2.0  # seconds for a worker to end by itself
_SERVER_GONE = 255  # what a worker's exit code reads as when the fork server that would have told it is dead


@dataclass
class _Running:
    waiting: jobs.Waiting
    process: BaseProcess
    channel: Connection
    log: Path
    gpu: int | None
    server: int | None
    started: float = field(default_factory=time.monotonic)
    result: JobResult | None = None
    silent: bool = False

    @property
    def job(self) -> jobs.Job:
        return self.waiting.job

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
    lost is done again until it has had `attempts`. Jobs for cuda begin where `places` has one; without it on the first
    GPU."""

    width: int
    timeout: float | None = None
    attempts: int = jobs.MOST_ATTEMPTS
    places: Places = FIRST_GPU

    def warm(self, optimisers: bool = True) -> None:
        """Start loading PyTorch in the fork server, with what its own optimisers need where the study may use one."""
        start_server(optimisers)

    def run(self, source: jobs.Source, handle: jobs.Handler, interruption: Interruption) -> None:
        """Run every job of `source`. Raises Interrupted."""
        running: list[_Running] = []
        waiting: list[jobs.Waiting] = []
        more = True
        news: list[jobs.Event] = []
        starts = itertools.count()
        with _scratch() as scratch:
            try:
                while True:
                    asks_again = False
                    while len(running) < self.width:
                        if any(isinstance(event, jobs.Failed) for event in news):  # what is next may depend on it
                            asks_again = True
                            break
                        turn = _next_turn(waiting, self._places_now(running))
                        if turn is None:
                            if not more or not all(one.alone for one in waiting):
                                break
                            job = source()
                            if isinstance(job, jobs.Later):
                                asks_again = bool(news)
                                break
                            more = job is not None
                            waiting += [] if job is None else [jobs.Waiting(job)]
                            continue
                        interruption.check()
                        one, gpu = turn
                        waiting.remove(one)
                        try:
                            running.append(_start(one, scratch / f"{next(starts)}.log", gpu))
                        except (EOFError, ConnectionError):
                            interruption.check()  # the same Ctrl-C ended the server that forks
                            raise
                        pid = running[-1].process.pid or 0
                        news.append(jobs.Started(one.job, one.attempt, pid, gpu=gpu))
                    while news:  # only now: a free place is filled before what ended is written down
                        handle(news.pop(0))
                    if asks_again:
                        continue
                    if not running and not waiting and not more:
                        return
                    left = interruption.remaining
                    patience = _LOOK_EVERY if left is None else min(_LOOK_EVERY, left)
                    wait([one.channel for one in running], timeout=patience)
                    interruption.check()  # before a death is read: the same Ctrl-C may have caused it
                    news += self._listen(running, waiting)
            finally:
                _end(running)

    def _places_now(self, running: list[_Running]) -> Places:
        places = self.places
        for job in running:
            places = places if job.gpu is None else places.take(job.gpu, job.waiting.alone)
        return places

    def _listen(self, running: list[_Running], waiting: list[jobs.Waiting]) -> Iterator[jobs.Event]:
        """What happened; who ended leaves `running`, and whose job is to be tried once more is the next that waits."""
        for job in list(running):
            alive = job.process.is_alive()  # asked before reading: what a dead process sent is then already there
            yield from job.read()
            late = self.timeout is not None and time.monotonic() - job.started > self.timeout
            if job.result is None and alive and not late and not job.silent:
                continue
            event = _ending(job, self.timeout if late else None, self.attempts)
            running.remove(job)
            if isinstance(event, jobs.Lost) and not event.final:
                waiting.append(job.waiting.try_again(event))
            yield event


def _next_turn(waiting: list[jobs.Waiting], places: Places) -> tuple[jobs.Waiting, int | None] | None:
    """The first that waits and can begin, and its GPU, None for the CPU."""
    one_waits = any(job.alone for job in waiting)
    for job in waiting:
        if not job.on_gpu:
            return job, None
        gpu = places.choose(job.alone, one_waits)
        if gpu is not None:
            return job, gpu
    return None


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


def _start(one: jobs.Waiting, log: Path, gpu: int | None) -> _Running:
    """`log` is of this start alone: one job may run twice at once."""
    receiver, sender = multiprocessing.Pipe(duplex=False)
    process = start(live, one.job, sender, str(log), gpu or 0)
    sender.close()
    return _Running(one, process, receiver, log, gpu, server_id())


def _end(running: list[_Running]) -> None:
    below = descendants(job.process.pid for job in running if job.process.pid) if running else []
    for job in running:
        job.process.kill()
    kill_all(below)
    for job in running:
        job.process.join()


def _ending(one: _Running, timeout: float | None, attempts: int) -> jobs.Finished | jobs.Failed | jobs.Lost:
    """The last event of a process that has sent its result, is dead or is to die."""
    job, attempt = one.job, one.waiting.attempt
    if one.result is None and timeout is not None:
        _end([one])
        return jobs.Failed(
            job, attempt, f"timed out: not done within {timeout:g} s (--timeout)", one.close(), timed_out=True
        )
    one.process.join(_LEAVING)
    code = one.process.exitcode
    if code is None:
        _end([one])
    log, final = one.close(), attempt >= attempts
    if one.result is not None:
        event = ending(job, attempt, one.result, log, attempts)
        short = isinstance(event, jobs.Lost) and event.on_gpu
        return replace(event, reason=describe_shortage(f"GPU {one.gpu or 0}")) if short else event
    if code == _SERVER_GONE and start_server() and server_id() != one.server:  # a new one is started
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
