"""Writes a record, as a folder or as an archive: the same files have the same bytes, whenever and wherever."""

import hashlib
import zipfile
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.records.manifest import MANIFEST, Manifest, SealedFile, check_names, make_manifest

MOST_MEMBERS, MOST_BYTES = 65_534, (1 << 31) - 1  # of a ZIP file without the extension ZIP64, as Python writes it
AT_ONCE = 1 << 20  # bytes that are read at once
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a ZIP file can name (APPNOTE 6.3.9, 4.4.6)
_MODE = 0o100644  # a plain file that its owner writes and everybody reads
_UNIX = 3  # the system whose modes these are (4.4.2)
Content = bytes | Path
"""What a file of a record holds: the bytes themselves, or where they lie."""
_Write = Callable[[str, Iterator[bytes], int], None]
"""Writes a file by its name, its parts and its size."""


def write_record(files: Mapping[str, Content], place: Path, archived: bool) -> Manifest:
    """Write `files`, by name, and their manifest into a new folder or archive; every file is read once.

    Raises InputError where a name cannot be one of a file, or an archive would be larger than one can be, and OSError
    where it cannot be written; what was half-written stays for the caller to remove.
    """
    check_names((*files, MANIFEST), str(place))
    sealed: list[SealedFile] = []
    with _open_archive(place, files) if archived else _open_folder(place) as write:
        for name in sorted(files):
            reading = _Reading(files[name])
            write(name, reading.parts(), reading.size)
            sealed.append(SealedFile(name, reading.read, reading.hash.hexdigest()))
        manifest = make_manifest(sealed)
        write(MANIFEST, iter([manifest.content]), len(manifest.content))
    return manifest


@dataclass
class _Reading:
    """One file while it is read, with the hash of what was read."""

    content: Content
    read: int = 0
    hash: Any = field(default_factory=hashlib.sha256)

    @property
    def size(self) -> int:
        return len(self.content) if isinstance(self.content, bytes) else self.content.stat().st_size

    def parts(self) -> Iterator[bytes]:
        if isinstance(self.content, bytes):
            yield self._count(self.content)
            return
        with self.content.open("rb") as handle:
            while part := handle.read(AT_ONCE):
                yield self._count(part)

    def _count(self, part: bytes) -> bytes:
        self.hash.update(part)
        self.read += len(part)
        return part


def pack_member(archive: zipfile.ZipFile, name: str, parts: Iterator[bytes], size: int) -> None:
    """Append a file of `size` bytes to an archive: no byte around it depends on when or where it is written."""
    member = zipfile.ZipInfo(name, _EPOCH)
    member.external_attr, member.create_system, member.file_size = _MODE << 16, _UNIX, size
    with archive.open(member, "w") as handle:
        for part in parts:
            handle.write(part)


@contextmanager
def _open_folder(place: Path) -> Generator[_Write]:
    def write(name: str, parts: Iterator[bytes], _: int) -> None:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        with (place / name).open("xb") as handle:
            handle.writelines(parts)

    place.mkdir()
    yield write


@contextmanager
def _open_archive(place: Path, files: Mapping[str, Content]) -> Generator[_Write]:
    sizes = {name: _Reading(content).size for name, content in files.items()}
    names = sum(2 * len(name.encode()) + 200 for name in files)  # with its line in the manifest
    if len(files) + 1 > MOST_MEMBERS or sum(sizes.values()) + 2 * names > MOST_BYTES:
        raise InputError("an archive holds 2 GiB and 65,534 files at most", str(place), "seal into a folder: --folder")
    with zipfile.ZipFile(place, "x", zipfile.ZIP_STORED, allowZip64=False) as archive:
        yield partial(pack_member, archive)
