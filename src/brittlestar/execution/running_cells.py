"""Which cells run now, followed by their events and told to other terminals."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from brittlestar.execution.jobs import Event, Progressed, Started
from brittlestar.store.layout import Store
from brittlestar.store.progress import remove_progress, write_progress

_EVERY = 0.5


@dataclass
class RunningCells:
    """Follows the events of a run and keeps `progress.json`.

    It is written at once when a cell begins or ends, else twice a second.
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
        write_progress(self.store, {"running": list(self.running.values()), "seconds_left": seconds_left})

    def remove(self) -> None:
        """Take the file away."""
        remove_progress(self.store)
