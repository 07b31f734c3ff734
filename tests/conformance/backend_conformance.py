"""The exam that a place for stores sits before studies are kept there.

For a place of your own, copy this file into your tests.
"""

import multiprocessing
import os
import pickle
import signal
from collections.abc import Callable
from pathlib import Path

from brittlestar.core.optional import import_if_present
from brittlestar.store.backend import OUTCOME, Backend

_LIMITS = import_if_present("resource")
FILE = "exam/document.json"
LOG = "exam/attempts.jsonl"
FOLDER = "exam/cells/one"
BYTES = bytes(range(256)) + b"\r\n\n\xef\xbb\xbf\x1a\n"
"""Every byte, and what a text file would change."""
OLD, NEW = b"old" * 1000, b"new, and longer" * 1000


def backend_conformance(backend: Backend) -> None:
    """Write, read, list, move and lock in a backend, and kill processes half way.

    Args:
        backend: What `brittlestar.store.backend.Backend` describes, for an empty place that it may fill. It and its
            class can be pickled: other processes, and a second holder of the lock, get a copy.

    Raises:
        AssertionError: It names the rule that does not hold. What is written is read back byte for byte, and can be
            read at `path`; a file that is written again is the old or the new one, whole, however its process ends; a
            folder is there with all its files or not at all, is never replaced, and goes as a whole; what is being
            written is not listed; a line is added to a log and begins anew after one cut short; what is missing raises
            FileNotFoundError; each lock has one holder, and another is told so.
    """
    _files(backend)
    _logs(backend)
    _folders(backend)
    _kills(backend)
    _locks(backend, pickle.loads(pickle.dumps(backend)))


def _files(backend: Backend) -> None:
    assert not backend.exists(FILE), "there is a file that nobody wrote"
    _raises(FileNotFoundError, lambda: backend.read(FILE), "reading what is missing")
    backend.remove(FILE)
    for content in (BYTES, b"", BYTES * 2):
        backend.write(FILE, content)
        assert backend.read(FILE) == content, "a file does not have the bytes that were written"
        assert backend.path(FILE).read_bytes() == content, "the local path has other bytes"
    backend.write(FILE, BYTES, lasting=False)
    assert backend.exists(FILE) and backend.read(FILE) == BYTES, "a file that need not last is not there"
    assert backend.list("exam") == [FILE], f"one file is listed as {backend.list('exam')}"
    backend.remove(FILE)
    assert not backend.exists(FILE) and backend.list("exam") == [], "a file that was removed is there"


def _logs(backend: Backend) -> None:
    backend.write(LOG, b"")
    for line in (b'{"one": 1}\n', b'{"two": 2}\n'):
        backend.append(LOG, line)
    assert backend.read(LOG) == b'{"one": 1}\n{"two": 2}\n', "lines are lost or out of order"
    backend.write(LOG, b'{"one": 1}\n{"tw')
    backend.append(LOG, b'{"three": 3}\n')
    assert backend.read(LOG) == b'{"one": 1}\n{"tw\n{"three": 3}\n', "a line cut short costs the one after it"
    backend.remove(LOG)


def _folders(backend: Backend) -> None:
    _raises(ArithmeticError, lambda: backend.place(FOLDER, _fail), "an exception of who writes a folder")
    assert not backend.exists(FOLDER), "a folder is there that could not be written"

    def write(folder: Path) -> None:
        assert not [*folder.iterdir()], "the folder to write into is not empty"
        _write(folder)
        unseen = not backend.exists(FOLDER) and backend.list("exam/cells") == []
        assert unseen, "a folder that is still being written is listed"

    backend.place(FOLDER, write)
    assert backend.exists(FOLDER) and backend.list("exam/cells") == [FOLDER], "a folder that was placed is not listed"
    assert backend.list_placed("exam") == [FOLDER], "a folder that was placed is not found below its prefix"
    found = backend.find_placed([FOLDER, f"{FOLDER}.1", "exam/none"])
    assert found == {FOLDER}, f"of three keys, one of a folder that was placed, these are found: {sorted(found)}"
    assert backend.list(FOLDER) == [f"{FOLDER}/log.txt", f"{FOLDER}/{OUTCOME}"], "files of a folder are missing"
    assert backend.read(f"{FOLDER}/log.txt") == BYTES, "a file of a folder does not have the bytes that were written"
    assert (backend.path(FOLDER) / OUTCOME).read_bytes() == b"{}", "the local path of a folder lacks a file"
    _raises(OSError, lambda: backend.place(FOLDER, _write_other), "placing a folder that is there")
    assert backend.read(f"{FOLDER}/{OUTCOME}") == b"{}", "a folder that was there is replaced"
    assert backend.read(f"{FOLDER}/log.txt") == BYTES, "a file of a folder that was there is replaced"
    backend.move(FOLDER, f"{FOLDER}.1")
    assert backend.list("exam/cells") == [f"{FOLDER}.1"], "a folder that was moved is not where it was moved to"
    found = backend.find_placed([FOLDER, f"{FOLDER}.1"])
    assert found == {f"{FOLDER}.1"}, f"of a folder that was moved these keys are found: {sorted(found)}"
    assert backend.read(f"{FOLDER}.1/log.txt") == BYTES, "a folder that was moved has lost bytes"
    backend.place(FOLDER, _write_other)
    assert backend.read(f"{FOLDER}/{OUTCOME}") == b"other", "a folder cannot be placed where one was moved away"
    backend.remove(f"{FOLDER}.1")
    assert not backend.exists(f"{FOLDER}.1") and backend.list("exam/cells") == [FOLDER], "a removed folder is there"
    assert backend.list(f"{FOLDER}.1") == [] and not backend.leftovers(), "a folder that was removed leaves files"
    backend.place(f"{FOLDER}.1", _write)
    assert backend.read(f"{FOLDER}.1/log.txt") == BYTES, "a folder cannot be placed where one was removed"


