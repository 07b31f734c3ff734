"""Copies a tree and has mutants in the copy, one at a time: the checkout is never changed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from importlib.util import cache_from_source
from pathlib import Path

from tests.mutants.draw_sample import Mutant


def copy_tree(tree: Path, to: Path) -> Path:
    """A copy of what git has of the tree, new files included. Returns its folder."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=tree, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, names):
        if (tree / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(tree / name, to / name)
    return to


@contextmanager
def hold_mutant(tree: Path, mutant: Mutant) -> Generator[None]:
    """The tree with the mutant in it, and without it afterwards."""
    file = tree / mutant.file
    source = file.read_text("utf-8")
    try:
        _write(file, mutant.source)
        yield
    finally:
        _write(file, source)


def _write(file: Path, source: str) -> None:
    file.write_text(source, encoding="utf-8")
    Path(cache_from_source(str(file))).unlink(missing_ok=True)  # what was compiled may look as new as the source
