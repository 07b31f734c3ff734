"""The fork server: a process with PyTorch loaded, from which a worker is forked in a twentieth of a second. Where the
system forks nothing, workers are new interpreters."""

from __future__ import annotations

import multiprocessing
import sys
import threading
import types
from collections.abc import Callable, Generator
from contextlib import contextmanager
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Any

from brittlestar.core.processes import set_variables

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext, SpawnContext

PINNED = {
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


def start_server(optimisers: bool = True) -> ForkServerContext | SpawnContext:
    """What workers are started from: a fork server, which is started when there is none (any more), and loads PyTorch
    while this process goes on. Windows has none: each worker is a new interpreter there, and loads it itself.

    With `optimisers` a new server also loads what PyTorch's own optimisers need at their first use.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(preloaded_modules(optimisers, sys.platform))
    with _STARTING, set_variables(PINNED):
        forkserver.ensure_running()
    return context


def preloaded_modules(optimisers: bool, system: str) -> list[str]:
    """What the fork server loads before it forks: nothing on macOS (`system` is `sys.platform`), whose libraries may
    start threads when PyTorch loads them and do not promise to work after a fork. Workers load it themselves there."""
    if system == "darwin":
        return []
    modules = ["brittlestar.execution.preload", "brittlestar.execution.preload_optimisers"]
    return modules if optimisers else modules[:1]


def server_id() -> int | None:
    """The process id of the fork server as last started, None where there is none."""
    return getattr(getattr(forkserver, "_forkserver", None), "_forkserver_pid", None)


def start(target: Callable[..., None], *arguments: Any) -> BaseProcess:
    """A new worker that runs `target(*arguments)`; it knows nothing of the caller's script."""
    process = start_server().Process(target=target, args=arguments)
    with _STARTING, _no_main(), set_variables(PINNED):
        process.start()
    return process


@contextmanager
def _no_main() -> Generator[None]:
    """Children need nothing of the caller's script: without this each would run it again from its top."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
