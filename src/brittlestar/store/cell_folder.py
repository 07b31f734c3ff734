"""Folders that never change: written whole, renamed into place, every file checked by its hash."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from brittlestar.core.cells import Cell
from brittlestar.core.hashing import digest, file_digest, pretty_json
from brittlestar.store.backend import OUTCOME
from brittlestar.store.layout import PROGRESS, SHARES_PROGRESS, Store, telling_failures

TIMING = "timing.json"
LOG = "log.txt"


def place_folder(
    store: Store,
    key: str,
    files: Mapping[str, bytes],
    outcome: Mapping[str, Any],
    timing: Mapping[str, Any] | None = None,
) -> None:
    """Write `files` and an outcome that holds their hashes and its own as one folder that appears at once; flushed to
    disk. Raises StoreError when the disk is full or read-only; nothing half-written stays."""

    def write(folder: Path) -> dict[str, str]:
        for name, content in files.items():
            (folder / name).write_bytes(content)
        if timing is not None:
            (folder / TIMING).write_bytes(pretty_json(timing))
        return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}

    _place(store, key, outcome, write)


def place_written(store: Store, key: str, outcome: Mapping[str, Any], write: Callable[[Path], None]) -> None:
    """Like place_folder, for files that are too large to be held: `write` gets a folder and writes them there."""

    def write_hashed(folder: Path) -> dict[str, str]:
        write(folder)
        return {path.name: file_digest(path) for path in sorted(folder.iterdir())}

    _place(store, key, outcome, write_hashed)


def _place(store: Store, key: str, outcome: Mapping[str, Any], write: Callable[[Path], dict[str, str]]) -> None:
    def write_all(folder: Path) -> None:
        whole = {**outcome, "folder": name_of(key), "files": write(folder)}
        (folder / OUTCOME).write_bytes(pretty_json({**whole, "digest": digest(whole)}))

    with telling_failures(store.name_key(key)):
        store.backend.place(key, write_all)


def name_of(key: str) -> str:
    """The last part of a key."""
    return key.rpartition("/")[2]


def has_folder(store: Store, key: str) -> bool:
    """Whether a cell has its folder, be it whole or damaged."""
    return store.backend.exists(key)


def read_outcome(store: Store, key: str) -> dict[str, Any] | None:
    """The outcome of a cell folder, None where there is none. Raises ValueError where it is damaged."""
    try:
        return json.loads(store.backend.read(f"{key}/{OUTCOME}"))
    except FileNotFoundError:
        return None


def read_outcomes(store: Store, cells: Iterable[Cell]) -> Iterator[tuple[Cell, dict[str, Any]]]:
    """Each of these cells that has an outcome, with it, read when it is asked for; cells with one hash once. Raises
    ValueError where it is damaged."""
    keys = {store.cell(cell.hash): cell for cell in cells}
    there = store.backend.find_placed(keys)
    for key, cell in keys.items():
        if key in there and (outcome := read_outcome(store, key)) is not None:
            yield cell, outcome


def damage(store: Store, key: str) -> list[str]:
    """What is wrong with a folder that stands: missing, changed or unreadable files; empty when all hashes are right.

    The outcome holds a hash of itself too, and the folder's name. `timing.json` has no hash: nothing depends on it.
    """
    return inspect_folder(store, key)[1]


def inspect_folder(store: Store, key: str) -> tuple[dict[str, Any], list[str]]:
    """The outcome of a folder that stands, and what is wrong with it."""
    try:
        outcome: Any = json.loads(store.backend.read(f"{key}/{OUTCOME}"))
    except FileNotFoundError:
        return {}, [f"{OUTCOME} is missing"]
    except (OSError, ValueError) as error:
        return {}, [f"{OUTCOME} cannot be read ({error})"]
    if not isinstance(outcome, dict) or not isinstance(outcome.get("files"), dict):
        return {}, [f"{OUTCOME} has no hashes"]
    if outcome.pop("digest", None) != digest(outcome):
        return {}, [f"{OUTCOME} does not match its own hash"]
    if outcome["folder"] != name_of(key):
        return {}, [f"it was written as {outcome['folder'][:12]} and has another name now"]
    folder, wrong = str(store.path(key)), list[str]()
    for name, expected in outcome["files"].items():
        if f"{key}/{name}" in store.withheld:
            continue
        try:
            if file_digest(f"{folder}/{name}") != expected:
                wrong.append(f"{name} does not match its hash")
        except FileNotFoundError:
            wrong.append(f"{name} is missing")
        except OSError as error:
            wrong.append(f"{name} cannot be read ({error.strerror})")
    return outcome, wrong


def set_aside(store: Store, key: str) -> str:
    """Rename a failed or damaged folder to the first free NAME.N: its cell can run again and nothing is lost."""
    aside = next(free for free in (f"{key}.{number}" for number in count(1)) if not store.backend.exists(free))
    with telling_failures(store.name_key(key)):
        store.backend.move(key, aside)
    return aside


def sweep(store: Store) -> None:
    """Remove what an earlier kill left half-written; call it while nobody else is at work. Raises StoreError."""
    with telling_failures(store.root):
        for key in (PROGRESS, *store.backend.list(SHARES_PROGRESS)):
            store.backend.remove(key)
        store.backend.sweep()
