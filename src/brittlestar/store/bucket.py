"""A store in an object store, such as S3. A folder is there when its `outcome.json` is, which is written last and only
if absent."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from brittlestar.store.backend import OUTCOME
from brittlestar.store.leases import Lease, hold_lease, list_holders
from brittlestar.store.mirror import Mirror, Writer, choose_folder, is_log, part_keys
from brittlestar.store.objects import Entry, Objects, ObjectStoreError

UNFINISHED = ".unfinished"
"""Below this a note is kept for each folder that is being written or removed: what a kill leaves is found by it."""


@dataclass(frozen=True)
class Bucket:
    """Everything below an address (`s3://BUCKET/PREFIX`). What needs a file gets a copy on this machine. Methods are
    those of `Backend`, and say what is more."""

    address: str
    _placed: dict[str, list[Entry]] = field(default_factory=dict, compare=False, repr=False)
    """The objects of folders that were seen to be there: what was placed never changes."""
    _logs: dict[str, Writer] = field(default_factory=dict, compare=False, repr=False)
    _leases: list[Lease] = field(default_factory=list, compare=False, repr=False)

    def __reduce__(self) -> tuple[Any, ...]:
        return Bucket, (self.address,)  # a copy in another process has seen nothing, and holds nothing

    @property
    def _objects(self) -> Objects:
        return Objects(self.address)

    @cached_property
    def _mirror(self) -> Mirror:
        return Mirror(self._objects, choose_folder(self.address))

    def create(self) -> None:
        """See Backend: nothing has to be made."""

    def is_empty(self) -> bool:
        return not self._objects.list("")

    def clear(self) -> None:
        self._objects.delete([one.key for one in self._objects.list("")])
        self._mirror.forget("")
        self._placed.clear()

    def read(self, key: str) -> bytes:
        """See Backend. A log is read with all that was added to it."""
        if not is_log(key):
            return self._read(key)
        parts = part_keys(self._objects, key)
        try:
            whole = self._objects.get(key)
        except FileNotFoundError:
            if not parts:
                raise
            whole = b""
        return whole + b"".join(self._objects.get_all(parts))

    def _read(self, key: str) -> bytes:
        folder, _, name = key.rpartition("/")
        entries = self._find_placed(folder) if name == OUTCOME or folder in self._placed else None
        entry = next((one for one in entries or () if one.key == key), None)
        return self._objects.get(key) if entry is None else self._mirror.fetch(key, [entry]).read_bytes()

    def write(self, key: str, content: bytes, lasting: bool = True) -> None:
        """See Backend: an object is replaced as a whole."""
        self._require_leases()
        self._objects.put(key, content)
        if is_log(key):
            self._logs.pop(key, None)
            self._objects.delete(part_keys(self._objects, key))

    def append(self, key: str, line: bytes) -> None:
        """See Backend. Objects cannot grow: this process adds to objects of its own."""
        if key not in self._logs:
            self._logs[key] = Writer(self._objects, key)
            with suppress(FileNotFoundError):
                if (before := self._objects.get(key)) and not before.endswith(b"\n"):
                    line = b"\n" + line
        self._logs[key].add(line)

    def place(self, key: str, write: Callable[[Path], None]) -> None:
        """See Backend. Of two who write one folder at once, the second is refused at the end."""
        self._require_leases()
        with tempfile.TemporaryDirectory(prefix="brittlestar-") as place:
            folder = Path(place)
            write(folder)
            if key in self._placed or self._objects.find(f"{key}/{OUTCOME}") is not None:
                raise FileExistsError(f"{key} is there already")
            files = {f"{key}/{path.relative_to(folder).as_posix()}": path for path in _files_below(folder)}
            outcome = files.pop(f"{key}/{OUTCOME}").read_bytes()
            with self._note_unfinished(key) as begun_before:
                if begun_before:  # a kill left some, or somebody writes them now: the same ones, which are put anew
                    there = [one.key for one in self._objects.list(key)]
                    self._objects.delete([one for one in there if one not in files])
                tags = self._objects.put_all(files)
                tags[f"{key}/{OUTCOME}"] = self._objects.create(f"{key}/{OUTCOME}", outcome)
            self._mirror.adopt(folder, key, tags)

    def find_placed(self, keys: Iterable[str]) -> set[str]:
        """See Backend: of folders that were not seen yet, one listing of what lies in the same room."""
        asked = {*keys}
        for room in sorted({key.partition("/")[0] for key in asked if key not in self._placed}):
            self._list_all(room)
        return {key for key in asked if key in self._placed}

    def fetch(self, keys: Iterable[str]) -> None:
        """See Backend: copies of all folders among `keys` that were seen to be there."""
        self._mirror.fetch_all(one for key in keys for one in self._placed.get(key, ()))

    def exists(self, key: str) -> bool:
        """See Backend: a folder is there when its outcome is."""
        folder, _, name = key.rpartition("/")
        if folder in self._placed:
            return any(one.key == key for one in self._placed[folder])
        if "." not in name:  # all files of a store have an ending
            return self._find_placed(key) is not None
        if self._objects.find(key) is not None or self._find_placed(key) is not None:
            return True
        return is_log(key) and bool(part_keys(self._objects, key))

    def list(self, prefix: str) -> list[str]:
        names = set[str]()
        for one in self._list_all(prefix):
            name, *below = one.key.removeprefix(f"{prefix}/").split("/")
            if not name.startswith(".") and (not below or below[-1] == OUTCOME):
                names.add(f"{prefix}/{name}")
        return sorted(names)

    def list_placed(self, prefix: str) -> list[str]:
        keys = (one.key for one in self._list_all(prefix))
        return sorted(key.removesuffix(f"/{OUTCOME}") for key in keys if key.endswith(f"/{OUTCOME}"))

    def remove(self, key: str) -> None:
        """See Backend: the outcome goes first."""
        self._mirror.forget(key)
        self._placed.pop(key, None)
        if self._objects.list(key):
            with self._note_unfinished(key):
                self._objects.delete([f"{key}/{OUTCOME}"])
                self._objects.delete([one.key for one in self._objects.list(key)])
        else:
            self._objects.delete([key, *(part_keys(self._objects, key) if is_log(key) else ())])

    def move(self, key: str, new: str) -> None:
        """See Backend: it is copied with its outcome last, then removed."""
        with self._note_unfinished(new):
            for one in self._objects.list(key):
                if one.key != f"{key}/{OUTCOME}":
                    self._objects.copy(one.key, new + one.key.removeprefix(key))
            self._objects.copy(f"{key}/{OUTCOME}", f"{new}/{OUTCOME}")
        self.remove(key)

    def leftovers(self) -> tuple[str, ...]:
        noted = (_read_note(self._objects, one) for one in self._objects.list(UNFINISHED))
        return tuple(sorted({key for key in noted if key and self._objects.find(f"{key}/{OUTCOME}") is None}))

    def sweep(self) -> None:
        for key in self.leftovers():
            self._objects.delete([one.key for one in self._objects.list(key)])
        self._objects.delete([one.key for one in self._objects.list(UNFINISHED)])

    def path(self, key: str) -> Path:
        """See Backend: a copy on this machine, as the object is now."""
        return self._mirror.fetch(key, self._entries(key))

    def size(self, key: str) -> int:
        return sum(one.size for one in self._entries(key))

    @contextmanager
    def folder(self, key: str) -> Generator[Path]:
        """See Backend: what changed in the copy is written back, files in folders before those beside them."""
        place = self.path(key)
        place.mkdir(parents=True, exist_ok=True)
        before = {path: _stamp(path) for path in _files_below(place)}
        yield place
        self._require_leases()
        after = {path: _stamp(path) for path in _files_below(place)}
        changed = [path for path in after if before.get(path) != after[path]]
        changed.sort(key=lambda path: (-len(path.parts), path))
        named = {path: f"{key}/{path.relative_to(place).as_posix()}" for path in {*before, *after}}
        tags = self._objects.put_all({named[path]: path for path in changed if path.parent != place})
        tags |= self._objects.put_all({named[path]: path for path in changed if path.parent == place})
        self._objects.delete([named[path] for path in before.keys() - after.keys()])
        self._mirror.keep(tags)

    @contextmanager
    def lock(self, name: str) -> Generator[None]:
        """See Backend: a lease, which runs out when its holder died."""
        with hold_lease(self._objects, name) as lease:
            self._leases.append(lease)
            try:
                yield
            finally:
                self._leases.remove(lease)

    def list_held(self) -> tuple[str, ...]:
        return list_holders(self._objects)

    def _list_all(self, prefix: str) -> list[Entry]:
        """All objects below a prefix; the folders among them are known from now on."""
        found = self._objects.list(prefix)
        folders: dict[str, list[Entry]] = {}
        for one in found:
            folders.setdefault(one.key.rpartition("/")[0], []).append(one)
        there = {one.key.removesuffix(f"/{OUTCOME}") for one in found if one.key.endswith(f"/{OUTCOME}")}
        self._placed.update({folder: folders[folder] for folder in there})
        return found

    def _find_placed(self, key: str) -> list[Entry] | None:
        """The objects of a folder that was placed, None where there is none."""
        if key not in self._placed:
            found = self._objects.list(key)
            if not any(one.key == f"{key}/{OUTCOME}" for one in found):
                return None
            self._placed[key] = found
        return self._placed[key]

    def _entries(self, key: str) -> list[Entry]:
        """The objects that a file or folder is."""
        if key in self._placed:
            return self._placed[key]
        folder = key.rpartition("/")[0]
        if folder in self._placed:
            return [one for one in self._placed[folder] if one.key == key]
        alone = (
            self._objects.find(key) if "." in key.rpartition("/")[2] else None
        )  # all files of a store have an ending
        return self._objects.list(key) if alone is None else [alone]

    def _require_leases(self) -> None:
        if any(lease.lost for lease in self._leases):
            what = "the store could not be reached for so long that another run may be at work on it"
            raise ObjectStoreError(what, self.address, "finished runs are safe: give the same command again")

    @contextmanager
    def _note_unfinished(self, key: str) -> Generator[bool]:
        """Note that a folder is written or removed until the block ends well. Gives whether half of one was there."""
        note, before = f"{UNFINISHED}/{key.replace('/', '+')}", False
        try:
            self._objects.create(note, json.dumps({"key": key}).encode())
        except FileExistsError:
            before = True
        yield before
        self._objects.delete([note])


def _read_note(objects: Objects, entry: Entry) -> str | None:
    try:
        return str(json.loads(objects.get(entry.key))["key"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def _files_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(".part"))


def _stamp(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_size, found.st_ino
