"""What a run would cost: places, a short pilot, seconds and bytes."""

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from brittlestar.core.cells import Cell
from brittlestar.core.errors import BrittlestarError
from brittlestar.core.shares import Share
from brittlestar.data.folder import write_data
from brittlestar.execution.executors import (
    ExecutorName,
    choose_executor,
    closing_executor,
    default_width,
)
from brittlestar.execution.gpu_places import count_gpus, place_runs
from brittlestar.execution.inspecting import first_cells, inspect, run_one
from brittlestar.execution.interruption import Interruption
from brittlestar.execution.jobs import Executor, TrainJob, site_of
from brittlestar.execution.progress import Progress
from brittlestar.models.naming import NamedModel
from brittlestar.pipeline.prepare import Prepared
from brittlestar.store.layout import Store

PILOT_EPOCHS = 2  # budget: one epoch that warms up and one more
PILOT_ROWS = 2000  # budget: rows of train that a pilot sees


def count_places(
    executor: ExecutorName, jobs: int | None, named: NamedModel, address: str | None, cells_per_gpu: int | None = None
) -> int:
    """How many runs go on at once, as far as GPUs have places. Raises InputError without such a cluster, or a GPU."""
    if executor == "serial":
        return 1
    if executor == "processes":
        width = default_width(jobs)
        return width if cells_per_gpu is None else min(width, count_gpus() * cells_per_gpu)
    cluster, _ = choose_executor(executor, jobs, None, named, address)
    with closing_executor(cluster):
        return (cluster if cells_per_gpu is None else place_runs(cluster, 0, cells_per_gpu, True)).width


def run_pilot(
    prepared: Prepared, executor: Executor, tell: Progress
) -> tuple[Mapping[str, int | None], dict[str, float]]:
    """Train the first cell of every variant for a short time in a folder that is thrown away: parameters by variant,
    and the seconds that a run takes; nothing of one that fails, which the run will record. Raises InputError where a
    model cannot be built, and Interrupted."""
    opened, interruption = prepared.opened, Interruption()
    rows = opened.data.splits["train"].n_rows
    with tempfile.TemporaryDirectory(prefix="brittlestar-") as scratch:
        store = Store(Path(scratch))
        write_data(store.data, opened.frames, opened.data)
        site = site_of(store, prepared.search_path, opened.base, opened.named.session)
        parameters = inspect(prepared.trainable, site, executor).parameters
        firsts, seconds = first_cells(prepared.trainable), dict[str, float]()
        for done, cell in enumerate(firsts):
            tell(cell.variant, done, len(firsts))
            short, share = _shorten_cell(cell, rows)
            try:
                timing = run_one(executor, TrainJob(site, short), interruption).value.timing
            except BrittlestarError:
                interruption.check()
            else:
                seconds[cell.variant] = _scale_seconds(cell, share, timing)
    return parameters, seconds


def _shorten_cell(cell: Cell, rows: int) -> tuple[Cell, float]:
    """The cell with at most two epochs and 2,000 rows, and the share of the rows that it keeps."""
    settings = {section: dict(values) for section, values in cell.settings.items()}
    wanted = settings["data"]["train_rows"] or rows
    kept = min(wanted, PILOT_ROWS)
    settings["training"]["epochs"] = min(PILOT_EPOCHS, settings["training"]["epochs"])
    if kept < wanted:
        settings["data"]["train_rows"] = kept
    return replace(cell, settings=settings), kept / wanted


def _scale_seconds(cell: Cell, share: float, timing: Mapping[str, Any]) -> float:
    """What the whole cell takes, of which a `share` of the rows was seen: epochs in proportion, the rest as it was."""
    per_epoch, whole = timing.get("seconds_per_epoch") or [], timing["seconds"]
    if len(per_epoch) < 2:
        return whole / share
    return cell.settings["training"]["epochs"] * per_epoch[-1] / share + whole - sum(per_epoch)


def divide_shares(cells: Sequence[Cell], of: int, seconds: Mapping[str, float] | None, width: int) -> dict[str, Any]:
    """How many open runs the smallest and the largest share have, and how long the longest takes."""
    shares = [Counter[str]() for _ in range(of)]
    for cell in cells:
        shares[Share.of_cell(cell, of).number - 1][cell.variant] += 1
    runs = [one.total() for one in shares]
    longest = None if seconds is None else max(add_seconds(one, seconds, width) for one in shares)
    return {"of": of, "fewest": min(runs), "most": max(runs), "seconds": longest}


def add_seconds(waiting: Mapping[str, int], seconds: Mapping[str, float], width: int) -> float:
    """The work shared out over `width` processes, but no less than the longest cell takes."""
    costs = {name: seconds[name] for name, count in waiting.items() if count and name in seconds}
    return max(sum(waiting[name] * cost for name, cost in costs.items()) / width, max(costs.values(), default=0.0))
