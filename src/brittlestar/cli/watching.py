"""What a person sees of a run in progress: one live line per worker in a terminal, plain periodic lines elsewhere."""

from __future__ import annotations

import shlex
import time
from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from brittlestar.cli.ending import make_error_console
from brittlestar.cli.guarding import Output
from brittlestar.core.texts import format_duration
from brittlestar.execution.jobs import Event, Failed, Finished, Lost, Progressed, SilentWatcher, Started, Watcher
from brittlestar.execution.progress import Progress, describe_stage
from brittlestar.store.address import Place

PLAIN_EVERY = 10.0  # seconds between two lines of a log that a person reads


@contextmanager
def watch_work(output: Output, store: str = "STUDY") -> Generator[Watcher]:
    """Show how far the work is on standard error, unless the output is quiet; `store` as in `Terminal`."""
    with nullcontext(SilentWatcher()) if output.quiet else Terminal(make_error_console(), store) as watcher:
        yield watcher


@contextmanager
def watch_stage(output: Output, stage: str) -> Generator[Progress]:
    """Show how far a stage is on standard error, unless the output is quiet."""
    with watch_work(output) as watcher:
        yield partial(watcher.on_stage, stage)


@dataclass(frozen=True)
class StageLine:
    """How far a stage is, such as the audit; where it is drawn again and again, the seconds of what is at work go
    on."""

    stage: str
    name: str
    done: int
    total: int
    since: float = field(default_factory=time.monotonic)

    def __rich__(self) -> Text:
        seconds = time.monotonic() - self.since
        took = f" ({format_duration(seconds)})" if seconds >= 2 else ""
        return Text(describe_stage(self.stage, self.name, self.done, self.total) + took)


@dataclass
class Terminal:
    """Writes to `console` (standard error). `store` names the folder in the command that reruns a failed cell, until
    the run says where it really is."""

    console: Console
    store: str
    _live: Live | None = None
    _running: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    _told: float = 0.0
    _staged: float = 0.0
    _first_failure_shown: bool = False

    def __enter__(self) -> Terminal:
        if self.console.is_terminal:
            self._live = Live(console=self.console, refresh_per_second=4, transient=True)
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def on_start(self, store: Place) -> None:
        """Remember where the store is."""
        self.store = str(store)

    def on_message(self, text: str) -> None:
        """Show it."""
        self.console.print(Text(text))

    def on_stage(self, stage: str, name: str, done: int, total: int) -> None:
        """Draw it again and again, or tell it every ten seconds."""
        line, goes_on = StageLine(stage, name, done, total), done < total or not total
        self._staged = self._staged or time.monotonic()
        if self._live is not None:
            self._live.update(line if goes_on else Text(""))
        elif time.monotonic() - self._staged > PLAIN_EVERY and done > 0 and goes_on:
            self._staged = time.monotonic()
            self.console.print(line)

    def on_event(self, event: Event, done: int, total: int, seconds_left: float | None) -> None:
        """Show it."""
        cell = event.job.cell
        name = f"{cell.variant} seed {cell.seed}"
        match event:
            case Started():
                self._running[cell.hash] = {"name": name, "epoch": None, "epochs": None, "since": time.monotonic()}
            case Progressed():
                self._running[cell.hash] |= {"epoch": event.epoch, "epochs": event.epochs}
            case Finished():
                self._running.pop(cell.hash, None)
            case Failed():
                self._running.pop(cell.hash, None)
                self._failure(name, cell.short, event)
            case Lost():
                self._running.pop(cell.hash, None)
                again = "giving up on it" if event.final else "trying again with the same seed"
                self.console.print(Text(f"lost   {name}: {event.reason}; {again}", style="yellow"))
        line = f"{done} of {total} runs done"
        if seconds_left is not None:
            line += f", about {format_duration(seconds_left)} left" if done < total else ""
        if self._live is not None:
            drawn_now = not isinstance(event, Progressed)  # epochs wait for the next of four drawings a second
            self._live.update(Group(*self._worker_lines(), Text(line, style="bold")), refresh=drawn_now)
        elif time.monotonic() - self._told > PLAIN_EVERY or (isinstance(event, Finished) and done == total):
            self._told = time.monotonic()
            self.console.print(Text("; ".join([line, *(text.plain.strip() for text in self._worker_lines())])))

    def _worker_lines(self) -> list[Text]:
        lines: list[Text] = []
        for one in self._running.values():
            epochs = one["epochs"]
            text = f"  {one['name']}"
            if epochs:
                elapsed = time.monotonic() - one["since"]
                text += f"  epoch {one['epoch']} of {epochs}"
                if one["epoch"]:
                    text += f", {format_duration(elapsed / one['epoch'] * (epochs - one['epoch']))} left"
            lines.append(Text(text, style="dim"))
        return lines

    def _failure(self, name: str, short: str, event: Failed) -> None:
        self.console.print(Text(f"failed {name}: {event.error}", style="red"))
        if not self._first_failure_shown:
            self._first_failure_shown = True
            for line in event.log.splitlines()[-8:]:
                self.console.print(Text(f"       {line}", style="dim"))
            command = f"brittlestar run {shlex.quote(self.store)} --cell {short}"
            self.console.print(Text(f"       this run alone: {command}"), soft_wrap=True)
