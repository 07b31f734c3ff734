"""A folder that never changes: written whole, renamed into place, checked by hash."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from brittlestar.core.files import flush
from brittlestar.core.hashing import digest, file_digest, pretty_json
from brittlestar.store.layout import Store, write_failure

OUTCOME = "outcome.json"
TIMING = "timing.json"
LOG = "log.txt"


def place_folder(
    final: Path, files: Mapping[str, bytes], outcome: Mapping[str, Any], timing: Mapping[str, Any] | None = None
) -> None:
    """Write `files` and an outcome that holds their hashes and its own as one folder that appears at once; flushed to
    disk. Raises StoreError when the disk is full or read-only; nothing half-written stays."""
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    with _writing_folder(final) as temporary:
        for name, content in files.items():
            _write(temporary / name, content)
        if timing is not None:
            _write(temporary / TIMING, pretty_json(timing))
        _finish(temporary, final, hashes, outcome)


def place_written(final: Path, outcome: Mapping[str, Any], write: Callable[[Path], None]) -> None:
    """Like place_folder, for files that are too large to be held: `write` gets a folder and writes them there."""
    with _writing_folder(final) as temporary:
        write(temporary)
        hashes = {path.name: file_digest(path) for path in sorted(temporary.iterdir())}
        _finish(temporary, final, hashes, outcome)


@contextmanager
def _writing_folder(final: Path) -> Generator[Path]:
    """An empty folder beside `final`; what is left of it is removed where anything goes wrong, and what the disk
    refuses is a StoreError."""
    temporary = final.with_name(f".{final.name}.part")
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir()
        yield temporary
    except OSError as error:
        shutil.rmtree(temporary, ignore_errors=True)
        raise write_failure(error, final) from error
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def _finish(temporary: Path, final: Path, hashes: Mapping[str, str], outcome: Mapping[str, Any]) -> None:
    whole = {**outcome, "folder": final.name, "files": dict(hashes)}
    _write(temporary / OUTCOME, pretty_json({**whole, "digest": digest(whole)}))
    for path in sorted(temporary.iterdir()):
        _flush(path)
    _flush(temporary)
    temporary.rename(final)
    _flush(final.parent)


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _flush(path: Path) -> None:
    """Make a file, or the names in a folder, outlive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        flush(descriptor)
    finally:
        os.close(descriptor)


def stands(folder: Path) -> bool:
    """Whether a cell has its folder, be it whole or damaged."""
    return folder.exists()


def read_outcome(folder: Path) -> dict[str, Any] | None:
    """The outcome of a cell folder, None where there is none. Raises ValueError where it is damaged."""
    try:
        return json.loads((folder / OUTCOME).read_bytes())
    except FileNotFoundError:
        return None


def damage(folder: Path) -> list[str]:
    """What is wrong with a folder that stands: missing, changed or unreadable files; empty when all hashes are right.

    The outcome holds a hash of itself too, and the folder's name. `timing.json` has no hash: nothing depends on it.
    """
    try:
        outcome: Any = json.loads((folder / OUTCOME).read_bytes())
    except FileNotFoundError:
        return [f"{OUTCOME} is missing"]
    except (OSError, ValueError) as error:
        return [f"{OUTCOME} cannot be read ({error})"]
    if not isinstance(outcome, dict) or not isinstance(outcome.get("files"), dict):
        return [f"{OUTCOME} has no hashes"]
    if outcome.pop("digest", None) != digest(outcome):
        return [f"{OUTCOME} does not match its own hash"]
    if outcome["folder"] != folder.name:
        return [f"it was written as {outcome['folder'][:12]} and has another name now"]
    wrong: list[str] = []
    for name, expected in outcome["files"].items():
        try:
            if file_digest(folder / name) != expected:
                wrong.append(f"{name} does not match its hash")
        except FileNotFoundError:
            wrong.append(f"{name} is missing")
        except OSError as error:
            wrong.append(f"{name} cannot be read ({error.strerror})")
    return wrong


def set_aside(folder: Path) -> Path:
    """Rename a failed or damaged folder to the first free NAME.N: its cell can run again and nothing is lost."""
    number = 1
    while (aside := folder.with_name(f"{folder.name}.{number}")).exists():
        number += 1
    try:
        folder.rename(aside)
    except OSError as error:
        raise write_failure(error, folder) from error
    return aside


def sweep(store: Store) -> None:
    """Remove what an earlier kill left half-written; call it with the lock held. Raises StoreError."""
    try:
        store.progress.unlink(missing_ok=True)
        for pattern in (".*.part", "*/.*.part", "*/*/.*.part"):
            for path in store.root.glob(pattern):
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()
    except OSError as error:
        raise write_failure(error, store.root) from error
