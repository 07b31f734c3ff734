"""The one place for clocks, hosts and processes: a line for everything that happened to a cell."""

import json
import os
import socket
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from brittlestar.core.hashing import canonical_json
from brittlestar.store.layout import ATTEMPTS, Store, telling_failures

REGISTERED = "registered"
"""The event of claims that were written before any run: a line names their hashes, and no cell."""
COPIED = "copied"
"""The event of a cell that was trained elsewhere, and is first found here."""


def append_attempt(store: Store, event: str, cell: str, **details: Any) -> None:
    """Add one line, on a new one after one that was cut short. Raises StoreError when the disk is full or read-only."""
    line = {
        "at": round(time.time(), 3),
        "event": event,
        "cell": cell,
        "host": socket.gethostname(),
        "pid": os.getpid(),
        **details,
    }
    with telling_failures(store.name_key(ATTEMPTS)):
        store.backend.append(ATTEMPTS, canonical_json(line) + b"\n")


def read_attempts(store: Store) -> Iterator[dict[str, Any]]:
    """All whole lines; one that a kill or a full disk cut short is passed over."""
    try:
        content = store.backend.read(ATTEMPTS)
    except FileNotFoundError:
        return
    for text in content.decode("utf-8", errors="replace").split("\n"):
        try:
            line = json.loads(text)
        except json.JSONDecodeError:
            continue
        if isinstance(line, dict) and "event" in line and "cell" in line:
            yield line


@dataclass(frozen=True)
class AttemptHistory:
    """What the attempts say: `lost[hash]` is the line of a cell whose last word is that it is lost; `seconds[hash]`
    is what a done cell took, here or where it came from."""

    lost: Mapping[str, Mapping[str, Any]]
    seconds: Mapping[str, float]


def read_history(store: Store) -> AttemptHistory:
    """The attempts of a store, summed up."""
    lost: dict[str, Mapping[str, Any]] = {}
    seconds: dict[str, float] = {}
    for line in read_attempts(store):
        if line["event"] == "lost":
            lost[line["cell"]] = line
        elif line["event"] in ("started", "done", "failed", COPIED):
            lost.pop(line["cell"], None)
            if line["event"] in ("done", COPIED):
                seconds[line["cell"]] = line.get("seconds", 0.0)
    return AttemptHistory(lost, seconds)
