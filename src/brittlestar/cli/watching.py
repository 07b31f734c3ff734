"""What a person sees of a run in progress: the line that Python has, and below the first failure its log and the
command that runs it alone."""

import shlex
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from brittlestar.cli.guarding import OutputOptions, show_controls
from brittlestar.execution.jobs import Event, Failed, SilentWatcher, Watcher
from brittlestar.execution.progress import LineWatcher, ProgressLine

MOST_LOGGED = 8  # lines of a log that a person reads


@contextmanager
def watch_work(output: OutputOptions) -> Generator[Watcher]:
    """Show how far the work is on standard error, unless the output is quiet."""
    if output.quiet:
        yield SilentWatcher()
        return
    terminal = Terminal(sys.stderr)
    try:
        yield terminal
    finally:
        terminal.close()


class _VisibleLine(ProgressLine):
    """A line in which control characters of names and errors are written out."""

    def show(self, text: str, now: bool = False) -> None:
        super().show(show_controls(text), now)

    def say(self, text: str) -> None:
        super().say(show_controls(text))


class Terminal(LineWatcher):
    """Writes to `stream`; the store is named in the command that runs a failed run again."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(_VisibleLine(stream))
        self._store = "STUDY"
        self._failed = False

    def on_start(self, store: Path) -> None:
        """Remember where the store is."""
        self._store = str(store)

    def on_message(self, text: str) -> None:
        """Say it."""
        self._line.say(text)

    def on_event(self, event: Event, done: int, total: int, seconds_left: float | None) -> None:
        """Show it; of the first failure also the end of its log."""
        super().on_event(event, done, total, seconds_left)
        if not isinstance(event, Failed) or self._failed:
            return
        self._failed = True
        for line in event.log.splitlines()[-MOST_LOGGED:]:
            self._line.say(f"       {line}")
        again = f"brittlestar run {shlex.quote(self._store)} --cell {event.job.cell.short}"
        self._line.say(f"       this run alone: {again}")
