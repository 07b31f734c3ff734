"""Whether what stands in the store is what was written: every file of a cell against its hash."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence

from brittlestar.core.cells import Cell
from brittlestar.core.errors import Problem, StoreError
from brittlestar.store.cell_folder import damage, name_of, set_aside, stands
from brittlestar.store.layout import Store

_SCORED_LATER = re.compile(r".+-[0-9a-f]{12}")


def check_cells(store: Store, cells: Sequence[Cell]) -> None:
    """Raise StoreError that names every damaged folder of these cells, and the command that does it again."""
    problems: list[Problem] = []
    for digest in dict.fromkeys(cell.hash for cell in cells):
        for key in _folders(store, digest):
            wrong = damage(store, key)
            if wrong:
                part = "" if key == store.cell(digest) else f" on {name_of(key)[:-13]}"
                problems.append(
                    Problem(
                        f"cell {digest[:12]}{part} is damaged: {', '.join(wrong)}",
                        str(store.path(key)),
                        f"do it again with: brittlestar run {shlex.quote(str(store.root))} --cell {digest[:12]}",
                    )
                )
    if problems:
        raise StoreError(problems)


def make_room(store: Store, cell: Cell, failed: bool) -> None:
    """Set aside what is damaged of a cell, and the cell itself when it `failed`: it can be done again."""
    for key in _folders(store, cell.hash):
        if damage(store, key) or (failed and key == store.cell(cell.hash)):
            set_aside(store, key)


def _folders(store: Store, digest: str) -> Iterator[str]:
    """The keys of a cell and of what later splits added to it, as far as they are there."""
    if stands(store, store.cell(digest)):
        yield store.cell(digest)
    yield from (key for key in store.backend.list(store.derived_key(digest)) if _SCORED_LATER.fullmatch(name_of(key)))
