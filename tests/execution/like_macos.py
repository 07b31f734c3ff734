"""Takes away from this process what macOS lacks: imported by a run, and preloaded by its fork server."""

import ctypes
import os
from typing import Any

from brittlestar.execution import server

LACKING = ("sched_getaffinity", "waitid", "P_ALL", "WEXITED", "WNOWAIT")
"""Of `os`; `waitid` came to macOS with Python 3.13."""


class _Library(ctypes.CDLL):
    """A library without the functions that Linux or its C library alone have."""

    def __getattr__(self, name: str) -> Any:
        if name in ("prctl", "mallopt"):
            raise AttributeError(name)
        return super().__getattr__(name)


for name in LACKING:
    if hasattr(os, name):
        delattr(os, name)
ctypes.CDLL = _Library  # type: ignore[misc]  # pyright: ignore
server.preloaded_modules = lambda optimisers, system: [__name__]
