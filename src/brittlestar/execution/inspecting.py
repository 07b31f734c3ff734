"""Before anything is trained: build every variant's model once, and hear what it says of itself."""

from collections.abc import Sequence

from brittlestar.core.cells import Cell
from brittlestar.core.errors import BrittlestarError, InputError, StoreError
from brittlestar.execution.interruption import Interrupted, Interruption
from brittlestar.execution.jobs import Event, Executor, Failed, Finished, Inspection, InspectJob, Job, Lost, Site


def run_one(executor: Executor, job: Job, interruption: Interruption | None = None) -> Finished:
    """Run a single job to its end. Raises what the job reported, or StoreError when it was lost or interrupted."""
    ends: list[Event] = []
    jobs = iter([job])
    try:
        executor.run(lambda: next(jobs, None), ends.append, interruption or Interruption())
    except Interrupted as wish:
        raise StoreError(f"{wish.reason} before the first cell", "", "the same command starts again") from None
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


def first_cells(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """The first cell of every variant, in their order."""
    found: dict[str, Cell] = {}
    for cell in cells:
        found.setdefault(cell.variant, cell)
    return tuple(found.values())


def inspect(
    cells: Sequence[Cell], site: Site, executor: Executor, interruption: Interruption | None = None
) -> Inspection:
    """Build the first cell of every variant of `cells`. Raises InputError for code that does not work."""
    first = first_cells(cells)
    return run_one(executor, InspectJob(site, first), interruption).value if first else Inspection()
