"""One run at a time on one store, and what it is doing now, for other terminals (`progress.json`)."""

import json
import platform
import shlex
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from typing import Any

from brittlestar.core.errors import StoreError
from brittlestar.store.backend import FCNTL
from brittlestar.store.layout import PROGRESS, Store, telling_failures


def require_locks() -> None:
    """Raise StoreError where the system has no POSIX file locks: two runs could then write to one store."""
    if FCNTL is None:
        what = f"run and probe need POSIX file locks, which {platform.system() or 'this system'} does not have"
        others = "check, audit, split and judge need no locks"
        raise StoreError(what, "", f"use Linux, macOS or the Windows Subsystem for Linux; {others}")


@contextmanager
def exclusive(store: Store) -> Generator[None]:
    """Hold the store's lock. Raises StoreError when it is held, and where there are no locks."""
    require_locks()
    with ExitStack() as held:
        with telling_failures(store.root):
            try:
                held.enter_context(store.backend.lock())
            except BlockingIOError as error:
                hint = f"watch it with: brittlestar status {shlex.quote(str(store.root))}"
                raise StoreError("another run is at work on this store", str(store.root), hint) from error
        yield


def is_locked(store: Store) -> bool:
    """Whether a run is at work on the store now."""
    return store.backend.is_locked()


def read_progress(store: Store) -> dict[str, Any]:
    """`running` and `seconds_left` of the run that is at work; nothing runs where none is."""
    nothing: dict[str, Any] = {"running": [], "seconds_left": None}
    if not is_locked(store):
        return nothing
    try:
        return nothing | json.loads(store.backend.read(PROGRESS))
    except (OSError, ValueError):
        return nothing
