"""`trace`: which settings have no effect on a run, and what has one that nobody states."""

from dataclasses import replace
from pathlib import Path

from brittlestar.core.errors import InputError
from brittlestar.execution.environment import usable_cores
from brittlestar.execution.progress import Progress, tell_progress
from brittlestar.pipeline.assess import assess_study
from brittlestar.pipeline.report import build_report
from brittlestar.pipeline.store_lock import lock_store
from brittlestar.pipeline.trace_bench import (
    RepeatBench,
    find_run,
)
from brittlestar.records.tracing import STAGE, TRACED_ROWS, refuse, trace_run
from brittlestar.records.tracing import TraceResult as TraceResult
from brittlestar.store.kept_document import TRACE, write_kept
from brittlestar.store.layout import open_store
from brittlestar.store.study_document import read_cells, read_study
from brittlestar.store.study_record import read_record


def trace(
    study: str | Path, *, rows: int = TRACED_ROWS, jobs: int | None = None, progress: bool | Progress = True
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
        jobs: As in `run`.
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
        raise InputError(f"{rows} rows train nothing", "--rows", f"{TRACED_ROWS} are a few batches")
    record = read_record(store)
    cell = next(one for one in read_cells(read_study(store)) if one.variant == record.main)
    refuse(cell, store)
    most = min(rows, record.splits["train"].rows)
    with tell_progress(progress, STAGE) as tell:
        bench = RepeatBench(find_run(store), most, jobs or usable_cores(), tell)
        traced = tuple(trace_run(bench, store, record, cell))
        tracing = TraceResult(cell.hash, most, traced, str(study), record.main)
    with lock_store(store):
        write_kept(store, TRACE, tracing.as_json())
        build_report(store, assess_study(store, replace(record, traced=tracing)))
    return tracing
