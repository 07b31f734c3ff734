"""Before anything is trained: build every arm's model once, and hear what it says of itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from brittlestar.core.cells import Cell
from brittlestar.core.errors import BrittlestarError, InputError, StoreError
from brittlestar.execution.jobs import Event, Executor, Failed, Finished, Job, Lost
from brittlestar.execution.layout import Store

if TYPE_CHECKING:
    from brittlestar.execution.work import Inspection


def run_one(executor: Executor, job: Job) -> Finished:
    """Run a single job to its end. Raises what the job reported, or StoreError when it was lost."""
    ends: list[Event] = []
    jobs = iter([job])
    executor.run(lambda: next(jobs, None), ends.append)
    end = ends[-1]
    if isinstance(end, Finished):
        return end
    if isinstance(end, Failed):
        if isinstance(end.reported, BrittlestarError):
            raise end.reported
        lines = [line for line in end.log.splitlines() if line.strip().startswith('File "')]
        raise InputError(end.error, lines[-1].strip() if lines else "model", "mend the model's code and run again")
    reason = end.reason if isinstance(end, Lost) else "it gave no answer"
    raise StoreError(f"building the models failed: {reason}", "", "is there enough memory?")


def inspect(cells: Sequence[Cell], store: Store, search_path: Path, base: Path, executor: Executor) -> Inspection:
    """Build the first cell of every variant of `cells`. Raises InputError for code that does not work."""
    first = {cell.variant: cell for cell in reversed(cells)}
    chosen = tuple(first[name] for name in dict.fromkeys(cell.variant for cell in cells))
    if not chosen:
        return _nothing()
    job = Job("inspect", str(store.data), str(search_path), str(base), chosen)
    return run_one(executor, job).value


def _nothing() -> Inspection:
    from types import SimpleNamespace
    from typing import cast

    return cast("Inspection", SimpleNamespace(read_back={}, parameters={}, environment={}))
