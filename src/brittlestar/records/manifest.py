"""The manifest of a record: the hash of every file, and one hash over them all."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.core.hashing import canonical_json

LONGEST_FILE_NAME = 400  # budget: characters of a name; a split's name, a hash and folders need a quarter
_RESERVED = {"con", "prn", "aux", "nul", *(f"{kind}{k}" for kind in ("com", "lpt") for k in range(1, 10))}
_FORBIDDEN = frozenset('\\:*?"<>|')


def find_fault(name: str) -> str | None:
    """What is wrong with the name of a file of a record, as the end of a sentence; None where nothing is."""
    if not name or len(name) > LONGEST_FILE_NAME:
        return "is empty" if not name else f"has more than {LONGEST_FILE_NAME} characters"
    if any(ord(one) < 32 or ord(one) == 127 or unicodedata.category(one) in ("Cs", "Cf", "Cc") for one in name):
        return "has invisible characters"
    if name.startswith("/") or "\\" in name or ":" in name:
        return "leads out of the record: it is absolute"
    parts = name.split("/")
    if ".." in parts:
        return "leads out of the record: it has '..'"
    if any(part in ("", ".") or part.endswith((".", " ")) or part.startswith(" ") for part in parts):
        return "is written in more than one way"
    if _FORBIDDEN & {*name} or any(part.partition(".")[0].lower() in _RESERVED for part in parts):
        return "means something else on some systems"
    if unicodedata.normalize("NFC", name) != name:
        return "is not in Unicode's composed form (NFC)"
    return None


def check_names(names: Iterable[str], where: str) -> None:
    """Raise InputError where a name cannot be one of a file of a record, where two are one file on some system, or
    where one is the folder of another."""
    seen: dict[str, str] = {}
    every = list(names)
    for name in every:
        if (fault := find_fault(name)) is not None:
            raise InputError(f"the name {name!r} {fault}", where, FORGED)
        folded = name.casefold()
        if folded in seen:
            raise InputError(f"{seen[folded]!r} and {name!r} are one file on some systems", where, FORGED)
        seen[folded] = name
    for name in every:
        parts = name.casefold().split("/")
        for depth in range(1, len(parts)):
            if (folder := "/".join(parts[:depth])) in seen:
                raise InputError(f"{seen[folder]!r} is a file and a folder of {name!r}", where, FORGED)


MANIFEST = "manifest.json"
FORMAT = 1
LARGEST_MANIFEST = 1 << 28  # budget: bytes of a manifest; a million files take less
HEX = re.compile(r"[0-9a-f]{64}")
FORGED = "this is no record that `seal` wrote"


@dataclass(frozen=True, order=True)
class SealedFile:
    """One file of a record: its name from the record's folder, its bytes, and their SHA-256 as 64 hex digits."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """All files of a record but the manifest, by name."""

    files: tuple[SealedFile, ...]

    @cached_property
    def content(self) -> bytes:
        """The bytes of manifest.json: canonical, so that the same files have the same manifest."""
        listed = [[file.name, file.size, file.sha256] for file in self.files]
        return canonical_json({"files": listed, "format": FORMAT, "hash": "sha256"}) + b"\n"

    @property
    def root(self) -> str:
        """SHA-256 of `content`, 64 hex digits: who knows it knows every byte of the record."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def size(self) -> int:
        """Bytes of all files together, without the manifest."""
        return sum(file.size for file in self.files)

    def by_name(self) -> dict[str, SealedFile]:
        """The files by their names."""
        return {file.name: file for file in self.files}


def make_manifest(files: Iterable[SealedFile]) -> Manifest:
    """The manifest of these files, sorted by name. Raises InputError for a name that no record may have."""
    listed = tuple(sorted(files))
    check_names((file.name for file in listed), MANIFEST)
    return Manifest(listed)


def read_manifest(content: bytes, where: str) -> Manifest:
    """What manifest.json says. Raises InputError unless it is byte for byte one that `seal` could have written."""
    try:
        document: Any = json.loads(content)
        listed = [SealedFile(name, size, sha256) for name, size, sha256 in document["files"]]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise InputError("the manifest cannot be read", where, FORGED) from error
    if any(not _is_plain(file) for file in listed):
        raise InputError("the manifest lists something that is no file", where, FORGED)
    check_names((file.name for file in listed), where)
    found = Manifest(tuple(listed))
    if document.get("format") != FORMAT:
        hint = "a later version of brittlestar wrote it: install that one"
        raise InputError(f"the record has the format {document.get('format')!r}", where, hint)
    if sorted(listed) != listed or found.content != content:
        raise InputError("the manifest is not written as `seal` writes it", where, FORGED)
    return found


def _is_plain(file: SealedFile) -> bool:
    kinds = (type(file.name), type(file.size), type(file.sha256))  # of untrusted JSON: anything may stand there
    return kinds == (str, int, str) and file.size >= 0 and HEX.fullmatch(file.sha256) is not None


def matches_root(root: str, given: str) -> bool:
    """Whether what somebody printed is this root hash, whole or its first 64 bits or more, with or without hyphens.
    Raises InputError where it is neither."""
    plain = given.replace("-", "").replace(" ", "").lower()
    if not re.fullmatch(r"[0-9a-f]{16,64}", plain):
        hint = "write what `seal` printed: 32 or 64 hex digits, with or without hyphens; 16 are enough"
        raise InputError(f"{given!r} is no root hash", "--root", hint)
    return root.startswith(plain)
