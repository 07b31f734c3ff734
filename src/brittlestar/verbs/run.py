"""`run`: from data to a report, doing only what is missing."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from brittlestar.execution.executors import ExecutorName, Workers
from brittlestar.execution.jobs import Watcher
from brittlestar.models.naming import name_model
from brittlestar.pipeline.order import make_order
from brittlestar.pipeline.request import Request
from brittlestar.pipeline.run import RunResult as RunResult
from brittlestar.pipeline.run import run_study


def run(
    data: str | Path | Mapping[str, Any],
    *,
    model: Any = None,
    predictions: Any = (),
    predictions_columns: Mapping[str, str] | None = None,
    out: str | Path | None = None,
    columns: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
    seeds: int | None = None,
    budget: float | None = None,
    jobs: int | None = None,
    timeout: float | None = None,
    cell: str | None = None,
    executor: ExecutorName = "processes",
    address: str | None = None,
    mix_environments: bool = False,
    settle: str | None = None,
    anytime: bool = False,
    stated: float | None = None,
    limits: bool = False,
    report: bool = True,
    name: str | None = None,
    watcher: Watcher | None = None,
    progress: bool = True,
) -> RunResult:
    """Train what is missing of a study, find what is wrong, and write the report.

    Args:
        data: A folder of splits, a study file, a study's folder, or splits in memory: a mapping from split names to
            pandas, Polars or Arrow frames, Hugging Face datasets (or a `DatasetDict`), pairs (sequences, labels), or
            lists of dicts. A study's folder is finished.
            With more `seeds` it grows; with other `settings` the changed study goes into a folder of its own. Beside
            it, `model` may only be the object of the session that set it up.
        model: A factory, a fit function or a scikit-learn estimator: the class, function or estimator itself, or its
            name `package.module:name`. What processes cannot import (of a notebook, a closure, an estimator with its
            parameters) is copied to them by cloudpickle, or trained in this process without it; `notes` of the result
            say which. Without a model the built-in reference is trained.
        predictions: Given predictions, instead of a model: a file, a frame, a list of dicts, a dict of columns, or an
            array of labels (rows,) or probabilities (rows, classes). A list of them is one for each seed, a dict one
            for each variant or split.
        predictions_columns: Names of their columns by what they mean: `{"prediction": "pred", "id": "uid"}`.
        out: The study's folder; `./NAME.study` without it.
        columns: Names of columns by what they mean: `{"sequence": "text"}`.
        settings: Overrides of any setting by its path, values as YAML text.
        seeds: Use the root seeds 0 to `seeds` - 1. Given predictions have their own.
        budget: Seconds after which no new run starts; the cheapest open question comes first.
        jobs: How many runs go on at once at most; one per core without it, of a cluster one per processor. On a GPU
            there are no more than `execution.cells_per_gpu`, by default one.
        timeout: Seconds after which a single run fails.
        cell: The start of a run's hash: that run alone, again if it failed or is damaged.
        executor: `processes`, `serial` for this process alone, or `ray` for the nodes of a Ray cluster, which all see
            the study's folder and have the same versions.
        address: HOST:PORT of the Ray cluster, or `auto` for the one that this machine belongs to. Without it that of
            the variable `RAY_ADDRESS`, else one on this machine that lives as long as the call.
        mix_environments: Go on although finished runs come from another environment.
        settle: How long to add seeds to open claims, at their looks: until each has its verdict (`claim`), its relation
            too (`relation`), or not at all (`no`). None is `claim` for a study file with claims and no number of seeds,
            else `no`.
        anytime: Register the claims with a look after every seed, and intervals that allow for it.
        stated: A score that somebody reports of main, as a fraction: the headline answers it first.
        limits: Also measure what the audit would have seen (up to 20,000 rows).
        report: Write the report; without it nothing is drawn, and `report` writes it later.
        name: The study's name, where `data` is in memory.
        watcher: Is told what happens while it happens, instead of people.
        progress: Tell people on standard error how far it is: a line that is rewritten, or replaced in a notebook.

    Returns:
        The document of `results.json`, the headline, the verdicts, and the study's folder; shown as text it is the
        headline. A run that fails is reported there, not raised. A finished run is never done again.

    Raises:
        KeyboardInterrupt: It was interrupted; what is done is kept, and the same call goes on from there.
        InputError: The data, the study file, the model or an option cannot be used, with every mistake.
        StoreError: The study is busy or damaged, or cannot be written.

    Example:
        >>> from brittlestar import generate, run
        >>> _ = generate("data", sizes="60/20/20")
        >>> result = run("data", seeds=2, settings={"training.epochs": "1"}, executor="serial")
        >>> result.exit_code, sorted(result.document["variants"])
        (0, ['bag', 'main'])
        >>> result.headline.real.answer in ("yes", "no", "cannot-say")
        True
    """
    named = name_model(model)
    order = make_order(
        named,
        Workers(executor, jobs, timeout, address),
        budget=budget,
        watcher=watcher,
        progress=progress,
        only=cell,
        mix=mix_environments,
        settle=settle,
        anytime=anytime,
        stated=stated,
        limits=limits,
    )
    overrides = dict(settings or {}) | ({} if seeds is None else {"seeds": str(seeds)})
    request = Request(data, named, predictions, columns or {}, overrides, name, predictions_columns or {}, out)
    return run_study(request, order, report)
