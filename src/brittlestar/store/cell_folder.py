"""One cell's folder: written whole, renamed into place, checked by hash, never changed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from brittlestar.core.cells import FORMAT_VERSION, Cell
from brittlestar.core.files import flush
from brittlestar.core.hashing import digest, file_digest, pretty_json
from brittlestar.core.tables import parquet_bytes
from brittlestar.store.layout import Store, write_failure
from brittlestar.training.trained import Output, Trained

OUTCOME = "outcome.json"
TIMING = "timing.json"
LOG = "log.txt"


def write_done(
    store: Store, cell: Cell, trained: Trained, log: str, environment_class: str, fingerprints: Mapping[str, str]
) -> None:
    """Write a finished cell, scored on splits with these `fingerprints`.

    Raises StoreError when the disk is full or read-only; nothing half-written stays.
    """
    files: dict[str, bytes] = {
        "cell.json": pretty_json(_describe(cell, environment_class, trained)),
        "curves.parquet": parquet_bytes({"epoch": np.arange(_length(trained.curves)), **trained.curves}),
        "steps.parquet": parquet_bytes(trained.steps),
        "predictions.parquet": parquet_bytes(prediction_columns(trained.outputs)),
        LOG: log.encode("utf-8", errors="backslashreplace"),
        **{f"weights-{name}.safetensors": content for name, content in trained.weights.items()},
    }
    outcome = {
        "state": "done",
        "outcome": trained.outcome,
        "best_epoch": trained.best_epoch,
        "epochs": trained.epochs,
        "scores": trained.scores,
        "splits": {name: fingerprints[name] for name in trained.scores},
        "notes": list(trained.notes),
    }
    place_folder(store.cell(cell.hash), files, outcome, trained.timing)


def write_failed(store: Store, cell: Cell, error: str, log: str, environment_class: str) -> None:
    """Write a failed cell: its settings, what went wrong, and everything it printed."""
    files = {
        "cell.json": pretty_json(_describe(cell, environment_class, None)),
        LOG: log.encode("utf-8", errors="backslashreplace"),
    }
    place_folder(store.cell(cell.hash), files, {"state": "failed", "error": error}, {})


def _describe(cell: Cell, environment_class: str, trained: Trained | None) -> dict[str, Any]:
    return {
        "format": FORMAT_VERSION,
        "hash": cell.hash,
        "seed": cell.seed,
        "settings": cell.settings,
        "streams": cell.streams,
        "environment_class": environment_class,
        "read_back": None if trained is None else trained.read_back,
        "parameters": None if trained is None else trained.parameters,
    }


def _length(curves: Mapping[str, np.ndarray]) -> int:
    return len(next(iter(curves.values()))) if curves else 0


def prediction_columns(outputs: Mapping[str, Mapping[str, Output]]) -> dict[str, Any]:
    """Columns split, checkpoint, row, values (float32 per class), probabilities, hard; one row per stored output."""
    parts = [(split, checkpoint, output) for split, both in outputs.items() for checkpoint, output in both.items()]
    if not parts:
        return {"split": [], "checkpoint": [], "row": np.zeros(0, np.int64)}
    counts = [len(output.rows) for _, _, output in parts]
    return {
        "split": np.repeat([split for split, _, _ in parts], counts),
        "checkpoint": np.repeat([checkpoint for _, checkpoint, _ in parts], counts),
        "row": np.concatenate([output.rows for _, _, output in parts]),
        "values": np.concatenate([np.asarray(output.values, dtype=np.float32) for _, _, output in parts]),
        "probabilities": np.repeat([output.probabilities for _, _, output in parts], counts),
        "hard": np.repeat([output.hard for _, _, output in parts], counts),
    }


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
