"""The fork server: a process with PyTorch loaded, from which a worker is forked in a twentieth of a second."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
import types
from collections.abc import Callable, Generator
from contextlib import contextmanager
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from typing import Any

_SET = {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "POLARS_MAX_THREADS": "1",
    "PYTHONHASHSEED": "0",
}
"""One thread for every library; and own code that iterates over sets of strings does so in the same order each time."""


_STARTING = threading.RLock()
"""Starting touches the environment and `__main__` of the whole process for a moment: one thread at a time."""


def fork_server(optimisers: bool = True) -> ForkServerContext:
    """Its context; it is started when there is none (any more), and loads PyTorch while this process goes on.

    With `optimisers` a new one also loads what PyTorch's own optimisers need at their first use.
    """
    context = multiprocessing.get_context("forkserver")
    modules = ["brittlestar.execution.preload", "brittlestar.execution.preload_optimisers"]
    context.set_forkserver_preload(modules if optimisers else modules[:1])
    with _STARTING, _environment():
        forkserver.ensure_running()
    return context


def server_id() -> int | None:
    """The process id of the fork server as last started."""
    return getattr(getattr(forkserver, "_forkserver", None), "_forkserver_pid", None)


def start(target: Callable[..., None], *arguments: Any) -> BaseProcess:
    """A new worker that runs `target(*arguments)`; it knows nothing of the caller's script."""
    process = fork_server().Process(target=target, args=arguments)
    with _STARTING, _no_main():
        process.start()
    return process


@contextmanager
def _environment() -> Generator[None]:
    kept = {name: os.environ.get(name) for name in _SET}
    os.environ.update(_SET)
    try:
        yield
    finally:
        for name, value in kept.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _no_main() -> Generator[None]:
    """Children need nothing of the caller's script: without this each would run it again from its top."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
