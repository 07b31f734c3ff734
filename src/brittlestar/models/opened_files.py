"""Which files own code opens, and where: an audit hook of Python, which sees what Python opens and nothing else."""

import functools
import os
import re
import sys
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from brittlestar.models.source import is_library, shorten_place

PACKAGE = str(Path(__file__).resolve().parents[1]) + os.sep
CODE = (".py", ".pyc", ".so", ".pyd")
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
UNSEEN = re.compile(
    r"^\s*(?:import|from)\s+(polars|pyarrow|datasets|duckdb|h5py|subprocess|multiprocessing)\b"
    r"|\b(read_parquet|read_feather|read_orc|read_hdf)\b",
    re.MULTILINE,
)
"""What reads in another language or another process, as source names it. All others of pandas, and NumPy, are seen."""


@dataclass
class _Watch:
    """While it is active: {path: line of own code} of what was opened to be read, and what was opened to be written."""

    lines: dict[str, str] = field(default_factory=dict[str, str])
    written: set[str] = field(default_factory=set[str])

    def see(self, path: Any, _: Any, flags: int | None) -> None:
        name = "" if isinstance(path, int) else os.path.abspath(os.fsdecode(path))
        if not name or name.endswith(CODE):
            return
        if (flags or 0) & WRITES:
            self.written.add(name)
        elif not self.lines.get(name):
            self.lines[name] = _find_opening_line()


_active: list[_Watch] = []  # a hook cannot be taken away again: it looks here, whether anybody watches


@functools.cache
def _install() -> None:
    def see(event: str, arguments: tuple[Any, ...]) -> None:
        if event != "open" or not _active:
            return
        try:
            _active[-1].see(*arguments)
        except Exception:  # what goes wrong here must not be a trouble of who opens a file
            return

    sys.addaudithook(see)


@contextmanager
def watch_opened() -> Generator[dict[str, str]]:
    """Note the files that own code opens inside, to be read: {path: `file.py:line`}, complete at the end. What it wrote
    itself is left out, as is code."""
    _install()
    watch, found = _Watch(), dict[str, str]()
    _active.append(watch)
    try:
        yield found
    finally:
        _active.remove(watch)
        found |= {path: line for path, line in watch.lines.items() if line and path not in watch.written}


def find_unseen(files: Iterable[Path]) -> tuple[str, ...]:
    """Names, in the source of own code, of what opens files unseen; sorted."""
    texts = (file.read_text(encoding="utf-8", errors="replace") for file in files if not is_library(file))
    return tuple(sorted({name for text in texts for pair in UNSEEN.findall(text) for name in pair if name}))


def _find_opening_line() -> str:
    """`file.py:line` of the innermost frame of own code above this package, which opens files, too; else empty."""
    frame = sys._getframe(3)  # pyright: ignore[reportPrivateUsage] - as in `find_calling_line`
    while frame is not None and not frame.f_code.co_filename.startswith(PACKAGE):
        if _is_own(frame.f_code.co_filename):
            return shorten_place(f"{frame.f_code.co_filename}:{frame.f_lineno}")
        frame = frame.f_back
    return ""


@functools.cache
def _is_own(name: str) -> bool:
    return not name.startswith("<frozen") and (name.startswith("<") or not is_library(Path(name)))
