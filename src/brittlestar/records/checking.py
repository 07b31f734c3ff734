"""Whether a record holds what its manifest says: every file hashed once, and everything that differs named."""

import hashlib
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from brittlestar.core.errors import InputError
from brittlestar.records.manifest import FORGED, LARGEST_MANIFEST, MANIFEST, Manifest, read_manifest
from brittlestar.records.sources import UNREADABLE, Source
from brittlestar.records.writing import AT_ONCE

Fault = Literal["changed", "missing", "added", "unreadable"]


@dataclass(frozen=True)
class Difference:
    """A file that is not what the manifest says, in a sentence's end: `changed: 4,096 bytes, and not 4,095`."""

    name: str
    fault: Fault
    detail: str = ""


@dataclass(frozen=True)
class HashedRecord:
    """The manifest of a record, and the files that differ from it."""

    manifest: Manifest
    differences: tuple[Difference, ...]


def load_manifest(source: Source) -> Manifest:
    """The manifest of a record. Raises InputError where there is none that `seal` could have written."""
    size = source.sizes.get(MANIFEST)
    if size is None:
        raise InputError(f"this is no record: it has no {MANIFEST}", source.where, FORGED)
    if size > LARGEST_MANIFEST:
        raise InputError(f"{MANIFEST} has {size:,} bytes: more than `seal` writes", source.where, FORGED)
    return read_manifest(read_file(source, MANIFEST, size), f"{source.where}: {MANIFEST}")


def read_file(source: Source, name: str, most: int) -> bytes:
    """A file of a record, `most` bytes long at most. Raises InputError where it cannot be read or is longer."""
    try:
        with source.open(name) as handle:
            content = handle.read(most + 1)
    except UNREADABLE as error:
        raise InputError(f"{name} cannot be read: {error}", source.where, FORGED) from error
    if len(content) > most:
        raise InputError(f"{name} is longer than {most:,} bytes", source.where, FORGED)
    return content


def hash_record(
    source: Source, read: Callable[[int], None] = lambda size: None, into: Path | None = None
) -> HashedRecord:
    """Hash every file of a record, and copy those that its manifest names `into` a new folder, so that what is read
    later is what was hashed. `read` is told how many bytes were read since it was told last. Raises InputError where
    there is no manifest."""
    manifest = load_manifest(source)
    known = manifest.by_name()
    there = {name for name in source.sizes if name != MANIFEST}
    found = [Difference(name, "missing") for name in known.keys() - there]
    found += [Difference(name, "added") for name in there - known.keys()]
    for name in sorted(known.keys() & there):
        expected = known[name]
        if source.sizes[name] != expected.size:
            detail = f"{source.sizes[name]:,} bytes, and not {expected.size:,}"
            found.append(Difference(name, "changed", detail))
            continue
        try:
            right = _hash_file(source, name, read, into) == expected.sha256
        except UNREADABLE as error:
            found.append(Difference(name, "unreadable", str(error)))
            continue
        if not right:
            found.append(Difference(name, "changed"))
    return HashedRecord(manifest, tuple(sorted(found, key=lambda one: (one.name, one.fault))))


def _hash_file(source: Source, name: str, read: Callable[[int], None], into: Path | None = None) -> str:
    state = hashlib.sha256()
    with source.open(name) as handle, ExitStack() as held:
        copy = None
        if into is not None:
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            copy = held.enter_context((into / name).open("xb"))
        while part := handle.read(AT_ONCE):
            state.update(part)
            read(len(part))
            if copy is not None:
                copy.write(part)
    return state.hexdigest()
