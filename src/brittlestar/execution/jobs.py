"""What an executor is given and what it reports: plain records that cross process boundaries. No PyTorch here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from brittlestar.core.cells import Cell
from brittlestar.execution.interruption import Interruption
from brittlestar.models.session_model import SessionModel
from brittlestar.store.layout import Store
from brittlestar.store.lock import RUN
from brittlestar.training.trained import Output


@dataclass(frozen=True)
class Records:
    """What a store's records say beside a job's value: the environment class that computes, and the fingerprint of
    every split."""

    environment_class: str
    fingerprints: Mapping[str, str]


@dataclass(frozen=True)
class Site:
    """Where a job finds what it needs: the store's folder, own code, what paths in settings are relative to, and the
    model that is an object of the session, if one is. With `records` the store keeps what the job gives. `tables` are
    places of embedding tables that lie elsewhere on this machine, by their path in settings."""

    store: str
    search_path: str
    base: str
    session: SessionModel | None = None
    records: Records | None = None
    tables: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class InspectJob:
    """Build the model of each cell, and train nothing."""

    site: Site
    cells: tuple[Cell, ...]

    @property
    def cell(self) -> Cell:
        """The first cell: by its device and seeds the job is done."""
        return self.cells[0]


@dataclass(frozen=True)
class TrainJob:
    """Train a cell, and score it on every split; a model that leaves no weights answers the rows of the suite with this
    name too, since nobody can ask it later."""

    site: Site
    cell: Cell
    suite: str | None = None


@dataclass(frozen=True)
class ScoreJob:
    """Score a finished cell's checkpoints on `splits`, at the majority class where it `diverged`."""

    site: Site
    cell: Cell
    splits: tuple[str, ...]
    diverged: bool


@dataclass(frozen=True)
class ProbeJob:
    """Run a finished cell's best checkpoint on the rows of the suite with this name, which were taken from `splits`."""

    site: Site
    cell: Cell
    splits: tuple[str, ...]
    suite: str


Job = InspectJob | TrainJob | ScoreJob | ProbeJob
"""One piece of work for one process. It names a cell and a store: whoever does it finds the files there."""


def cells_of(job: Job) -> tuple[Cell, ...]:
    """The cells that a job is about."""
    return job.cells if isinstance(job, InspectJob) else (job.cell,)


def trains_on_gpu(cell: Cell) -> bool:
    """Whether what is done with a cell is done on a GPU."""
    return cell.settings["training"]["device"] == "cuda"


@dataclass(frozen=True)
class Waiting:
    """A job that is to begin; `alone` on its GPU where an attempt before it lacked memory there."""

    job: Job
    attempt: int = 1
    alone: bool = False

    @property
    def on_gpu(self) -> bool:
        """Whether it needs a place on a GPU."""
        return trains_on_gpu(self.job.cell)

    def try_again(self, lost: "Lost") -> "Waiting":
        """The next attempt, after one that was lost."""
        return Waiting(self.job, self.attempt + 1, self.alone or lost.on_gpu)


@dataclass(frozen=True)
class Inspection:
    """The value of `inspect`: settings read back per variant, numbers of parameters, what stands for their shapes (None
    where they are not known), what is odd about a model, and what PyTorch computes with."""

    read_back: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    parameters: Mapping[str, int | None] = field(default_factory=dict[str, int | None])
    shapes: Mapping[str, str | None] = field(default_factory=dict[str, str | None])
    environment: Mapping[str, Any] = field(default_factory=dict[str, Any])
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scored:
    """The value of `score`: `outputs[split][checkpoint]` and `scores[split][checkpoint][metric]`."""

    outputs: Mapping[str, Mapping[str, Output]]
    scores: Mapping[str, Mapping[str, Mapping[str, float | None]]]


@dataclass(frozen=True)
class KeptValue:
    """What is left of a job's value once the store has it: how a training ended, and what is odd about it."""

    outcome: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Started:
    """A process began a job; `attempt` counts from 1. `host` is its machine, None for that of the run; `gpu` the number
    of its GPU there, None for a job of the CPU."""

    job: Job
    attempt: int
    pid: int
    host: str | None = None
    gpu: int | None = None


