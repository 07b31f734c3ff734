"""Our backend sits the exam, and backends that break a rule fail it."""

import shutil
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from brittlestar.store.backend import Backend
from tests.conformance.backend_conformance import backend_conformance


def test_ours_sits_it(tmp_path: Path) -> None:
    backend_conformance(Backend(tmp_path))


@dataclass(frozen=True)
class InPlace(Backend):
    def write(self, key: str, content: bytes, lasting: bool = True) -> None:
        self.path(key).parent.mkdir(parents=True, exist_ok=True)
        self.path(key).write_bytes(content)


@dataclass(frozen=True)
class Replaces(Backend):
    def place(self, key: str, write: Callable[[Path], None]) -> None:
        shutil.rmtree(self.path(key), ignore_errors=True)
        super().place(key, write)


@dataclass(frozen=True)
class PlacesInPlace(Backend):
    def place(self, key: str, write: Callable[[Path], None]) -> None:
        self.path(key).mkdir(parents=True)
        try:
            write(self.path(key))
        except BaseException:
            shutil.rmtree(self.path(key))
            raise


@dataclass(frozen=True)
class ListsUnfinished(Backend):
    def list(self, prefix: str) -> list[str]:
        folder = self.path(prefix)
        return [f"{prefix}/{path.name}" for path in sorted(folder.iterdir())] if folder.is_dir() else []


@dataclass(frozen=True)
class AppendsBlindly(Backend):
    def append(self, key: str, line: bytes) -> None:
        self.write(key, self.read(key) + line)


@dataclass(frozen=True)
class SharesLock(Backend):
    @contextmanager
    def lock(self, name: str) -> Generator[None]:
        self.write(f"held/{name}", b"")
        try:
            yield
        finally:
            self.remove(f"held/{name}")

    def list_held(self) -> tuple[str, ...]:
        return tuple(key.removeprefix("held/") for key in self.list("held"))


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (InPlace, "killed leaves half a file"),
        (Replaces, "placing a folder that is there does not raise"),
        (PlacesInPlace, "still being written is listed"),
        (ListsUnfinished, "still being written is listed"),
        (AppendsBlindly, "cut short costs the one after it"),
        (SharesLock, "taking a lock that is held does not raise BlockingIOError"),
    ],
)
def test_a_broken_backend_fails_it(tmp_path: Path, kind: type[Backend], said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        backend_conformance(kind(tmp_path))
