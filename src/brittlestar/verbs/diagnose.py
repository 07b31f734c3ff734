"""`diagnose`: names the cause of what is wrong with main, and confirms it by changing one thing."""

import shlex
import time
from collections.abc import Mapping, Sequence
from math import inf
from pathlib import Path

from brittlestar.core.checks import choose_codes
from brittlestar.core.errors import InputError
from brittlestar.core.experiments import Experiments
from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.core.seeds import find_fresh
from brittlestar.data.opening import open_data
from brittlestar.data.transform import find_unwanted
from brittlestar.diagnosis.arms import Arm, arms
from brittlestar.diagnosis.causes.interventions import TrainRows, list_declared, list_interventions, list_of_rows
from brittlestar.diagnosis.causes.symptoms import choose_interventions, find_symptoms
from brittlestar.execution.executors import ExecutorName, Workers
from brittlestar.execution.jobs import Watcher
from brittlestar.models.naming import NamedModel
from brittlestar.pipeline.assess import assess_study
from brittlestar.pipeline.experiments import LEVELS, Train, Tried, measure_sources, try_interventions, wants_sources
from brittlestar.pipeline.hold import hold_store
from brittlestar.pipeline.order import make_order
from brittlestar.pipeline.prepare import declare
from brittlestar.pipeline.report import build_report
from brittlestar.pipeline.request import Request
from brittlestar.pipeline.run import RunResult, run_study
from brittlestar.reports.finding_groups import fill_remedies
from brittlestar.store.address import Place, name_place, sibling_place
from brittlestar.store.attempts import read_history
from brittlestar.store.kept_document import DIAGNOSIS, read_experiments, write_kept
from brittlestar.store.layout import Store, open_store
from brittlestar.store.study_record import read_record
from brittlestar.verbs.diagnose_result import DiagnoseResult, Plan

SEEDS = 5  # as many as a verdict on a method needs


def diagnose(
    study: str | Path,
    *,
    budget: float | None = None,
    most_runs: int | None = None,
    only: Sequence[str] = (),
    seeds: int = SEEDS,
    jobs: int | None = None,
    executor: ExecutorName = "processes",
    address: str | None = None,
    watcher: Watcher | None = None,
    progress: bool = True,
) -> DiagnoseResult:
    """Name the cause of a poor result, and confirm it.

    Needs a study with finished runs, or curves. Without `budget` it reads what was seen while main trained, its scores
    and its answers to probes, trains nothing, and says what experiments would take.

    With `budget`, or `most_runs`, it changes one setting at a time, trains main with each change and unchanged on fresh
    seeds, and says which change removes the symptom. Holm's correction is for all changes together. These runs are kept
    in NAME-diagnosis.study beside the study; the same call goes on where it stopped. Of models that train themselves it
    changes the parameters that they declare (lr, epochs, dropout, hidden, …). With `only` seed it says whether seeds
    differ by their weights or by the order of batches (NAME-sources.study).

    Args:
        study ([STUDY]): A study's folder.
        budget (TIME): Train experiments, and start none after this: 10m. Default: train nothing. In Python in seconds.
        most_runs (N>=1): Train experiments of at most so many runs, main's included.
        only (CODE,…): These findings or families alone: train.overfit,eval.
        seeds (N): Fresh seeds of each experiment; fewer than five confirm nothing. Default: 5.
        jobs (N>=1): Runs at once, at most. Default: one per core.
        executor (processes|serial|ray): How runs are carried out: by processes here, in one process, or by nodes of a
            Ray cluster.
        address (auto|HOST:PORT): The Ray cluster. Default: that of RAY_ADDRESS, else one on this machine for this
            command alone.
        watcher: In Python: is told what happens while it happens, instead of people.
        progress: In Python: tell people on standard error how far it is, or not.

    Returns:
        The causes, ranked, with `confirmed_by` where an experiment confirms one; the experiments; what was not seen.
        The study keeps the experiments, and its report is written anew with them.

    Raises:
        InputError: The study or an option cannot be used.
        StoreError: The study is busy or damaged, or cannot be written.

    Command:
        With --history it reads learning curves made elsewhere: columns such as epoch, train_loss, val_loss,
        val_accuracy and seed. Runs that differ in the seed alone stand in one file, told apart by that column.

        Examples:
          brittlestar diagnose demo/data.study
          brittlestar diagnose demo/data.study --budget 10m
          brittlestar diagnose demo/data.study --most-runs 20 --only train.overfit
          brittlestar diagnose --history curves.csv

        Exit codes: 0 done; 1 a run of an experiment failed; 2 wrong usage, or a study or a log that cannot be read.

    Example:
        The study is that of `run("data")`.

        >>> from brittlestar import diagnose
        >>> found = diagnose("data.study")
        >>> {one.status for one in found.causes} <= {"present"}
        True
    """
    store = open_store(study)
    if budget is not None and budget <= 0:
        raise InputError("is no time to train in", "--budget", "write a number of seconds, or 10m")
    if seeds < 2:
        raise InputError("one seed tells no difference from chance", "--seeds", f"{SEEDS} confirm a cause")
    if most_runs is not None and most_runs < 2 * seeds:
        what = f"one experiment takes {2 * seeds} runs: {seeds} seeds of main, changed and unchanged"
        raise InputError(what, "--most-runs", f"allow {2 * seeds}")
    record = read_record(store)
    findings = _choose_findings(assess_study(store, record).reading.findings, only)
    arm = next(one for one in arms(record) if one.name == record.main)
    plan = _plan(store, record, arm, findings, only)
    kept = read_experiments(store)
    if (budget is None and most_runs is None) or plan.why_none:
        return _result(store, record, findings, kept, plan, seeds, only)
    fresh = find_fresh(one.seed for one in record.cells)
    budget, runs = (inf if limit is None else limit for limit in (budget, most_runs))
    deadline = time.monotonic() + budget

    def train_in(place: Place) -> Train:
        def train(settings: Mapping[str, str], seconds: float) -> RunResult:
            left, workers = None if seconds == inf else seconds, Workers(executor, jobs, address=address)
            order = make_order(NamedModel(), workers, budget=left, watcher=watcher, progress=progress)
            return run_study(Request(str(store.root), settings=settings, out=str(place)), order)

        return train

    found = Tried((), ())
    place = _place_of(store.root, "diagnosis")
    if plan.interventions:
        fresh_seeds = [fresh + k for k in range(seeds)]
        found = try_interventions(plan.interventions, fresh_seeds, kept.tried, train_in(place), budget, runs)
    sources = kept.sources
    levels = [fresh + k for k in range(seeds if seeds > SEEDS else LEVELS)]
    affordable = len(levels) ** 2 <= runs - seeds * (1 + len(found.experiments)) * bool(found.experiments)
    if plan.sources and affordable and not found.stopped and (left := deadline - time.monotonic()) > 0:
        measured = measure_sources(levels, train_in(_place_of(store.root, "sources")), left)
        sources = sources if measured is None else measured.as_json()
    names = {one.name for one in found.experiments}
    tried = (*found.experiments, *(one for one in kept.tried if one.name not in names))
    kept = Experiments(tried, name_place(place), sources)
    with hold_store(store):
        write_kept(store, DIAGNOSIS, kept.as_json())
        assessment = assess_study(store, record)
        build_report(store, assessment)
    findings = _choose_findings(assessment.reading.findings, only)
    return _result(store, record, findings, kept, plan, seeds, only, found.problems)


