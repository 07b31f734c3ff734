"""`trace`: which settings have no effect on a run, and what has one that nobody states."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from brittlestar.core.brief import brief_repr
from brittlestar.core.cells import Cell
from brittlestar.core.errors import InputError
from brittlestar.core.results import StudyRecord
from brittlestar.core.tracing import Kind, Traced, Tracing
from brittlestar.execution.environment import usable_cores
from brittlestar.execution.progress import Progress, tell_progress
from brittlestar.models.own_params import declare_parameters
from brittlestar.pipeline.assess import assess_study
from brittlestar.pipeline.hold import hold_store
from brittlestar.pipeline.prepare import load_code
from brittlestar.pipeline.report import build_report
from brittlestar.records.reported.effect import DEFAULTS, SILENT
from brittlestar.reports.document import SCHEMA_VERSION
from brittlestar.store.kept_document import TRACE, write_kept
from brittlestar.store.layout import Store, open_store
from brittlestar.store.study_document import read_cells, read_study
from brittlestar.store.study_record import read_record
from brittlestar.study.default_values import change_setting
from brittlestar.study.names import is_session
from brittlestar.study.paths import find_setting
from brittlestar.verbs.trace_bench import (
    NEIGHBOUR,
    RepeatBench,
    find_site,
    judge_repeated,
    renew_seeds,
    trace_influences,
)
from brittlestar.verbs.trace_rows import trace_rows

STAGE = "trace"
ROWS = 128  # convention: a few batches an epoch, and more rows than most networks have classes
NOT_TRACED = (*SILENT, "data.tokens", "data.train_rows", "data.train_without")
"""Settings of which another value is another task, or that a short run has of its own."""
PLAIN = (bool, int, float, str, type(None))


@dataclass(frozen=True, repr=False)
class TraceResult:
    """What `tracing` found in the first run of `main` of the `study`."""

    __repr__ = brief_repr

    study: str
    main: str
    tracing: Tracing

    @property
    def rows(self) -> int:
        """Rows of train in a short run."""
        return self.tracing.rows

    @property
    def traced(self) -> tuple[Traced, ...]:
        """Each thing that was changed alone."""
        return self.tracing.traced

    @property
    def found(self) -> tuple[Traced, ...]:
        """Settings without effect, and influences that nobody states."""
        return self.tracing.found

    def count(self, kinds: Sequence[Kind]) -> int:
        """How many things of these kinds were told."""
        return self.tracing.count(kinds)

    @property
    def document(self) -> dict[str, Any]:
        """The JSON of the verb."""
        told = self.tracing.as_json()
        return {"schema_version": SCHEMA_VERSION, "study": self.study, "main": self.main, **told}


def trace(
    study: str | Path, *, rows: int = ROWS, jobs: int | None = None, progress: bool | Progress = True
) -> TraceResult:
    """Name settings that do nothing, and influences that nobody states.

    It changes one thing at a time in main's first run, and compares every weight and answer, bit by bit. Needs a study
    whose data and code are still there.

    Each setting that somebody chose gets another value, and so does each parameter that own code declares: what changes
    nothing, neither on a few rows nor in the whole training, does nothing. Then the run is repeated under another hash
    seed, with more threads, in another folder and time zone: what changes it is an influence that nobody states.

    Args:
        study (STUDY): The folder NAME.study that `run` made.
        rows (N>=8): Rows of train in a short run. Default: 128.
        jobs (N>=1): Runs at once, at most. Default: one per core.
        progress: In Python: tell people on standard error how far it is; or what is told instead.

    Returns:
        What was changed, and whether that changed anything. The study keeps it, and its report is written anew with it.

    Raises:
        InputError: The study cannot be run again from its folder, or its first run fails.
        StoreError: The study is busy or damaged, or cannot be written.

    Command:
        Examples:
          brittlestar trace demo/founding.study
          brittlestar trace demo/founding.study --rows 512 --json

        Exit codes: 0 done; 1 a run is at work, or the study cannot be written; 2 wrong usage, or a study that cannot be
        run again.

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
        bench = RepeatBench(find_site(store), most, jobs or usable_cores(), tell)
        tracing = Tracing(cell.hash, most, tuple(trace_run(bench, store, record, cell)))
    with hold_store(store):
        write_kept(store, TRACE, tracing.as_json())
        build_report(store, assess_study(store, replace(record, traced=tracing)))
    return TraceResult(str(study), record.main, tracing)


