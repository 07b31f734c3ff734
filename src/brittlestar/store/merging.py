"""Finished cells of another store: what is there, whether it is whole, and how it comes here byte for byte."""

import json
import re
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brittlestar.core.hashing import canonical_json
from brittlestar.store.attempts import read_attempts
from brittlestar.store.backend import OUTCOME
from brittlestar.store.cell_folder import TIMING, damage, name_of, read_outcome
from brittlestar.store.cell_outputs import SETTINGS
from brittlestar.store.layout import ATTEMPTS, CELLS, Store, telling_failures

_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class FoundCell:
    """A finished or failed cell of a store: its hash, what is wrong with its folder (nothing where it is whole), and of
    a whole one its state and what `cell.json` says (settings, streams, seed, environment class, format)."""

    hash: str
    wrong: tuple[str, ...]
    state: str = ""
    described: dict[str, Any] | None = None


def list_hashes(store: Store) -> list[str]:
    """Names of the cells that have a folder; what was set aside has another name."""
    return [name for key in store.backend.list(CELLS) if _HASH.fullmatch(name := name_of(key))]


def find_cell(store: Store, digest: str) -> FoundCell:
    """One cell of a store, with every file checked by its hash."""
    key = store.cell(digest)
    if wrong := damage(store, key):
        return FoundCell(digest, tuple(wrong))
    try:
        described = json.loads(store.backend.read(f"{key}/{SETTINGS}"))
    except (OSError, ValueError) as error:
        return FoundCell(digest, (f"{SETTINGS} cannot be read ({error})",))
    outcome = read_outcome(store, key)
    return FoundCell(digest, (), str(outcome["state"]) if outcome else "", described)


def copy_cell(into: Store, source: Store, digest: str) -> None:
    """Bring a whole cell, and what later stages added about it, byte for byte; what is there stays. Raises StoreError
    where that cannot be written."""
    _copy_folder(into, source, source.cell(digest))
    for key in source.backend.list(source.derived_key(digest)):
        if source.backend.exists(f"{key}/{OUTCOME}") and not into.backend.exists(key) and not damage(source, key):
            _copy_folder(into, source, key)


def _copy_folder(into: Store, source: Store, key: str) -> None:
    """Copy the files that the outcome names, the outcome itself, and the clocks."""
    outcome = read_outcome(source, key) or {}

    def write(folder: Path) -> None:
        for name in (*outcome["files"], OUTCOME, TIMING):
            here = source.path(key) / name
            if here.exists():
                shutil.copyfile(here, folder / name)

    with telling_failures(into.name_key(key)):
        into.backend.place(key, write)


def copy_attempts(into: Store, source: Store, cells: Collection[str]) -> None:
    """Add the lines that say when, where and by whom `cells` were tried, each with the folder that it came from."""
    place = source.name
    with telling_failures(into.name_key(ATTEMPTS)):
        for line in read_attempts(source):
            if line["cell"] in cells:
                into.backend.append(ATTEMPTS, canonical_json({**line, "merged_from": place}) + b"\n")
