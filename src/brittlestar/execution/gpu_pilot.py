"""The pilot of a study on GPUs: each variant alone for its memory, then the hungriest beside itself for its speed."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace

from brittlestar.core.cells import Cell
from brittlestar.execution.gpu_gauge import open_gauge
from brittlestar.execution.interruption import Interruption
from brittlestar.execution.jobs import Site, TrainJob
from brittlestar.execution.pilot import Gauge, PilotRun, lengthen_cell, run_pilots
from brittlestar.execution.places import MOST_CELLS_PER_GPU, Places
from brittlestar.execution.processes import Processes
from brittlestar.execution.rates import MeasuredEnough, RateMeter
from brittlestar.execution.sharing import Sharing, choose_sharing

_LONG = 100_000  # epochs: more than any measurement waits for

OpenGauge = Callable[[], AbstractContextManager[Gauge]]


@dataclass(frozen=True)
class GpuPilot:
    """What a pilot is made of: the first cell of every variant that trains on a GPU, where their jobs find what they
    need, how many rows train has, and how many at once on a GPU are of use."""

    site: Site
    cells: tuple[Cell, ...]
    rows: int
    most: int


def measure_sharing(pilot: GpuPilot, interruption: Interruption, open_gauge: OpenGauge = open_gauge) -> Sharing:
    """Run the pilot on this machine's first GPU. Raises InputError where there is none, Interrupted."""
    with open_gauge() as gauge:
        runs = [*run_pilots(pilot.cells, pilot.site, pilot.rows, Processes(1, attempts=1), interruption, gauge)]
        return decide_sharing(pilot, runs, gauge, interruption)


def decide_sharing(pilot: GpuPilot, runs: Sequence[PilotRun], gauge: Gauge, interruption: Interruption) -> Sharing:
    """How many runs share a GPU, from the pilots of each variant alone; the one that takes the most memory is then
    trained beside itself. Raises Interrupted."""
    if unable := [cell.variant for cell in pilot.cells if cell not in [run.cell for run in runs]]:
        return Sharing(1, f"the pilot of {', '.join(unable)} did not end well")
    hungriest = max(runs, key=lambda run: run.memory or 0)
    cell, steps = lengthen_cell(hungriest.cell, pilot.rows, _LONG)

    def measure(many: int) -> float | None:
        return measure_rate(pilot.site, cell, steps, many, interruption)

    most = min(pilot.most, MOST_CELLS_PER_GPU)
    return choose_sharing(min(gauge.free), hungriest.memory or 0, most, measure)


def measure_rate(site: Site, cell: Cell, steps: int, many: int, interruption: Interruption) -> float | None:
    """Steps per second of `many` trainings of a cell at once on the first GPU, None where that could not be told.
    Raises Interrupted."""
    meter = RateMeter(many, steps)
    waiting = iter([TrainJob(site, replace(cell, hash=f"{number:02}{cell.hash}")) for number in range(many)])
    with suppress(MeasuredEnough):
        Processes(many, attempts=1, places=Places(1, many)).run(lambda: next(waiting, None), meter.handle, interruption)
    return meter.rate()
