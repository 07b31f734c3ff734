"""What own code leaves when it is done, threads and processes: all of it ends with the job that started it."""

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing import forkserver, resource_tracker
from pathlib import Path
from typing import Any

from brittlestar.core.processes import CAME_BACK
from brittlestar.models.source import defined_at, is_library, shorten_place
from brittlestar.study.units import count

_PROC = Path("/proc")
_PS = ("ps", "-A", "-o", "pid=", "-o", "ppid=")  # POSIX's way to ask, for systems without /proc, such as macOS


@dataclass(frozen=True)
class Leftovers:
    """The threads and processes of this process that were there before own code ran."""

    threads: frozenset[threading.Thread] = field(default_factory=lambda: frozenset(threading.enumerate()))
    processes: frozenset[int] = field(default_factory=lambda: frozenset(descendants([os.getpid()])))

    def new_processes(self) -> list[int]:
        """Those that came since; Python's own helpers, which serve the whole process, are left out."""
        helpers = {
            getattr(getattr(resource_tracker, "_resource_tracker", None), "_pid", None),
            getattr(getattr(forkserver, "_forkserver", None), "_forkserver_pid", None),
        }
        return [one for one in descendants([os.getpid()]) if one not in self.processes and one not in helpers]

    def new_forks(self) -> list[int]:
        """Of these the copies of this process, where the system tells: what runs another program may serve a library,
        which uses it again."""
        return [one for one in self.new_processes() if _is_copy(one)]

    def describe(self, name: str) -> Iterator[str]:
        """A sentence about the threads of own code that still run, and one about processes; `name` has its line."""
        running = [one for one in threading.enumerate() if one not in self.threads and one.is_alive()]
        places = {place for one in running if (place := _find_own_line(one)) is not None}
        if places:
            where = f" ({', '.join(sorted(places - {''}))})" if places - {""} else ""
            yield f"{name} leaves a thread running{where}. End it before the function returns."
        endings = [_exit_code(one) for one in self.new_processes()]
        if CAME_BACK in endings:
            yield f"{name} forked, and the child came back: it was ended. End it with os._exit(0)."
        if alive := endings.count(None):
            many = count(alive, "process", "processes")
            yield f"{name} leaves {many} running. End what a function starts before it returns."


def descendants(roots: Iterable[int]) -> list[int]:
    """Process ids of all children, grandchildren … of `roots`, which are left out; none where no one can be asked."""
    children: dict[int, list[int]] = {}
    for process, parent in _from_proc() if (_PROC / "self" / "stat").exists() else _from_ps():
        children.setdefault(parent, []).append(process)
    waiting, found = list(roots), list[int]()
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def _from_proc() -> Iterator[tuple[int, int]]:
    """Each process with its parent, as Linux lists them."""
    for folder in _PROC.glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text(encoding="ascii", errors="replace")
        except OSError:
            continue  # it ended meanwhile
        yield int(folder.name), int(stat.rpartition(")")[2].split()[1])


def _from_ps() -> Iterator[tuple[int, int]]:
    """The same from `ps`, itself left out."""
    try:
        asked = subprocess.Popen(_PS, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except OSError:
        return  # there is no `ps`
    told, _ = asked.communicate()
    for line in told.splitlines():
        process, parent = map(int, line.split())
        if process != asked.pid:
            yield process, parent


def kill_all(processes: Iterable[int]) -> None:
    """SIGKILL to every process that is still there."""
    for process in processes:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(process, signal.SIGKILL)


def has_children() -> bool:
    """Whether this process has any child: no look at all processes needed.

    Ended ones that nobody has waited for count. macOS has no `waitid` before Python 3.13: there they are waited for
    here, so call it only where nobody else will.
    """
    try:
        if hasattr(os, "waitid"):
            os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            return True
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass
        return True
    except ChildProcessError:
        return False


def _find_own_line(thread: threading.Thread) -> str | None:
    """Where the code of a thread is, empty where Python cannot tell; None for a thread of a library."""
    target: Any = getattr(thread, "_target", None) or type(thread).run
    target = getattr(target, "func", target)  # of a partial
    place = defined_at(target)
    if place and is_library(Path(place.rpartition(":")[0])):
        return None
    return shorten_place(place)


def _exit_code(process: int) -> int | None:
    """The code that a child ended with, which nobody has waited for yet; None where it runs, or nobody can tell."""
    if not hasattr(os, "waitid"):
        return None
    try:
        ended = os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:  # a grandchild, or gone
        return None
    return None if ended is None else ended.si_status


def _is_copy(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes() == Path("/proc/self/cmdline").read_bytes()
    except OSError:
        return False
