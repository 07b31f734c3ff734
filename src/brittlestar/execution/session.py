"""The run itself: cells that are missing are trained, whatever happens is written down, nothing is done twice."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from brittlestar.core.cells import Cell
from brittlestar.core.commands import command
from brittlestar.execution import jobs
from brittlestar.execution.interruption import Ended, Interrupted, Interruption
from brittlestar.execution.order import EVERY, MANY, RunningCells, WaitingCells
from brittlestar.execution.saving import save_end
from brittlestar.store.attempts import append_attempt, read_history
from brittlestar.store.layout import Store
from brittlestar.store.lock import RUN
from brittlestar.store.study_document import give_again
from brittlestar.training.fitted import UnusableAnswersError

_LOG_KEPT = 2000  # the end of a log that a person reads
_TRIAL = 10.0  # seconds that other seeds of own code wait for its first one: what raises does so early


Running = Mapping[str, Mapping[str, Any]]
"""What is known of each cell that runs, by its hash."""


@dataclass
class _Pace:
    """What the finished cells of a variant took together, in seconds, and how many they are."""

    seconds: float = 0.0
    cells: int = 0

    def add(self, seconds: float) -> None:
        self.seconds += seconds
        self.cells += 1


@dataclass
class _Times:
    """How long cells take: those that are done by variant, and those that run, when they began and what they will take
    by their epochs so far."""

    executor: jobs.Executor
    paces: dict[str, _Pace]
    started: dict[str, float] = field(default_factory=dict[str, float])
    live: dict[str, tuple[str, float]] = field(default_factory=dict[str, tuple[str, float]])
    left: tuple[float, float | None] = (0.0, None)

    @property
    def means(self) -> dict[str, float]:
        """Seconds of a cell by variant, of those with one that is done."""
        return {variant: pace.seconds / pace.cells for variant, pace in self.paces.items()}

    def spent(self, cell: Cell) -> float:
        """Seconds since it began."""
        return time.monotonic() - self.started[cell.hash]

    def seconds_left(self, running: Running, waiting: Mapping[str, int]) -> float | None:
        """What the open cells take at the pace measured so far, None before the first is done. A variant of which no
        cell is done goes at the pace of the one that runs, by its epochs."""
        when, known = self.left
        if len(running) <= MANY or time.monotonic() - when > EVERY:
            known = self._measure(running, waiting)
            self.left = time.monotonic(), known
        return known

    def _measure(self, running: Running, waiting: Mapping[str, int]) -> float | None:
        means = self.means
        if not means:
            return None
        paces = {**dict(self.live.values()), **means}
        usual = sum(paces.values()) / len(paces)
        now = time.monotonic()
        begun = sum(
            max(paces.get(one["variant"], usual) - (now - self.started[digest]), 0.0) for digest, one in running.items()
        )
        rest = sum(many * paces.get(variant, usual) for variant, many in waiting.items())
        return (rest + begun) / self.executor.width


@dataclass
class _Session:
    """Who hands cells out, and writes down what becomes of them. Of own code that has trained no run yet one seed is on
    trial, since then: `proven` are variants that have; `told` is what was said already."""

    run: jobs.Run
    waiting: WaitingCells
    interruption: Interruption
    watcher: jobs.Watcher
    progress: RunningCells
    times: _Times
    total: int
    done: int
    proven: set[str]
    trials: dict[str, float] = field(default_factory=dict[str, float])
    skipped: int = 0
    told: set[str] = field(default_factory=set[str])

    def source(self) -> jobs.Job | jobs.Later | None:
        """The next job, by the cheapest open question; None when nothing fits any more. Of an own model that has
        trained no run yet, seeds wait a little for the first one."""
        now = time.monotonic()
        held = [one for one, since in self.trials.items() if now - since < _TRIAL and self.waiting.counts[one]]
        cell = self.waiting.take(self.times.means, self.interruption.remaining, held)
        if cell is None:
            self.skipped = len(self.waiting)
            return jobs.Later() if held else None
        if _is_own(cell) and cell.variant not in self.proven:
            self.trials.setdefault(cell.variant, now)
        return jobs.TrainJob(self.run, cell)

    def handle(self, event: jobs.Event) -> None:
        cell, store = event.job.cell, self.run.store
        event = save_end(event)
        given_up = 0
        match event:
            case jobs.Started():
                self.times.started[cell.hash] = time.monotonic()
                names = {"variant": cell.variant, "seed": cell.seed, "worker": event.pid}
                names |= {} if event.host is None else {"host": event.host}
                names |= {} if event.gpu is None else {"gpu": event.gpu}
                append_attempt(store, "started", cell.hash, attempt=event.attempt, **names)
            case jobs.Progressed():
                whole = self.times.spent(cell) * event.epochs / max(event.epoch, 1)
                self.times.live[cell.hash] = (cell.variant, whole)
            case jobs.Finished():
                self._tell_notes(cell, event.value)
                self._end_trial(cell, proven=True)
                spent = self._take_end(cell, "done", attempt=event.attempt)
                self.times.paces.setdefault(cell.variant, _Pace()).add(spent)
                self.done += 1
            case jobs.Failed():
                self._take_end(cell, "failed", attempt=event.attempt, error=event.error)
                given_up = self._give_up(cell, event)
                self._end_trial(cell)
            case jobs.Lost():
                word = "lost" if event.final else "retried"
                self._take_end(cell, word, attempt=event.attempt, reason=event.reason, log=event.log[-_LOG_KEPT:])
                if event.final:
                    self._end_trial(cell)
        running, waiting = self.progress.running, self.waiting.counts
        seconds_left = self.times.seconds_left(running, waiting)  # of few at each event, of many twice a second
        self.progress.follow(event, seconds_left)
        self.watcher.on_event(event, self.done, self.total, seconds_left)
        if given_up:
            again = give_again(store, command("run"), " tries the next")
            many = "the other seed is" if given_up == 1 else f"{given_up:,} more seeds are"
            self.watcher.on_message(f"{cell.variant}: {many} not tried, since this one failed; {again}")

    def _give_up(self, cell: Cell, event: jobs.Failed) -> int:
        """Let the seeds of own code wait no more of which the first one failed; how many. One that ran out of time, or
        whose weights were lost, may have been unlucky."""
        unlucky = event.timed_out or isinstance(event.reported, UnusableAnswersError)
        if not _is_own(cell) or cell.variant in self.proven or unlucky:
            return 0
        return self.waiting.drop(cell.variant)

    def _end_trial(self, cell: Cell, proven: bool = False) -> None:
        self.trials.pop(cell.variant, None)
        if proven:
            self.proven.add(cell.variant)

    def _tell_notes(self, cell: Cell, value: jobs.KeptValue) -> None:
        """Tell what is odd about a model that fitted itself, once."""
        for note in value.notes if value.outcome == "fitted" else ():
            if (sentence := f"{cell.variant}: {note}") not in self.told:
                self.told.add(sentence)
                self.watcher.on_message(sentence)

    def _take_end(self, cell: Cell, event: str, **details: object) -> float:
        self.times.live.pop(cell.hash, None)
        seconds = round(self.times.spent(cell), 3)
        names = {"variant": cell.variant, "seed": cell.seed}
        append_attempt(self.run.store, event, cell.hash, seconds=seconds, **names, **details)
        return seconds


def _is_own(cell: Cell) -> bool:
    return cell.settings["model"].get("own") is not None


def missing(store: Store, cells: Iterable[Cell]) -> list[Cell]:
    """Cells without a folder, each hash once: variants with equal settings share their cells."""
    first: dict[str, Cell] = {}
    for cell in cells:
        first.setdefault(cell.hash, cell)
    there = store.backend.find_placed(map(store.cell, first))
    return [cell for digest, cell in first.items() if store.cell(digest) not in there]


def train_missing(
    run: jobs.Run,
    cells: Sequence[Cell],
    main: str,
    executor: jobs.Executor,
    watcher: jobs.Watcher,
    interruption: Interruption,
    holder: str = RUN,
) -> Ended | None:
    """Train what is missing; the caller holds the store by the name of `holder`. Returns why the run ended before
    everything was tried, or None.

    Under a budget no cell is begun that would not end in time by the pace measured so far, in this run or an earlier
    one, and what still runs when the time is up is ended (it runs whole next time).
    """
    pending = missing(run.store, cells)
    if not pending:
        return None
    store, total = run.store, len({cell.hash for cell in cells})
    taken = read_history(store).seconds
    paces: dict[str, _Pace] = {}
    open_hashes = {cell.hash for cell in pending}
    for cell in cells:
        if cell.hash in taken and cell.hash not in open_hashes:
            paces.setdefault(cell.variant, _Pace()).add(taken[cell.hash])
    running, done, waiting = RunningCells(store, holder), total - len(pending), WaitingCells(pending, main)
    times, proven = _Times(executor, paces), set(paces)
    session = _Session(run, waiting, interruption, watcher, running, times, total, done, proven)
    try:
        executor.run(session.source, session.handle, interruption)
    except Interrupted as wish:
        return Ended(wish.reason, not wish.by_budget)
    finally:
        session.progress.remove()
    if session.skipped:
        return Ended(f"the budget leaves no time for {session.skipped} more cells", False)
    return None