@dataclass(frozen=True)
class Progressed:
    """A running job finished an epoch."""

    job: Job
    epoch: int
    epochs: int


@dataclass(frozen=True)
class Finished:
    """A job's value, and everything it printed; of a value that the store has, `KeptValue` and no log."""

    job: Job
    attempt: int
    value: Any
    log: str


@dataclass(frozen=True)
class Failed:
    """Own code raised, ended its process or ran out of time (`timed_out`). `error` is what a person reads; never
    retried. `reported` is the exception itself when it was already meant for a person; `kept` says that the store has
    it."""

    job: Job
    attempt: int
    error: str
    log: str
    reported: Exception | None = None
    kept: bool = False
    timed_out: bool = False


@dataclass(frozen=True)
class Lost:
    """A signal or lack of memory ended the process; `final` when there will be no further attempt. `on_gpu` says that
    a GPU lacked memory: the next attempt has one to itself."""

    job: Job
    attempt: int
    reason: str
    log: str
    final: bool
    on_gpu: bool = False


Event = Started | Progressed | Finished | Failed | Lost


@dataclass(frozen=True)
class Later:
    """In the place of a job: what is next depends on what runs now. Ask again soon, and after each event."""


Source = Callable[[], Job | Later | None]
Handler = Callable[[Event], None]

MOST_ATTEMPTS = 3  # convention: a fault that comes three times is no accident


class Executor(Protocol):
    """Runs jobs and reports events; nothing else. Implementations: `serial`, `processes`, `ray`.

    `run` takes jobs from `source` whenever it has room, until `source` gives None and all running jobs have ended;
    where it gives Later it is asked again, and a Failed is handled before the next job is taken.
    Each event is passed to `handle` in this process and thread, in the order it happened; every job ends in exactly
    one Finished, Failed or final Lost. Where a job's site has records, its value may be kept in the store already
    (`keep_end`); else the caller keeps it. Lost jobs are retried with the same seeds, twice at most; one
    that lacked a GPU's memory has no other job of the run on its GPU then. When `interruption` wishes to end, or
    `handle` or `source` raises, all running jobs are ended before the exception leaves `run`.
    """

    @property
    def width(self) -> int:
        """How many jobs run at once."""
        ...

    def run(self, source: Source, handle: Handler, interruption: Interruption) -> None:
        """Run every job of `source`. Raises Interrupted."""


def site_of(store: Store, search_path: Path, base: Path, session: SessionModel | None = None) -> Site:
    """Where jobs of a store find what they need."""
    return Site(str(store.root), str(search_path), str(base), session)


def make_absolute(site: Site) -> Site:
    """The same for a process that has another working directory."""
    store, search_path, base = (str(Path(one).resolve()) for one in (site.store, site.search_path, site.base))
    return replace(site, store=store, search_path=search_path, base=base)


@dataclass(frozen=True)
class Workplace:
    """The store, where own code and relative paths start, what computes, the fingerprint of every split, the model
    that is an object of the session, if one is, the name of the suite that models without weights are asked, and the
    name that the run, or its share, holds the store by."""

    store: Store
    search_path: Path
    base: Path
    environment_class: str
    fingerprints: Mapping[str, str]
    session: SessionModel | None = None
    suite: str | None = None
    holder: str = RUN

    @property
    def site(self) -> Site:
        """Where jobs find what they need."""
        here = site_of(self.store, self.search_path, self.base, self.session)
        return replace(here, records=Records(self.environment_class, self.fingerprints))

    def job(self, cell: Cell) -> TrainJob:
        """The training job of a cell."""
        return TrainJob(self.site, cell, self.suite)


class Watcher(Protocol):
    """Who is told what happens: the terminal, a test, nobody."""

    def on_start(self, store: Path) -> None:
        """The run has its store and goes to work."""

    def on_message(self, text: str) -> None:
        """A sentence for people."""

    def on_stage(self, stage: str, name: str, done: int, total: int) -> None:
        """A stage beside training, such as the audit: what of it is at work, how many parts are done, and of how many
        (0 where nobody knows)."""

    def on_event(self, event: Event, done: int, total: int, seconds_left: float | None) -> None:
        """One event, with how many of the run's cells are done and an estimate of the time left."""


class SilentWatcher(Watcher):
    """Tells nobody anything."""
