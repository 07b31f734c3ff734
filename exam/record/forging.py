"""What a forger does to files of a record so that their hashes fit again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars

MANIFEST = "manifest.json"


def canonical(value: Any) -> bytes:
    """The JSON that digests and the manifest are made of: sorted, without spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256(content: bytes) -> str:
    """SHA-256 as hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def read(path: Path) -> Any:
    """The value of a JSON document."""
    return json.loads(path.read_bytes())


def write(path: Path, value: Any) -> None:
    """A JSON document in the form of a store; a digest of the rest, where it has one, is renewed."""
    if isinstance(value, dict) and "digest" in value:
        value = {**value, "digest": sha256(canonical({key: one for key, one in value.items() if key != "digest"}))}
    text = json.dumps(value, sort_keys=True, indent=2, ensure_ascii=False)
    path.write_bytes(text.encode() + b"\n")


def edit(path: Path, change: Callable[[Any], None]) -> None:
    """Change a JSON document in place."""
    value = read(path)
    before = canonical(value)
    change(value)
    assert canonical(value) != before, f"{path.name}: nothing was changed"
    write(path, value)


def replace(path: Path, old: str, new: str, every: bool = False) -> None:
    """Change text that stands in a file: in its first place, or in every one."""
    text = path.read_bytes().decode()
    assert old in text and old != new, f"{path.name}: {old!r} does not stand there"
    path.write_bytes(text.replace(old, new, -1 if every else 1).encode())


def edit_table(path: Path, change: Callable[[polars.DataFrame], polars.DataFrame]) -> None:
    """Change a Parquet table in place."""
    table = polars.read_parquet(path)
    changed = change(table)
    assert changed.schema == table.schema and not changed.equals(table), f"{path.name}: nothing was changed"
    changed.write_parquet(path)


def edit_lines(path: Path, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> None:
    """Change a log of one JSON document a line."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    path.write_bytes(b"".join(canonical(line) + b"\n" for line in change(lines)))


def cells(record: Path) -> dict[tuple[str, int], Path]:
    """The folder of each run of a record, by variant and seed."""
    listed = read(record / "study" / "study.json")["cells"]
    return {(one["variant"], one["seed"]): record / "study" / "cells" / one["hash"] for one in listed}


def renew(folder: Path) -> None:
    """Let the hashes in `outcome.json` fit the files beside it; those that the record lacks stay."""

    def fit(outcome: dict[str, Any]) -> None:
        for name in outcome["files"]:
            if (folder / name).exists():
                outcome["files"][name] = sha256((folder / name).read_bytes())

    outcome = read(folder / "outcome.json")
    fit(outcome)
    write(folder / "outcome.json", outcome)


def reseal(record: Path) -> None:
    """A manifest that fits the files of a record, as `seal` would have written it."""
    files = sorted(path for path in record.rglob("*") if path.is_file() and path.name != MANIFEST)
    entries = [
        [path.relative_to(record).as_posix(), path.stat().st_size, sha256(path.read_bytes())]
        for path in sorted(files, key=lambda path: path.relative_to(record).as_posix())
    ]
    write_manifest(record, {"files": entries, "format": 1, "hash": "sha256"})


def write_manifest(record: Path, manifest: Mapping[str, Any]) -> None:
    """The manifest in its own form."""
    (record / MANIFEST).write_bytes(canonical(manifest) + b"\n")
