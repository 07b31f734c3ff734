"""One run at a time on one store."""

from __future__ import annotations

import errno
import fcntl
import os
import shlex
import time
from collections.abc import Generator
from contextlib import contextmanager

from brittlestar.core.errors import StoreError
from brittlestar.execution.layout import Store, write_failure

_PATIENCE = 0.5
"""Seconds to try again: who asks whether a run is at work (`is_locked`) holds the lock for a moment."""


@contextmanager
def exclusive(store: Store) -> Generator[None]:
    """Hold the store's lock. The lock goes with the process, however that ends. Raises StoreError when it is held."""
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
        fcntl.flock(descriptor, fcntl.LOCK_UN)  # a process forked meanwhile may still have the file open
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                raise
            if time.monotonic() > until:
                return False
        time.sleep(0.02)


def is_locked(store: Store) -> bool:
    """Whether a run is at work on the store now."""
    try:
        descriptor = os.open(store.root / ".lock", os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False
