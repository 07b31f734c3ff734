"""Files that models of a study read, given predictions and tables of vectors, as they stand in its record."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any, cast

from brittlestar.core.cells import Cell
from brittlestar.core.errors import InputError
from brittlestar.records.gathering import CODE
from brittlestar.study.expand import digest_files, reads_files
from brittlestar.study.variants import LoadedStudy, variant_settings

FILES = "files"
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,80}")
_KEYS = ("table", "predictions")
"""Last parts of the settings that name such files."""


def name_files(digests: Mapping[str, str]) -> dict[str, str]:
    """{path as written: name in a record}; the same file under two paths has one name for each."""
    found: dict[str, str] = {}
    for written, digest in digests.items():
        last = re.split(r"[\\/]", written)[-1]
        found[written] = f"{FILES}/{digest[:12]}/{last if _PLAIN.fullmatch(last) else 'file'}"
    return found


def name_unchanged(loaded: LoadedStudy, kept: Mapping[str, str]) -> dict[str, str]:
    """{path as written: name in the record} of what a study reads; `kept` are the hashes of when it was set up,
    whatever paths led there. Raises InputError where one was in memory, is gone or has changed."""
    now = digest_files(loaded)
    if loaded.digests:
        raise InputError("predictions were objects in memory", "model.predictions")
    if sorted(now.values()) != sorted(kept.values()):
        raise InputError("a file that a model reads has changed since the study was set up", "model")
    return name_files(now)


def point_to_record(values: Any, names: Mapping[str, str], key: str = "") -> Any:
    """Settings of a study with the names of a record in place of the paths that were written, seen from its study
    file."""
    if isinstance(values, Mapping):
        given = cast("Mapping[str, Any]", values)
        return {name: point_to_record(value, names, name.rpartition(".")[2]) for name, value in given.items()}
    if isinstance(values, list):
        return [point_to_record(one, names, key) for one in cast("list[Any]", values)]
    return f"../{names[values]}" if key in _KEYS and isinstance(values, str) and values in names else values


def point_back(document: Any, digests: Mapping[str, str]) -> Any:
    """A JSON document with the paths that were written in place of the names of a record."""
    text = json.dumps(document)
    for written, name in name_files(digests).items():
        text = text.replace(f"../{name}", json.dumps(written)[1:-1])
    return json.loads(text)


def refuse_elsewhere(loaded: LoadedStudy, folder: Path) -> None:
    """Raise InputError where a study of the record in `folder` reads a file that is not in the record."""
    for written in _list_written(loaded):
        parts = PurePosixPath(written).parts
        inside = parts[:2] == ("..", FILES) and ".." not in parts[2:]
        if not inside or not (folder / CODE / written).is_file():
            raise InputError(f"it names a file that is not in the record: {written}", f"{CODE}/study.yaml")


def _list_written(loaded: LoadedStudy) -> Iterator[str]:
    for one in variant_settings(loaded.study).values():
        yield from one.model.predictions
        if one.model.embedding.table is not None:
            yield one.model.embedding.table


def locate_table(cell: Cell, digests: Mapping[str, str], folder: Path) -> Cell | None:
    """A run with its table of vectors where the record in `folder` has it; None where it has none, and of given
    predictions, which nobody trains."""
    model = cell.settings["model"]
    if not reads_files(cell.settings):
        return cell
    name = name_files(digests).get(model["embedding"]["table"] or "")
    if model["predictions"] or name is None or not (folder / name).is_file():
        return None
    embedding = {**model["embedding"], "table": str(folder / name)}
    return replace(cell, settings={**cell.settings, "model": {**model, "embedding": embedding}})
