"""Who is at work on a store: one whole run, or shares of one beside each other; and what they are doing now, for other
terminals."""

import json
import re
import shlex
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from typing import Any

from brittlestar.core.errors import StoreError
from brittlestar.store.layout import PROGRESS, SHARES_PROGRESS, Store, telling_failures

RUN, SET_UP = "run", "set-up"
"""Names of locks beside those of shares: who has the store alone, and who is setting a study up."""
_PATIENCE = 0.5  # seconds
_SHARE = re.compile(r"share-([0-9]+)-of-([0-9]+)")


@contextmanager
def lock_alone(store: Store) -> Generator[None]:
    """Hold the store alone. Raises StoreError when a run, or a share of one, is at work."""
    with _hold(store, RUN, "another run is at work on this store"):
        if others := _patiently(store, lambda held: [name for name in held if name not in (RUN, SET_UP)]):
            raise _busy(
                store, f"shares of a run are at work on this store ({', '.join(shares_at_work(store) or others)})"
            )
        yield


@contextmanager
def lock_share(store: Store, name: str) -> Generator[None]:
    """Hold the store beside other shares of a run, as the one of this name. Raises StoreError when this share, or a
    whole run, is at work."""
    with _hold(store, name, "this share of the run is at work already"):
        if _patiently(store, lambda held: [one for one in held if one == RUN]):
            raise _busy(store, "another run is at work on this store")
        yield


@contextmanager
def set_up_turn(store: Store, wait: Callable[[], None]) -> Generator[None]:
    """Of shares that begin at once, one at a time sets the study up; `wait` is called twice a second until it is our
    turn, and may raise."""
    with ExitStack() as held:
        while True:
            try:
                with telling_failures(store.root):
                    held.enter_context(store.backend.lock(SET_UP))
                break
            except StoreError as error:
                if not isinstance(error.__cause__, BlockingIOError):
                    raise
                wait()
        yield


def others_at_work(store: Store, name: str) -> tuple[str, ...]:
    """The names of all others that hold the store now."""
    return tuple(one for one in store.backend.list_held() if one not in (name, SET_UP))


def is_locked(store: Store) -> bool:
    """Whether a run, or a share of one, is at work on the store now."""
    return bool(store.backend.list_held())


def shares_at_work(store: Store) -> tuple[str, ...]:
    """The shares that are at work now, as `K/N`."""
    found = (_SHARE.fullmatch(name) for name in store.backend.list_held())
    return tuple(f"{k}/{n}" for k, n in sorted((int(one[1]), int(one[2])) for one in found if one is not None))


def progress_key(name: str) -> str:
    """Where the run or share of this name tells what it is doing."""
    return PROGRESS if name == RUN else f"{SHARES_PROGRESS}/{name}.json"


def read_progress(store: Store) -> dict[str, Any]:
    """`running` and `seconds_left` of the run that is at work, or of its shares together: the time is that of the one
    that takes longest. Nothing runs where none is."""
    running: list[Any] = []
    times: list[float] = []
    for name in store.backend.list_held():
        try:
            told = json.loads(store.backend.read(progress_key(name)))
            running += told["running"]
            times += [] if told["seconds_left"] is None else [told["seconds_left"]]
        except (OSError, ValueError, KeyError):
            continue  # it begins, or ends
    return {"running": running, "seconds_left": max(times, default=None)}


@contextmanager
def _hold(store: Store, name: str, busy: str) -> Generator[None]:
    with ExitStack() as held:
        with telling_failures(store.root):
            try:
                held.enter_context(store.backend.lock(name))
            except BlockingIOError as error:
                raise _busy(store, busy) from error
        yield


def _patiently(store: Store, find: Callable[[tuple[str, ...]], list[str]]) -> list[str]:
    """Who is in the way: one that only tried, and was refused, is gone in a moment."""
    until = time.monotonic() + _PATIENCE
    while (found := find(store.backend.list_held())) and time.monotonic() < until:
        time.sleep(0.05)
    return found


def _busy(store: Store, what: str) -> StoreError:
    return StoreError(what, str(store.root), f"watch it with: brittlestar status {shlex.quote(str(store.root))}")
