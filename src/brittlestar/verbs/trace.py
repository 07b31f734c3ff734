"""`trace`: which settings have no effect on a run, and what has one that nobody states."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from brittlestar.core.cells import Cell
from brittlestar.core.errors import InputError
from brittlestar.core.results import StudyRecord
from brittlestar.execution.environment import usable_cores
from brittlestar.execution.jobs import TrainJob, make_absolute, site_of
from brittlestar.execution.progress import Progress, tell_progress
from brittlestar.execution.repeating import Circumstances, Repeated, repeat_training, train_all
from brittlestar.models.own_params import declare_parameters
from brittlestar.records.reported.effect import DEFAULTS, SILENT
from brittlestar.store.layout import Store, open_store
from brittlestar.store.study_document import read_cells, read_study
from brittlestar.store.study_record import read_record
from brittlestar.study.names import is_session
from brittlestar.study.other_values import change_setting, find_setting
from brittlestar.verbs.declaring import load_code
from brittlestar.verbs.trace_result import Traced, TraceResult

STAGE = "trace"
ROWS = 128  # convention: a few batches an epoch, and more rows than most networks have classes
NOT_TRACED = (*SILENT, "data.tokens", "data.train_rows", "data.train_without")
"""Settings of which another value is another task, or that a short run has of its own."""
PLAIN = (bool, int, float, str, type(None))
NEWER = 1000  # added to every seed
INFLUENCES: Mapping[str, tuple[str, Circumstances]] = {
    "hash seed": ("PYTHONHASHSEED is 4242, and not 0", Circumstances({"PYTHONHASHSEED": "4242"})),
    "threads": (
        "OMP_NUM_THREADS and the like are 2, and not 1",
        Circumstances(dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "2")),
    ),
    "time zone": ("TZ is Pacific/Kiritimati", Circumstances({"TZ": "Pacific/Kiritimati"})),
    "locale": ("LC_ALL is C", Circumstances({"LC_ALL": "C", "LANG": "C", "LANGUAGE": ""})),
    "global random state": ("something drew from random, NumPy and PyTorch before", Circumstances(disturbed=True)),
}
"""What is changed, in words, and how. Two more are made where they are needed: another working folder, and a run beside
this one."""


def trace(
    study: str | Path, *, rows: int = ROWS, jobs: int | None = None, progress: bool | Progress = True
) -> TraceResult:
    """Change one thing at a time in main's first run, on a few rows of train, and compare every weight and answer.

    Each setting that somebody chose gets another value, and so does each parameter that own code declares; where
    nothing changes, the whole training is run with it, too, before that is said. Then the same run is repeated with
    nothing changed, and with what nobody states: hash seed, threads, time zone, locale, working folder, global random
    states, another run beside it.

    Args:
        study: A study's folder.
        rows: Rows of train in a short run, 8 or more.
        jobs: Runs at once; one per core without it.
        progress: Tell people on standard error how far it is; or what is told instead.

    Returns:
        What was changed, and whether that changed anything.

    Raises:
        InputError: The study cannot be run again from its folder, or its first run fails.

    Example:
        The study is that of `run("data")`.

        >>> from brittlestar import trace
        >>> traced = trace("data.study", rows=40)
        >>> [one.name for one in traced.found]
        []
    """
    store = open_store(study)
    if rows < 8:
        raise InputError(f"{rows} rows train nothing", "--rows", f"{ROWS} are a few batches")
    record = read_record(store)
    cell = next(one for one in read_cells(read_study(store)) if one.variant == record.main)
    _refuse(cell, store)
    most = min(rows, record.splits["train"].rows)
    with tell_progress(progress, STAGE) as tell:
        bench = _Bench(store, most, jobs or usable_cores(), tell)
        return TraceResult(str(study), record.main, most, tuple(_trace(bench, store, record, cell)))


def _trace(bench: _Bench, store: Store, record: StudyRecord, cell: Cell) -> Iterator[Traced]:
    own = load_code(store, cell.settings["model"])
    # An estimator of a library has settings by the dozen, of which nobody states most.
    every = {} if own is None or own.kind == "estimator" else declare_parameters(own)
    declared = {name: value for name, value in every.items() if isinstance(value, PLAIN)}
    params = {**declared, **cell.settings["model"]["params"]}
    filled = {**cell.settings, "model": {**cell.settings["model"], "params": params}}
    chosen = dict.fromkeys([*_list_chosen(record), *(f"model.params.{name}" for name in params)])
    changed = {path: change_setting(filled, path) for path in chosen}
    able = {path: one for path, one in changed.items() if one is not None}
    changes = [replace(cell, settings=settings) for _, settings in able.values()]
    plain, again, *others, seeded = bench.train([cell, cell, *changes, _renew(cell)], short=True)
    if plain.error:
        what = f"main's first run fails on {bench.rows} rows: {plain.error}"
        raise InputError(what, store.name, "give more: --rows 512")
    repetition = _judge("repetition", "the same run again", "nothing was changed", plain, again)
    yield repetition
    if repetition.effect != "none":
        return
    settings = [
        _judge("setting", path, f"{find_setting(filled, path)!r} → {value!r}", plain, other)
        for (path, (value, _)), other in zip(able.items(), others, strict=True)
    ]
    settings.append(_judge("setting", "seeds", f"{cell.seed} → another", plain, seeded))
    yield from _confirm(bench, cell, settings, able)
    unknown = "no other value of it is known"
    yield from (Traced("setting", path, "", "cannot-tell", unknown) for path in chosen if path not in able)
    yield from _trace_influences(bench, cell, plain)


def _trace_influences(bench: _Bench, cell: Cell, plain: Repeated) -> Iterator[Traced]:
    """What nobody states, each changed alone. Two runs at once come first: where these differ from one that is alone,
    nothing else runs beside another."""
    (fresh,) = bench.repeat(cell, [Circumstances()], at_once=1)
    first, second = bench.repeat(cell, [Circumstances()] * 2, at_once=2)
    beside = first if first == second else replace(first, digest="", error=first.error or second.error)
    neighbour = _judge("influence", "a run beside it", "two of it ran at once", fresh, beside)
    yield neighbour
    alone = neighbour.effect != "none"
    if alone:
        (plain,) = bench.train([cell], short=True)
    yield _judge("influence", "a process of its own", "it was not forked from one that has PyTorch", plain, fresh)
    with tempfile.TemporaryDirectory(prefix="brittlestar-elsewhere-") as folder:
        around = {**INFLUENCES, "working folder": ("it works in an empty folder", Circumstances(folder=folder))}
        found = bench.repeat(cell, [one for _, one in around.values()], at_once=1 if alone else None)
    for (name, (words, _)), one in zip(around.items(), found, strict=True):
        yield _judge("influence", name, words, fresh, one)


class _Bench:
    """Repeats runs of a study, some at once, short or whole."""

    def __init__(self, store: Store, rows: int, jobs: int, told: Progress) -> None:
        document = read_study(store)
        search = (store.anchor / document["search_path"]).resolve()
        self.site = make_absolute(site_of(store, search, (store.anchor / document["base"]).resolve()))
        self.rows, self.jobs, self.told = rows, jobs, told

    def train(self, cells: Sequence[Cell], short: bool) -> list[Repeated]:
        """What comes of each, trained as `run` trains it."""
        done = 0

        def tell() -> None:
            nonlocal done
            done += 1
            self.told("runs", done, len(cells))

        return train_all([self._job(cell, short) for cell in cells], self.jobs, tell)

    def repeat(self, cell: Cell, around: Sequence[Circumstances], at_once: int | None = None) -> list[Repeated]:
        """What comes of a short run under each of these circumstances, in Pythons of their own."""
        job, found = self._job(cell, True), list[Repeated]()
        with ThreadPoolExecutor(at_once or self.jobs) as pool:
            for one in pool.map(partial(repeat_training, job), around):
                found.append(one)
                self.told("runs", len(found), len(around))
        return found

    def _job(self, cell: Cell, short: bool) -> TrainJob:
        data = {**cell.settings["data"], "train_rows": self.rows} if short else cell.settings["data"]
        return TrainJob(self.site, replace(cell, settings={**cell.settings, "data": data}))


def _confirm(
    bench: _Bench, cell: Cell, settings: list[Traced], able: Mapping[str, tuple[Any, dict[str, Any]]]
) -> Iterator[Traced]:
    """Settings without effect on a few rows are held against the whole training."""
    silent = [one for one in settings if one.effect == "none"]
    yield from (one for one in settings if one.effect != "none")
    if not silent:
        return
    changed = [replace(cell, settings=able[one.name][1]) if one.name in able else _renew(cell) for one in silent]
    whole, *others = bench.train([cell, *changed], short=False)
    for one, other in zip(silent, others, strict=True):
        judged = _judge("setting", one.name, one.told, whole, other)
        yield replace(judged, why=judged.why or "seen in the whole training")


def _judge(kind: Any, name: str, told: str, plain: Repeated, other: Repeated) -> Traced:
    if other.error:
        wrong = "changes" if kind == "influence" else "cannot-tell"
        return Traced(kind, name, told, wrong, f"it fails: {other.error}")
    return Traced(kind, name, told, "none" if other.digest == plain.digest else "changes")


def _list_chosen(record: StudyRecord) -> Iterator[str]:
    """Paths of main's settings that somebody chose, of data, model and training."""
    for one in record.variants[record.main].settings:
        section = one.path.partition(".")[0]
        if section not in ("data", "model", "training") or one.origin in DEFAULTS:
            continue
        if not one.path.startswith(NOT_TRACED):
            yield one.path


def _renew(cell: Cell) -> Cell:
    """The same run from another seed."""
    streams = {name: None if seed is None else seed + NEWER for name, seed in cell.streams.items()}
    return replace(cell, seed=cell.seed + NEWER, streams=streams)


def _refuse(cell: Cell, store: Store) -> None:
    """Raise InputError for a run that cannot be repeated in a process of its own."""
    model = cell.settings["model"]
    if model["predictions"]:
        raise InputError("predictions were given: there is no training to trace", store.name)
    if is_session(model["own"]):
        what = "its model was an object in memory, which no other process can build"
        raise InputError(what, store.name, "put it into a file, and run the study with --model MODULE:NAME")
