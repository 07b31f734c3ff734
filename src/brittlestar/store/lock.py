"""One run at a time on one store."""

from __future__ import annotations

import platform
import shlex
from collections.abc import Generator
from contextlib import ExitStack, contextmanager

from brittlestar.core.errors import StoreError
from brittlestar.store.backend import FCNTL
from brittlestar.store.layout import Store, write_failure


def require_locks() -> None:
    """Raise StoreError where the system has no POSIX file locks: two runs could then write to one store."""
    if FCNTL is None:
        raise StoreError(
            f"run and probe need POSIX file locks, which {platform.system() or 'this system'} does not have",
            "",
            "use Linux, macOS or the Windows Subsystem for Linux; check, audit, split and judge need no locks",
        )


@contextmanager
def exclusive(store: Store) -> Generator[None]:
    """Hold the store's lock. Raises StoreError when it is held, and where there are no locks."""
    require_locks()
    with ExitStack() as held:
        try:
            held.enter_context(store.backend.lock())
        except BlockingIOError as error:
            raise StoreError(
                "another run is at work on this store",
                str(store.root),
                f"watch it with: brittlestar status {shlex.quote(str(store.root))}",
            ) from error
        except OSError as error:
            raise write_failure(error, store.root) from error
        yield


def is_locked(store: Store) -> bool:
    """Whether a run is at work on the store now."""
    return store.backend.is_locked()
