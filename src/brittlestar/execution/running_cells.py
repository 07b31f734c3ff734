"""What runs right now, and how long it will take: a file of the store, for whoever asks from outside."""

import time
from dataclasses import dataclass, field
from typing import Any

from brittlestar.core.hashing import pretty_json
from brittlestar.execution.jobs import Event, Progressed, Started
from brittlestar.store.layout import Store
from brittlestar.store.lock import RUN, progress_key

EVERY = 0.5  # seconds: quicker than a person notices
MANY = 64  # runs at once: of more, what is told of all of them together is told every half second


@dataclass
class RunningCells:
    """Follows the events of a run, or a share of one, by the name that it holds the store by, and keeps its progress.

    It is written at once when a cell begins or ends, else twice a second; twice a second, too, where so many run that
    another one soon begins or ends.
    """

    store: Store
    holder: str = RUN
    running: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    _told: float = 0.0

    def follow(self, event: Event, seconds_left: float | None) -> None:
        """Note an event. Raises StoreError when the disk is full or read-only."""
        cell = event.job.cell
        if isinstance(event, Progressed):
            self.running[cell.hash] |= {"epoch": event.epoch, "epochs": event.epochs}
        elif isinstance(event, Started):
            self.running[cell.hash] = {
                "variant": cell.variant, "seed": cell.seed, "hash": cell.hash, "epoch": None, "epochs": None,
            }  # fmt: skip
        else:
            self.running.pop(cell.hash, None)
        at_once = len(self.running) <= MANY and not isinstance(event, Progressed)
        if not at_once and time.monotonic() - self._told < EVERY:
            return
        self._told = time.monotonic()
        told = {"running": list(self.running.values()), "seconds_left": seconds_left}
        self.store.write(
            progress_key(self.holder), pretty_json(told), lasting=False
        )  # nothing depends on it once the run has ended

    def remove(self) -> None:
        """Take the file away."""
        self.store.backend.remove(progress_key(self.holder))
