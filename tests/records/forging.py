"""Records that somebody changed, with a manifest that fits: what only looking into them shows."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from brittlestar.core.hashing import digest, file_digest, pretty_json
from brittlestar.records.checking import read_file
from brittlestar.records.manifest import MANIFEST, SealedFile, make_manifest
from brittlestar.records.sources import open_source
from brittlestar.records.writing import write_record


def forge(record: Path, place: Path, change: Callable[[Path], None]) -> Path:
    """A record at `place`, as `change` leaves the files of another one, sealed anew."""
    folder = place.with_name(f"{place.name}-files")
    with open_source(record) as source:
        for name, size in source.sizes.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(read_file(source, name, size))
    (folder / MANIFEST).unlink()
    change(folder)
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    write_record(files, place, True)
    return place


def edit_json(path: Path, change: Callable[[Any], None], signed: bool = True) -> None:
    """Change a document; one that holds its own hash gets the one that fits."""
    document = json.loads(path.read_bytes())
    known = document.pop("digest", None) if isinstance(document, dict) else None
    change(document)
    if known is not None and signed:
        document["digest"] = digest(document)
    path.write_bytes(pretty_json(document))


def rehash_cell(folder: Path) -> None:
    """Give the outcome of a run the hashes of its files as they are now."""

    def renew(outcome: dict[str, Any]) -> None:
        for name in outcome["files"]:
            if (folder / name).exists():
                outcome["files"][name] = file_digest(folder / name)

    edit_json(folder / "outcome.json", renew)


def reseal(folder: Path) -> None:
    """Let all hashes of a record, or of a study, fit its files as they are now."""
    for place in folder.rglob("outcome.json"):
        rehash_cell(place.parent)
    if (folder / MANIFEST).exists():
        files = (path for path in folder.rglob("*") if path.is_file() and path != folder / MANIFEST)
        sealed = (
            SealedFile(file.relative_to(folder).as_posix(), file.stat().st_size, file_digest(file)) for file in files
        )
        (folder / MANIFEST).write_bytes(make_manifest(sealed).content)
