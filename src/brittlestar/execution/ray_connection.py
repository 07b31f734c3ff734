"""The connection to a Ray cluster: found in time, quiet, and ended only where this command began it."""

import contextlib
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError, StoreError, format_error
from brittlestar.core.optional import require
from brittlestar.core.variables import set_variables
from brittlestar.execution.environment import usable_cores

EXTRA = "ray"
_PATIENCE = 5.0  # seconds for a cluster to answer
_GONE_AFTER = 10.0  # seconds without the head until the run ends: a short break of the network is none
_ASK_EVERY = 2.0  # seconds between two looks at the head, and at how large the cluster is
_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])  # RFC 9113, 3.4: and no settings
_SETTINGS = 4  # RFC 9113, 6.5: the type of the first frame that a server sends
_VARIABLES = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_worker_niceness": "0"}
"""No statistics of use; and on a cluster that is started here runs yield to others no more than processes do (Ray's own
niceness is 15)."""


def check_ray() -> None:
    """Raise MissingExtraError where Ray is not installed."""
    with _quiet_start():
        require("ray", EXTRA)


@dataclass
class Connection:
    """A cluster at `address` (HOST:PORT, or `auto` for the one of this machine); None is that of RAY_ADDRESS, else one
    of this machine's cores that lives as long as the connection. One that the caller has open is used as it is."""

    address: str | None = None
    mine: bool = False
    head: tuple[str, int] | None = None
    _seen: float = 0.0
    _asked: float = 0.0
    _resources: dict[str, float] = field(default_factory=dict[str, float])

    def open(self) -> Any:
        """Ray, connected. Raises InputError where there is no such cluster, MissingExtraError without Ray."""
        with _quiet_start():
            ray = require("ray", EXTRA)
            if ray.is_initialized():
                if self.head is None:
                    self._take_note(ray)
                return ray
            address = find_address(self.address)
            where = "--executor ray" if address is None else f"--address {self.address or '(RAY_ADDRESS)'}"
            options = {"num_cpus": usable_cores(), "include_dashboard": False} if address is None else {}
            if address is not None:
                check_address(address, where)
            try:
                with _no_stderr():
                    _connect(ray, address, **options)
            except (Exception, SystemExit) as error:
                what, hint = f"cannot connect to Ray: {format_error(error)}", "is this machine a node of the cluster?"
                raise InputError(what, where, hint) from error
            self.mine = True
            _silence(True)
            self._take_note(ray)
            return ray

    def _take_note(self, ray: Any) -> None:
        host, _, port = str(ray.get_runtime_context().gcs_address).rpartition(":")
        self.head, self._seen, self._asked = (host, int(port)), time.monotonic(), 0.0

    def close(self) -> None:
        """End what `open` began; nothing else."""
        if self.mine:
            with _quiet_start():
                require("ray", EXTRA).shutdown()
            _silence(False)
        self.mine, self.head = False, None

    def count(self, resource: str) -> int:
        """How much of a resource (`CPU`, `GPU`) the cluster has now."""
        ray = self.open()
        if time.monotonic() - self._asked > _ASK_EVERY and self.check():
            self._resources, self._asked = ray.cluster_resources(), time.monotonic()
        return int(self._resources.get(resource, 0))

    def check(self) -> bool:
        """Whether the head of the cluster answers. Nothing is asked of Ray while it does not: Ray would wait for a
        minute and then end this process. Raises StoreError when it has not answered for ten seconds."""
        if _listens(self.head):
            self._seen = time.monotonic()
            return True
        if time.monotonic() - self._seen > _GONE_AFTER:
            what = "the head of the Ray cluster is gone: no answer for 10 seconds"
            where = "" if self.head is None else f"{self.head[0]}:{self.head[1]}"
            raise StoreError(what, where, "finished runs are kept; start the cluster, then run the same again")
        return False


def find_address(asked: str | None) -> str | None:
    """HOST:PORT of a running cluster, None where one is to be started. Raises InputError."""
    named = asked or os.environ.get("RAY_ADDRESS") or "local"
    if named == "local":
        return None
    if named == "auto" and (named := _running_here()) is None:
        what, hint = "no Ray cluster runs on this machine", "start one: ray start --head; or leave --address out"
        raise InputError(what, "--address auto", hint)
    host, _, port = named.rpartition(":")
    if "://" in named or not host or not port.isdecimal():
        hint = "give the head's HOST:PORT, as `ray start --head` prints it, on a machine of the cluster"
        raise InputError(f"{named!r} is not the address of a Ray cluster", "--address", hint)
    return named


def _running_here() -> str | None:
    """What `ray start` noted: the address of the cluster that this machine belongs to."""
    if named := os.environ.get("RAY_ADDRESS"):
        return named if named != "auto" else None
    place = Path(os.environ.get("RAY_TMPDIR") or "/tmp") / "ray" / "ray_current_cluster"
    with contextlib.suppress(OSError):
        return place.read_text(encoding="ascii").strip() or None
    return None


def check_address(address: str, where: str) -> None:
    """Raise InputError unless what answers at HOST:PORT speaks as the head of a cluster does (HTTP/2). Ray itself
    would go on asking for minutes. `where` says who named it."""
    host, _, port = address.rpartition(":")
    hint = "is the cluster running, and its port open to this machine?"
    try:
        with socket.create_connection((host, int(port)), timeout=_PATIENCE) as line:
            line.settimeout(_PATIENCE)
            line.sendall(_PREFACE)
            frame = line.recv(9)
    except TimeoutError as error:
        raise InputError(f"{address} does not answer within 5 seconds", where, hint) from error
    except OSError as error:
        raise InputError(f"{address} does not answer: {error.strerror or error}", where, hint) from error
    if len(frame) < 4 or frame[3] != _SETTINGS:
        raise InputError(f"what answers at {address} is no Ray cluster", where, hint)


def _listens(head: tuple[str, int] | None) -> bool:
    try:
        if head is not None:
            socket.create_connection(head, timeout=1.0).close()
        return True
    except OSError:
        return False


def _silence(silent: bool) -> None:
    """Ray prints deaths of nodes and workers to standard output, whatever `log_to_driver` says: our records tell them,
    and standard output is for one JSON document."""
    place: Any = sys.modules.get("ray._private.worker")
    if hasattr(place, "_worker_logs_enabled"):
        place._worker_logs_enabled = not silent


@contextmanager
def _no_stderr() -> Generator[None]:
    """Ray's compiled part writes a line a second to standard error while it waits for a cluster."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _connect(ray: Any, address: str | None, **options: Any) -> None:
    """Connect to a cluster, or start one. `ray start` asks for the user's token where there is one, and Ray shows it
    only where RAY_AUTH_MODE says so: where nobody says anything, it is shown when the first try was refused."""
    quietly = {"log_to_driver": False, "logging_level": logging.CRITICAL, **options}
    try:
        ray.init(address or "local", **quietly)
    except ConnectionError:
        if address is None or "RAY_AUTH_MODE" in os.environ or not _has_token():
            raise
        os.environ["RAY_AUTH_MODE"] = "token"  # of this process, and those that it starts
        sys.modules["ray._raylet"].Config.initialize("")
        ray.init(address, **quietly)


def _has_token() -> bool:
    named = any(name in os.environ for name in ("RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"))
    return named or (Path.home() / ".ray" / "auth_token").exists()


@contextmanager
def _quiet_start() -> Generator[None]:
    """Let Ray begin or end without statistics of use, and without taking the signals or warnings of this process."""
    main = threading.current_thread() is threading.main_thread()
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)} if main else {}
    try:
        with set_variables(_VARIABLES):
            yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
