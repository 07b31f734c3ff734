"""Whether what stands in the store is what was written: every file of a cell against its hash."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

from brittlestar.core.cells import Cell
from brittlestar.core.errors import Problem, StoreError
from brittlestar.store.cell_folder import damage, set_aside
from brittlestar.store.layout import Store

_SCORED_LATER = re.compile(r".+-[0-9a-f]{12}")


def check_cells(store: Store, cells: Sequence[Cell]) -> None:
    """Raise StoreError that names every damaged folder of these cells, and the command that does it again."""
    problems: list[Problem] = []
    for digest in dict.fromkeys(cell.hash for cell in cells):
        for folder in _folders(store, digest):
            wrong = damage(folder)
            if wrong:
                part = "" if folder.name == digest else f" on {folder.name[:-13]}"
                problems.append(
                    Problem(
                        f"cell {digest[:12]}{part} is damaged: {', '.join(wrong)}",
                        str(folder),
                        f"do it again with: brittlestar run {shlex.quote(str(store.root))} --cell {digest[:12]}",
                    )
                )
    if problems:
        raise StoreError(problems)


def make_room(store: Store, cell: Cell, failed: bool) -> None:
    """Set aside what is damaged of a cell, and the cell itself when it `failed`: it can be done again."""
    for folder in _folders(store, cell.hash):
        if damage(folder) or (failed and folder.name == cell.hash):
            set_aside(folder)


def _folders(store: Store, digest: str) -> Iterator[Path]:
    """The folder of a cell and those of what later splits added to it, as far as they are there."""
    if store.cell(digest).exists():
        yield store.cell(digest)
    later = store.added(digest)
    if later.is_dir():
        yield from (folder for folder in sorted(later.iterdir()) if _SCORED_LATER.fullmatch(folder.name))
