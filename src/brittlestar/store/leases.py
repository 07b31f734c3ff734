"""Locks in an object store: leases that run out when their holder dies. They need no more than a create that only one
of two can win.

Leases of a name are numbered. Whoever finds none, or the newest run out, creates the next number; then it looks again,
and gives way where another one is there that has not run out. A holder that could not renew in time renews no more.
"""

import contextlib
import json
import os
import socket
import threading
import time
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from brittlestar.store.objects import Entry, Objects, ObjectStoreError

PREFIX = "locks"
LASTS = 60.0  # seconds that a lease is good for: as long as a request is tried again
EVERY = 15.0  # seconds between two renewals


@dataclass
class Lease:
    """A lease that this process holds and renews in a thread of its own. `lost` says that it could not be renewed in
    time, so that somebody else may hold the lock."""

    objects: Objects
    key: str
    lasts: float = LASTS
    every: float = EVERY
    _renewed: float = field(default_factory=time.monotonic)
    _done: threading.Event = field(default_factory=threading.Event)

    @property
    def lost(self) -> bool:
        """Whether somebody else may hold it now."""
        return time.monotonic() - self._renewed > self.lasts

    def renew_until_done(self) -> None:
        """Renew it until `end`, or until it is lost."""
        while not self._done.wait(self.every) and not self.lost:
            began = time.monotonic()
            with contextlib.suppress(OSError):  # tried again at the next turn
                self.objects.put(self.key, _describe_holder())
                self._renewed = began

    def end(self) -> None:
        """Stop renewing, and give it back where it is still ours."""
        self._done.set()
        if not self.lost:
            with contextlib.suppress(OSError):  # it runs out by itself
                self.objects.delete([self.key])


@contextlib.contextmanager
def hold_lease(objects: Objects, name: str, lasts: float = LASTS, every: float = EVERY) -> Generator[Lease]:
    """Hold the lock of this name. Raises BlockingIOError where another holder has it."""
    lease = Lease(objects, _take(objects, name, lasts), lasts, every)
    thread = threading.Thread(target=lease.renew_until_done, daemon=True)
    thread.start()
    try:
        yield lease
    finally:
        lease.end()


def list_holders(objects: Objects, lasts: float = LASTS) -> tuple[str, ...]:
    """The names of all locks that are held now, sorted. Who may only read goes by the clock of this machine."""
    found = objects.list(PREFIX)
    if not found:
        return ()
    try:
        now = _ask_time(objects)
    except ObjectStoreError:
        now = datetime.now(UTC)
    return tuple(sorted({one.key.split("/")[1] for one in found if _is_good(objects, one, now, lasts)}))


def _take(objects: Objects, name: str, lasts: float) -> str:
    """The key of a new lease. Raises BlockingIOError."""
    before = objects.list(f"{PREFIX}/{name}")
    now = _ask_time(objects) if before else None
    if now is not None and any(_is_good(objects, one, now, lasts) for one in before):
        raise BlockingIOError(f"the lock {name} is held")
    number = 1 + max((_number(one) for one in before), default=0)
    key = f"{PREFIX}/{name}/{number:09d}"
    try:
        objects.create(key, _describe_holder())
    except FileExistsError as error:
        raise BlockingIOError(f"the lock {name} was just taken") from error
    stale = {one.key for one in before}
    others = [one for one in objects.list(f"{PREFIX}/{name}") if one.key != key and one.key not in stale]
    if others:
        objects.delete([key])
        raise BlockingIOError(f"the lock {name} was taken at the same time")
    objects.delete(stale)
    return key


def _is_good(objects: Objects, entry: Entry, now: datetime, lasts: float) -> bool:
    """Whether a lease has not run out: nor its holder died on this machine, which nobody has to wait for."""
    if (now - entry.modified).total_seconds() > lasts:
        return False
    try:
        told = json.loads(objects.get(entry.key))
        here = told["host"] == socket.gethostname() and told["boot"] == _boot()
        return not (here and not _lives(int(told["pid"])))
    except FileNotFoundError:
        return False
    except (ValueError, KeyError, TypeError):
        return True


def _ask_time(objects: Objects) -> datetime:
    """What the clock of the object store says: clocks of machines differ."""
    key = f".clock/{uuid4().hex}"
    objects.put(key, b"")
    found = objects.find(key)
    objects.delete([key])
    if found is None:
        what = "an object that was just written is not there"
        raise ObjectStoreError(what, objects.address, "does something else remove objects there?")
    return found.modified


def _number(entry: Entry) -> int:
    name = entry.key.rpartition("/")[2]
    return int(name) if name.isdecimal() else 0


def _describe_holder() -> bytes:
    holder = {"host": socket.gethostname(), "boot": _boot(), "pid": os.getpid(), "token": uuid4().hex}
    return json.dumps(holder).encode()


def _boot() -> str:
    """What tells this machine from another one, or container, with the same name."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return uuid4().hex


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # it is somebody else's
    return True
