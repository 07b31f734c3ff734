"""`plan`: what a run would do and cost, before it does it."""

import shlex
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from brittlestar.core.commands import store_name
from brittlestar.core.errors import InputError
from brittlestar.core.shares import read_number
from brittlestar.execution.executors import (
    ExecutorName,
    choose_executor,
    executor_problems,
)
from brittlestar.execution.inspecting import title
from brittlestar.execution.jobs import trains_on_gpu
from brittlestar.execution.processes import Processes
from brittlestar.execution.progress import Progress, tell_progress
from brittlestar.execution.session import missing
from brittlestar.models.naming import name_model
from brittlestar.pipeline.more_seeds import plan_seeds, settling
from brittlestar.pipeline.open import may_use_optimisers, open_input
from brittlestar.pipeline.plan_cost import add_seconds, count_places, divide_shares, run_pilot
from brittlestar.pipeline.prepare import prepare
from brittlestar.pipeline.request import add_seeds, is_store
from brittlestar.reports.showing import Document
from brittlestar.store.address import read_place
from brittlestar.store.layout import Store
from brittlestar.study.study_claims import claims_of
from brittlestar.study.variants import variant_settings


def plan(
    data: str | Path | Mapping[str, Any],
    *,
    model: Any = None,
    out: str | Path | None = None,
    columns: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
    seeds: int | None = None,
    jobs: int | None = None,
    executor: ExecutorName = "processes",
    address: str | None = None,
    shares: int | None = None,
    pilot: bool = True,
    settle: str | None = None,
    progress: bool | Progress = True,
) -> dict[str, Any]:
    """Show what `run` would do: runs, time, disk.

    It says how many runs there are, how long they take from a timed pilot, and how much disk they need. Nothing is
    kept. Needs a folder of splits or a study file. The pilot trains two epochs of every variant on at most 2,000 rows.

    Args:
        data (DATA|STUDY.yaml): A folder of splits, or a study file. In Python also splits in memory.
        model (PACKAGE.MODULE:NAME): Your model: a function (info) -> nn.Module, a function (train, dev, seed), or a
            scikit-learn estimator. In Python also the object itself.
        out (DIR): The study's folder to compare with. Default: ./NAME.study
        columns (ROLE=COLUMN,…): Your columns: sequence=text,label=target. In Python a mapping: `{"sequence": "text"}`.
        settings (--set PATH=VALUE…): Override any setting: --set training.epochs=3. Repeatable. In Python a mapping
            from paths to values as YAML text.
        seeds (N>=1): Use seeds 0 … N-1. Default: 5.
        jobs (N>=1): Runs at once, at most. Default: one per core.
        executor (processes|serial|ray): How runs are carried out: by processes here, in one process, or by nodes of a
            Ray cluster. The pilot is trained on this machine.
        address (auto|HOST:PORT): The Ray cluster. Default: that of RAY_ADDRESS, else one on this machine for this
            command alone.
        shares (N): Divide the runs into N shares, as `run --share K/N` does.
        pilot: Time a short pilot of every variant; without it no time is given.
        settle (no|claim|relation): What ends a study whose claims may get more seeds, as in `run`.
        progress: In Python: tell on standard error how far it is, or not; or a function that is called with the variant
            that starts, how many are done, and of how many.

    Returns:
        Plain JSON values: `cells` (runs), `done`, `seconds` (None without a pilot), `disk_bytes`, `variants`, and
        `expected` and `worst`, what more seeds for open claims may come to. The expected case takes the truth to be one
        standard deviation of a seed's difference away from each threshold. Of a study for cuda, `cells_per_gpu` is how
        many runs share a GPU (else None). A run that two variants share counts for each of them, and costs once.
        `run_seconds` is what all open runs take one after the other; with `shares`,
        `shares` says how many open runs the smallest and the largest share have, and how long the longest takes.

    Raises:
        InputError: The data, the study file or the model cannot be read, or `data` is a study's folder.

    Command:
        Prints runs (variants × seeds), how many are done, the time left, and a line for each variant.

        Examples:
          brittlestar plan demo/data --seeds 10
          brittlestar plan demo/study.yaml --no-pilot
          brittlestar plan demo/study.yaml --shares 16
          brittlestar plan demo/study.yaml --executor ray --address auto

        Exit codes: 0 done; 2 wrong usage, or data, study file or model that cannot be read.

    Example:
        >>> from brittlestar import generate, plan
        >>> _ = generate("data", sizes="60/20/20")
        >>> found = plan("data", seeds=3, pilot=False)
        >>> found["cells"], sorted(found["variants"])
        (6, ['bag', 'main'])
    """
    if is_store(data):
        done = f"`brittlestar status {shlex.quote(str(data))}` shows what is done"
        raise InputError("this is a study's folder", str(data), f"{done}; plan takes the data or the study file")
    of = None if shares is None else read_number(shares)
    overrides = add_seeds(settings, seeds)
    named = name_model(model)
    if wrong := executor_problems(executor, None, address):
        raise InputError(wrong)
    width = count_places(executor, jobs, named, address)
    here, _ = choose_executor("processes", 1, None, named)
    if pilot and isinstance(here, Processes):
        here.warm(may_use_optimisers(data, named.reference, overrides))
    prepared = prepare(open_input(data, model=named, columns=columns, overrides=overrides))
    store = Store(read_place(out if out is not None else store_name(prepared.opened.loaded.study.name)))
    open_cells = missing(store, prepared.cells)
    on_gpu = any(map(trains_on_gpu, prepared.trainable))
    cells_per_gpu = prepared.opened.loaded.study.execution.cells_per_gpu if on_gpu else None
    parameters: Mapping[str, int | None] = {}
    seconds: dict[str, float] = {}
    if pilot:
        with tell_progress(progress, "pilot") as tell:
            parameters, seconds = run_pilot(prepared, here, tell)
        width = width if cells_per_gpu is None else count_places(executor, jobs, named, address, cells_per_gpu)
    waiting_hashes = {cell.hash for cell in open_cells}
    variants: dict[str, Any] = {}
    for name, study in variant_settings(prepared.opened.loaded.study).items():
        cells = [cell for cell in prepared.cells if cell.variant == name]
        variants[name] = {
            "title": title(study.model),
            "cells": len(cells),
            "done": sum(cell.hash not in waiting_hashes for cell in cells),
            "seconds_per_cell": seconds.get(name),
            "parameters": parameters.get(name),
        }
    loaded, encoded = prepared.opened.loaded, prepared.opened.data
    rows, classes = sum(split.n_rows for split in encoded.splits.values()), len(encoded.classes)
    per_cell = {name: 40_000 + 2 * rows * (4 * classes + 2) + 8 * (parameters.get(name) or 0) for name in variants}
    waiting = Counter(cell.variant for cell in open_cells)
    planned = Counter(cell.variant for cell in prepared.trainable)
    goal = "no" if prepared.given else settling(settle, loaded)
    expected, worst = plan_seeds(claims_of(loaded, tuple(encoded.splits)), planned, goal)

    def more(wanted: Mapping[str, int]) -> dict[str, Any]:
        extra = {name: many - planned[name] for name, many in wanted.items()}
        time = (
            add_seconds({name: waiting[name] + many for name, many in extra.items()}, seconds, width) if pilot else None
        )
        return {"cells": len(prepared.cells) + sum(extra.values()), "seconds": time}

    return Document(
        {
            "study": loaded.study.name,
            "store": str(store.root),
            "jobs": width,
            "cells_per_gpu": cells_per_gpu,
            "cells": len(prepared.cells),
            "done": sum(variant["done"] for variant in variants.values()),
            "variants": variants,
            "seconds": add_seconds(waiting, seconds, width) if pilot else None,
            "run_seconds": sum(seconds.get(name, 0.0) * many for name, many in waiting.items()) if pilot else None,
            "shares": None if of is None else divide_shares(open_cells, of, seconds if pilot else None, width),
            "settle": goal,
            "expected": more(expected),
            "worst": more(worst),
            "disk_bytes": sum(count * per_cell[name] for name, count in waiting.items()) + 12 * rows,
        }
    )
