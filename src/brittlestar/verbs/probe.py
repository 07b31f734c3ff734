"""`probe`: finished models under declared changes of their input, and on splits that come later. Nothing is trained."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.execution.executors import ExecutorName, Workers
from brittlestar.execution.progress import PROBES, Progress, tell_progress
from brittlestar.models.naming import name_model
from brittlestar.pipeline.probe_given import probe_given
from brittlestar.pipeline.probe_result import ProbeResult
from brittlestar.pipeline.probe_store import probe_store
from brittlestar.pipeline.request import is_store
from brittlestar.store.layout import open_store

Predict = Callable[[list[list[str]]], Any]


def probe(
    study: str | Path,
    *,
    splits: Mapping[str, str | Path] | None = None,
    full: bool = False,
    settings: Mapping[str, Any] | None = None,
    predict: str | Predict | None = None,
    model: Any = None,
    weights: str | Path | Mapping[str, Any] | None = None,
    columns: Mapping[str, str] | None = None,
    jobs: int | None = None,
    executor: ExecutorName = "processes",
    address: str | None = None,
    progress: bool | Progress = True,
) -> ProbeResult:
    """Change the input of finished models and measure what breaks; nothing is trained.

    Args:
        study: A study's folder; or data (a folder of splits or a study file) where `predict`, or `model` with
            `weights`, gives the model.
        splits: Files of added splits by name. Every finished run is scored on them, the study keeps them, and its
            report is written anew.
        full: Take all rows of the split, not a sample.
        settings: Settings of the section `probes`, in place of the study's: `only`, `skip`, `strengths`, `expect`,
            `rule`, `relabel`, `pairs`, `own`, `rows`, `split`.
        predict: A function from token lists to class probabilities (n, n_classes) in the order of the sorted labels, or
            its name `package.module:function`.
        model: A factory (a class or function) or its name `package.module:function`, with `weights`.
        weights: Its weights: a file of safetensors or of a state dict, or a state dict in memory.
        columns: Names of columns by what they mean: `{"sequence": "text"}`.
        jobs: How many runs are probed at once; one per core without it.
        executor: `processes`, `serial` for this process alone, or `ray` for the nodes of a Ray cluster.
        address: HOST:PORT of the Ray cluster, as in `run`.
        progress: Tell on standard error how far it is, or not; or a function that is called with each run that is done,
            how many are, and of how many.

    Returns:
        The record with every answer, the findings, and the added splits with their scores.

    Raises:
        InputError: The study, the model or an option cannot be used.
        StoreError: The study is busy or damaged, or cannot be written.

    Example:
        The study is that of `run("data")`.

        >>> from brittlestar import probe
        >>> found = probe("data.study", settings={"only": ["order"]}, executor="serial")
        >>> sorted({one.code for one in found.findings if one.code.startswith("probe.order")})
        ['probe.order-blind', 'probe.order-brittle']
    """
    changed = {**(settings or {}), **({"rows": None} if full else {})}
    only = tuple(changed.get("only") or ())
    beside = [name for name in changed.get("strengths") or () if not {name, name.partition(".")[0]} & {*only}]
    if only and beside:
        what = f"{', '.join(beside)} {'has' if len(beside) == 1 else 'have'} a strength, and is left out by 'only'"
        raise InputError(what, "probes.strengths", f"name {beside[0]} in 'only' too")
    if weights is not None and model is None:
        raise InputError("--weights needs --model", "--weights", "name the factory: --model package.module:function")
    if predict is not None or model is not None:
        if splits:
            what = "--split needs a study alone, without a model beside it"
            raise InputError(what, "--split", "leave --predict or --model out")
        return probe_given(study, predict, None if model is None else name_model(model), weights, changed, columns)
    if not is_store(study):
        hint = "give the folder NAME.study that `run` made, or a model: --predict, or --model with --weights"
        raise InputError("this is not a study's folder", str(study), hint)
    workers = Workers(executor, jobs, address=address)
    with tell_progress(progress, PROBES) as tell:
        return probe_store(open_store(study), workers, tell, changed, splits or {}, columns)
