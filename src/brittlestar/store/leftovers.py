"""What a store holds that its study.json names no more, with its size; and taking it away."""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from brittlestar.core.cells import Cell
from brittlestar.store import layout
from brittlestar.store.cell_folder import name_of
from brittlestar.store.merging import find_cell

Kind = Literal["run", "set aside", "scores", "probe answers", "probe suite", "temporary"]
GONE = "of settings or data that the study does not have now"
_ASIDE = re.compile(r"(.+)\.[0-9]+")


@dataclass(frozen=True)
class Leftover:
    """A file or folder that nothing names: its key, what it is, why nothing names it, and its size in bytes."""

    key: str
    kind: Kind
    why: str
    bytes: int


Found = tuple[str, Kind, str]


def find_leftovers(store: layout.Store, cells: Sequence[Cell], fingerprints: Mapping[str, str]) -> tuple[Leftover, ...]:
    """Everything that is neither one of `cells`, nor what later stages added about one for the splits as they are
    (`fingerprints`) and the current suite (any suite, where none was chosen); and what killed processes left. By kind,
    then by key."""
    suite = _read_suite(store)
    hashes = {cell.hash for cell in cells}
    found: list[Found] = [*_find_cells(store, cells), *_find_derived(store, hashes, fingerprints, suite)]
    for key in store.backend.list(layout.SUITES):
        if suite is not None and key != layout.CURRENT_SUITE and name_of(key) != suite:
            found.append((key, "probe suite", "the report reads another suite"))
    for key in store.backend.leftovers():
        found.append((key, "temporary", "a process that was killed left it"))
    return tuple(Leftover(key, kind, why, store.backend.size(key)) for key, kind, why in found)


def _find_cells(store: layout.Store, cells: Sequence[Cell]) -> Iterator[Found]:
    hashes, variants = {cell.hash for cell in cells}, {cell.variant: cell.settings for cell in cells}
    for key in store.backend.list(layout.CELLS):
        name = name_of(key)
        if _ASIDE.fullmatch(name):
            yield key, "set aside", "a run that failed or was damaged, before it was done again"
        elif name not in hashes:
            fits = find_cell(store, name).settings in variants.values()
            yield key, "run", "of a seed that the study does not have (`run` with it takes it in)" if fits else GONE


def _find_derived(
    store: layout.Store, hashes: Collection[str], fingerprints: Mapping[str, str], suite: str | None
) -> Iterator[Found]:
    for folder in store.backend.list(layout.DERIVED):
        digest = name_of(folder)
        wanted = {layout.derived_folder(store, digest, split, now) for split, now in fingerprints.items()}
        wanted |= {layout.probed_folder(store, digest, suite)} if suite is not None else set()
        for key in store.backend.list(folder):
            kind: Kind = "probe answers" if name_of(key).startswith("probes-") else "scores"
            if digest not in hashes:
                yield key, kind, "about a run that is not one of the study now"
            elif _ASIDE.fullmatch(name_of(key)):
                yield key, "set aside", "they were damaged, and done again"
            elif key not in wanted and not (suite is None and kind == "probe answers"):
                gone = "the report reads another suite" if kind == "probe answers" else "the split has other rows now"
                yield key, kind, gone


def _read_suite(store: layout.Store) -> str | None:
    """The name of the current suite, None where there is none, or it cannot be read."""
    try:
        return str(json.loads(store.backend.read(layout.CURRENT_SUITE))["suite"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remove_leftovers(store: layout.Store, found: Sequence[Leftover]) -> None:
    """Take them away; the caller holds the lock. Raises StoreError where that cannot be done."""
    with layout.telling_failures(store.root):
        for one in found:
            store.backend.remove(one.key)
