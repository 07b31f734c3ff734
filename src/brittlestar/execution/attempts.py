"""The one place for clocks, hosts and processes: a line for everything that happened to a cell."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator
from typing import Any

from brittlestar.core.hashing import canonical_json
from brittlestar.execution.layout import Store, write_failure


def append_attempt(store: Store, event: str, cell: str, **details: Any) -> None:
    """Add one line; a line is written by one system call, so that no reader sees half of one."""
    line = {
        "at": round(time.time(), 3),
        "event": event,
        "cell": cell,
        "host": socket.gethostname(),
        "pid": os.getpid(),
        **details,
    }
    try:
        with store.attempts.open("ab") as handle:
            handle.write(canonical_json(line) + b"\n")
    except OSError as error:
        raise write_failure(error, store.attempts) from error


def read_attempts(store: Store) -> Iterator[dict[str, Any]]:
    """All whole lines; a line that a kill cut short is passed over."""
    if not store.attempts.exists():
        return
    with store.attempts.open(encoding="utf-8", errors="replace") as handle:
        for line in handle:
            try:
                yield json.loads(line)
            except json.JSONDecodeError:
                continue
