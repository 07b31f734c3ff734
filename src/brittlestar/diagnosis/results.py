"""What a check says of one variant, and the one function that makes a finding of it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from brittlestar.core.checks import NONE, Check, Needs, Role
from brittlestar.core.commands import Advice, command
from brittlestar.core.findings import Finding, Severity, Status
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.variant_runs import VariantRuns, list_variant_runs, suggest_rerun


@dataclass(frozen=True)
class VariantResult:
    """What a check says of one variant: the sentence, its numbers (JSON values), and what to do.

    `split` is the one that it speaks of, and `where` what else it is about. Where it is present, the remedy is that of
    the page of the code and the severity that of the check, unless they are given.
    """

    status: Status
    summary: str
    evidence: Mapping[str, Any]
    remedy: str | Advice | None = None
    severity: Severity | None = None
    split: str | None = None
    where: Mapping[str, str] = field(default_factory=dict[str, str])


Judge = Callable[[Any, VariantRuns], VariantResult | None]


def variant_check(
    code: str,
    threshold: str,
    severity: Severity = "warning",
    needs: Needs = "record",
    also: Callable[[StudyRecord], Iterator[Finding]] | None = None,
    role: Role = NONE,
) -> Callable[[Judge], Check]:
    """A check from what judges one variant of its subject (None: nothing to say); its docstring is the page of the
    code. What is an error of main is a warning of another variant, as no answer rests on it; `also` is what it says of
    the study as a whole, `role` as in `Check`."""

    def make(judge: Judge) -> Check:
        def check(subject: Any) -> Iterator[Finding]:
            record: StudyRecord = subject.record if needs == "answers" else subject
            for variant in list_variant_runs(record):
                result = judge(subject, variant)
                if result is not None:
                    usual = "warning" if severity == "error" and variant.name != record.main else severity
                    yield make_finding(result, code, threshold, variant.name, usual, read_remedy(judge.__doc__))
            if also is not None:
                yield from also(record)

        check.__doc__, check.__module__ = judge.__doc__, judge.__module__
        return Check(code, check, needs, role=role)

    return make


def make_finding(
    result: VariantResult, code: str, threshold: str, variant: str, severity: Severity, remedy: str = ""
) -> Finding:
    """The finding `code` about a variant; `severity` and `remedy` are those of a present one that brings none."""
    present = result.status == "present"
    split = {} if result.split is None else {"split": result.split}
    return Finding(
        code,
        result.status,
        result.summary,
        threshold,
        (result.severity or severity) if present else None,
        {"variant": variant, **split, **result.where},
        result.evidence,
        (remedy if present else "") if result.remedy is None else result.remedy,
    )


def read_remedy(page: str | None) -> str:
    """The last part of the page of a code: what to do."""
    return " ".join((page or "").partition("**What to do.**")[2].split())


def report_missing(
    variant: VariantRuns, question: str, missing: str, remedy: str | Advice | None = None, split: str | None = None
) -> VariantResult:
    """The result of a check that cannot answer a question about a variant, with what is missing; `remedy` None: to
    finish its runs."""
    runs = f"{len(variant.done)} of {len(variant.cells)} runs are done"
    summary = f"{variant.name}: {question} is open; {runs}. Missing: {missing}."
    remedy = suggest_rerun(variant.cells) if remedy is None else remedy
    return VariantResult("inconclusive", summary, {"missing": missing}, remedy, split=split)


def report_unseen(variant: VariantRuns, columns: str) -> VariantResult:
    """The result of a check on curves that cannot see a variant, with what is missing."""
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
    return VariantResult("inconclusive", summary, evidence, remedy)


def _suggest_curves(variant: VariantRuns) -> str | Advice:
    if variant.is_logged:
        return "Log them in each epoch, under the names of columns that `--history` knows."
    if variant.fits_itself:
        return "Report them in the history that the fit function returns, each in each epoch."
    if any(name.startswith("dev.") for cell in variant.done for name in cell.curves):
        return Advice(("Train for more epochs: ", command("run", settings={"training.epochs": 20})))
    return "Give the study a dev split (the split command makes one), and run it again."
