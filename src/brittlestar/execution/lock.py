"""One run at a time on one store."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager

from brittlestar.core.errors import StoreError
from brittlestar.execution.layout import Store, write_failure


@contextmanager
def exclusive(store: Store) -> Generator[None]:
    """Hold the store's lock. The lock goes with the process, however that ends. Raises StoreError when it is held."""
    path = store.root / ".lock"
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise write_failure(error, store.root) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                raise
            raise StoreError(
                "another run is at work on this store",
                str(store.root),
                f"watch it with: brittlestar status {store.root}",
            ) from error
        yield
    finally:
        os.close(descriptor)


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
