"""What can be tried on main to confirm a cause, and what an experiment is told by."""

import shlex
from collections.abc import Sequence

from brittlestar.core.checks import choose_codes
from brittlestar.core.errors import InputError
from brittlestar.core.experiments import Experiments
from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.data.opening import open_data
from brittlestar.data.transform import find_unwanted
from brittlestar.diagnosis.causes.interventions import TrainRows, list_declared, list_interventions, list_of_rows
from brittlestar.diagnosis.causes.symptoms import choose_interventions, find_symptoms
from brittlestar.diagnosis.variant_runs import VariantRuns
from brittlestar.pipeline.diagnose_result import DiagnoseResult, Plan
from brittlestar.pipeline.experiments import wants_sources
from brittlestar.pipeline.prepare import declare
from brittlestar.reports.finding_groups import fill_remedies
from brittlestar.store.address import Place, name_place, sibling_place
from brittlestar.store.attempts import read_history
from brittlestar.store.layout import Store

SEEDS = 5  # as many as a verdict on a method needs


def choose_findings(findings: Sequence[Finding], only: Sequence[str]) -> tuple[Finding, ...]:
    """Findings of these codes or families, all without any. Raises InputError where no check has one of them."""
    chosen, unknown = choose_codes(only, (one.code for one in findings))
    if unknown:
        hint = "write a code such as train.overfit, or a family such as train"
        raise InputError(f"nothing was looked for by the name {unknown[0]}", "--only", hint)
    return tuple(one for one in findings if one.code in chosen)


def _count_rows(store: Store, record: StudyRecord, variant: VariantRuns) -> TrainRows:
    """The rows of train, with those that another split has, and those whose labels contradict others."""
    every = record.splits["train"].rows
    split = "test" if "test" in record.splits else "dev"
    if (n := variant.setting("data.train_rows")) is not None:  # which of the others they are is not counted
        return TrainRows(n, split=split)
    data = open_data(store.data)
    leaks, conflicts = find_unwanted(data, "leaks"), find_unwanted(data, "conflicts")
    return TrainRows(every, int(leaks.sum()), int(conflicts.sum()), split)


def plan_experiments(
    store: Store, record: StudyRecord, variant: VariantRuns, findings: Sequence[Finding], only: Sequence[str]
) -> Plan:
    """What can be tried on main, and why nothing is where nothing is. Own code is loaded where something is to try."""
    if record.in_memory:
        return Plan(why_none="its data or its model were objects in memory, which experiments cannot train again")
    symptoms = find_symptoms(findings, variant.name)
    settable = list_interventions(variant)
    sources = bool(settable) and wants_sources(findings, variant.name, only)
    if not symptoms and not sources:
        return Plan(why_none="nothing about the score or the course of training of main asks for one")
    model = {name: variant.setting(f"model.{name}") for name in ("own", "kind")}
    declared = list_declared(declare(store, model), variant.setting("model.params") or {})
    every = (*settable, *declared, *list_of_rows(variant, _count_rows(store, record, variant), record.metric))
    interventions = choose_interventions(every, findings, variant.name, symptoms)
    if not interventions and not sources:
        why = (
            "main trains itself, and declares no parameter that experiments know. Give the fit function keywords with "
            "defaults (lr, epochs, dropout, hidden, batch_size, weight_decay, clip), or try the remedies in its code"
        )
        return Plan(why_none=why)
    spent = read_history(store).seconds
    known = [spent[one.hash] for one in variant.done if one.hash in spent]
    seconds = sum(known) / len(known) if known else None
    return Plan(interventions, sources, seconds=seconds)


def name_beside(root: Place, what: str) -> Place:
    """The study of experiments beside another."""
    return sibling_place(root, f"{name_place(root).removesuffix('.study')}-{what}.study")


def make_result(
    store: Store,
    record: StudyRecord,
    findings: Sequence[Finding],
    kept: Experiments,
    plan: Plan,
    seeds: int,
    only: Sequence[str],
    problems: Sequence[str] = (),
) -> DiagnoseResult:
    """What `diagnose` returns of a study and its experiments."""
    asked = {one.code for one in findings}
    tried = tuple(one for one in kept.tried if not only or asked & {*one.of})
    which = "diagnosis" if tried else "sources" if kept.sources is not None else None
    place = shlex.quote(str(store.root))
    return DiagnoseResult(
        fill_remedies(findings, place),
        tried,
        None if which is None else str(name_beside(store.root, which)),
        record.main,
        place,
        plan,
        seeds,
        None if kept.sources is None else str(kept.sources["sentence"]),
        tuple(problems),
    )
