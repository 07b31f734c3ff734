"""Finding `claim.unequal-budget`."""

from collections.abc import Iterator
from typing import Any

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.arms import Arm, arms, suggest_rerun

CODE = "claim.unequal-budget"
BUDGET = ("training.epochs", "training.early_stopping", "data.train_rows", "data.train_without")
THRESHOLD = (
    "A variant states an unequal budget, or differs from main in epochs, early stopping, training rows or seeds done, "
    "and no run is still to come. Seeds that an open, registered claim asked for are no difference."
)


def check(record: StudyRecord) -> Iterator[Finding]:
    """The variants differ in epochs, data or seeds.

    **What it means.** A difference between such variants may be a difference of budget.

    **How it is decided.** Each variant is compared with main: `training.epochs`, `training.early_stopping`,
    `data.train_rows` and `data.train_without`; the epochs that were really run, where neither stops early and no run
    diverged; and the seeds whose runs are done. Seeds that only one of two trained variants was given, in a study with
    registered claims, are no difference: `run` adds them by a rule. A variant that states `unequal_budget` is reported
    with its reason.

    **Thresholds.** Any difference counts. While runs are planned or running, unequal seeds are inconclusive. Severity:
    warning when stated or when only seeds differ, else error.

    **What it cannot see.** Tuning done elsewhere (`claim.untuned`); the budget of fit functions and predictions, whose
    training was not observed: beside a variant trained here that is inconclusive.

    **What to do.** Give all variants the same budget.
    """
    everyone = {arm.name: arm for arm in arms(record)}
    main = everyone.get(record.main)
    if main is None:
        return
    for arm in everyone.values():
        if arm.name != record.main:
            yield _finding(arm, main, any(claim["registered"] for claim in record.claims))


def _finding(arm: Arm, main: Arm, by_claims: bool) -> Finding:
    where = {"variant": arm.name, "main": main.name}
    pair = f"{arm.name} and {main.name}"
    trained = [_by_epochs(one) for one in (arm, main)]
    settings = _setting_differences(arm, main) if all(trained) else _setting_differences(arm, main, BUDGET[2:])
    epochs = _epoch_difference(arm, main) if all(trained) and not settings else None
    if epochs is not None:
        settings["epochs run"] = epochs
    seeds = {one.name: sorted(cell.seed for cell in one.done) for one in (arm, main)}
    compared = set(seeds[arm.name]) ^ set(seeds[main.name])
    if by_claims and not any(cell.outcome == "imported" for cell in (*arm.done, *main.done)):
        # a seed that one of them alone was planned for is no loss of the other
        compared &= {cell.seed for cell in arm.cells} & {cell.seed for cell in main.cells}
    pending = sum(cell.state in {"planned", "running"} for one in (arm, main) for cell in one.cells)
    stated = arm.variant.unequal_budget
    evidence: dict[str, Any] = {
        "stated": stated,
        "differences": settings,
        "done_seeds": seeds,
        "cells": {one.name: len(one.cells) for one in (arm, main)},
        "to_come": pending,
    }
    unfinished = suggest_rerun([cell for one in (arm, main) for cell in one.cells])
    told = "; ".join(
        f"{path} {_format_value(mine)} against {_format_value(theirs)}" for path, (mine, theirs) in settings.items()
    )
    remedy = (
        f"Give every variant the same budget (`variants.{arm.name}` in the study file); where the difference is meant, "
        "read the variant with it in mind."
    )
    if settings or stated is not None:
        reason = f" (stated: {stated})" if stated is not None else ""
        severity = "warning" if stated is not None else "error"
        summary = f"{pair} differ in budget: {told or 'as the study says'}{reason}."
        return Finding(CODE, "present", summary, THRESHOLD, severity, where, evidence, remedy)
    counts = f"{len(seeds[arm.name])} and {len(seeds[main.name])} seeds done"
    if compared and not pending:
        summary = f"{pair} have {counts}; without a partner: {', '.join(map(str, sorted(compared)))}."
        return Finding(CODE, "present", summary, THRESHOLD, "warning", where, evidence, unfinished)
    if compared:
        summary = f"{pair} have {counts}. Missing: {pending} runs that are still to come."
        return Finding(CODE, "inconclusive", summary, THRESHOLD, None, where, evidence, unfinished)
    if any(trained) and not all(trained) and arm.done and main.done:
        other = arm.name if trained[1] else main.name
        summary = f"{counts}; the training of {other} was not observed. Missing: its budget, as stated by its author."
        remedy = f"State it: `variants.{arm.name}.unequal_budget` in study.yaml, or train it by epochs with a factory."
        return Finding(CODE, "inconclusive", summary, THRESHOLD, None, where, evidence, remedy)
    if not arm.done:
        summary = f"{pair} have {counts}. Missing: done runs."
        return Finding(CODE, "inconclusive", summary, THRESHOLD, None, where, evidence, unfinished)
    summary = f"{pair}: same epochs, rows and {len(arm.done)} seeds."
    if seeds[arm.name] != seeds[main.name]:
        summary = f"{pair}: same epochs and rows; {counts}, planned from registered claims."
    return Finding(CODE, "absent", summary, THRESHOLD, where=where, evidence=evidence)


def _by_epochs(arm: Arm) -> bool:
    return all(cell.outcome in {"trained", "diverged"} for cell in arm.done)


def _budget(arm: Arm, paths: tuple[str, ...]) -> dict[str, Any]:
    found = {s.path: s.value for s in arm.variant.settings if s.value is not None}
    return {path: value for path, value in found.items() if any(path == p or path.startswith(f"{p}.") for p in paths)}


def _setting_differences(arm: Arm, main: Arm, paths: tuple[str, ...] = BUDGET) -> dict[str, list[Any]]:
    mine, theirs = _budget(arm, paths), _budget(main, paths)
    return {
        path: [mine.get(path), theirs.get(path)]
        for path in sorted(mine.keys() | theirs.keys())
        if mine.get(path) != theirs.get(path)
    }


def _epoch_difference(arm: Arm, main: Arm) -> list[Any] | None:
    """The numbers of epochs really run, when they differ and nothing but the loop could have made them differ."""
    if _budget(arm, ("training.early_stopping",)) or _budget(main, ("training.early_stopping",)):
        return None
    mine, theirs = (sorted({c.epochs for c in one.done if c.outcome == "trained" and c.epochs}) for one in (arm, main))
    return [mine, theirs] if mine and theirs and mine != theirs else None


def _format_value(value: Any) -> str:
    if isinstance(value, list):
        return " or ".join(str(one) for one in value)
    return "none" if value is None else str(value)
