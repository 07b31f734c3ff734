"""Where tracing repeats runs: some at once, short or whole, or in Pythons of their own."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from brittlestar.core.cells import Cell
from brittlestar.core.tracing import Kind, Traced
from brittlestar.execution.jobs import Run, TrainJob, make_absolute, make_run
from brittlestar.execution.progress import Progress
from brittlestar.execution.repeating import Circumstances, Repeated, digest_trained, repeat_training, train_all
from brittlestar.store.layout import Store
from brittlestar.store.study_document import read_study
from brittlestar.training.trained import Trained

T = TypeVar("T")
NEWER = 1000  # added to every seed
ASKED = 3
"""Threads that own code hears of: what trains has one, and few machines have so many processors."""
NEIGHBOUR = "a run beside it"
INFLUENCES: Mapping[str, tuple[str, Circumstances]] = {
    "hash seed": ("PYTHONHASHSEED is 4242, and not 0", Circumstances({"PYTHONHASHSEED": "4242"})),
    "threads": (
        f"OMP_NUM_THREADS and the like are 2, and not 1, and code that asks hears of {ASKED} threads and processors",
        Circumstances(
            dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "2"), threads=ASKED
        ),
    ),
    "time zone": ("TZ is Pacific/Kiritimati", Circumstances({"TZ": "Pacific/Kiritimati"})),
    "locale": ("LC_ALL is C", Circumstances({"LC_ALL": "C", "LANG": "C", "LANGUAGE": ""})),
    "global random state": ("something drew from random, NumPy and PyTorch before", Circumstances(disturbed=True)),
}
"""What is changed, in words, and how. Two more are made where they are needed: another working folder, and a run beside
this one."""


class RepeatBench:
    """Repeats runs of the study of `run` on `rows` rows of train, up to `jobs` at once; `told` hears how far it is.
    Raises TimeoutError where one would begin after `deadline` (of `time.monotonic`)."""

    def __init__(self, run: Run, rows: int, jobs: int, told: Progress, deadline: float) -> None:
        self.run, self.rows, self.jobs, self.told, self.deadline = run, rows, jobs, told, deadline

    def narrow(self) -> RepeatBench:
        """The same, one run at a time."""
        return RepeatBench(self.run, self.rows, 1, self.told, self.deadline)

    def train(self, cells: Sequence[Cell], short: bool) -> list[Repeated]:
        """What comes of each, trained as `run` trains it."""
        return self.train_jobs(
            [self._job(cell, short) for cell in cells],
            lambda trained: Repeated(digest_trained(trained)),
            lambda error: Repeated(error=error),
        )

    def train_jobs(self, jobs: Sequence[TrainJob], read: Callable[[Trained], T], fail: Callable[[str], T]) -> list[T]:
        """What `read` makes of each job's value, or `fail` of its error."""
        done = 0

        def tell() -> None:
            nonlocal done
            done += 1
            self.told("runs", done, len(jobs))

        return train_all(jobs, self.jobs, tell, read, fail, self.deadline)

    def repeat(self, cell: Cell, around: Sequence[Circumstances], at_once: int | None = None) -> list[Repeated]:
        """What comes of a short run under each of these circumstances, in Pythons of their own."""
        job, found = self._job(cell, True), list[Repeated]()
        if time.monotonic() > self.deadline:
            raise TimeoutError
        with ThreadPoolExecutor(at_once or self.jobs) as pool:
            for one in pool.map(partial(repeat_training, job), around):
                found.append(one)
                self.told("runs", len(found), len(around))
        return found

    def move(self, cell: Cell, folder: Path) -> TrainJob:
        """The whole training of a cell on the data of another store."""
        settings = {**cell.settings, "data": {**cell.settings["data"], "train_rows": None}}
        return TrainJob(replace(self.run, folder=str(folder)), replace(cell, settings=settings))

    def _job(self, cell: Cell, short: bool) -> TrainJob:
        data = {**cell.settings["data"], "train_rows": self.rows} if short else cell.settings["data"]
        return TrainJob(self.run, replace(cell, settings={**cell.settings, "data": data}))


def find_run(store: Store) -> Run:
    """Where runs of a study find its data and code."""
    document = read_study(store)
    search, base = ((store.anchor / document[name]).resolve() for name in ("search_path", "base"))
    return make_absolute(make_run(store, search, base))


def judge_repeated(kind: Kind, name: str, told: str, plain: Repeated, other: Repeated) -> Traced:
    """What a change was seen to do: `other` is the run with it."""
    if other.error:
        wrong = "changes" if kind == "influence" else "cannot-tell"
        return Traced(kind, name, told, wrong, f"it fails: {other.error}")
    return Traced(kind, name, told, "none" if other.digest == plain.digest else "changes")


def renew_seeds(cell: Cell, times: int = 1) -> Cell:
    """The same run from another seed."""
    streams = {name: None if seed is None else seed + times * NEWER for name, seed in cell.streams.items()}
    return replace(cell, seed=cell.seed + times * NEWER, streams=streams)


def trace_influences(bench: RepeatBench, cell: Cell, plain: Repeated) -> Iterator[Traced]:
    """What is around a run. Two runs at once come first: where these differ from one that is alone, nothing else runs
    beside another."""
    (fresh,) = bench.repeat(cell, [Circumstances()], at_once=1)
    first, second = bench.repeat(cell, [Circumstances()] * 2, at_once=2)
    beside = first if first == second else replace(first, digest="", error=first.error or second.error)
    neighbour = judge_repeated("influence", NEIGHBOUR, "two of it ran at once", fresh, beside)
    yield neighbour
    alone = neighbour.effect != "none"
    if alone:
        (plain,) = bench.train([cell], short=True)
    own = "it was not forked from one that has PyTorch"
    yield judge_repeated("influence", "a process of its own", own, plain, fresh)
    with tempfile.TemporaryDirectory(prefix="brittlestar-elsewhere-") as temporary:
        folder = Path(temporary, "far", "from", "here")  # at another depth, so that relative paths differ, too
        folder.mkdir(parents=True)
        around = {**INFLUENCES, "working folder": ("it works in an empty folder", Circumstances(folder=str(folder)))}
        found = bench.repeat(cell, [one for _, one in around.values()], at_once=1 if alone else None)
    for (name, (words, _)), one in zip(around.items(), found, strict=True):
        yield judge_repeated("influence", name, words, fresh, one)
