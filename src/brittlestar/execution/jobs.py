"""What an executor is given and what it reports: plain records that cross process boundaries. No PyTorch here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from brittlestar.core.cells import Cell
from brittlestar.execution.interruption import Interruption
from brittlestar.models.session_model import SessionModel
from brittlestar.store.layout import Store
from brittlestar.training.trained import Output


@dataclass(frozen=True)
class Run:
    """A place to work in, which goes with each of its jobs: the folder of the store, where own code is found and what
    paths in settings are relative to, all as text, since that is small where it crosses a process; and the model that
    is an object of the session, if one is.

    With an `environment_class`, that of what computes, the store keeps what jobs give, beside the `fingerprints` of
    every split. `suite` is the name of the one that models without weights are asked right after their training, since
    nobody can ask them later. `tables` are places of embedding tables that lie elsewhere on this machine, by their path
    in settings.
    """

    folder: str
    search_path: str
    base: str
    session: SessionModel | None = None
    environment_class: str = ""
    fingerprints: Mapping[str, str] = field(default_factory=dict[str, str])
    suite: str | None = None
    tables: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def store(self) -> Store:
        """The store."""
        return Store(Path(self.folder))


@dataclass(frozen=True)
class InspectJob:
    """Build the model of each cell, and train nothing."""

    run: Run
    cells: tuple[Cell, ...]

    @property
    def cell(self) -> Cell:
        """The first cell: by its device and seeds the job is done."""
        return self.cells[0]


@dataclass(frozen=True)
class TrainJob:
    """Train a cell, and score it on every split; a model that leaves no weights answers the run's suite, too."""

    run: Run
    cell: Cell


@dataclass(frozen=True)
class ScoreJob:
    """Score a finished cell's checkpoints on `splits`, at the majority class where it `diverged`."""

    run: Run
    cell: Cell
    splits: tuple[str, ...]
    diverged: bool


@dataclass(frozen=True)
class ProbeJob:
    """Run a finished cell's best checkpoint on the rows of the suite with this name, which were taken from `splits`."""

    run: Run
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
    one Finished, Failed or final Lost. Where a job's run has an environment class, its value may be kept in the store
    already (`save_end`); else the caller keeps it. Lost jobs are retried with the same seeds, twice at most; one
    that lacked a GPU's memory has no other job of the run on its GPU then. When `interruption` wishes to end, or
    `handle` or `source` raises, all running jobs are ended before the exception leaves `run`.
    """

    @property
    def width(self) -> int:
        """How many jobs run at once."""
        ...

    def run(self, source: Source, handle: Handler, interruption: Interruption) -> None:
        """Run every job of `source`. Raises Interrupted."""


def make_run(store: Store, search_path: Path, base: Path, session: SessionModel | None = None) -> Run:
    """A run in a store, which keeps nothing there yet."""
    return Run(str(store.root), str(search_path), str(base), session)


def make_absolute(run: Run) -> Run:
    """The same for a process that has another working directory."""
    folder, search_path, base = (str(Path(one).resolve()) for one in (run.folder, run.search_path, run.base))
    return replace(run, folder=folder, search_path=search_path, base=base)


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
