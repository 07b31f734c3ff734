"""Where the bytes of a store lie. A key names a file or folder, with `/` between its parts: `cells/HASH/log.txt`."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from brittlestar.core.files import flush_path, write_whole

OUTCOME = "outcome.json"
_LOCK = ".lock-"
_DEEP = 3  # folders in each other, of which the innermost may hold what is half-written: derived/HASH
_PATIENCE = 0.5  # seconds to try again: who asks which locks are held holds each for a moment
_ASKED_AGAIN = (0.0, 0.01, 0.02)  # seconds before each try of who asks: another one who asks is gone by the next


@dataclass(frozen=True)
class Backend:
    """A folder by keys. Files are written beside their place, flushed to disk, and renamed into it: readers see the old
    bytes or the new, whenever the process ends. Methods raise OSError where the folder refuses, FileNotFoundError where
    nothing has the key."""

    root: Path

    def create(self) -> None:
        """Make the folder; what is there stays."""
        self.root.mkdir(parents=True, exist_ok=True)

    def is_empty(self) -> bool:
        """Whether nothing is there, or no folder yet."""
        return not self.root.exists() or (self.root.is_dir() and not any(self.root.iterdir()))

    def clear(self) -> None:
        """Take the whole folder away."""
        shutil.rmtree(self.root, ignore_errors=True)

    def path(self, key: str) -> Path:
        """Where a file or folder lies, whether or not it is there."""
        return self.root / key

    def size(self, key: str) -> int:
        """Bytes of a file, or of all files of a folder."""
        path = self.path(key)
        if not path.is_dir():
            return path.stat().st_size
        return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())

    def folder(self, key: str) -> Path:
        """A folder that is not placed but changed, made where it is not there."""
        path = self.path(key)
        path.mkdir(parents=True, exist_ok=True)
        return path

    def read(self, key: str) -> bytes:
        """The bytes of a file."""
        return self.path(key).read_bytes()

    def write(self, key: str, content: bytes, lasting: bool = True) -> None:
        """Write a file whole, in place of one that is there. What is not `lasting` may be lost in a power cut."""
        path = self.path(key)
        if path.parent != self.root:
            path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content, lasting)

    def append(self, key: str, line: bytes) -> None:
        """Add a line, which ends in a newline, to a file, by one system call, so that no reader sees half of it. It
        begins a line even where the last one was cut short."""
        with self.path(key).open("a+b", buffering=0) as handle:
            if size := handle.seek(0, os.SEEK_END):
                handle.seek(size - 1)
                line = line if handle.read(1) == b"\n" else b"\n" + line
            while line:
                line = line[handle.write(line) :]

    def place(self, key: str, write: Callable[[Path], None]) -> None:
        """Keep a folder of files that `write` writes into an empty folder, `outcome.json` among them: all are there at
        once or none. Raises OSError where the folder is there already, and what `write` raises."""
        final = self.path(key)
        temporary = final.with_name(f".{final.name}.{secrets.token_hex(4)}.part")  # two may write one folder at once
        try:
            final.parent.mkdir(parents=True, exist_ok=True)
            temporary.mkdir()
            write(temporary)
            for path in (*sorted(temporary.iterdir()), temporary):
                flush_path(path)
            temporary.rename(final)
            flush_path(final.parent)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise

    def find_placed(self, keys: Iterable[str]) -> set[str]:
        """Those of `keys` that are folders which were placed, be they whole or damaged."""
        rooms: dict[str, set[str]] = {}
        for key in keys:
            rooms.setdefault(key.rpartition("/")[0], set()).add(key)
        return {key for room, asked in rooms.items() for key in asked & _list_room(self.path(room), room)}

    def exists(self, key: str) -> bool:
        """Whether there is a file or a folder, be it whole or damaged."""
        return self.path(key).exists()

    def list(self, prefix: str) -> list[str]:
        """The keys directly below a prefix, sorted; nothing that is still being written. Empty where there are none."""
        folder = self.path(prefix)
        names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
        return [f"{prefix}/{name}" for name in names if not name.startswith(".")]

    def list_placed(self, prefix: str) -> list[str]:
        """The keys of all folders below a prefix that have an outcome, at any depth, sorted."""
        found = (one.parent.relative_to(self.root) for one in self.path(prefix).rglob(OUTCOME))
        return sorted(one.as_posix() for one in found if not any(part.startswith(".") for part in one.parts))

    def remove(self, key: str) -> None:
        """Take a file, or a folder that was placed, away, if it is there. A folder goes at once for readers; what a
        kill leaves of it is a leftover."""
        path = self.path(key)
        if not path.is_dir() or path.is_symlink():
            return path.unlink(missing_ok=True)
        hidden = path if path.match(".*.part") else path.with_name(f".{path.name}.part")
        if hidden != path:
            shutil.rmtree(hidden, ignore_errors=True)
            path.rename(hidden)
        shutil.rmtree(hidden)

    def move(self, key: str, new: str) -> None:
        """Give a folder that was placed another key, which nothing has."""
        self.path(key).rename(self.path(new))

    def leftovers(self) -> tuple[str, ...]:
        """Keys of what killed processes left half-written or half-removed, sorted; what is being written now is among
        them."""
        return tuple(sorted(part.relative_to(self.root).as_posix() for part in _find_parts(self.root, _DEEP)))

    def sweep(self) -> None:
        """Remove the leftovers. The caller holds the lock."""
        for key in self.leftovers():
            self.remove(key)

    @contextmanager
    def lock(self, name: str) -> Generator[None]:
        """Hold the lock of this name, which the system keeps on an open file: it goes with the process, however that
        ends. Raises BlockingIOError where another holder has it."""
        from filelock import unlock_descriptor  # late, here and below: half of the verbs ask for no lock

        descriptor = os.open(self.path(f"{_LOCK}{name}"), os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _take(descriptor)
            try:
                yield
            finally:
                unlock_descriptor(descriptor)  # a process forked meanwhile may still have the file open
        finally:
            os.close(descriptor)

    def list_held(self) -> tuple[str, ...]:
        """The names of the locks that somebody holds now, sorted."""
        return tuple(sorted(path.name.removeprefix(_LOCK) for path in self.root.glob(f"{_LOCK}*") if _is_taken(path)))


def _list_room(folder: Path, key: str) -> set[str]:
    """The keys of what lies in a folder, which has a key itself."""
    try:
        with os.scandir(folder) as found:
            return {f"{key}/{one.name}" for one in found}
    except (FileNotFoundError, NotADirectoryError):
        return set()


def _find_parts(folder: Path, deep: int) -> Iterator[Path]:
    """What is half-written in a folder and in those below it. One that was placed has none: it is not looked into."""
    try:
        with os.scandir(folder) as scanned:
            found = [(one.name, deep > 1 and one.is_dir(follow_symlinks=False)) for one in scanned]
    except OSError:  # it is gone, or nobody may read it
        return
    for name, is_folder in found:
        if name.startswith(".") and name.endswith(".part"):
            yield folder / name
        elif is_folder and not (folder / name / OUTCOME).exists():
            yield from _find_parts(folder / name, deep - 1)


def _is_taken(path: Path) -> bool:
    """Whether somebody holds a lock. Nobody does, as far as can be told, where the system does not let us try: a file
    that we may only read has no exclusive lock on NFS."""
    from filelock import lock_descriptor

    try:
        descriptor = os.open(path, os.O_RDWR if os.access(path, os.W_OK) else os.O_RDONLY)
    except OSError:
        return False
    try:
        for seconds in _ASKED_AGAIN:
            time.sleep(seconds)
            if lock_descriptor(descriptor, blocking=False):
                return False
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True


def _take(descriptor: int) -> None:
    """Lock an open file; patiently, then BlockingIOError."""
    from filelock import lock_descriptor

    until = time.monotonic() + _PATIENCE
    while not lock_descriptor(descriptor, blocking=False):
        if time.monotonic() > until:
            raise BlockingIOError(errno.EWOULDBLOCK, os.strerror(errno.EWOULDBLOCK))
        time.sleep(0.02)
