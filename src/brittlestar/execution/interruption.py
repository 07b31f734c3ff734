"""Ctrl-C, a polite kill and a spent budget end a run the same way: at once, but never in the middle of a write."""

from __future__ import annotations

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType


class Interrupted(Exception):
    """The run is to end now. `reason` is what a person reads; `budget` says that its time was up as asked."""

    def __init__(self, reason: str, budget: bool = False) -> None:
        self.reason, self.budget = reason, budget
        super().__init__(reason)


class Interruption:
    """Turns SIGINT, SIGTERM and the budget's alarm into `Interrupted` while `listening`; inside `shielded` it waits."""

    def __init__(self, budget: float | None) -> None:
        self._budget = budget
        self._shielded = False
        self._pending: Interrupted | None = None

    @contextmanager
    def listening(self) -> Generator[None]:
        """Listen until the block ends; outside the main thread signals stay with whoever has them."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        kept = {
            number: signal.signal(number, self._arrive) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)
        }
        if self._budget is not None:
            signal.setitimer(signal.ITIMER_REAL, max(self._budget, 1e-3))
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            for number, handler in kept.items():
                signal.signal(number, handler)

    @contextmanager
    def shielded(self) -> Generator[None]:
        """Finish the block first, then give way."""
        self._shielded = True
        try:
            yield
        finally:
            self._shielded = False
            if self._pending is not None:
                pending, self._pending = self._pending, None
                raise pending

    def _arrive(self, number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGALRM:
            wish = Interrupted("the budget is spent", budget=True)
        else:
            wish = Interrupted(f"stopped by {signal.Signals(number).name}")
        if self._shielded:
            self._pending = wish
            return
        raise wish
