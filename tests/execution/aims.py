"""When a node of a cluster is killed: now, or once it is in the middle of a training, of a probe or of an upload."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from brittlestar.execution.descendants import descendants
from tests.faulty_proxy import Proxy

Aim = Callable[[Any, random.Random], Any]
"""The node of a cluster to kill now, or None where none is at what is aimed for."""


def any_node(cluster: Any, draw: random.Random) -> Any:
    return draw.choice(sorted(cluster.worker_nodes, key=id))


def at_job(kind: str) -> Aim:
    """A node that does a job of this kind (`TrainJob`, `ProbeJob`), by the name that Ray gives to its process."""

    def aim(cluster: Any, draw: random.Random) -> Any:
        busy = [node for node in sorted(cluster.worker_nodes, key=id) if any(_does(p, kind) for p in processes(node))]
        return draw.choice(busy) if busy else None

    return aim


def at_upload(proxy: Proxy) -> Aim:
    """A node of which the store is taking an object of a run right now."""

    def aim(cluster: Any, draw: random.Random) -> Any:
        for port, path in sorted(proxy.writing.items()):
            inode = _inode(port) if "/cells/" in path else None
            for node in cluster.worker_nodes:
                if inode is not None and any(_holds(process, inode) for process in processes(node)):
                    return node
        return None

    return aim


def processes(node: Any) -> list[int]:
    raylet = int(node.all_processes["raylet"][0].process.pid)
    return [raylet, *descendants([raylet])]


def _does(process: int, kind: str) -> bool:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().startswith(f"ray::{kind}".encode())
    except OSError:
        return False


def _inode(port: int) -> str | None:
    """The number of the socket whose own end is this port."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if int(fields[1].rpartition(":")[2], 16) == port:
            return fields[9]
    return None


def _holds(process: int, inode: str) -> bool:
    try:
        return any(str(one.readlink()) == f"socket:[{inode}]" for one in Path(f"/proc/{process}/fd").iterdir())
    except OSError:
        return False
