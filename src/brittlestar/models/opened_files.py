"""Which files own code opens, and where: an audit hook of Python, which sees what Python opens and nothing else."""

import functools
import os
import re
import sys
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from brittlestar.models.source import is_library, shorten_place

PACKAGE = str(Path(__file__).resolve().parents[1]) + os.sep
CODE = (".py", ".pyc", ".so", ".pyd")
SYSTEM = ("/proc/", "/sys/", "/dev/")
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
UNSEEN = re.compile(
    r"^\s*(?:import|from)\s+(polars|pyarrow|datasets|duckdb|h5py|subprocess|multiprocessing)\b"
    r"|\b(pl\.(?:read|scan)_\w+|read_(?:parquet|feather|orc|hdf))\b",
    re.MULTILINE,
)
"""What reads in another language or another process, as source names it. All others of pandas, and NumPy, are seen."""


_active: list[dict[str, str | None]] = []
"""Who watches: {path: line of own code that opened it}, empty for others, None for what was written. A hook of Python
cannot be taken away again, so that it looks here."""


def _see(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "open" or not _active or isinstance(arguments[0], int):
        return
    with suppress(Exception):  # what goes wrong here must not be a trouble of who opens a file
        path = str(Path(os.fsdecode(arguments[0])).absolute())
        if (arguments[2] or 0) & WRITES:
            _active[-1][path] = None
        elif not path.endswith(CODE) and not path.startswith(SYSTEM) and _active[-1].get(path, "") == "":
            _active[-1][path] = _find_opening_line()


_install = functools.cache(partial(sys.addaudithook, _see))


@contextmanager
def watch_opened() -> Generator[dict[str, str]]:
    """Note the files that own code opens inside, to be read: {path: `file.py:line`}, complete at the end. What it wrote
    itself is left out, as are code and what libraries bring."""
    _install()
    watch, found = dict[str, str | None](), dict[str, str]()
    _active.append(watch)
    try:
        yield found
    finally:
        _active.pop()
        found |= {path: line for path, line in watch.items() if line and not is_library(Path(path))}


def find_unseen(texts: Iterable[str]) -> tuple[str, ...]:
    """Names, in the source of own code, of what opens files unseen; sorted."""
    return tuple(sorted({name for text in texts for pair in UNSEEN.findall(text) for name in pair if name}))


def _find_opening_line() -> str:
    """`file.py:line` of the innermost frame of own code above this package, which opens files, too; else empty."""
    frame = sys._getframe(2)  # pyright: ignore[reportPrivateUsage] - as in `find_calling_line`
    while frame is not None and not frame.f_code.co_filename.startswith(PACKAGE):
        if _is_own(frame.f_code.co_filename):
            return shorten_place(f"{frame.f_code.co_filename}:{frame.f_lineno}")
        frame = frame.f_back
    return ""


@functools.cache
def _is_own(name: str) -> bool:
    return not name.startswith("<frozen") and (name.startswith("<") or not is_library(Path(name)))
