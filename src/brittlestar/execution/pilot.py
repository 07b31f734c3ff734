"""Short trainings that tell what a run costs: a variant's first cell for two epochs on at most 2,000 rows. Nothing of
them is kept."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from brittlestar.core.cells import Cell
from brittlestar.core.errors import BrittlestarError
from brittlestar.execution.inspecting import run_one
from brittlestar.execution.interruption import Interruption
from brittlestar.execution.jobs import Executor, Site, TrainJob

PILOT_EPOCHS = 2  # budget: one epoch that warms up and one more
PILOT_ROWS = 2000  # budget: rows of train that a pilot sees


@dataclass(frozen=True)
class PilotRun:
    """What the pilot of a variant came to: its whole cell, the share of train's rows it saw, and what its clocks
    say."""

    cell: Cell
    share: float
    timing: Mapping[str, Any]

    @property
    def seconds(self) -> float:
        """What the whole cell takes: epochs in proportion to rows, the rest as measured."""
        per_epoch, whole = self.timing.get("seconds_per_epoch") or [], self.timing["seconds"]
        if len(per_epoch) < 2:
            return whole / self.share
        epochs = self.cell.settings["training"]["epochs"]
        return epochs * per_epoch[-1] / self.share + whole - sum(per_epoch)


def run_pilots(
    cells: Sequence[Cell],
    site: Site,
    rows: int,
    executor: Executor,
    interruption: Interruption | None = None,
) -> Iterator[PilotRun]:
    """Train each of `cells` for a short time, one after the other; `rows` is how many train has. What fails here fails
    in the run, where it is recorded: nothing is yielded of it. Raises Interrupted."""
    interruption = interruption or Interruption()
    for cell in cells:
        short, share = shorten_cell(cell, rows, PILOT_EPOCHS)
        try:
            timing = run_one(executor, TrainJob(site, short), interruption).value.timing
        except BrittlestarError:
            interruption.check()
            continue
        yield PilotRun(cell, share, timing)


def shorten_cell(cell: Cell, rows: int, epochs: int) -> tuple[Cell, float]:
    """The cell with at most so many epochs and 2,000 rows, and the share of the rows it keeps."""
    settings = {section: dict(values) for section, values in cell.settings.items()}
    wanted = settings["data"]["train_rows"] or rows
    kept = min(wanted, PILOT_ROWS)
    settings["training"]["epochs"] = min(epochs, settings["training"]["epochs"])
    if kept < wanted:
        settings["data"]["train_rows"] = kept
    return replace(cell, settings=settings), kept / wanted
