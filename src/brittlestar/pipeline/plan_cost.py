"""What a run would do and cost: runs, places, a short pilot, seconds and bytes."""

import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from brittlestar.core.cells import Cell
from brittlestar.core.commands import store_name
from brittlestar.core.errors import BrittlestarError, InputError
from brittlestar.core.splits import EncodedData
from brittlestar.data.folder import write_data
from brittlestar.execution.executors import (
    Workers,
    choose_executor,
    closing_executor,
    default_width,
    executor_problems,
)
from brittlestar.execution.gpu_places import count_gpus, place_runs
from brittlestar.execution.inspecting import first_cells, inspect, run_one, title
from brittlestar.execution.interruption import Interruption
from brittlestar.execution.jobs import Executor, TrainJob, site_of, trains_on_gpu
from brittlestar.execution.processes import Processes
from brittlestar.execution.progress import Progress, tell_progress
from brittlestar.execution.session import missing
from brittlestar.models.naming import NamedModel, name_model
from brittlestar.pipeline.more_seeds import plan_seeds, settling
from brittlestar.pipeline.open import may_use_optimisers, open_request
from brittlestar.pipeline.prepare import Prepared, prepare
from brittlestar.pipeline.request import Request
from brittlestar.store.address import read_place
from brittlestar.store.layout import Store
from brittlestar.study.study_claims import claims_of
from brittlestar.study.variants import variant_settings

PILOT_EPOCHS = 2  # budget: one epoch that warms up and one more
PILOT_ROWS = 2000  # budget: rows of train that a pilot sees


def plan_study(
    request: Request, workers: Workers, pilot: bool, settle: str | None, progress: bool | Progress
) -> dict[str, Any]:
    """What a run of a request would do, as the JSON of `plan`. Raises InputError."""
    if wrong := executor_problems(workers.executor, None, workers.address):
        raise InputError(wrong)
    named = name_model(request.model)
    width = _count_places(workers, named)
    here, _ = choose_executor("processes", 1, None, named)
    if pilot and isinstance(here, Processes):
        here.warm(may_use_optimisers(request.data, named.reference, request.settings))
    prepared = prepare(open_request(replace(request, model=named)))
    loaded, encoded = prepared.opened.loaded, prepared.opened.data
    place = request.out if request.out is not None else store_name(loaded.study.name)
    store = Store(read_place(place))
    on_gpu = any(map(trains_on_gpu, prepared.trainable))
    cells_per_gpu = loaded.study.execution.cells_per_gpu if on_gpu else None
    parameters: Mapping[str, int | None] = {}
    seconds: dict[str, float] | None = None
    if pilot:
        with tell_progress(progress, "pilot") as tell:
            parameters, seconds = _run_pilot(prepared, here, tell)
        width = width if cells_per_gpu is None else _count_places(workers, named, cells_per_gpu)
    open_cells = missing(store, prepared.cells)
    variants = _describe_variants(prepared, {cell.hash for cell in open_cells}, parameters, seconds or {})
    waiting = Counter(cell.variant for cell in open_cells)
    planned = Counter(cell.variant for cell in prepared.trainable)
    goal = "no" if prepared.given else settling(settle, loaded)
    extra = plan_seeds(claims_of(loaded, tuple(encoded.splits)), planned, goal)
    return {
        "study": loaded.study.name,
        "store": str(store.root),
        "jobs": width,
        "cells_per_gpu": cells_per_gpu,
        "cells": len(prepared.cells),
        "done": sum(one["done"] for one in variants.values()),
        "variants": variants,
        "seconds": _add_seconds(waiting, seconds, width),
        "settle": goal,
        "worst": {
            "cells": len(prepared.cells) + extra.total(),
            "seconds": _add_seconds(waiting + extra, seconds, width),
        },
        "disk_bytes": _estimate_bytes(encoded, waiting, parameters),
    }


def _estimate_bytes(data: EncodedData, waiting: Mapping[str, int], parameters: Mapping[str, int | None]) -> int:
    """What open runs write, and the rows of the study."""
    rows = sum(split.n_rows for split in data.splits.values())
    per_run = 40_000 + 2 * rows * (4 * len(data.classes) + 2)
    return sum(many * (per_run + 8 * (parameters.get(name) or 0)) for name, many in waiting.items()) + 12 * rows


def _describe_variants(
    prepared: Prepared, waiting: set[str], parameters: Mapping[str, int | None], seconds: Mapping[str, float]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, study in variant_settings(prepared.opened.loaded.study).items():
        cells = [cell for cell in prepared.cells if cell.variant == name]
        found[name] = {
            "title": title(study.model),
            "cells": len(cells),
            "done": sum(cell.hash not in waiting for cell in cells),
            "seconds_per_cell": seconds.get(name),
            "parameters": parameters.get(name),
        }
    return found


def _count_places(workers: Workers, named: NamedModel, cells_per_gpu: int | None = None) -> int:
    """How many runs go on at once, as far as GPUs have places. Raises InputError without such a cluster, or a GPU."""
    if workers.executor == "serial":
        return 1
    if workers.executor == "processes":
        width = default_width(workers.jobs)
        return width if cells_per_gpu is None else min(width, count_gpus() * cells_per_gpu)
    cluster, _ = choose_executor("ray", workers.jobs, None, named, workers.address)
    with closing_executor(cluster):
        return (cluster if cells_per_gpu is None else place_runs(cluster, 0, cells_per_gpu, True)).width


def _run_pilot(
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


def _add_seconds(waiting: Mapping[str, int], seconds: Mapping[str, float] | None, width: int) -> float | None:
    """The work shared out over `width` processes, but no less than the longest cell takes; None without a pilot."""
    if seconds is None:
        return None
    costs = {name: seconds[name] for name, count in waiting.items() if count and name in seconds}
    return max(sum(waiting[name] * cost for name, cost in costs.items()) / width, max(costs.values(), default=0.0))
