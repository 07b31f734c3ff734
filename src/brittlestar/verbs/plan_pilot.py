"""The pilot of `plan`: every variant is trained for a short time, in a folder that is thrown away."""

import tempfile
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from brittlestar.data.folder import write_data
from brittlestar.execution.gpu_gauge import open_gauge
from brittlestar.execution.gpu_pilot import GpuPilot, decide_sharing
from brittlestar.execution.inspecting import first_cells, inspect
from brittlestar.execution.interruption import Interruption
from brittlestar.execution.jobs import Executor, site_of, trains_on_gpu
from brittlestar.execution.pilot import PilotRun, run_pilots
from brittlestar.execution.progress import Progress
from brittlestar.execution.sharing import Sharing
from brittlestar.store.layout import Store
from brittlestar.verbs.gpu_sharing import decide_unmeasured, most_of_use
from brittlestar.verbs.preparing import Prepared


@dataclass(frozen=True)
class Piloted:
    """By variant, parameters and the seconds that a run takes; of a study for cuda also how many GPUs this machine has
    and how many runs share one."""

    parameters: Mapping[str, int | None] = field(default_factory=dict[str, int | None])
    seconds: Mapping[str, float] = field(default_factory=dict[str, float])
    gpus: int = 0
    sharing: Sharing | None = None


def run_pilot(prepared: Prepared, executor: Executor, runs_on_gpu: int, width: int, tell: Progress) -> Piloted:
    """Train the first cell of every variant. `runs_on_gpu` is how many runs are to train on GPUs, and `width` how many
    runs go on at once elsewhere. Raises InputError where a model cannot be built, or a study for cuda finds no GPU."""
    opened = prepared.opened
    rows = opened.data.splits["train"].n_rows
    with tempfile.TemporaryDirectory(prefix="brittlestar-") as scratch:
        store = Store(Path(scratch))
        write_data(store.data, opened.frames, opened.data)
        site = site_of(store, prepared.search_path, opened.base, opened.named.session)
        inspection = inspect(prepared.trainable, site, executor)
        firsts, runs = first_cells(prepared.trainable), list[PilotRun]()
        on_gpu = tuple(filter(trains_on_gpu, firsts))
        with open_gauge() if on_gpu else nullcontext() as gauge:
            for done, cell in enumerate(firsts):
                tell(cell.variant, done, len(firsts))
                runs += run_pilots([cell], site, rows, executor, gauge=gauge if cell in on_gpu else None)
            seconds = {run.cell.variant: run.seconds for run in runs}
            if gauge is None:
                return Piloted(inspection.parameters, seconds)
            gpus = len(gauge.free)
            sharing = decide_unmeasured(opened.loaded.study.execution.cells_per_gpu, runs_on_gpu, gpus)
            if sharing is None:
                pilot = GpuPilot(site, on_gpu, rows, most_of_use(runs_on_gpu, width, gpus))
                sharing = decide_sharing(pilot, [run for run in runs if run.cell in on_gpu], gauge, Interruption())
    return Piloted(inspection.parameters, seconds, gpus, sharing)
