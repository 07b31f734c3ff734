"""`diagnose`: names the cause of what is wrong with main, and confirms it by changing one thing."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from pathlib import Path

from brittlestar.core.checks import choose_codes
from brittlestar.core.errors import InputError
from brittlestar.core.experiments import Experiment
from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.arms import Arm, arms
from brittlestar.diagnosis.causes.confirming import judge_experiments
from brittlestar.diagnosis.causes.interventions import Intervention, list_interventions
from brittlestar.diagnosis.causes.symptoms import choose_interventions, find_symptoms
from brittlestar.execution.jobs import Watcher
from brittlestar.store.address import Place, name_place, sibling_place
from brittlestar.store.experiment_document import read_experiments, write_experiments
from brittlestar.store.layout import Store, open_store
from brittlestar.store.study_record import read_record
from brittlestar.study.units import count
from brittlestar.verbs.assessing import assess_study
from brittlestar.verbs.diagnose_result import DiagnoseResult
from brittlestar.verbs.executors import ExecutorName
from brittlestar.verbs.holding import hold_store
from brittlestar.verbs.report import build_report
from brittlestar.verbs.run import run

FRESH = 1000  # experiments take seeds from here on, or behind those of the study, which were looked at
SEEDS = 5  # as many as a verdict on a method needs
ALONE = {"probes": {"suite": "none"}, "claims": []}
"""What experiments go without."""


def diagnose(
    study: str | Path,
    *,
    budget: float | None = None,
    only: Sequence[str] = (),
    seeds: int = SEEDS,
    jobs: int | None = None,
    executor: ExecutorName = "processes",
    address: str | None = None,
    watcher: Watcher | None = None,
    progress: bool = True,
) -> DiagnoseResult:
    """Name the causes of what is wrong with main, and confirm them by experiments.

    Without a budget nothing is trained: what was seen while main trained, its scores and its answers to probes are
    read. With one, settings that may be the cause are changed one at a time, and main is trained with each, and
    unchanged, on fresh seeds; a study beside this one keeps these runs, and goes on where it stopped.

    Args:
        study: A study's folder.
        budget: Seconds after which no new experiment's run starts; None for no experiments.
        only: Codes, or the first part of codes (`train`): causes and experiments that speak of these alone.
        seeds: Fresh seeds of each experiment; fewer than five confirm nothing.
        jobs: How many runs go on at once, as in `run`.
        executor: `processes`, `serial` or `ray`, as in `run`.
        address: HOST:PORT of the Ray cluster, as in `run`.
        watcher: Is told what happens while it happens, instead of people.
        progress: Tell people on standard error how far it is.

    Returns:
        The causes, ranked, with `confirmed_by` where an experiment confirms one; the experiments; what was not seen.
        The study keeps the experiments, and its report is written anew with them.

    Raises:
        InputError: The study or an option cannot be used.
        StoreError: The study is busy or damaged, or cannot be written.

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
    record = read_record(store)
    findings = _choose_findings(assess_study(store, record).reading.findings, only)
    arm = next(one for one in arms(record) if one.name == record.main)
    tried, why_none = _choose_experiments(arm, findings)
    if budget is None or not tried:
        names = ", ".join(one.name for one in tried)
        runs = count(seeds * (len(tried) + 1), "run")
        why = why_none or f"no time was given. {count(len(tried), 'experiment')} would take {runs}: {names}"
        return _result(store, record, findings, read_experiments(store), why)
    place = _place_of(store.root)
    changes = {one.name: one.variant for one in tried}
    fresh = max(FRESH, 1 + max(one.seed for one in record.cells))
    settings = {**ALONE, "seeds": [fresh + k for k in range(seeds)], "variants": changes}
    done = run(
        str(store.root),
        settings={path: json.dumps(value) for path, value in settings.items()},
        out=str(place),
        budget=budget,
        jobs=jobs,
        executor=executor,
        address=address,
        watcher=watcher,
        progress=progress,
    )
    before = [one for one in read_experiments(store) if one.name not in changes]
    experiments = (*judge_experiments(done.record, tried, len(before)), *before)
    with hold_store(store):
        write_experiments(store, experiments, name_place(place))
        assessment = assess_study(store, record)
        build_report(store, assessment)
    failed = [f"{one.variant} seed {one.seed}: {one.error}" for one in done.record.cells if one.state == "failed"]
    findings = _choose_findings(assessment.reading.findings, only)
    return _result(store, record, findings, experiments, "", (*done.problems, *failed))


def _choose_findings(findings: Sequence[Finding], only: Sequence[str]) -> tuple[Finding, ...]:
    """Findings of these codes or families, all without any. Raises InputError where no check has one of them."""
    chosen, unknown = choose_codes(only, (one.code for one in findings))
    if unknown:
        hint = "write a code such as train.overfit, or a family such as train"
        raise InputError(f"nothing was looked for by the name {unknown[0]}", "--only", hint)
    return tuple(one for one in findings if one.code in chosen)


def _choose_experiments(arm: Arm, findings: Sequence[Finding]) -> tuple[tuple[Intervention, ...], str]:
    """What can be tried on main, and why nothing is where nothing is."""
    symptoms = find_symptoms(findings, arm.name)
    if not symptoms:
        return (), "nothing about the score or the course of training of main asks for one"
    if not list_interventions(arm):
        return (), "main trains itself, so no setting of the study reaches its training: try the remedies in its code"
    return choose_interventions(arm, findings, symptoms), ""


def _place_of(root: Place) -> Place:
    """The study of experiments beside a study: NAME-diagnosis.study."""
    return sibling_place(root, f"{name_place(root).removesuffix('.study')}-diagnosis.study")


def _result(
    store: Store,
    record: StudyRecord,
    findings: Sequence[Finding],
    experiments: Sequence[Experiment],
    why_none: str,
    problems: Sequence[str] = (),
) -> DiagnoseResult:
    place = _place_of(store.root)
    shown = tuple(experiments)
    return DiagnoseResult(
        tuple(findings),
        shown,
        str(place) if shown else None,
        record.main,
        shlex.quote(str(store.root)),
        why_none,
        tuple(problems),
    )
