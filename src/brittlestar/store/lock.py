"""One run at a time on one store."""

from __future__ import annotations

import errno
import os
import platform
import shlex
import time
from collections.abc import Generator
from contextlib import contextmanager

from brittlestar.core.errors import StoreError
from brittlestar.core.optional import import_if_present
from brittlestar.store.layout import Store, write_failure

_FCNTL = import_if_present("fcntl")
_PATIENCE = 0.5
"""Seconds to try again: who asks whether a run is at work (`is_locked`) holds the lock for a moment."""


def require_locks() -> None:
    """Raise StoreError where the system has no POSIX file locks: two runs could then write to one store."""
    if _FCNTL is None:
        raise StoreError(
            f"run and probe need POSIX file locks, which {platform.system() or 'this system'} does not have",
            "",
            "use Linux, macOS or the Windows Subsystem for Linux; check, audit, split and judge need no locks",
        )


@contextmanager
def exclusive(store: Store) -> Generator[None]:
    """Hold the store's lock. The lock goes with the process, however that ends. Raises StoreError when it is held, and
    where there are no locks."""
    require_locks()
    assert _FCNTL is not None
    path = store.root / ".lock"
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise write_failure(error, store.root) from error
    try:
        if not _locked(descriptor):
            raise StoreError(
                "another run is at work on this store",
                str(store.root),
                f"watch it with: brittlestar status {shlex.quote(str(store.root))}",
            )
        yield
    finally:
        _FCNTL.flock(descriptor, _FCNTL.LOCK_UN)  # a process forked meanwhile may still have the file open
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    assert _FCNTL is not None
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            _FCNTL.flock(descriptor, _FCNTL.LOCK_EX | _FCNTL.LOCK_NB)
            return True
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                raise
            if time.monotonic() > until:
                return False
        time.sleep(0.02)


def is_locked(store: Store) -> bool:
    """Whether a run is at work on the store now; none is where there are no locks, since none could begin."""
    if _FCNTL is None:
        return False
    try:
        descriptor = os.open(store.root / ".lock", os.O_RDONLY)
    except OSError:
        return False
    try:
        _FCNTL.flock(descriptor, _FCNTL.LOCK_SH | _FCNTL.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False
