"""The processes that own code starts: all of them end with the job that started them."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psutil import Process  # late below: who trains nothing does without it


def descendants(roots: Iterable[int]) -> list[Process]:
    """All children, grandchildren … of processes, which are left out; none of one that has ended."""
    import psutil

    found: list[Process] = []
    for root in roots:
        with suppress(psutil.Error):
            found += psutil.Process(root).children(recursive=True)
    return found


def forks_since(before: Collection[Process]) -> list[Process]:
    """Copies of this process below it that were not there `before`: what runs another program may serve a library,
    which uses it again."""
    return [one for one in descendants([os.getpid()]) if one not in before and _is_copy(one)]


def kill_all(processes: Iterable[Process]) -> None:
    """End every process that is still there, and none that was given its number since."""
    import psutil

    for process in processes:
        with suppress(psutil.Error):
            process.kill()


def kill_own_tree() -> None:
    """End all descendants of this process, then itself."""
    import psutil

    kill_all([*descendants([os.getpid()]), psutil.Process()])


def _is_copy(process: Process) -> bool:
    import psutil

    try:
        return process.cmdline() == psutil.Process().cmdline()
    except psutil.Error:
        return False
