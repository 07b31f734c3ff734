"""Whether the cells of a study are what their names say: whole, and, where they were trained elsewhere and copied here,
of the settings that the study has. Whoever reads or runs a study asks this first."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from brittlestar.core.cells import FORMAT_VERSION, Cell
from brittlestar.core.commands import command
from brittlestar.core.errors import Problem, StoreError
from brittlestar.store.attempts import COPIED, append_attempt, read_attempts
from brittlestar.store.cell_folder import TIMING, damage, inspect_folder, name_of, read_outcomes, set_aside
from brittlestar.store.cell_outputs import SETTINGS
from brittlestar.store.layout import CELLS, DERIVED, Store
from brittlestar.store.study_document import give_again
from brittlestar.study.expand import hash_cell

_HASH = re.compile(r"[0-9a-f]{64}")
_SCORED_LATER = re.compile(r".+-[0-9a-f]{12}")


def check_cells(store: Store, cells: Sequence[Cell]) -> dict[str, dict[str, Any]]:
    """The outcome of each of these cells that has one, by hash. Raises StoreError that names every folder of them that
    is damaged or was copied here and is of another cell, and the command that does it again."""
    problems: list[Problem] = []
    outcomes: dict[str, dict[str, Any]] = {}
    first = {cell.hash: cell for cell in reversed(cells)}
    there = store.backend.find_placed(map(store.cell, first))
    later: dict[str, list[str]] = {}
    for key in filter(_is_scored_later, store.backend.list_placed(DERIVED)):
        later.setdefault(key.rpartition("/")[0], []).append(key)
    asked = {cell: [*({store.cell(cell)} & there), *later.get(store.derived_key(cell), ())] for cell in first}
    copied = {cell.hash for cell in find_copied(store, cells)}
    for cell, keys in asked.items():
        for key in keys:
            outcome, wrong = inspect_folder(store, key)
            if key == store.cell(cell):
                outcomes[cell] = outcome
            part = "" if key == store.cell(cell) else f" on {name_of(key)[:-13]}"
            what = f"cell {cell[:12]}{part} is damaged: {', '.join(wrong)}" if wrong else None
            if what is None and cell in copied and is_foreign(store, first[cell]):
                what = f"cell {cell[:12]} was copied here and is another one: its settings do not have this hash"
            if what is not None:
                again = f"do it again with: {give_again(store, command('run', cell=cell[:12]))}"
                problems.append(Problem(what, store.name_key(key), again))
    if problems:
        raise StoreError(problems)
    return outcomes


def find_copied(store: Store, cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """Those of `cells` that have a folder and were never tried here, each hash once."""
    tried = {line["cell"] for line in read_attempts(store)}
    unknown = {cell.hash: cell for cell in cells if cell.hash not in tried}
    there = store.backend.find_placed(map(store.cell, unknown))
    return tuple(cell for cell in unknown.values() if store.cell(cell.hash) in there)


def is_foreign(store: Store, cell: Cell) -> bool:
    """Whether the folder of a cell, which has one, holds settings or stream seeds of another. What later versions add
    to settings is no difference, and of files that a model reads `cell.json` has no hash."""
    try:
        described: Any = json.loads(store.backend.read(f"{store.cell(cell.hash)}/{SETTINGS}"))
        found = described["settings"], described["streams"]
        if described["format"] != FORMAT_VERSION:
            return True
        return found != (cell.settings, cell.streams) and _name(*found) != _name(cell.settings, cell.streams)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return True


def _name(settings: Mapping[str, Any], streams: Mapping[str, int | None]) -> str:
    """What of a cell's hash its settings and streams decide: data and own code are those of its study."""
    return hash_cell(settings, streams, {}, None, defaultdict(str))


def note_copied(store: Store, cells: Sequence[Cell]) -> str | None:
    """Add a line to the attempts for each finished cell that was copied here, and say how many there are, and how many
    of another study. Raises StoreError when the disk is full or read-only."""
    tried = {line["cell"] for line in read_attempts(store)}
    taken = 0
    for cell, outcome in read_outcomes(store, find_copied(store, cells)):
        if outcome["state"] == "done":
            known = {"variant": cell.variant, "seed": cell.seed, "seconds": _read_seconds(store, cell)}
            append_attempt(store, COPIED, cell.hash, **known)
            taken += 1
    names = {name for key in store.backend.list(CELLS) if _HASH.fullmatch(name := name_of(key))}
    others = len(names - tried - {cell.hash for cell in cells})
    if not taken and not others:
        return None
    left = f"{others:,} of other settings, seeds or data {'is' if others == 1 else 'are'} left alone"
    told = [f"{taken:,} copied here"] * bool(taken) + [left] * bool(others)
    return f"runs that were trained elsewhere: {'; '.join(told)}"


def _read_seconds(store: Store, cell: Cell) -> float:
    """What a cell took where it was trained; 0 where that is not known."""
    try:
        return round(float(json.loads(store.backend.read(f"{store.cell(cell.hash)}/{TIMING}"))["seconds"]), 3)
    except (OSError, ValueError, LookupError, TypeError):
        return 0.0


def make_room(store: Store, cell: Cell, failed: bool) -> None:
    """Set aside what is damaged of a cell, and the cell itself when it `failed` or is another one: it can be done
    again."""
    later = filter(_is_scored_later, store.backend.list(store.derived_key(cell.hash)))
    foreign = any(is_foreign(store, one) for one in find_copied(store, [cell]))
    for key in (*filter(store.backend.exists, [store.cell(cell.hash)]), *later):
        if damage(store, key) or ((failed or foreign) and key == store.cell(cell.hash)):
            set_aside(store, key)


def _is_scored_later(key: str) -> bool:
    return _SCORED_LATER.fullmatch(name_of(key)) is not None
