"""A share of a study's runs, as `run --share` trains it: what is done of it, and what the whole study still lacks."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from brittlestar.core.shares import read_share
from brittlestar.execution.executors import ExecutorName, Workers, closing_executor
from brittlestar.execution.gpu_places import place_on_gpus
from brittlestar.execution.jobs import Watcher
from brittlestar.execution.progress import end_progress
from brittlestar.models.naming import name_model
from brittlestar.pipeline.request import make_request
from brittlestar.pipeline.run_options import make_run_options
from brittlestar.pipeline.setup import set_up
from brittlestar.pipeline.share import OPEN
from brittlestar.pipeline.share import ShareResult as ShareResult
from brittlestar.pipeline.train import carry_out
from brittlestar.store.study_record import read_states


def run_share(
    data: str | Path | Mapping[str, Any],
    share: str,
    *,
    model: Any = None,
    out: str | Path | None = None,
    columns: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
    seeds: int | None = None,
    budget: float | None = None,
    jobs: int | None = None,
    timeout: float | None = None,
    executor: ExecutorName = "processes",
    address: str | None = None,
    mix_environments: bool = False,
    anytime: bool = False,
    watcher: Watcher | None = None,
    progress: bool = True,
) -> ShareResult:
    """Train the runs of a study whose turn it is, by their hashes, and nothing else: `run --share`, for job arrays.

    Shares may work on one store at once, or on stores of their own, whose folders of cells are copied into one.
    Nothing is judged and no report is written: `run` without a share does that, and finds nothing to train. Options are
    those of `run`.

    Args:
        data (DATA|STUDY.yaml|STUDY): A folder of splits, a study file, a study's folder, or splits in memory.
        share (--share K/N): Train the K-th of N shares, for job arrays.
        model: As in `run`.
        out: As in `run`.
        columns: As in `audit`.
        settings: As in `audit`.
        seeds: As in `run`.
        budget (TIME): No new run starts after it. In Python in seconds.
        jobs: As in `run`.
        timeout: As in `run`.
        executor: As in `run`.
        address: As in `run`.
        mix_environments: As in `run`.
        anytime: Register the claims with a look after every seed, as `run` then has to be told too.
        watcher: In Python: is told what happens while it happens, instead of people.
        progress: In Python: tell people on standard error how far it is, or not.

    Returns:
        What is done of the share, and how many runs of other shares are open.

    Raises:
        InputError: There is no such share, or the data, the study file, the model or an option cannot be used.
        StoreError: A whole run, or this share, is at work on the store, or it cannot be written.

    Example:
        >>> from brittlestar import generate, run, run_share
        >>> _ = generate("data", sizes="60/20/20")
        >>> few = {"training.epochs": "1", "probes.suite": "none"}
        >>> shares = [run_share("data", f"{k}/2", seeds=3, settings=few, executor="serial") for k in (1, 2)]
        >>> sum(one.states.get("done", 0) for one in shares)
        6
        >>> run("data.study", executor="serial").exit_code
        0
    """
    part, named = read_share(share), name_model(model)
    order = make_run_options(Workers(executor, jobs, timeout, address), named, budget, watcher, progress)
    order = replace(order, mix=mix_environments, anytime=anytime, share=part)
    request = make_request(data, named, columns=columns, settings=settings, out=out, seeds=seeds)
    with closing_executor(order.executor), set_up(request, order) as ready:
        order = replace(order, executor=place_on_gpus(order.executor, ready.run, ready.cells))
        ended, problems = carry_out(ready.run, ready.everything, ready.cells, order)
        end_progress(order.watcher)
        store = ready.run.store
        cells = read_states(store)
        own = {cell.hash for cell in ready.cells}
        return ShareResult(
            part,
            tuple(cell for cell in cells if cell.hash in own),
            len(cells),
            sum(cell.state in OPEN for cell in cells if cell.hash not in own),
            store.root,
            None if ended is None else ended.reason,
            ended is not None and ended.stopped,
            problems,
        )
