"""The connection to a Ray cluster: found in time, quiet, and ended only where this command began it."""

import contextlib
import logging
import os
import secrets
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
from brittlestar.core.processes import set_variables
from brittlestar.execution.environment import usable_cores
from brittlestar.execution.ray_files import forget_run

EXTRA = "ray"
_PATIENCE = 5.0  # seconds for a cluster to answer
_GONE_AFTER = 10.0  # seconds without the head until the run ends: a short break of the network is none
_ASK_EVERY = 2.0  # seconds between two looks at the head, and at how large the cluster is
_VARIABLES = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_worker_niceness": "0"}
"""No statistics of use; and on a cluster that is started here runs yield to others no more than processes do (Ray's own
niceness is 15)."""
_TRIES = {"RAY_gcs_server_port_wait_time_s": "1"}
"""Ray asks a head once, for 40 seconds; without it what answers and is no cluster would be asked for minutes."""


def check_ray() -> None:
    """Raise MissingExtraError where Ray is not installed."""
    with _quiet_start():
        _load()


@dataclass
class Connection:
    """A cluster at `address` (HOST:PORT, or `auto` for the one of this machine); None is that of RAY_ADDRESS, else one
    of this machine's cores that lives as long as the connection. One that the caller has open is used as it is.

    Ray prints deaths of nodes and workers to standard output, which is for one JSON document: while the connection is
    open, what is printed goes to standard error."""

    address: str | None = None
    mine: bool = False
    run: str = field(default_factory=lambda: secrets.token_hex(8))
    """What the run is called where its nodes keep files for it."""
    head: tuple[str, int] | None = None
    _seen: float = 0.0
    _asked: float = 0.0
    _stdout: Any = None
    _resources: dict[str, float] = field(default_factory=dict[str, float])

    def open(self) -> Any:
        """Ray, connected. Raises InputError where there is no such cluster, MissingExtraError without Ray."""
        with _quiet_start():
            ray = _load()
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
                with _no_stderr(), set_variables({} if address is None else _TRIES):
                    ray.init(address or "local", log_to_driver=False, logging_level=logging.CRITICAL, **options)
            except (Exception, SystemExit) as error:
                hint = "is this machine a node of the cluster? Where it asks for a token, set RAY_AUTH_MODE=token"
                raise InputError(f"cannot connect to Ray: {format_error(error)}", where, hint) from error
            self.mine = True
            self._stdout, sys.stdout = sys.stdout, sys.stderr
            self._take_note(ray)
            return ray

    def _take_note(self, ray: Any) -> None:
        host, _, port = str(ray.get_runtime_context().gcs_address).rpartition(":")
        self.head, self._seen, self._asked = (host, int(port)), time.monotonic(), 0.0

    def close(self) -> None:
        """End what `open` began, and remove what nodes kept for the run, as far as they answer."""
        if self.head is not None and _listens(self.head):
            self._clear_nodes()
        if self.mine:
            with _quiet_start():
                require("ray", EXTRA).shutdown()
            if sys.stdout is sys.stderr:
                sys.stdout = self._stdout
        self.mine, self.head = False, None

    def _clear_nodes(self) -> None:
        ray = require("ray", EXTRA)
        place = ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy
        forget = ray.remote(num_cpus=0, max_retries=0)(forget_run)
        forget_run(self.run)
        here = ray.get_runtime_context().get_node_id()
        others = (node["NodeID"] for node in ray.nodes() if node["Alive"] and node["NodeID"] != here)
        nodes = [place(node, soft=False) for node in others]
        asked = [forget.options(scheduling_strategy=node).remote(self.run) for node in nodes]
        if asked:
            ray.wait(asked, num_returns=len(asked), timeout=_PATIENCE)

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
        raise InputError(what, "--address=auto", hint)
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
    """Raise InputError unless something answers at HOST:PORT: Ray itself would go on asking. `where` says who named
    it."""
    host, _, port = address.rpartition(":")
    hint = "is the cluster running, and its port open to this machine?"
    try:
        socket.create_connection((host, int(port)), timeout=_PATIENCE).close()
    except TimeoutError as error:
        raise InputError(f"{address} does not answer within 5 seconds", where, hint) from error
    except OSError as error:
        raise InputError(f"{address} does not answer: {error.strerror or error}", where, hint) from error


def _listens(head: tuple[str, int] | None) -> bool:
    try:
        if head is not None:
            socket.create_connection(head, timeout=1.0).close()
        return True
    except OSError:
        return False


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


def _load() -> Any:
    """Ray. It shows a token where RAY_AUTH_MODE said so before it was loaded: that is set where the environment names a
    token. A token in the home folder may be another cluster's, and one shown to a cluster without tokens loses runs."""
    if "RAY_AUTH_MODE" not in os.environ and not {"RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"}.isdisjoint(os.environ):
        os.environ["RAY_AUTH_MODE"] = "token"  # of this process, and those that it starts
    return require("ray", EXTRA)


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
