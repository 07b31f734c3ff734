"""`probe`: finished models under declared changes of their input, and on splits that come later. Nothing is trained."""

import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.execution.interruption import Interruption
from brittlestar.execution.progress import PROBES, Progress, tell_progress
from brittlestar.execution.rescoring import any_weights, score_new_splits
from brittlestar.execution.resuming import resume
from brittlestar.models.naming import NamedModel, name_model
from brittlestar.reports.headline_text import fill_headline
from brittlestar.store.cell_folder import sweep
from brittlestar.store.later_splits import add_split
from brittlestar.store.layout import Store, open_store
from brittlestar.store.study_record import read_record
from brittlestar.store.suites import current_suite
from brittlestar.verbs.answering import probe_given
from brittlestar.verbs.asked import is_store
from brittlestar.verbs.assessing import assess_study
from brittlestar.verbs.executors import ExecutorName, choose_executor, closing_executor, executor_problems
from brittlestar.verbs.gpu_places import place_on_gpus
from brittlestar.verbs.holding import hold_store
from brittlestar.verbs.probe_result import ProbeResult
from brittlestar.verbs.probing import probe_study
from brittlestar.verbs.report import build_report

SPLITS = "--split", "score a split", "give predictions for the split with the others, and run the study again"
OTHER_PROBES = (
    "be asked anything else",
    "give the probes before training: --set probes.only=[order]; or give a model: --predict",
)
"""What cannot be had of a study without weights, and what to try."""
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
    store = open_store(study)
    if wrong := executor_problems(executor, None, address):
        raise InputError(wrong)
    runner, _ = choose_executor(executor, jobs, None, NamedModel(), address)
    interruption = Interruption()
    with hold_store(store), interruption.listening(), closing_executor(runner):
        sweep(store)
        workplace, cells = resume(store)
        runner = place_on_gpus(runner, workplace, cells)
        before = _conditions(store)
        if (splits or changed) and not any_weights(store, cells):
            where, use, hint = SPLITS if splits else (f"probes.{next(iter(changed))}", *OTHER_PROBES)
            raise InputError(f"no run of this study left weights, so none can {use}", where, hint)
        for name, path in (splits or {}).items():
            add_split(store, name, Path(path), columns)
        problems: list[str] = []
        if splits:
            workplace, cells = resume(store)
            problems += score_new_splits(workplace, cells, runner, interruption).problems
        if changed or not splits:
            changed = {"suite": "default", **changed}  # whoever asks for probes gets some
        with tell_progress(progress, PROBES) as tell:
            problems += probe_study(workplace, cells, runner, interruption, changed, tell).problems
        record = read_record(store)
        assessment = assess_study(store, record)
        build_report(store, assessment)
    place = shlex.quote(str(store.root))
    headline = fill_headline(assessment.headline, place)
    dropped = len(before - _conditions(store))
    found, named = assessment.reading.probed, tuple(splits or ())
    return ProbeResult(record, found, headline, store.root, tuple(problems), named, place, dropped)


def _conditions(store: Store) -> set[str]:
    stored = current_suite(store)
    return set() if stored is None else {one.name for one in stored.suite.conditions}
