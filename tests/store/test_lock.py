import errno
import os
import subprocess
import sys
import threading
import time
import warnings
from contextlib import ExitStack
from pathlib import Path

import pytest

from brittlestar.core.errors import StoreError
from brittlestar.store.layout import create_store
from brittlestar.store.lock import is_locked, lock_alone


def test_a_second_holder_is_told_how_to_watch_the_first(tmp_path: Path) -> None:
    store = create_store(tmp_path / "my study")
    assert not is_locked(store)
    with lock_alone(store):
        assert is_locked(store)
        with pytest.raises(StoreError) as told, lock_alone(store):
            pytest.fail("two at once")
        assert str(told.value) == (
            f"{store.root}: another run is at work on this store; watch it with: brittlestar status '{store.root}'"
        )
    assert not is_locked(store)
    with lock_alone(store):
        pass


def test_who_asks_does_not_keep_a_run_from_starting(tmp_path: Path) -> None:
    store = create_store(tmp_path)
    asking = threading.Event()

    def ask() -> None:
        while not asking.is_set():
            is_locked(store)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(50):
            with lock_alone(store):
                pass
    finally:
        asking.set()
        for thread in threads:
            thread.join()


def test_others_who_ask_are_no_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, asking = create_store(tmp_path), ExitStack()
    asking.enter_context(store.backend.lock("run"))
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 2:
            asking.close()

    monkeypatch.setattr("brittlestar.store.backend.time.sleep", sleep)
    assert not is_locked(store) and len(waits) == 2


def test_where_a_lock_cannot_be_tried_no_run_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(descriptor: int, *, blocking: bool) -> bool:
        raise OSError(errno.EBADF, "opened for reading, on NFS")

    store = create_store(tmp_path)
    with lock_alone(store):
        monkeypatch.setattr("filelock.lock_descriptor", refuse)
        assert not is_locked(store)
    with pytest.raises(StoreError, match="on NFS"), lock_alone(store):
        pytest.fail("a lock that is none")


def test_a_run_is_seen_in_a_study_that_may_only_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = create_store(tmp_path)
    with lock_alone(store):
        before, opened, really = sorted(tmp_path.iterdir()), list[int](), os.open
        monkeypatch.setattr("os.access", lambda path, mode: False)
        monkeypatch.setattr("os.open", lambda path, flags, *mode: opened.append(flags) or really(path, flags, *mode))
        assert is_locked(store) and set(opened) == {os.O_RDONLY}
    assert not is_locked(store) and sorted(tmp_path.iterdir()) == before


def test_the_lock_goes_with_its_process(tmp_path: Path) -> None:
    store = create_store(tmp_path)
    code = (
        "import os, sys, pathlib\n"
        "from brittlestar.store.layout import Store\n"
        "from brittlestar.store.lock import lock_alone\n"
        "with lock_alone(Store(pathlib.Path(sys.argv[1]))):\n"
        "    print('held', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        assert is_locked(store)
        holder.kill()
        holder.wait()
    assert not is_locked(store)


def test_a_process_forked_meanwhile_does_not_keep_it(tmp_path: Path) -> None:
    store = create_store(tmp_path)
    with lock_alone(store), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # from 3.12: other tests have started threads
        child = os.fork()
        if child == 0:
            time.sleep(60)
            os._exit(0)
    try:
        assert not is_locked(store)
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
