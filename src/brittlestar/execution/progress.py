"""How far the work is, for people who call a verb from Python: one line on standard error, or below a notebook's cell.

In a terminal the line is rewritten, in a notebook replaced; elsewhere a line of its own comes every ten seconds.
"""

import shutil
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import partial
from typing import Any, TextIO

from brittlestar.core.texts import format_duration
from brittlestar.execution.jobs import Event, Failed, Finished, Lost, Progressed, SilentWatcher, Started, Watcher

_SAID: set[str] = set()
"""What was said in this session: a warning that each call would say again is said once."""
PLAIN_EVERY = 10.0  # seconds between two lines of a log that a person reads
LIVE_EVERY = 0.1  # seconds between two drawings that a person sees
Progress = Callable[[str, int, int], None]
"""Is told what is at work, how many parts are done, and of how many (0 where nobody knows)."""
AUDIT, PROBES = "audit of the data", "probes"
"""Stages beside training."""
READING = "reading"
"""What is at work before it is known how many parts there are."""


class ProgressLine:
    """One line that is drawn again and again on `stream`, or through `draw`, what a notebook replaces."""

    def __init__(self, stream: TextIO, draw: Callable[[str], None] | None = None) -> None:
        self._stream = stream
        self._draw = draw
        self._live = draw is not None or stream.isatty()
        self._shown = ""
        self._began = time.monotonic()
        self._told = self._began if not self._live else self._began + 1 - LIVE_EVERY if draw else 0.0

    def show(self, text: str, now: bool = False) -> None:
        """Show how far the work is; not more often than a person sees, unless `now`."""
        every = LIVE_EVERY if self._live else PLAIN_EVERY
        if time.monotonic() - self._told < every and not (now and self._live):
            return
        self._told = time.monotonic()
        self._write(text)

    def say(self, text: str) -> None:
        """A sentence that stays."""
        self.clear()
        self._stream.write(f"{text}\n")
        self._stream.flush()

    def clear(self) -> None:
        """Take the line away where it can be; a notebook keeps a place for it, where how long it took stays."""
        if self._live and self._shown:
            self._write(f"done in {format_duration(time.monotonic() - self._began)}" if self._draw else "")

    def _write(self, text: str) -> None:
        if self._draw is not None:
            self._draw(text)
        elif self._live:
            width = shutil.get_terminal_size().columns - 1
            self._stream.write(f"\r{text[:width]}\033[K")
        else:
            self._stream.write(f"{text}\n")
        self._shown = text
        self._stream.flush()


class LineWatcher(SilentWatcher):
    """Tells a run on a `ProgressLine`: the audit, probes, runs with their epochs; failures stay."""

    def __init__(self, line: ProgressLine) -> None:
        self._line = line
        self._running: dict[str, str] = {}

    def close(self) -> None:
        """Take the line away."""
        self._line.clear()

    def on_message(self, text: str) -> None:
        """Say it, once a session."""
        if text not in _SAID:
            _SAID.add(text)
            self._line.say(text)

    def on_stage(self, stage: str, name: str, done: int, total: int) -> None:
        """Show it."""
        if done < total or not total:
            self._line.show(describe_stage(stage, name, done, total))
        else:
            self._line.clear()

    def on_event(self, event: Event, done: int, total: int, seconds_left: float | None) -> None:
        """Show it."""
        cell = event.job.cell
        name = f"{cell.variant} seed {cell.seed}"
        match event:
            case Started():
                self._running[cell.hash] = name
            case Progressed():
                self._running[cell.hash] = f"{name} epoch {event.epoch} of {event.epochs}"
            case Finished():
                self._running.pop(cell.hash, None)
            case Failed():
                self._running.pop(cell.hash, None)
                self._line.say(f"failed {name}: {event.error}")
            case Lost():
                self._running.pop(cell.hash, None)
                self._line.say(f"lost {name}: {event.reason}")
        if done == total:
            self._line.clear()
            return
        left = "" if seconds_left is None else f", about {format_duration(seconds_left)} left"
        self._line.show("; ".join([f"{done} of {total} runs done{left}", *self._running.values()]))


def describe_stage(stage: str, name: str, done: int, total: int) -> str:
    """`audit of the data: 3 of 28 done; leak.near`."""
    return f"{stage}: {done}{f' of {total}' if total else ''} done; {name}"


def make_watcher(progress: bool) -> Watcher:
    """Who is told what happens: a line for people, or nobody."""
    stream: TextIO | None = sys.stderr  # None under pythonw
    return LineWatcher(ProgressLine(stream, _notebook_display())) if progress and stream else SilentWatcher()


def end_progress(watcher: Watcher) -> None:
    """Take the line away, where there is one."""
    if isinstance(watcher, LineWatcher):
        watcher.close()


@contextmanager
def tell_progress(progress: bool | Progress, stage: str) -> Generator[Progress]:
    """What verbs tell how much of a stage is done: `progress` itself, a line for people, or nobody."""
    if not isinstance(progress, bool):
        yield progress
        return
    watcher = make_watcher(progress)
    try:
        yield partial(watcher.on_stage, stage)
    finally:
        end_progress(watcher)


def _notebook_display() -> Callable[[str], None] | None:
    """What shows a text below a notebook's cell in place of the one before; None outside of a notebook."""
    shell: Any = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if getattr(shell, "kernel", None) is None:
        return None
    from html import escape

    display: Any = sys.modules["IPython.display" if "IPython.display" in sys.modules else "IPython"].display
    shown: list[Any] = []

    def draw(text: str) -> None:
        data = {"text/plain": text, "text/html": f"<small>{escape(text)}</small>"}
        if shown:
            shown[0].update(data, raw=True)
        else:
            shown.append(display(data, raw=True, display_id=True))

    return draw
