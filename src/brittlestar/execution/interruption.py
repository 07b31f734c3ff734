"""Ctrl-C, a polite kill and a spent budget end a run the same way: soon, but never in the middle of a write."""

import os
import signal
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)  # Windows has no SIGHUP
_SAME_WISH = 1.0
"""Seconds within which a second signal is an echo: shells and process managers send theirs on top of the terminal's."""


class Interrupted(BaseException):
    """The run is to end now. `reason` is what a person reads; `by_budget` says that its time was up as asked.

    Not an Exception: own code that catches everything must not swallow it.
    """

    def __init__(self, reason: str, by_budget: bool = False) -> None:
        self.reason, self.by_budget = reason, by_budget
        super().__init__(reason)


@dataclass(frozen=True)
class Ended:
    """Why a run ended before all was done; `stopped` by a signal, or because its budget was spent as asked."""

    reason: str
    stopped: bool


class Interruption:
    """The wish to end: by a signal while `listening`, or by `deadline` (of `time.monotonic`, None: never).

    A wish is kept until somebody asks (`check`), so that nothing is torn; within `at_once` it does not wait. A second
    signal, a second later, is a KeyboardInterrupt wherever the run is.
    """

    def __init__(self, deadline: float | None = None) -> None:
        self.deadline = deadline
        self._wish: Interrupted | None = None
        self._wished = 0.0
        self._at_once = False

    @property
    def remaining(self) -> float | None:
        """Seconds to the deadline, 0 when it has passed; None where there is none."""
        return None if self.deadline is None else max(0.0, self.deadline - time.monotonic())

    def check(self) -> None:
        """Raise Interrupted when there is a wish to end."""
        if self._wish is not None:
            raise self._wish
        if self.remaining == 0.0:
            raise Interrupted("the budget is spent", by_budget=True)

    @contextmanager
    def at_once(self) -> Generator[None]:
        """Give way to a signal in the middle of this block."""
        self.check()
        self._at_once = True
        try:
            yield
        finally:
            self._at_once = False

    @contextmanager
    def listening(self) -> Generator[None]:
        """Take signals as wishes until the block ends. Ignored signals (nohup, background jobs) stay ignored; outside
        the main thread all signals stay with whoever has them."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        kept = {number: signal.getsignal(number) for number in _SIGNALS}
        taken = [number for number, handler in kept.items() if handler not in (signal.SIG_IGN, None)]
        for number in taken:
            signal.signal(number, self._arrive)
        try:
            yield
        finally:
            for number in taken:
                signal.signal(number, kept[number])

    def _arrive(self, number: int, _frame: FrameType | None) -> None:
        if self._wish is None:
            self._wish, self._wished = Interrupted(f"stopped by {signal.Signals(number).name}"), time.monotonic()
            if self._at_once:
                raise self._wish
        elif time.monotonic() - self._wished > _SAME_WISH:
            raise KeyboardInterrupt


class _Forks:
    """Signals of a process that own code forks are its own again: it is not the run, and whoever ends it, as a pool
    ends its workers, waits until it has ended. They wait while it is forked, so that none is lost."""

    def __init__(self) -> None:
        self._kept = threading.local()

    def before(self) -> None:
        taken = [
            number
            for number in _SIGNALS
            if isinstance(getattr(signal.getsignal(number), "__self__", None), Interruption)
        ]
        self._kept.taken, self._kept.mask = taken, signal.pthread_sigmask(signal.SIG_BLOCK, taken)

    def in_parent(self) -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, self._kept.mask)

    def in_child(self) -> None:
        for number in self._kept.taken:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, self._kept.mask)


if hasattr(os, "register_at_fork"):  # Windows forks nothing
    _forks = _Forks()
    os.register_at_fork(before=_forks.before, after_in_parent=_forks.in_parent, after_in_child=_forks.in_child)
