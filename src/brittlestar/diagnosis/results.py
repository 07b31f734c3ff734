"""A check that judges one variant after the other, and what it says where it cannot."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from brittlestar.core.checks import NONE, Check, CheckRule, Needs, Observed, Role, declare_check, read_remedy
from brittlestar.core.commands import Advice, command
from brittlestar.core.findings import Severity
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.variant_runs import VariantRuns, list_variant_runs, suggest_rerun

Judge = Callable[[Any, VariantRuns], Observed | None]


def variant_check(
    code: str,
    threshold: str,
    severity: Severity = "warning",
    needs: Needs = "record",
    also: Callable[[StudyRecord], Iterator[Observed]] | None = None,
    role: Role = NONE,
) -> Callable[[Judge], Check]:
    """A check from what judges one variant of its subject (None: nothing to say); its docstring is the page of the
    code. What is an error of main is a warning of another variant, as no answer rests on it; `also` is what it sees of
    the study as a whole, `role` as in `Check`."""

    def make(judge: Judge) -> Check:
        def observe(subject: Any) -> Iterator[Observed]:
            record: StudyRecord = subject.record if needs == "answers" else subject
            for variant in list_variant_runs(record):
                seen = judge(subject, variant)
                if seen is not None:
                    usual = "warning" if severity == "error" and variant.name != record.main else severity
                    yield name_variant(replace(seen, severity=seen.severity or usual), variant.name)
            if also is not None:
                yield from also(record)

        rule = CheckRule(code=code, threshold=threshold, severity=severity, remedy=read_remedy(judge.__doc__))
        return declare_check(rule, observe, judge, needs=needs, role=role)

    return make


def name_variant(seen: Observed, variant: str) -> Observed:
    """What was seen of a variant, with its name."""
    split = {} if seen.split is None else {"split": seen.split}
    return replace(seen, split=None, where={"variant": variant, **split, **seen.where})


def report_missing(
    variant: VariantRuns, question: str, missing: str, remedy: str | Advice | None = None, split: str | None = None
) -> Observed:
    """The result of a check that cannot answer a question about a variant, with what is missing; `remedy` None: to
    finish its runs."""
    runs = f"{len(variant.done)} of {len(variant.cells)} runs are done"
    summary = f"{variant.name}: {question} is open; {runs}. Missing: {missing}."
    remedy = suggest_rerun(variant.cells) if remedy is None else remedy
    return Observed("inconclusive", summary, {"missing": missing}, remedy=remedy, split=split)


def report_given(what: str) -> Observed:
    """What is seen of training where predictions were given: `what` they have none of."""
    return Observed("not-applicable", f"Predictions were given, without {what}.")


def report_unseen(variant: VariantRuns, columns: str) -> Observed:
    """The result of a check on curves that cannot see a variant, with what is missing."""
    if variant.is_given:
        return report_given("curves of training")
    outcomes = sorted({cell.outcome for cell in variant.done if cell.outcome})
    if not variant.done:
        missing = "a finished cell"
        summary = f"{variant.name}: 0 of {len(variant.cells)} runs are done, so there is nothing to read yet."
        remedy = suggest_rerun(variant.cells)
    elif "trained" in outcomes or any(cell.curves for cell in variant.done):
        missing = f"finite curves of {columns}"
        summary = f"{variant.name}: none of {len(variant.done)} done runs has finite curves of {columns}."
        remedy = _suggest_curves(variant)
    else:
        missing = "per-epoch curves"
        known = ", ".join(outcomes) or "unknown"
        summary = f"{variant.name}: no per-epoch curves in {len(variant.done)} done runs (outcome {known})."
        remedy = "Only models that are trained by epochs show this: a factory, or a fit function with a history."
    evidence = {"done": len(variant.done), "cells": len(variant.cells), "outcomes": outcomes, "missing": missing}
    return Observed("inconclusive", summary, evidence, remedy=remedy)


def _suggest_curves(variant: VariantRuns) -> str | Advice:
    if variant.is_logged:
        return "Log them in each epoch, under the names of columns that `--history` knows."
    if variant.fits_itself:
        return "Report them in the history that the fit function returns, each in each epoch."
    if any(name.startswith("dev.") for cell in variant.done for name in cell.curves):
        return Advice(("Train for more epochs: ", command("run", settings={"training.epochs": 20})))
    return "Give the study a dev split (the split command makes one), and run it again."
