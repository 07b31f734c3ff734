"""Where `trace` repeats runs: some at once, short or whole, or in Pythons of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from brittlestar.core.cells import Cell
from brittlestar.core.tracing import Kind, Traced
from brittlestar.execution.jobs import Site, TrainJob, make_absolute, site_of
from brittlestar.execution.progress import Progress
from brittlestar.execution.repeating import Circumstances, Repeated, digest_trained, repeat_training, train_all
from brittlestar.store.layout import Store
from brittlestar.store.study_document import read_study
from brittlestar.training.trained import Trained

T = TypeVar("T")
NEWER = 1000  # added to every seed


class RepeatBench:
    """Repeats runs of the study at `site` on `rows` rows of train, up to `jobs` at once; `told` hears how far it is."""

    def __init__(self, site: Site, rows: int, jobs: int, told: Progress) -> None:
        self.site, self.rows, self.jobs, self.told = site, rows, jobs, told

    def narrow(self) -> RepeatBench:
        """The same, one run at a time."""
        return RepeatBench(self.site, self.rows, 1, self.told)

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

        return train_all(jobs, self.jobs, tell, read, fail)

    def repeat(self, cell: Cell, around: Sequence[Circumstances], at_once: int | None = None) -> list[Repeated]:
        """What comes of a short run under each of these circumstances, in Pythons of their own."""
        job, found = self._job(cell, True), list[Repeated]()
        with ThreadPoolExecutor(at_once or self.jobs) as pool:
            for one in pool.map(partial(repeat_training, job), around):
                found.append(one)
                self.told("runs", len(found), len(around))
        return found

    def move(self, cell: Cell, folder: Path) -> TrainJob:
        """The whole training of a cell on the data of another store."""
        settings = {**cell.settings, "data": {**cell.settings["data"], "train_rows": None}}
        return TrainJob(replace(self.site, store=str(folder)), replace(cell, settings=settings))

    def _job(self, cell: Cell, short: bool) -> TrainJob:
        data = {**cell.settings["data"], "train_rows": self.rows} if short else cell.settings["data"]
        return TrainJob(self.site, replace(cell, settings={**cell.settings, "data": data}))


def find_site(store: Store) -> Site:
    """Where runs of a study find its data and code."""
    document = read_study(store)
    search, base = ((store.anchor / document[name]).resolve() for name in ("search_path", "base"))
    return make_absolute(site_of(store, search, base))


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
