"""What a variant was given that it should not have, or that main was not: rows of dev, and another budget."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from brittlestar.core.results import CellRecord, StudyRecord
from brittlestar.diagnosis.results import AS_ERROR_OF_MAIN, Result, variant_check
from brittlestar.diagnosis.variant_runs import VariantRuns, list_variant_runs, read_score, suggest_rerun

APART = 0.05  # convention: five points
ALIKE = 0.02  # convention: two points, more than two noisy scores differ by
STANDARD_ERRORS = 3.0  # derived: one standard error more than an interval at 95 % has, since every run is asked
SPLITS = ("train", "dev", "test")
BUDGET = ("training.epochs", "training.early_stopping", "data.train_rows", "data.train_without")
"""Settings by which one training gets more than another."""


@variant_check(
    "leak.selection",
    "In every run of a model that trains itself, dev accuracy is within 2 points of train's, and exceeds test's by 5 "
    "points more than three standard errors of their rows; test is not shifted.",
    AS_ERROR_OF_MAIN,
)
def leak_selection(record: StudyRecord, variant: VariantRuns) -> Result | None:
    """Dev was trained on: it is answered as well as train, and test is not.

    **What it means.** What was chosen on dev was chosen on rows that the model knew: the dev score is no estimate of
    anything new.

    **How it is decided.** A fit function is given train and dev. Rows of one source that it has not seen are as hard in
    dev as in test: accuracies of each run are compared, with the standard error of their rows. A shift of test that the
    audit found explains it.

    **Thresholds.** As in the rule. Severity: error for main, warning for other variants.

    **What it cannot see.** A model that has not memorised what it was given; a dev split that is a little easier;
    models that this package trains, which are never given dev.

    **What to do.** Look at what the fit function does with dev: its rows must not be trained on, nor added to train
    before the last fit. Choose on dev, and score test once.
    """
    if any(cell.outcome == "imported" for cell in variant.done):
        return None
    if variant.done and not any(cell.outcome == "fitted" for cell in variant.done):
        told = f"{variant.name}: {len(variant.done)} runs were given train alone; dev was only scored."
        return Result("absent", told, {"runs": len(variant.done)}, split="dev")
    scored = [found for cell in variant.done if (found := _read_accuracies(cell)) is not None]
    shifted = _is_shifted(record)
    if not scored or shifted:
        missing = "a test split from the source of dev" if shifted else "scores on train, dev and test"
        runs = len(variant.done)
        open_ = f"{variant.name}: whether dev was trained on is open in {runs} finished runs. Missing: {missing}."
        todo = "Score it on a test split from the source of dev, which the fit function is not given."
        return Result("inconclusive", open_, {"runs": runs, "missing": missing}, todo, split="dev")
    train, dev, test = np.array(scored).T
    rows = [record.splits[name].rows for name in ("dev", "test")]
    error = np.sqrt(dev * (1 - dev) / rows[0] + test * (1 - test) / rows[1])
    found = (dev - test - STANDARD_ERRORS * error >= APART) & (train - dev <= ALIKE)
    means = [100 * float(one.mean()) for one in (train, dev, test)]
    story = f"{variant.name}: accuracy is {means[0]:.1f} on train, {means[1]:.1f} on dev and {means[2]:.1f} on test"
    evidence = {"runs": len(scored), "found": int(found.sum()), "accuracy": dict(zip(SPLITS, means, strict=True))}
    if not found.all():
        return Result("absent", f"{story}.", evidence, split="dev")
    summary = f"{story}, in each of {len(scored)} runs: the model knows the rows of dev."
    return Result("present", summary, evidence, split="dev")


def _read_accuracies(cell: CellRecord) -> tuple[float, ...] | None:
    values = [read_score(cell, name, "accuracy") for name in SPLITS]
    known = tuple(one for one in values if one is not None)
    return known if len(known) == len(SPLITS) else None


def _is_shifted(record: StudyRecord) -> bool:
    if record.audit is None:
        return False
    serious = (one for one in record.audit.findings if one.severity in ("error", "warning"))
    return any(one.code.startswith("shift.") and one.where.get("split") in ("dev", "test") for one in serious)


@variant_check(
    "claim.unequal-budget",
    "A variant states an unequal budget, or differs from main in epochs, early stopping, training rows or seeds done, "
    "and no run is still to come. Seeds that an open, registered claim asked for are no difference.",
)
def claim_unequal_budget(record: StudyRecord, variant: VariantRuns) -> Result | None:
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
    main = next((one for one in list_variant_runs(record) if one.name == record.main), None)
    if main is None or variant.name == record.main:
        return None
    trained = _is_trained(variant) and _is_trained(main)
    settings = _compare_settings(variant, main, BUDGET if trained else BUDGET[2:])
    if trained and not settings and (epochs := _compare_epochs(variant, main)) is not None:
        settings["epochs run"] = epochs
    pending = sum(cell.state in {"planned", "running"} for one in (variant, main) for cell in one.cells)
    stated = variant.record.unequal_budget
    evidence: dict[str, Any] = {
        "stated": stated,
        "differences": settings,
        "done_seeds": {one.name: sorted(cell.seed for cell in one.done) for one in (variant, main)},
        "cells": {one.name: len(one.cells) for one in (variant, main)},
        "to_come": pending,
    }
    differs = bool(settings) or stated is not None
    found = _judge_settings(variant, main, settings) if differs else _judge_seeds(record, variant, main, pending)
    return replace(found, evidence=evidence, where={"main": main.name})


def _judge_settings(variant: VariantRuns, main: VariantRuns, settings: Mapping[str, list[Any]]) -> Result:
    stated = variant.record.unequal_budget
    told = "; ".join(f"{path} {_format(mine)} against {_format(theirs)}" for path, (mine, theirs) in settings.items())
    reason = f" (stated: {stated})" if stated is not None else ""
    summary = f"{variant.name} and {main.name} differ in budget: {told or 'as the study says'}{reason}."
    remedy = (
        f"Give every variant the same budget (`variants.{variant.name}` in the study file); where the difference is "
        "meant, read the variant with it in mind."
    )
    return Result("present", summary, {}, remedy, "error" if stated is None else "warning")


def _judge_seeds(record: StudyRecord, variant: VariantRuns, main: VariantRuns, pending: int) -> Result:
    pair, unfinished = f"{variant.name} and {main.name}", suggest_rerun((*variant.cells, *main.cells))
    counts = f"{len(variant.done)} and {len(main.done)} seeds done"
    unpaired, trained = _find_unpaired(record, variant, main), [_is_trained(one) for one in (variant, main)]
    if unpaired and pending:
        summary = f"{pair} have {counts}. Missing: {pending} runs that are still to come."
        return Result("inconclusive", summary, {}, unfinished)
    if unpaired:
        summary = f"{pair} have {counts}; without a partner: {', '.join(map(str, unpaired))}."
        return Result("present", summary, {}, unfinished)
    if any(trained) and not all(trained) and variant.done and main.done:
        other = variant.name if trained[1] else main.name
        summary = f"{counts}; the training of {other} was not observed. Missing: its budget, as stated by its author."
        remedy = (
            f"State it: `variants.{variant.name}.unequal_budget` in study.yaml, or train it by epochs with a factory."
        )
        return Result("inconclusive", summary, {}, remedy)
    if not variant.done:
        return Result("inconclusive", f"{pair} have {counts}. Missing: done runs.", {}, unfinished)
    if sorted(cell.seed for cell in variant.done) != sorted(cell.seed for cell in main.done):
        return Result("absent", f"{pair}: same epochs and rows; {counts}, planned from registered claims.", {})
    return Result("absent", f"{pair}: same epochs, rows and {len(variant.done)} seeds.", {})


def _is_trained(variant: VariantRuns) -> bool:
    """Whether its training by epochs was observed."""
    return all(cell.outcome in {"trained", "diverged"} for cell in variant.done)


def _find_unpaired(record: StudyRecord, variant: VariantRuns, main: VariantRuns) -> list[int]:
    """Seeds that are done of one of two variants alone, and count: in a study with registered claims, a seed that one
    of them alone was planned for is no loss of the other."""
    unpaired = {cell.seed for cell in variant.done} ^ {cell.seed for cell in main.done}
    given = any(cell.outcome == "imported" for cell in (*variant.done, *main.done))
    if any(claim["registered"] for claim in record.claims) and not given:
        unpaired &= {cell.seed for cell in variant.cells} & {cell.seed for cell in main.cells}
    return sorted(unpaired)


def _read_budget(variant: VariantRuns, paths: tuple[str, ...]) -> Mapping[str, Any]:
    found = {one.path: one.value for one in variant.record.settings if one.value is not None}
    return {path: value for path, value in found.items() if any(path == p or path.startswith(f"{p}.") for p in paths)}


def _compare_settings(variant: VariantRuns, main: VariantRuns, paths: tuple[str, ...]) -> dict[str, list[Any]]:
    mine, theirs = _read_budget(variant, paths), _read_budget(main, paths)
    pairs = {path: [mine.get(path), theirs.get(path)] for path in sorted(mine.keys() | theirs.keys())}
    return {path: pair for path, pair in pairs.items() if pair[0] != pair[1]}


def _compare_epochs(variant: VariantRuns, main: VariantRuns) -> list[Any] | None:
    """The numbers of epochs really run, when they differ and nothing but the loop could have made them differ."""
    if any(_read_budget(one, ("training.early_stopping",)) for one in (variant, main)):
        return None
    mine, theirs = (
        sorted({c.epochs for c in one.done if c.outcome == "trained" and c.epochs}) for one in (variant, main)
    )
    return [mine, theirs] if mine and theirs and mine != theirs else None


def _format(value: Any) -> str:
    if isinstance(value, list):
        return " or ".join(str(one) for one in value)
    return "none" if value is None else str(value)
