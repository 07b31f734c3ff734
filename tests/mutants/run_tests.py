"""Runs tests of a tree in a child of this process, which has what tests import from others ready: seconds saved."""

from __future__ import annotations

import importlib
import os
import signal
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

READY = [
    "hypothesis.extra.numpy",
    "scipy.stats",
    "scipy.sparse",
    "polars",
    "pydantic",
    "typer",
    "jinja2",
    "pandas",
    "sklearn.svm",
    "statsmodels.api",
]
OWN = {"brittlestar", "exam", "tests"}
"""Packages that a child imports from its tree, whatever this process has of them."""
WITHOUT = ("cacheprovider", "xdist", "brittlestar")
QUIET = [
    *("-q", "-W", "ignore::pytest.PytestAssertRewriteWarning"),
    *(part for name in WITHOUT for part in ("-p", f"no:{name}")),
]
"""No files, no workers, no plugin of a package that the tree may have changed, and no word about modules that this
process has ready."""
LATE = 124
"""Exit code of a run that was ended for its time, as of `timeout`."""


def run_tests(tree: Path, tests: Sequence[str], seconds: float) -> int:
    """Exit code of pytest on tests of a tree, which stops at the first that fails: 0 all passed, 1 one failed,
    2 or more a module that cannot be imported, and LATE after that many seconds."""
    return run_apart(lambda: _run_pytest([*QUIET, "-x", *tests]), tree, seconds)


def run_apart(work: Callable[[], int], tree: Path, seconds: float) -> int:
    """The exit code of work done in a child whose packages are the tree's and whose output is dropped."""
    for name in READY:
        importlib.import_module(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads: those of libraries, which have no work yet
        child = os.fork()
    if child == 0:
        code = 3
        try:
            _enter(tree)
            code = int(work())
        finally:
            os._exit(code)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            _end_group(child)
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    _end_group(child)
    os.waitpid(child, 0)
    return LATE


def _run_pytest(arguments: list[str]) -> int:
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"  # or the next mutant of the file, of one size and second, is not read
    sys.dont_write_bytecode = True
    return int(pytest.main(arguments))


def _enter(tree: Path) -> None:
    os.setsid()  # so that its own children can be ended with it
    os.chdir(tree)
    paths = [str(tree / "src"), str(tree)]
    sys.path[:] = [*paths, *sys.path]
    os.environ["PYTHONPATH"] = os.pathsep.join(paths)
    for name in [name for name in sys.modules if name.partition(".")[0] in OWN]:
        del sys.modules[name]
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)


def _end_group(child: int) -> None:
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        return