def trace_run(bench: RepeatBench, store: Store, record: StudyRecord, cell: Cell) -> Iterator[Traced]:
    """Everything that is changed in a run of main, one thing after the other. Raises InputError where it fails."""
    own = load_code(Path(bench.site.search_path), cell.settings["model"])
    # An estimator of a library has settings by the dozen, of which nobody states most.
    every = {} if own is None or own.kind == "estimator" else declare_parameters(own)
    declared = {name: value for name, value in every.items() if isinstance(value, PLAIN)}
    params = {**declared, **cell.settings["model"]["params"]}
    filled = {**cell.settings, "model": {**cell.settings["model"], "params": params}}
    chosen = dict.fromkeys([*_list_chosen(record), *(f"model.params.{name}" for name in params)])
    changed = {path: change_setting(filled, path) for path in chosen}
    able = {path: one for path, one in changed.items() if one is not None}
    changes = [replace(cell, settings=settings) for _, settings in able.values()]
    plain, again, *others, seeded = bench.train([cell, cell, *changes, renew_seeds(cell)], short=True)
    if plain.error:
        what = f"main's first run fails on {bench.rows} rows: {plain.error}"
        raise InputError(what, store.name, "give more: --rows 512")
    repetition = judge_repeated("repetition", "the same run again", "nothing was changed", plain, again)
    yield repetition
    if repetition.effect != "none":
        return
    settings = [
        judge_repeated("setting", path, f"{find_setting(filled, path)!r} → {value!r}", plain, other)
        for (path, (value, _)), other in zip(able.items(), others, strict=True)
    ]
    settings.append(judge_repeated("setting", "seeds", f"{cell.seed} → another", plain, seeded))
    yield from _confirm(bench, cell, settings, able)
    unknown = "no other value of it is known"
    yield from (Traced("setting", path, "", "cannot-tell", unknown) for path in chosen if path not in able)
    around = [*trace_influences(bench, cell, plain)]
    yield from around
    alone = any(one.name == NEIGHBOUR and one.effect != "none" for one in around)
    yield from trace_rows(bench.narrow() if alone else bench, store, cell)


def _confirm(
    bench: RepeatBench, cell: Cell, settings: list[Traced], able: Mapping[str, tuple[Any, dict[str, Any]]]
) -> Iterator[Traced]:
    """Settings without effect on a few rows are held against the whole training."""
    silent = [one for one in settings if one.effect == "none"]
    yield from (one for one in settings if one.effect != "none")
    if not silent:
        return
    changed = [replace(cell, settings=able[one.name][1]) if one.name in able else renew_seeds(cell) for one in silent]
    whole, *others = bench.train([cell, *changed], short=False)
    for one, other in zip(silent, others, strict=True):
        judged = judge_repeated("setting", one.name, one.told, whole, other)
        yield replace(judged, why=judged.why or "seen in the whole training")


def _list_chosen(record: StudyRecord) -> Iterator[str]:
    for one in record.variants[record.main].settings:
        section = one.path.partition(".")[0]
        if section not in ("data", "model", "training") or one.origin in DEFAULTS:
            continue
        if not one.path.startswith(NOT_TRACED):
            yield one.path


def _refuse(cell: Cell, store: Store) -> None:
    """Raise InputError for a run that cannot be repeated in a process of its own."""
    model = cell.settings["model"]
    if model["predictions"]:
        raise InputError("predictions were given: there is no training to trace", store.name)
    if is_session(model["own"]):
        what = "its model was an object in memory, which no other process can build"
        raise InputError(what, store.name, "put it into a file, and run the study with --model MODULE:NAME")