def _choose_findings(findings: Sequence[Finding], only: Sequence[str]) -> tuple[Finding, ...]:
    """Findings of these codes or families, all without any. Raises InputError where no check has one of them."""
    chosen, unknown = choose_codes(only, (one.code for one in findings))
    if unknown:
        hint = "write a code such as train.overfit, or a family such as train"
        raise InputError(f"nothing was looked for by the name {unknown[0]}", "--only", hint)
    return tuple(one for one in findings if one.code in chosen)


def _count_rows(store: Store, record: StudyRecord, arm: Arm) -> TrainRows:
    """The rows of train, with those that another split has, and those whose labels contradict others."""
    every = record.splits["train"].rows
    split = "test" if "test" in record.splits else "dev"
    if (n := arm.setting("data.train_rows")) is not None:  # which of the others they are is not counted
        return TrainRows(n, split=split)
    data = open_data(store.data)
    leaks, conflicts = find_unwanted(data, "leaks"), find_unwanted(data, "conflicts")
    return TrainRows(every, int(leaks.sum()), int(conflicts.sum()), split)


def _plan(store: Store, record: StudyRecord, arm: Arm, findings: Sequence[Finding], only: Sequence[str]) -> Plan:
    """What can be tried on main, and why nothing is where nothing is. Own code is loaded where something is to try."""
    if record.in_memory:
        return Plan(why_none="its data or its model were objects in memory, which experiments cannot train again")
    symptoms = find_symptoms(findings, arm.name)
    settable = list_interventions(arm)
    sources = bool(settable) and wants_sources(findings, arm.name, only)
    if not symptoms and not sources:
        return Plan(why_none="nothing about the score or the course of training of main asks for one")
    model = {name: arm.setting(f"model.{name}") for name in ("own", "kind")}
    declared = list_declared(declare(store, model), arm.setting("model.params") or {})
    every = (*settable, *declared, *list_of_rows(arm, _count_rows(store, record, arm), record.metric))
    interventions = choose_interventions(every, findings, arm.name, symptoms)
    if not interventions and not sources:
        why = (
            "main trains itself, and declares no parameter that experiments know. Give the fit function keywords with "
            "defaults (lr, epochs, dropout, hidden, batch_size, weight_decay, clip), or try the remedies in its code"
        )
        return Plan(why_none=why)
    spent = read_history(store).seconds
    known = [spent[one.hash] for one in arm.done if one.hash in spent]
    seconds = sum(known) / len(known) if known else None
    return Plan(interventions, sources, seconds=seconds)


def _place_of(root: Place, what: str) -> Place:
    return sibling_place(root, f"{name_place(root).removesuffix('.study')}-{what}.study")


def _result(
    store: Store,
    record: StudyRecord,
    findings: Sequence[Finding],
    kept: Experiments,
    plan: Plan,
    seeds: int,
    only: Sequence[str],
    problems: Sequence[str] = (),
) -> DiagnoseResult:
    asked = {one.code for one in findings}
    tried = tuple(one for one in kept.tried if not only or asked & {*one.of})
    which = "diagnosis" if tried else "sources" if kept.sources is not None else None
    place = shlex.quote(str(store.root))
    return DiagnoseResult(
        fill_remedies(findings, place),
        tried,
        None if which is None else str(_place_of(store.root, which)),
        record.main,
        place,
        plan,
        seeds,
        None if kept.sources is None else str(kept.sources["sentence"]),
        tuple(problems),
    )
