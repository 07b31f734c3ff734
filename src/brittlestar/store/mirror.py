"""Objects as files are used: copies on this machine, each read once, and logs, which grow although objects cannot."""

import hashlib
import os
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from brittlestar.core.files import write_whole
from brittlestar.store.objects import AT_ONCE, Entry, Objects

FOLDER = "BRITTLESTAR_CACHE"
"""The environment variable that names the folder of all copies; else it is `brittlestar` in the user's cache folder."""
PREFIX = ".logs"
LONGEST = 1 << 16  # bytes: a line costs no more than this to write


@dataclass
class Writer:
    """What this process adds to one log: the part that it writes now."""

    objects: Objects
    key: str
    content: bytes = b""
    names: Iterator[str] = field(default_factory=lambda: _make_names())
    name: str = ""

    def add(self, line: bytes) -> None:
        """Write the part anew with one line more, or begin another part."""
        if not self.name or len(self.content) > LONGEST:
            self.content, self.name = b"", next(self.names)
        self.content += line
        self.objects.put(f"{PREFIX}/{self.key}/{self.name}", self.content)


@dataclass(frozen=True)
class Mirror:
    """The copies of one address: `files/KEY`, and `tags/KEY` with the tag that each file has. A tag is written last, so
    that a copy without one is none."""

    objects: Objects
    root: Path

    def file(self, key: str) -> Path:
        """Where the copy of an object, or of a folder of them, lies."""
        return self.root / "files" / key

    def fetch(self, key: str, entries: Sequence[Entry]) -> Path:
        """The copy of a file or folder, made equal to the objects that it has now (`entries`)."""
        wanted = {self.file(one.key) for one in entries}
        for path in {one for one in self.file(key).rglob("*") if one.is_file()} - wanted:
            path.unlink(missing_ok=True)
        self.fetch_all(entries)
        return self.file(key)

    def fetch_all(self, entries: Iterable[Entry]) -> None:
        """Get the objects that are not kept as they are now, several at once."""
        if lacking := [one for one in entries if not self._is_kept(one)]:
            with ThreadPoolExecutor(AT_ONCE) as threads:
                list(threads.map(self._fetch, lacking))

    def keep(self, tags: Mapping[str, str | None]) -> None:
        """Note that files here are copies of the objects with these entity tags, which were just written from them."""
        for key, tag in tags.items():
            self._write_tag(key, tag)

    def adopt(self, folder: Path, key: str, tags: Mapping[str, str | None]) -> None:
        """Take files of a folder, just written as the objects below a key that have these entity tags, for copies."""
        for name, tag in tags.items():
            self._place(name, tag, (folder / name.removeprefix(f"{key}/")).read_bytes())

    def forget(self, key: str) -> None:
        """Drop the copies of a file or folder."""
        for path in (self.file(key), self._tag(key)):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)

    def _fetch(self, entry: Entry) -> None:
        self._place(entry.key, entry.tag, self.objects.get(entry.key))

    def _place(self, key: str, tag: str | None, content: bytes) -> None:
        self._tag(key).unlink(missing_ok=True)
        path = self.file(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content, lasting=False)
        self._write_tag(key, tag)

    def _write_tag(self, key: str, tag: str | None) -> None:
        """Without a tag a file is no copy: it is read again."""
        path = self._tag(key)
        if tag is None:
            return path.unlink(missing_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, tag.encode(), lasting=False)

    def _is_kept(self, entry: Entry) -> bool:
        with suppress(OSError):
            size = self.file(entry.key).stat().st_size
            return size == entry.size and self._tag(entry.key).read_text(encoding="utf-8") == entry.tag
        return False

    def _tag(self, key: str) -> Path:
        return self.root / "tags" / key


def choose_folder(address: str) -> Path:
    """Where the copies of one address lie."""
    return cache_folder() / hashlib.sha256(address.encode()).hexdigest()[:16]


def cache_folder() -> Path:
    """Where this user's copies lie, all of which can be made again. Raises RuntimeError for one without a home."""
    named = os.environ.get(FOLDER)
    return Path(named or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "brittlestar")


def is_log(key: str) -> bool:
    """Whether a file is one that lines are added to: JSON Lines are."""
    return key.endswith(".jsonl")


def part_keys(objects: Objects, key: str) -> list[str]:
    """What processes added to a log, in the order in which they began."""
    return [one.key for one in objects.list(f"{PREFIX}/{key}")]


def _make_names() -> Iterator[str]:
    """Names that sort by when they were made, and that no other process makes."""
    token = uuid4().hex[:12]
    while True:
        yield f"{time.time_ns():020d}-{token}"
