"""What runs right now, and how long it will take: `progress.json`, for whoever asks from outside."""

import time
from dataclasses import dataclass, field
from typing import Any

from brittlestar.core.hashing import pretty_json
from brittlestar.execution.jobs import Event, Progressed, Started
from brittlestar.store.layout import PROGRESS, Store

_EVERY = 0.5  # seconds: quicker than a person notices


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
        told = {"running": list(self.running.values()), "seconds_left": seconds_left}
        self.store.write(PROGRESS, pretty_json(told), lasting=False)  # nothing depends on it once the run has ended

    def remove(self) -> None:
        """Take the file away."""
        self.store.backend.remove(PROGRESS)
