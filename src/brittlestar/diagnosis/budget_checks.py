"""What a variant was given that it should not have, or that main was not: rows of dev, and another budget."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from brittlestar.core.checks import Observed
from brittlestar.core.results import AnsweredStudy, StudyRecord
from brittlestar.diagnosis.opened_files import judge_opened
from brittlestar.diagnosis.results import report_missing, variant_check
from brittlestar.diagnosis.variant_runs import VariantRuns, list_variant_runs, redraws_train, suggest_rerun
from brittlestar.statistics.floors import LARGEST_Z

DEV_ABOVE_TEST = 0.05  # convention: five points
TRAIN_LIKE_DEV = 0.02  # convention: two points, more than two noisy scores differ by
STANDARD_ERRORS = 3.0  # derived: one standard error more than an interval at 95 % has, since every run is asked
UNLIKE, LIKE = 0.1, 0.55  # convention: beside an even chance that one of two rows has the surer answer
SPLITS = ("train", "dev", "test")
BUDGET = ("training.epochs", "training.early_stopping", "data.train_rows", "data.train_without")
"""Settings by which one training gets more than another."""


@variant_check(
    "leak.selection",
    "Own code opens a file of evaluation rows. Or in every run that trains itself dev accuracy is within 2 points of "
    "train's and 5 above an unshifted test's, or answers are as sure, and surer than on test.",
    "error",
    "answers",
)
def leak_selection(study: AnsweredStudy, variant: VariantRuns) -> Observed | None:
    """Own code read test, or trained on dev.

    **What it means.** A vocabulary, a setting, an epoch or the model itself may be chosen on the rows that are scored:
    the score is no estimate of anything new.

    **How it is decided.** (1) While own code is imported, trains and answers, files are noted that it opens to read,
    with its line. One with most of the 20 longest rows that a split alone has holds that split, wherever it lies. (2) A
    fit function is given train and dev. Unseen rows of one source are as hard in dev as in test. Accuracies of each run
    are compared: five points beyond three standard errors count. So are probabilities of labels. Of two rows, one of
    dev and one of test, dev's has the higher one 60 % of the time, five standard errors above half. That is 10 % more
    than for any trivial baseline; against dev, train's has it 55 % at most. A shift that the audit found explains it.

    **Thresholds.** Opening dev alone is information. Where a file has rows of train, too, nobody sees which were used.

    **What it cannot see.** Files that another process reads, or Polars, PyArrow and others that do not open them with
    Python; compressed files, and those over 64 MiB; rows held in memory; rows shorter than 8 letters. A model that has
    not memorised dev; a dev split that is a little easier.

    **What to do.** Use the rows that the function is given, and no others. Choose on dev, do not train on it, and score
    test once.
    """
    opened = judge_opened(variant)
    if opened is not None and (opened.status == "inconclusive" or opened.split != "dev"):
        return opened
    judged = _judge_scores(study, variant)
    return judged if opened is None or (judged is not None and judged.status == "present") else opened


def _judge_scores(study: AnsweredStudy, variant: VariantRuns) -> Observed | None:
    record = study.record
    runs, fitted = len(variant.done), any(cell.outcome == "fitted" for cell in variant.done)
    if any(cell.outcome == "imported" for cell in variant.done):
        return None
    if runs and not fitted:
        note = f"{variant.name}: {runs} runs were given train alone; dev was only scored."
        return Observed("absent", note, {"runs": runs}, split="dev")
    every = [[cell.score(split, "accuracy") for split in SPLITS] for cell in variant.done]
    scored = [one for one in every if None not in one]
    shifted = finds_shift(record)
    if not scored or shifted:
        missing = "a test split from the source of dev" if shifted else "scores on train, dev and test"
        todo = "Score it on a test split from the source of dev, which the fit function is not given."
        return report_missing(variant, "whether dev was trained on", missing, todo, "dev")
    train, dev, test = np.array(scored, np.float64).T
    rows = [record.splits[name].rows for name in ("dev", "test")]
    error = np.sqrt(dev * (1 - dev) / rows[0] + test * (1 - test) / rows[1])
    found = (dev - test - STANDARD_ERRORS * error >= DEV_ABOVE_TEST) & (train - dev <= TRAIN_LIKE_DEV)
    means = [100 * float(one.mean()) for one in (train, dev, test)]
    sentence = f"{variant.name}: accuracy is {means[0]:.1f} on train, {means[1]:.1f} on dev and {means[2]:.1f} on test"
    evidence = {"runs": len(scored), "found": int(found.sum()), "accuracy": dict(zip(SPLITS, means, strict=True))}
    if not found.all() and not _is_sure_of_dev(study, variant):
        return Observed("absent", f"{sentence}.", evidence, split="dev")
    how = "" if found.all() else " it is as sure of rows of dev as of train, and surer than of test:"
    trained = f"In each of {len(scored)} runs{how} the model knows the rows of dev"
    summary = f"{sentence}. {trained}. The score on test stands; what was chosen on dev does not."
    return Observed("present", summary, evidence, severity="warning", split="dev")


def _is_sure_of_dev(study: AnsweredStudy, variant: VariantRuns) -> bool:
    """Whether every run gives labels of dev rows that train lacks as high a probability as those of train, and a higher
    one than those of test, by more than rows of dev are easier to trivial baselines."""
    train, dev, test = (study.answers[name] for name in SPLITS)
    runs = [one.runs.get(variant.name) for one in (train, dev, test)]
    if redraws_train(study.record) or any(run is None or run.own is None for run in runs) or dev.in_train.all():
        return False
    new, own = ~dev.in_train, [run.own for run in runs if run is not None and run.own is not None]
    pairs = [(one.own, test.trivial[name].own) for name, one in dev.trivial.items()]
    easier = [share_larger(one[0][new], other[0]) for one, other in pairs if one is not None and other is not None]
    error = (1 / (12 * new.sum()) + 1 / (12 * len(test.labels))) ** 0.5
    least = max(0.5 + LARGEST_Z * error, UNLIKE + max(0.5, *easier))
    return all(
        share_larger(mine[new], other) >= least and share_larger(known, mine[new]) <= LIKE
        for known, mine, other in zip(*own, strict=True)
    )


def share_larger(one: np.ndarray, other: np.ndarray) -> float:
    """How often a value of one is larger than one of the other, ties counted half (Mann and Whitney 1947)."""
    ordered = np.sort(other)
    below = sum(np.searchsorted(ordered, one, side).sum() for side in ("left", "right"))
    return float(below) / (2 * len(one) * len(other))


def finds_shift(record: StudyRecord) -> bool:
    """Whether the audit finds dev or test unlike train."""
    found = [] if record.audit is None else record.audit.findings
    serious = (one for one in found if one.severity in ("error", "warning"))
    return any(
        one.code.startswith(("shift.", "data.difficulty")) and one.where.get("split") in ("dev", "test")
        for one in serious
    )


@variant_check(
    "claim.unequal-budget",
    "A variant states an unequal budget, or differs from main in epochs, early stopping, training rows or seeds done, "
    "and no run is still to come. Seeds that an open, registered claim asked for are no difference.",
)
def claim_unequal_budget(record: StudyRecord, variant: VariantRuns) -> Observed | None:
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
    main = next((run for run in list_variant_runs(record) if run.name == record.main), None)
    if main is None or variant.name == record.main:
        return None
    both = (variant, main)
    trained = all(_is_trained(one) for one in both)
    settings = _compare_settings(variant, main, BUDGET if trained else BUDGET[2:])
    if trained and not settings:
        settings = _compare_epochs(variant, main)
    stated = variant.record.unequal_budget
    evidence: dict[str, Any] = {
        "stated": stated,
        "differences": settings,
        "done_seeds": {one.name: sorted(cell.seed for cell in one.done) for one in both},
        "cells": {one.name: len(one.cells) for one in both},
        "to_come": sum(cell.state in {"planned", "running"} for one in both for cell in one.cells),
    }
    differs = bool(settings) or stated is not None
    found = _judge_settings(variant, main, settings) if differs else _judge_seeds(record, variant, main)
    return replace(found, evidence=evidence, where={"main": main.name})


def _judge_settings(variant: VariantRuns, main: VariantRuns, settings: Mapping[str, list[Any]]) -> Observed:
    stated = variant.record.unequal_budget
    sentence = "; ".join(
        f"{path} {_format(mine)} against {_format(theirs)}" for path, (mine, theirs) in settings.items()
    )
    reason = f" (stated: {stated})" if stated is not None else ""
    summary = f"{variant.name} and {main.name} differ in budget: {sentence or 'as the study says'}{reason}."
    remedy = (
        f"Give every variant the same budget (`variants.{variant.name}` in the study file); where the difference is "
        "meant, read the variant with it in mind."
    )
    return Observed("present", summary, remedy=remedy, severity="error" if stated is None else "warning")


def _judge_seeds(record: StudyRecord, variant: VariantRuns, main: VariantRuns) -> Observed:
    both = (variant, main)
    cells = (*variant.cells, *main.cells)
    pending = sum(cell.state in {"planned", "running"} for cell in cells)
    counts = f"{variant.name} and {main.name} have {len(variant.done)} and {len(main.done)} seeds done"
    unpaired, trained = _find_unpaired(record, variant, main), [_is_trained(one) for one in both]
    if not variant.done or (unpaired and pending):
        what = f"{pending} runs that are still to come" if pending else "done runs"
        return Observed("inconclusive", f"{counts}. Missing: {what}.", remedy=suggest_rerun(cells))
    if unpaired:
        alone = ", ".join(map(str, unpaired))
        return Observed("present", f"{counts}; without a partner: {alone}.", remedy=suggest_rerun(cells))
    if any(trained) and not all(trained) and main.done:
        other = variant.name if trained[1] else main.name
        summary = f"{counts}; the training of {other} was not observed. Missing: its budget, as stated by its author."
        remedy = f"State it (`variants.{variant.name}.unequal_budget`), or train it by epochs with a factory."
        return Observed("inconclusive", summary, remedy=remedy)
    return Observed("absent", f"{counts}, with the same epochs and rows.")


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


def _compare_settings(variant: VariantRuns, main: VariantRuns, paths: tuple[str, ...]) -> dict[str, list[Any]]:
    """{path: both values}, of the settings at or below these paths that differ."""

    def read(one: VariantRuns) -> dict[str, Any]:
        values = {setting.path: setting.value for setting in one.record.settings if setting.value is not None}
        return {path: values[path] for path in values if any(path == p or path.startswith(f"{p}.") for p in paths)}

    mine, theirs = read(variant), read(main)
    pairs = {path: [mine.get(path), theirs.get(path)] for path in sorted(mine.keys() | theirs.keys())}
    return {path: pair for path, pair in pairs.items() if pair[0] != pair[1]}


def _compare_epochs(variant: VariantRuns, main: VariantRuns) -> dict[str, list[Any]]:
    """The numbers of epochs really run, when they differ and nothing but the loop could have made them differ."""
    both = (variant, main)
    stopping = any(one.setting("training.early_stopping.patience") is not None for one in both)
    ran = [sorted({cell.epochs for cell in one.done if cell.outcome == "trained" and cell.epochs}) for one in both]
    return {"epochs run": ran} if all(ran) and ran[0] != ran[1] and not stopping else {}


def _format(value: Any) -> str:
    if isinstance(value, list):
        return " or ".join(str(one) for one in value)
    return "none" if value is None else str(value)
