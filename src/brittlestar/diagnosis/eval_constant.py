"""Finding `eval.constant`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from brittlestar.core.findings import Finding
from brittlestar.core.results import AnsweredStudy, RunAnswers, SplitAnswers
from brittlestar.diagnosis.arms import Arm, arms, evaluation_split, suggest_rerun

CODE = "eval.constant"
SAME = 1e-6  # float noise of another batch; far below what one token changes
FEWEST_ROWS = 20  # derived: at even odds 20 rows have one class by chance once in half a million times
THRESHOLD = (
    "A run names one class in each of 20 rows or more of several sequences and labels: an error for main where its "
    "outputs are the same to six digits, too; else info."
)
REMEDY = (
    "Give the model two rows that differ, and follow them: where do their values become equal? Look at the mask, the "
    "pooling, detached or overwritten tensors, and at what happens in evaluation mode alone."
)


def check(study: AnsweredStudy) -> Iterator[Finding]:
    """One answer for every row.

    **What it means.** Where the outputs themselves are the same, what the model reads does not reach its scores. Where
    outputs differ and one class is named all the same, it has learned nothing that outweighs the class shares.

    **How it is decided.** Every finished run is looked at on test (else dev): does it name one class in each row, and
    is the probability of the row's label the same in all rows of one label? Diverged runs are left out.

    **Thresholds.** One run, at least 20 rows with two sequences and two labels, outputs that differ by at most 1e-6.
    Severity: error for main where outputs are the same; else information, since `eval.metric` says whether main has
    learned anything.

    **What it cannot see.** Outputs that are the same in part of the rows; outputs of predictions without probabilities.

    **What to do.** Follow two rows through the model, in evaluation mode, and see where their values become equal.
    """
    split = evaluation_split(study.record)
    for arm in arms(study.record):
        yield _finding(study, arm, split)


@dataclass(frozen=True)
class _Runs:
    """How many of `of` runs name one class, and how many of them have the same outputs in all rows; the class."""

    of: int
    one_class: int
    one_output: int
    named: int

    @staticmethod
    def of_answers(answers: RunAnswers, labels: np.ndarray, kept: np.ndarray) -> "_Runs":
        """Count among the runs `kept`, bool (n_runs,)."""
        predicted, own = answers.predicted[kept], answers.own[kept]
        one_class = (predicted == predicted[:, :1]).all(axis=1)
        spread = np.zeros(len(predicted))
        for label in np.unique(labels):
            spread = np.maximum(spread, np.ptp(own[:, labels == label], axis=1))
        same = one_class & (spread <= SAME) & (not answers.hard)
        named = predicted[one_class, 0]
        return _Runs(len(predicted), int(one_class.sum()), int(same.sum()), int(named[0]) if len(named) else -1)


def _finding(study: AnsweredStudy, arm: Arm, split: str | None) -> Finding:
    where = {"variant": arm.name} | ({} if split is None else {"split": split})
    found = None if split is None else study.answers[split]
    answers = None if found is None else found.runs.get(arm.name)
    if split is None or found is None or answers is None:
        missing = "a test or dev split" if split is None else "finished runs whose answers are stored row by row"
        summary = f"{arm.name}: whether one answer is given in every row is open. Missing: {missing}."
        return Finding(
            CODE, "inconclusive", summary, THRESHOLD, None, where, {"missing": missing}, suggest_rerun(arm.cells)
        )
    if short := _find_missing(found):
        summary = f"{arm.name}: {len(found.labels)} rows of {split} cannot show it. Missing: {short}."
        return Finding(CODE, "inconclusive", summary, THRESHOLD, None, where, {"missing": short}, "Add rows.")
    cells = study.record.list_finished(arm.name, split)
    kept = np.asarray([cell.outcome != "diverged" for cell in cells])
    if not kept.any():
        summary = f"{arm.name}: all {len(cells)} runs diverged, and are scored at the majority class."
        diverged, remedy = {"diverged": len(cells)}, "Mend train.nonfinite first."
        return Finding(CODE, "inconclusive", summary, THRESHOLD, None, where, diverged, remedy)
    runs, n_rows = _Runs.of_answers(answers, found.labels, kept), len(found.labels)
    evidence: dict[str, Any] = {
        "runs": runs.of,
        "one_class": runs.one_class,
        "one_output": runs.one_output,
        "rows": n_rows,
    }
    if not runs.one_class:
        summary = f"{arm.name}: each of {runs.of} runs names several classes on {n_rows:,} rows of {split}."
        return Finding(CODE, "absent", summary, THRESHOLD, where=where, evidence=evidence)
    named = study.record.classes[runs.named]
    evidence["class"] = named
    if runs.one_output:
        severity = "error" if arm.name == study.record.main else "info"
        summary = (
            f"{arm.name}: in {runs.one_output} of {runs.of} runs the output is the same for each of {n_rows:,} rows of "
            f"{split} ({named!r} is named): what the model reads does not reach its scores."
        )
        return Finding(CODE, "present", summary, THRESHOLD, severity, where, evidence, REMEDY)
    unlike = "" if answers.hard else ", though its outputs differ from row to row"
    summary = f"{arm.name}: {runs.one_class} of {runs.of} runs name {named!r} in each of {n_rows:,} rows{unlike}."
    return Finding(CODE, "present", summary, THRESHOLD, "info", where, evidence)


def _find_missing(found: SplitAnswers) -> str:
    if len(found.labels) < FEWEST_ROWS:
        return f"{FEWEST_ROWS - len(found.labels)} more rows"
    if len(np.unique(found.labels)) < 2:
        return "rows of two labels"
    return "" if len(np.unique(found.hashes)) > 1 else "rows of two sequences"
