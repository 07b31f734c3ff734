"""`run --multiverse`: a study under other choices that a reader could defend, and where its verdict holds."""

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from brittlestar.core.commands import store_name
from brittlestar.core.errors import BrittlestarError
from brittlestar.core.files import write_whole
from brittlestar.core.hashing import pretty_json
from brittlestar.execution.executors import ExecutorName, Workers
from brittlestar.execution.jobs import Watcher
from brittlestar.models.naming import name_model
from brittlestar.pipeline.multiverse import (
    NO_PROBES,
    NO_TIME,
    PAGE,
    RESULTS,
    check_values,
    describe_universe,
    find_effects,
    list_levels,
    name_universe,
    read_choices,
)
from brittlestar.pipeline.multiverse import MultiverseResult as MultiverseResult
from brittlestar.pipeline.open import as_text, open_request
from brittlestar.pipeline.order import make_order
from brittlestar.pipeline.request import make_request
from brittlestar.pipeline.run import run_study
from brittlestar.reports.multiverse import (
    Universe,
    describe_settings,
)
from brittlestar.statistics.factorial import choose_fraction
from brittlestar.store.layout import telling_failures


def run_multiverse(
    data: str | Path,
    choices: str | Path | Mapping[str, Any],
    *,
    model: Any = None,
    out: str | Path | None = None,
    columns: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
    seeds: int | None = None,
    budget: float | None = None,
    jobs: int | None = None,
    executor: ExecutorName = "processes",
    watcher: Watcher | None = None,
) -> MultiverseResult:
    """Run a study under other choices that a reader could defend, and say where its first verdict holds.

    Choices are crossed; of more than `most` universes a fraction is run that meets all pairs of values about equally
    often. Each universe is a study of its own, which is not run again where it is finished. The first claim of each is
    compared; probes do not run. The effect of a choice is that of a least-squares fit over all universes.

    Args:
        data (DATA|STUDY.yaml|STUDY): A folder of splits, or a study file.
        choices (--multiverse FILE): Choices to make otherwise: where does the verdict hold? In Python also a mapping,
            as in a file: `{"choices": {setting: [values]}, "most": 16}`.
        model (PACKAGE.MODULE:NAME): Your model: a function (info) -> nn.Module, a function (train, dev, seed), or a
            scikit-learn estimator.
        out (DIR): The folder of all universes. Default: NAME.multiverse.
        columns (ROLE=COLUMN,…): As in `run`.
        settings (--set PATH=VALUE…): Settings of all universes.
        seeds (N>=1): As in `run`.
        budget (TIME): No new universe starts after it. In Python in seconds.
        jobs (N>=1): As in `run`.
        executor (processes|serial|ray): As in `run`.
        watcher: In Python: is told what happens while it happens, instead of people.

    Returns:
        Every universe with its verdict, in how many of them it is the study's own, and which choice moves it most. The
        folder has a page of it, report.html.

    Raises:
        InputError: The choices or the study cannot be read.

    Example:
        >>> from brittlestar import generate, run_multiverse
        >>> _ = generate("data", sizes="60/20/20")
        >>> found = run_multiverse("data", {"choices": {"training.epochs": [1, 2]}}, seeds=2, executor="serial",
        ...                        settings={"model.family": "bag", "training.epochs": "1"})
        >>> len(found.universes), found.runs
        (2, 8)
    """
    (asked, most), overrides = read_choices(choices), {**NO_PROBES, **(settings or {})}
    model = name_model(model)
    request = make_request(data, model, columns=columns, settings=overrides, seeds=seeds)
    study = open_request(request).loaded.study
    levels = list_levels(asked, study.model_dump(mode="json"))
    check_values(levels, lambda chosen: open_request(replace(request, settings={**request.settings, **chosen})))
    design = choose_fraction([len(one) for one in levels.values()], most)
    place = Path(out) if out is not None else Path(store_name(study.name)).with_suffix(".multiverse")
    began, found, rows = time.monotonic(), list[Universe](), list[np.ndarray]()
    for number, row in enumerate(design):
        left = None if budget is None else max(budget - (time.monotonic() - began), NO_TIME)
        chosen = {path: one[level] for (path, one), level in zip(levels.items(), row, strict=True) if level}
        named = {path: as_text(value) for path, value in chosen.items()}
        store = place / f"{name_universe(chosen)}.study"
        if left == NO_TIME and found and not store.exists():
            continue
        rows.append(row)
        if watcher is not None:
            watcher.on_message(f"universe {number + 1} of {len(design)}: {describe_settings(chosen)}")
        try:
            order = make_order(Workers(executor, jobs), model, left, watcher, progress=False)
            again = replace(request, settings={**request.settings, **named}, out=store)
            done = run_study(again, replace(order, settle="no"))
        except BrittlestarError as error:
            if not found:
                raise
            found.append(Universe(chosen, error=str(error.problems[0])))
            continue
        found.append(describe_universe(chosen, done))
    result = MultiverseResult(
        study.name,
        str(place),
        tuple(found),
        {path: tuple(values) for path, values in levels.items()},
        int(np.prod([len(one) for one in levels.values()])),
        len(design) - sum(not one.unmade for one in found),
        find_effects(levels, np.array(rows), found),
    )
    with telling_failures(str(place)):
        write_whole(place / PAGE, result.html.encode())
        write_whole(place / RESULTS, pretty_json(result.document))
    return result