def _kills(backend: Backend) -> None:
    """A process is killed half way through a file that is there, one that is not, and a folder."""
    backend.write(FILE, OLD)
    _run(_write_half, backend, FILE)
    found = backend.read(FILE) if backend.exists(FILE) else None
    assert found in (OLD, NEW), "a process that is killed leaves half a file"
    _run(_write_half, backend, "exam/killed/new.json")
    assert backend.list("exam/killed") in ([], ["exam/killed/new.json"]), "what a killed process left is listed"
    whole = not backend.exists("exam/killed/new.json") or backend.read("exam/killed/new.json") == NEW
    assert whole, "a process that is killed leaves half a file"
    _run(_place_half, backend, "exam/killed/folder")
    unseen = not backend.exists("exam/killed/folder") and "exam/killed/folder" not in backend.list("exam/killed")
    assert unseen, "a process that is killed leaves half a folder"
    backend.sweep()
    assert not backend.leftovers(), "what a killed process left is still there"
    backend.place("exam/killed/folder", _write)
    files = [f"exam/killed/folder/{name}" for name in ("log.txt", OUTCOME)]
    assert backend.list("exam/killed/folder") == files, "what a killed process left is mixed in"


def _locks(backend: Backend, other: Backend) -> None:
    assert not backend.list_held(), "a lock is held, and nobody took it"
    with backend.lock("one"):
        assert backend.list_held() == other.list_held() == ("one",), "nobody sees that a lock is held"
        _raises(BlockingIOError, lambda: _hold(other), "taking a lock that is held")
        assert other.list_held() == ("one",), "who was refused a lock has ended it"
        with other.lock("two"):
            assert backend.list_held() == ("one", "two"), "locks of two names exclude each other"
    _raises(ArithmeticError, lambda: _hold(backend, fail=True), "an exception under the lock")
    assert not other.list_held(), "a lock is held after its holder let it go"
    _hold(other)


def _hold(backend: Backend, fail: bool = False) -> None:
    with backend.lock("one"):
        if fail:
            raise ArithmeticError


def _raises(kind: type[Exception], call: Callable[[], object], what: str) -> None:
    try:
        call()
    except kind:
        return
    raise AssertionError(f"{what} does not raise {kind.__name__}")


def _write(folder: Path) -> None:
    (folder / "log.txt").write_bytes(BYTES)
    (folder / OUTCOME).write_bytes(b"{}")


def _write_other(folder: Path) -> None:
    (folder / "log.txt").write_bytes(b"other")
    (folder / OUTCOME).write_bytes(b"other")


def _fail(folder: Path) -> None:
    _write(folder)
    raise ArithmeticError


def _die(folder: Path) -> None:
    (folder / "left.txt").write_bytes(BYTES)
    os.kill(os.getpid(), signal.SIGKILL)


def _run(task: Callable[[Backend, str], None], backend: Backend, key: str) -> None:
    process = multiprocessing.get_context("spawn").Process(target=task, args=(backend, key))
    process.start()
    process.join()


def _write_half(backend: Backend, key: str) -> None:
    """The system kills this process when a file on its disk is half written; a backend elsewhere may get to the end."""
    if _LIMITS is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        _LIMITS.setrlimit(_LIMITS.RLIMIT_CORE, (0, 0))
        _LIMITS.setrlimit(_LIMITS.RLIMIT_FSIZE, (len(NEW) // 2, len(NEW)))
    backend.write(key, NEW)


def _place_half(backend: Backend, key: str) -> None:
    backend.place(key, _die)
