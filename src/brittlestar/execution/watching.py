"""Who is told what a run does while it does it."""

from pathlib import Path
from typing import Protocol

from brittlestar.execution.jobs import Event


class Watcher(Protocol):
    """Who is told what happens: the terminal, a test, nobody."""

    def on_start(self, store: Path) -> None:
        """The run has its store and goes to work."""

    def on_message(self, text: str) -> None:
        """A sentence for people."""

    def on_audit(self, code: str, done: int, total: int) -> None:
        """The audit of the data, before anything is trained: the check that starts, and how many are done."""

    def on_probe(self, name: str, done: int, total: int) -> None:
        """Probes of finished cells: the cell that is done, and how many of them are."""

    def on_event(self, event: Event, done: int, total: int, seconds_left: float | None) -> None:
        """One event, with how many of the run's cells are done and an estimate of the time left."""


class SilentWatcher(Watcher):
    """Tells nobody anything."""
