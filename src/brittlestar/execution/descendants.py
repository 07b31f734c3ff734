"""Processes that own code started: they end with the job that started them."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterable
from pathlib import Path


def descendants(roots: Iterable[int]) -> list[int]:
    """Process ids of all children, grandchildren … of `roots`, which are left out. Linux only; elsewhere none."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text(encoding="ascii", errors="replace")
        except OSError:
            continue  # it ended meanwhile
        children.setdefault(int(stat.rpartition(")")[2].split()[1]), []).append(int(folder.name))
    waiting, found = list(roots), list[int]()
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def kill_all(processes: Iterable[int]) -> None:
    """SIGKILL to every process that is still there."""
    for process in processes:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(process, signal.SIGKILL)


def has_children() -> bool:
    """Whether this process has any child, ended ones not yet waited for included: no look at all processes needed."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True
