"""`probe`: finished models under declared changes of their input, and on splits that come later. Nothing is trained."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.execution.executors import ExecutorName, Workers
from brittlestar.execution.progress import PROBES, Progress, tell_progress
from brittlestar.models.naming import name_model
from brittlestar.pipeline.own_metrics import load_metrics, name_metric
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
    metric: str | Callable[..., Any] | None = None,
    jobs: int | None = None,
    executor: ExecutorName = "processes",
    address: str | None = None,
    progress: bool | Progress = True,
) -> ProbeResult:
    """Change order, length or tokens, and measure the effect.

    It changes the input of finished models, at several strengths; nothing is trained. Needs a study's folder, or data
    with a model: `predict`, or `model` with `weights`. `run` probes by itself after training.

    Args:
        study (DATA|STUDY): A study's folder; or data, where a model is given beside it.
        splits (--split NAME=FILE…): An added split: every finished run is scored on it. Repeatable. In Python a
            mapping. The study keeps these splits, and its report is written anew.
        full: All rows of the split, not a sample.
        settings: In Python: settings of the section `probes`, in place of the study's: `only`, `skip`, `strengths`,
            `expect`, `rule`, `relabel`, `pairs`, `own`, `rows`, `split`.
        predict (PACKAGE.MODULE:NAME): A function from token lists to class probabilities. In Python also the function
            itself; the probabilities (n, n_classes) are in the order of the sorted labels.
        model (PACKAGE.MODULE:NAME): A factory, with `weights`, in place of a study's. In Python also the class or
            function itself.
        weights (FILE): Weights for `model`. In Python a file of safetensors or of a state dict, or a state dict in
            memory.
        columns: As in `audit`.
        metric (METRIC): Another metric that changed rows are scored by, where they have true labels: macro_f1, mcc,
            f1:CLASS, ece, or others of classes.
        jobs: As in `run`.
        executor: As in `run`.
        address: As in `run`.
        progress: As in `audit`.

    Returns:
        The record with every answer, the findings, and the added splits with their scores.

    Raises:
        InputError: The study, the model or an option cannot be used.
        StoreError: The study is busy or damaged, or cannot be written.

    Command:
        Prints whether the score holds, then what was found about main. Where a rule is known (generated data, --rule,
        --relabel), changed rows get their true labels and an accuracy; elsewhere it counts the predictions that change.
        With --show it lists rows instead.

        Examples:
          brittlestar probe demo/data.study --only order --strength order.window=2,4
          brittlestar probe demo/data.study --show order.shuffle@1
          brittlestar probe demo/data.study --split shift_new=new.csv
          brittlestar probe demo/data --predict my_code:predict_proba

        Exit codes: 0 done; 1 a finished run could not be probed; 2 wrong usage, or data that cannot be read.

    Example:
        The study is that of `run("data")`.

        >>> from brittlestar import probe
        >>> found = probe("data.study", settings={"only": ["order"]}, executor="serial")
        >>> sorted({one.code for one in found.findings if one.code.startswith("probe.order")})
        ['probe.order-blind', 'probe.order-brittle']
    """
    named = name_metric(metric)
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
        given = None if model is None else name_model(model)
        return _score(probe_given(study, predict, given, weights, changed, columns), named)
    if not is_store(study):
        hint = "give the folder NAME.study that `run` made, or a model: --predict, or --model with --weights"
        raise InputError("this is not a study's folder", str(study), hint)
    workers = Workers(executor, jobs, address=address)
    with tell_progress(progress, PROBES) as tell:
        return _score(probe_store(open_store(study), workers, tell, changed, splits or {}, columns), named)


def _score(result: ProbeResult, metric: str | None) -> ProbeResult:
    """The result with another metric. Raises InputError for one that probes do not keep enough for."""
    if metric is None:
        return result
    load_metrics([metric], result.record.classes)
    found = replace(result, metric=metric)
    _ = found.scores
    return found
