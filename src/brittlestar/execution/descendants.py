"""The processes that own code starts: all of them end with the job that started them."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

_PROC = Path("/proc")
_PS = ("ps", "-A", "-o", "pid=", "-o", "ppid=")  # POSIX's way to ask, for systems without /proc, such as macOS


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


def forks_since(before: Collection[int]) -> list[int]:
    """Copies of this process below it that were not there `before`, where the system tells: what runs another program
    may serve a library, which uses it again."""
    return [
        descendant for descendant in descendants([os.getpid()]) if descendant not in before and _is_copy(descendant)
    ]


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


def _is_copy(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes() == Path("/proc/self/cmdline").read_bytes()
    except OSError:
        return False
