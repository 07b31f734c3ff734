"""One cell's folder: written whole, renamed into place, checked by hash, never changed."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from brittlestar.core.cells import FORMAT_VERSION, Cell
from brittlestar.core.hashing import file_digest, pretty_json
from brittlestar.core.tables import parquet_bytes
from brittlestar.execution.layout import Store, write_failure
from brittlestar.training.trained import Output, Trained

OUTCOME = "outcome.json"
TIMING = "timing.json"
_TEMPORARY = ".part"


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
        "log.txt": log.encode("utf-8", errors="backslashreplace"),
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
    _place(store, cell.hash, files, outcome, trained.timing)


def write_failed(store: Store, cell: Cell, error: str, log: str, environment_class: str) -> None:
    """Write a failed cell: its settings, what went wrong, and everything it printed."""
    files = {
        "cell.json": pretty_json(_describe(cell, environment_class, None)),
        "log.txt": log.encode("utf-8", errors="backslashreplace"),
    }
    _place(store, cell.hash, files, {"state": "failed", "error": error}, {})


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


def _place(
    store: Store, name: str, files: Mapping[str, bytes], outcome: Mapping[str, Any], timing: Mapping[str, Any]
) -> None:
    """Write all files into a temporary folder beside the final one, outcome last, and rename."""
    place_folder(store.cell(name), files, outcome, timing)


def place_folder(
    final: Path, files: Mapping[str, bytes], outcome: Mapping[str, Any], timing: Mapping[str, Any] | None = None
) -> None:
    """Write `files` and an outcome that holds their hashes as one folder that appears at once; flushed to disk."""
    temporary = final.with_name(f"{final.name}{_TEMPORARY}")
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir()
        for name, content in files.items():
            _write(temporary / name, content)
        if timing is not None:
            _write(temporary / TIMING, pretty_json(timing))
        hashes = {name: file_digest(temporary / name) for name in files}
        _write(temporary / OUTCOME, pretty_json({**outcome, "files": hashes}))
        temporary.rename(final)
        _flush_folder(final.parent)
    except OSError as error:
        shutil.rmtree(temporary, ignore_errors=True)
        raise write_failure(error, final) from error


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())


def _flush_folder(folder: Path) -> None:
    """Make a rename durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_outcome(folder: Path) -> dict[str, Any] | None:
    """The outcome of a cell folder, None where there is no such folder."""
    try:
        return json.loads((folder / OUTCOME).read_bytes())
    except FileNotFoundError:
        return None


def damage(folder: Path) -> list[str]:
    """What is wrong with a cell folder: missing, changed or unreadable files; empty when every hash is right."""
    try:
        outcome = read_outcome(folder)
    except (json.JSONDecodeError, UnicodeDecodeError):
        return [f"{OUTCOME} cannot be read"]
    if outcome is None:
        return [f"{OUTCOME} is missing"] if folder.exists() else []
    if not isinstance(outcome.get("files"), dict):
        return [f"{OUTCOME} has no hashes"]
    wrong: list[str] = []
    for name, expected in outcome["files"].items():
        path = folder / name
        if not path.is_file():
            wrong.append(f"{name} is missing")
        elif file_digest(path) != expected:
            wrong.append(f"{name} does not match its hash")
    return wrong


def set_aside(folder: Path) -> Path:
    """Rename a failed or damaged folder to the first free NAME.N: its cell can run again and nothing is lost."""
    number = 1
    while (aside := folder.with_name(f"{folder.name}.{number}")).exists():
        number += 1
    folder.rename(aside)
    return aside


def sweep(store: Store) -> None:
    """Remove temporary folders and files that an earlier kill left behind; call it with the lock held."""
    for pattern in (f"*{_TEMPORARY}", f"*/*{_TEMPORARY}", f"*/*/*{_TEMPORARY}"):
        for path in store.root.glob(pattern):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
