"""Experiments on main: what can be tried to confirm a cause, and one round of it in a study of its own, each change on
the same fresh seeds as main; then main's first run is traced."""

import json
import shlex
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import inf
from pathlib import Path
from typing import Any

from brittlestar.core.checks import choose_codes
from brittlestar.core.errors import InputError
from brittlestar.core.experiments import Experiment, Experiments
from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.core.seeds import find_fresh
from brittlestar.core.tracing import CODES
from brittlestar.data.opening import open_data
from brittlestar.data.transform import find_unwanted
from brittlestar.diagnosis.causes.interventions import (
    Intervention,
    TrainRows,
    list_declared,
    list_interventions,
    list_of_rows,
)
from brittlestar.diagnosis.causes.symptoms import choose_interventions, find_symptoms, judge_experiments
from brittlestar.diagnosis.variant_runs import VariantRuns, list_variant_runs
from brittlestar.execution.jobs import Watcher
from brittlestar.execution.progress import end_progress
from brittlestar.pipeline.assess import assess_study
from brittlestar.pipeline.diagnose_result import DiagnoseResult, ExperimentPlan
from brittlestar.pipeline.own_metrics import read_live_record
from brittlestar.pipeline.prepare import declare
from brittlestar.pipeline.report import build_report
from brittlestar.pipeline.request import Request
from brittlestar.pipeline.run import RunResult, run_study
from brittlestar.pipeline.run_options import RunOptions
from brittlestar.pipeline.store_lock import lock_store
from brittlestar.pipeline.tracing import STAGE, can_trace, trace_main
from brittlestar.reports.finding_groups import fill_remedies
from brittlestar.store.attempts import read_history
from brittlestar.store.hashed_document import write_hashed
from brittlestar.store.kept_document import DIAGNOSIS, TRACE, read_experiments
from brittlestar.store.layout import Store
from brittlestar.store.study_document import read_cells, read_study

ALONE: Mapping[str, Any] = {"probes": {"suite": "none"}, "claims": []}
"""What experiments go without."""
Train = Callable[[Mapping[str, str], float], RunResult]
"""Trains what is missing of the study of experiments, with these settings, and begins no run after these seconds."""


@dataclass(frozen=True)
class Tried:
    """What experiments brought, and what failed in them, in words."""

    experiments: tuple[Experiment, ...]
    problems: tuple[str, ...]
    stopped: bool = False


def diagnose_study(
    store: Store,
    only: Sequence[str],
    seeds: int,
    budget: float | None,
    jobs: int | None,
    watcher: Watcher,
    make_order: Callable[[float], RunOptions],
) -> DiagnoseResult:
    """Causes of what is wrong with main; with a `budget` in seconds what can be tried is trained on so many fresh
    seeds, then main's first run is traced, up to `jobs` runs at once, and both are kept. Raises InputError,
    StoreError."""
    record, deadline = read_live_record(store), time.monotonic() + (budget or 0)
    findings = choose_findings(assess_study(store, record).findings, only)
    main = next(run for run in list_variant_runs(record) if run.name == record.main)
    plan, kept = _plan_experiments(store, record, main, findings), read_experiments(store)
    first = next(cell for cell in read_cells(read_study(store)) if cell.variant == record.main)
    untraced = record.traced is None and can_trace(first) and bool(choose_codes(only, CODES.values())[0])
    if budget is None or (plan.why_none and not untraced):
        return _make_result(store, record, findings, kept, plan, seeds, only, untraced)
    found = Tried((), ())
    if not plan.why_none:
        found = _experiment(store, record, plan, kept, seeds, budget, make_order)
        names = {experiment.name for experiment in found.experiments}
        tried = (*found.experiments, *(one for one in kept.tried if one.name not in names))
        kept = Experiments(tried, _name_experiments(store.root).resolve().name)
        with lock_store(store):
            write_hashed(store, DIAGNOSIS, kept.as_json())
    if untraced and not found.stopped:
        tell = partial(watcher.on_stage, STAGE)
        record = replace(record, traced=trace_main(store, record, first, jobs, tell, deadline))
        end_progress(watcher)
    with lock_store(store):
        if untraced and record.traced is not None:
            write_hashed(store, TRACE, record.traced.as_json())
        reading = assess_study(store, record)
        build_report(store, reading)
    findings = choose_findings(reading.findings, only)
    untraced = untraced and record.traced is None
    return _make_result(store, record, findings, kept, plan, seeds, only, untraced, found.problems)


