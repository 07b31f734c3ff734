"""A record as files that can be read one by one: a folder, or an archive. Nothing is unpacked, and nothing is trusted.

An archive is a ZIP file without compression, byte for byte the one that `seal` makes of its files: there is nothing
between them, before them or behind them, and no other program sees other files in it.
"""

import os
import shlex
import stat
import tempfile
import zipfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from brittlestar.core.errors import InputError
from brittlestar.core.texts import suggest_file
from brittlestar.records.manifest import FORGED, check_names
from brittlestar.records.writing import AT_ONCE, MOST_BYTES, MOST_MEMBERS, pack_member
from brittlestar.store.layout import STUDY

MOST_FILES = 1_000_000  # budget: files of a folder; a study of 500 cells has some 8,000
UNREADABLE = (OSError, KeyError, zipfile.BadZipFile, EOFError, RuntimeError)
"""What reading a file of a record raises."""
_PLAINLY = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True)
class Source:
    """The files of a record at `where`, each with its bytes. `open` raises what `UNREADABLE` names where one cannot be
    read; a link in its place is not followed."""

    where: str
    sizes: dict[str, int]
    open: Callable[[str], IO[bytes]]


CUT = "was it cut off on its way? `brittlestar seal STUDY` writes records"


@contextmanager
def open_source(place: Path) -> Generator[Source]:
    """The record at `place`, a folder or an archive. Raises InputError where there is none, and where something in it
    cannot be a file of a record: a link, a device, a name that leads elsewhere, a member that is packed."""
    if place.is_dir():
        if (place / STUDY).is_file():
            raise InputError(
                "this is a study, and no record", str(place), f"brittlestar seal {shlex.quote(str(place))}"
            )
        yield Source(str(place), _list_folder(place), lambda name: os.fdopen(os.open(place / name, _PLAINLY), "rb"))
        return
    if not place.is_file():
        hint = suggest_file(place, "`brittlestar seal STUDY` writes one")
        raise InputError("there is no such record", str(place), hint)
    try:
        archive = zipfile.ZipFile(place)
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError) as error:
        raise InputError(f"this is no archive: {error}", str(place), CUT) from error
    with archive:
        yield Source(str(place), _list_members(place, archive), archive.open)


def _list_folder(folder: Path) -> dict[str, int]:
    sizes: dict[str, int] = {}
    waiting = [folder]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                found = entry.stat(follow_symlinks=False)
                if stat.S_ISDIR(found.st_mode):
                    waiting.append(Path(entry.path))
                    continue
                name = Path(entry.path).relative_to(folder).as_posix()
                if not stat.S_ISREG(found.st_mode):
                    kind = "a link" if stat.S_ISLNK(found.st_mode) else "a device, a pipe or a socket"
                    raise InputError(f"{name!r} is {kind}, and no file", str(folder), FORGED)
                sizes[name] = found.st_size
        if len(sizes) > MOST_FILES:
            raise InputError(f"there are more than {MOST_FILES:,} files", str(folder), FORGED)
    check_names(sizes, str(folder))
    return dict(sorted(sizes.items()))


def _list_members(place: Path, archive: zipfile.ZipFile) -> dict[str, int]:
    listed, size = archive.infolist(), place.stat().st_size
    if len(listed) > MOST_MEMBERS or size > MOST_BYTES:
        raise InputError("the archive is larger than `seal` writes any", str(place), FORGED)
    check_names((one.orig_filename for one in listed), str(place))
    for one in listed:
        if stat.S_IFMT(one.external_attr >> 16) not in (0, stat.S_IFREG):
            raise InputError(f"{one.filename!r} is a link or a device, and no file", str(place), FORGED)
        if one.compress_type != zipfile.ZIP_STORED:
            raise InputError(f"{one.filename!r} is packed: a record is not", str(place), FORGED)
    try:
        same = sum(one.file_size for one in listed) <= size and _is_as_packed(place, archive)
    except (*UNREADABLE, ValueError, NotImplementedError) as error:
        raise InputError(f"it cannot be read: {error}", str(place), CUT) from error
    if not same:
        what = "it has bytes that are in none of its files, or names a file in another way than `seal`"
        raise InputError(what, str(place), f"{FORGED}, or not all of it is here")
    return {one.filename: one.file_size for one in sorted(listed, key=lambda member: member.filename)}


def _is_as_packed(place: Path, archive: zipfile.ZipFile) -> bool:
    """Whether packing its files again gives the same bytes; a wrong checksum is told by who reads the file."""
    with tempfile.TemporaryFile() as again, place.open("rb") as handle:
        with zipfile.ZipFile(again, "w", zipfile.ZIP_STORED, allowZip64=False) as packed:
            for one in archive.infolist():
                with archive.open(one) as member:
                    try:
                        pack_member(packed, one.filename, iter(partial(member.read, AT_ONCE), b""), one.file_size)
                    except zipfile.BadZipFile:
                        return True
        again.seek(0)
        while part := again.read(AT_ONCE):
            if handle.read(len(part)) != part:
                return False
        return not handle.read(1)
