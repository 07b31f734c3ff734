"""The run itself: cells that are missing are trained, whatever happens is written down, nothing is done twice."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from brittlestar.core.cells import Cell
from brittlestar.core.files import write_whole
from brittlestar.core.hashing import pretty_json
from brittlestar.execution.attempts import append_attempt
from brittlestar.execution.cell_folder import read_outcome, write_done, write_failed
from brittlestar.execution.interruption import Interrupted, Interruption
from brittlestar.execution.jobs import Event, Executor, Failed, Finished, Job, Lost, Progressed, Started
from brittlestar.execution.layout import Store, write_failure
from brittlestar.execution.order import next_cell


class Watcher(Protocol):
    """Who is told what happens: the terminal, a test, nobody."""

    def on_event(self, event: Event, done: int, total: int, seconds_left: float | None) -> None:
        """One event, with how many of the run's cells are done and an estimate of the time left."""
        ...


@dataclass(frozen=True)
class Workplace:
    """What every job of a study shares."""

    store: Store
    search_path: Path
    base: Path
    environment_class: str
    fingerprints: Mapping[str, str]

    def job(self, cell: Cell) -> Job:
        """The training job of a cell."""
        return Job("train", str(self.store.data), str(self.search_path), str(self.base), (cell,))


@dataclass
class _Session:
    workplace: Workplace
    pending: list[Cell]
    baseline: str
    executor: Executor
    interruption: Interruption
    watcher: Watcher
    deadline: float | None
    total: int
    done: int = 0
    seconds: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    started: dict[str, float] = field(default_factory=dict[str, float])
    live: dict[str, dict[str, object]] = field(default_factory=dict[str, dict[str, object]])
    told: float = 0.0
    skipped: int = 0

    def source(self) -> Job | None:
        """The next job, by the cheapest open question; None when nothing fits any more."""
        means = {variant: sum(values) / len(values) for variant, values in self.seconds.items()}
        remaining = None if self.deadline is None else self.deadline - time.monotonic()
        cell = next_cell(self.pending, means, self.baseline, remaining)
        if cell is None:
            self.skipped = len(self.pending)
            return None
        self.pending.remove(cell)
        return self.workplace.job(cell)

    def handle(self, event: Event) -> None:
        """Write down what happened, then tell."""
        cell, store = event.job.cell, self.workplace.store
        match event:
            case Started():
                self.started[cell.hash] = time.monotonic()
                append_attempt(store, "started", cell.hash, attempt=event.attempt, worker=event.pid, **_names(cell))
                self.live[cell.hash] = {**_names(cell), "hash": cell.hash, "epoch": None, "epochs": None}
            case Progressed():
                self.live[cell.hash] |= {"epoch": event.epoch, "epochs": event.epochs}
            case Finished():
                with self.interruption.shielded():
                    write_done(
                        store,
                        cell,
                        event.value,
                        event.log,
                        self.workplace.environment_class,
                        self.workplace.fingerprints,
                    )
                    self._ended(cell, "done", attempt=event.attempt)
                self.done += 1
            case Failed():
                with self.interruption.shielded():
                    write_failed(store, cell, event.error, event.log, self.workplace.environment_class)
                    self._ended(cell, "failed", attempt=event.attempt, error=event.error)
            case Lost():
                with self.interruption.shielded():
                    self._ended(
                        cell, "lost" if event.final else "retried", attempt=event.attempt, reason=event.reason,
                        log=event.log[-2000:],
                    )  # fmt: skip
        self._tell_other_terminals()
        self.watcher.on_event(event, self.done, self.total, self.seconds_left())

    def _ended(self, cell: Cell, event: str, **details: object) -> None:
        seconds = time.monotonic() - self.started[cell.hash]
        append_attempt(self.workplace.store, event, cell.hash, seconds=round(seconds, 3), **_names(cell), **details)
        if event == "done":
            self.seconds.setdefault(cell.variant, []).append(seconds)
        self.live.pop(cell.hash, None)

    def seconds_left(self) -> float | None:
        """What the open cells take at the pace measured so far, None before the first is done."""
        measured = [value for values in self.seconds.values() for value in values]
        if not measured:
            return None
        usual = sum(measured) / len(measured)
        means = {variant: sum(values) / len(values) for variant, values in self.seconds.items()}
        open_cells = sum(means.get(cell.variant, usual) for cell in self.pending) + 0.5 * usual * len(self.live)
        return open_cells / self.executor.width

    def _tell_other_terminals(self) -> None:
        if time.monotonic() - self.told < 0.5:
            return
        self.told = time.monotonic()
        document = {
            "running": list(self.live.values()),
            "done": self.done,
            "total": self.total,
            "seconds_left": self.seconds_left(),
        }
        try:
            write_whole(self.workplace.store.progress, pretty_json(document))
        except OSError as error:
            raise write_failure(error, self.workplace.store.root) from error


def _names(cell: Cell) -> dict[str, object]:
    return {"variant": cell.variant, "seed": cell.seed}


def missing(store: Store, cells: Sequence[Cell]) -> list[Cell]:
    """Cells without a folder, each hash once: arms with equal settings share their cells."""
    unique = {cell.hash: cell for cell in reversed(cells)}
    return [cell for cell in cells if unique[cell.hash] is cell and read_outcome(store.cell(cell.hash)) is None]


def train_missing(
    workplace: Workplace,
    cells: Sequence[Cell],
    baseline: str,
    executor: Executor,
    watcher: Watcher,
    budget: float | None,
) -> str | None:
    """Train what is missing; the caller holds the lock. Returns why the run ended before everything was tried, or None.

    `budget` in seconds: no cell is begun that would not end in time by the pace measured so far, and what still runs
    when the time is up is ended (it runs whole next time).
    """
    pending = missing(workplace.store, cells)
    total = len({cell.hash for cell in cells})
    interruption = Interruption(budget)
    deadline = None if budget is None else time.monotonic() + budget
    session = _Session(
        workplace, pending, baseline, executor, interruption, watcher, deadline, total, total - len(pending)
    )
    try:
        with interruption.listening():
            executor.run(session.source, session.handle)
    except Interrupted as wish:
        return wish.reason
    finally:
        workplace.store.progress.unlink(missing_ok=True)
    return f"the budget leaves no time for {session.skipped} more cells" if session.skipped else None