def _experiment(
    store: Store,
    record: StudyRecord,
    plan: ExperimentPlan,
    kept: Experiments,
    seeds: int,
    budget: float,
    make_order: Callable[[float], RunOptions],
) -> Tried:
    """One round of what is planned, in the study of experiments."""
    place = _name_experiments(store.root)

    def train(settings: Mapping[str, str], seconds: float) -> RunResult:
        return run_study(Request(str(store.root), settings=settings, out=str(place)), make_order(seconds))

    fresh = find_fresh(cell.seed for cell in record.cells)
    return try_interventions(plan.interventions, range(fresh, fresh + seeds), kept.tried, train, budget)


def choose_findings(findings: Sequence[Finding], only: Sequence[str]) -> tuple[Finding, ...]:
    """Findings of these codes or families, all without any. Raises InputError where no check has one of them."""
    chosen, unknown = choose_codes(only, (*(finding.code for finding in findings), *CODES.values()))
    if unknown:
        hint = "write a code such as train.overfit, or a family such as train"
        raise InputError(f"nothing was looked for by the name {unknown[0]}", "--only", hint)
    return tuple(finding for finding in findings if finding.code in chosen)


def _plan_experiments(
    store: Store, record: StudyRecord, main: VariantRuns, findings: Sequence[Finding]
) -> ExperimentPlan:
    """What can be tried on main, and why nothing is where nothing is. Own code is loaded where something is to try."""
    if record.in_memory:
        return ExperimentPlan(
            why_none="its data or its model were objects in memory, which experiments cannot train again"
        )
    symptoms = find_symptoms(findings, main.name)
    if not symptoms:
        return ExperimentPlan(why_none="nothing about the score or the course of training of main asks for one")
    model = {name: main.setting(f"model.{name}") for name in ("own", "kind")}
    declared = list_declared(declare(store, model), main.setting("model.params") or {})
    of_rows = list_of_rows(main, _count_rows(store, record, main), record.metric)
    every = (*list_interventions(main), *declared, *of_rows)
    interventions = choose_interventions(every, findings, main.name, symptoms)
    if not interventions:
        why = (
            "main trains itself, and declares no parameter that experiments know. Give the fit function keywords with "
            "defaults (lr, epochs, dropout, hidden, batch_size, weight_decay, clip), or try the remedies in its code"
        )
        return ExperimentPlan(why_none=why)
    spent = read_history(store).seconds
    known = [spent[one.hash] for one in main.done if one.hash in spent]
    return ExperimentPlan(interventions, seconds=sum(known) / len(known) if known else None)


def _count_rows(store: Store, record: StudyRecord, main: VariantRuns) -> TrainRows:
    """The rows of train, with those that another split has, and those whose labels contradict others."""
    every = record.splits["train"].rows
    split = record.held_out or "dev"
    if (n := main.setting("data.train_rows")) is not None:  # which of the others they are is not counted
        return TrainRows(n, split=split)
    data = open_data(store.data)
    leaks, conflicts = find_unwanted(data, "leaks"), find_unwanted(data, "conflicts")
    return TrainRows(every, int(leaks.sum()), int(conflicts.sum()), split)


def try_interventions(
    interventions: Sequence[Intervention],
    seeds: Sequence[int],
    before: Sequence[Experiment],
    train: Train,
    budget: float = inf,
) -> Tried:
    """Train interventions beside main on `seeds`, and judge them together. No run begins after `budget` seconds. Those
    tried `before`, for other causes, share the error."""
    variants = {intervention.name: intervention.variant for intervention in interventions}
    values = {**ALONE, "seeds": list(seeds), "variants": variants}
    done = train({path: json.dumps(value) for path, value in values.items()}, budget)
    failed = (cell for cell in done.record.cells if cell.state == "failed")
    problems = (*done.unscored, *(f"{one.variant} seed {one.seed}: {one.error}" for one in failed))
    earlier = sum(bool(experiment.of) and experiment.name not in variants for experiment in before)
    experiments = judge_experiments(done.record, interventions, earlier)
    return Tried(experiments, tuple(dict.fromkeys(problems)), done.stopped)


def _name_experiments(root: Path) -> Path:
    """The study of experiments beside another."""
    return root.with_name(f"{root.resolve().name.removesuffix('.study')}-diagnosis.study")


def _make_result(
    store: Store,
    record: StudyRecord,
    findings: Sequence[Finding],
    kept: Experiments,
    plan: ExperimentPlan,
    seeds: int,
    only: Sequence[str],
    untraced: bool,
    problems: Sequence[str] = (),
) -> DiagnoseResult:
    codes = {finding.code for finding in findings}
    tried = tuple(one for one in kept.tried if not only or codes & {*one.of})
    place, study = shlex.quote(str(store.root)), str(_name_experiments(store.root)) if tried else None
    return DiagnoseResult(
        fill_remedies(findings, place),
        tried,
        study,
        record.main,
        place,
        plan,
        seeds,
        tuple(problems),
        traced=record.traced,
        untraced=untraced,
    )
