"""What a run is doing now, for other terminals: a small file that is there while the run is."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from brittlestar.core.hashing import pretty_json
from brittlestar.execution.jobs import Event, Progressed, Started
from brittlestar.execution.layout import Store, write_failure
from brittlestar.execution.lock import is_locked

_EVERY = 0.5


@dataclass
class ProgressFile:
    """Follows the events of a run and keeps `progress.json`: at once when a cell begins or ends, else twice a second.

    It is replaced whole and never flushed to disk: nothing depends on it once the run has ended.
    """

    store: Store
    running: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    _told: float = 0.0

    def follow(self, event: Event, seconds_left: float | None) -> None:
        """Note an event. Raises StoreError when the disk is full or read-only."""
        cell = event.job.cell
        if isinstance(event, Progressed):
            self.running[cell.hash] |= {"epoch": event.epoch, "epochs": event.epochs}
            if time.monotonic() - self._told < _EVERY:
                return
        elif isinstance(event, Started):
            self.running[cell.hash] = {
                "variant": cell.variant, "seed": cell.seed, "hash": cell.hash, "epoch": None, "epochs": None,
            }  # fmt: skip
        else:
            self.running.pop(cell.hash, None)
        self._told = time.monotonic()
        self._write({"running": list(self.running.values()), "seconds_left": seconds_left})

    def _write(self, document: Mapping[str, Any]) -> None:
        path = self.store.progress
        temporary = path.with_name(f".{path.name}.part")
        try:
            temporary.write_bytes(pretty_json(document))
            temporary.replace(path)
        except OSError as error:
            raise write_failure(error, self.store.root) from error

    def remove(self) -> None:
        """Take the file away."""
        self.store.progress.unlink(missing_ok=True)


def read_progress(store: Store) -> dict[str, Any]:
    """`running` and `seconds_left` of the run that is at work; nothing runs where none is."""
    nothing: dict[str, Any] = {"running": [], "seconds_left": None}
    if not is_locked(store):
        return nothing
    try:
        return nothing | json.loads(store.progress.read_bytes())
    except (OSError, ValueError):
        return nothing
