"""What answers row by row say of the way to the scores: one answer for all."""

import numpy as np

from brittlestar.core.checks import Observed, Role
from brittlestar.core.results import AnsweredStudy, SplitAnswers
from brittlestar.diagnosis.results import report_missing, variant_check
from brittlestar.diagnosis.variant_runs import VariantRuns

BATCH_NOISE = 1e-6  # float noise of another batch; far below what one token changes
FEWEST_ALIKE = 20  # derived: at even odds 20 rows have one class by chance once in half a million times
NOT_STORED = "finished runs whose answers are stored row by row"


@variant_check(
    "eval.constant",
    "A run names one class in each of 20 rows or more of several sequences and labels: an error for main where its "
    "outputs are the same to six digits, too; else info.",
    "info",
    "answers",
    role=Role("broken", 30, symptom="low", follows="failure", effect="bound"),
)
def eval_constant(study: AnsweredStudy, variant: VariantRuns) -> Observed:
    """One answer for every row.

    **What it means.** Where the outputs themselves are the same, what the model reads does not reach its scores. Where
    outputs differ and one class is named all the same, it has learned nothing that outweighs the class shares.

    **How it is decided.** Every finished run is looked at on test (else dev): does it name one class in each row, and
    is the probability of the row's label the same in all rows of one label? Diverged runs are left out.

    **Thresholds.** One run, at least 20 rows with two sequences and two labels, outputs that differ by at most 1e-6.
    Severity: error for main where outputs are the same; else information, since `eval.metric` says whether main has
    learned anything.

    **What it cannot see.** Outputs that are the same in part of the rows; outputs of predictions without probabilities.

    **What to do.** Give the model two rows that differ, and follow them: where do their values become equal? Look at
    the mask, the pooling, detached or overwritten tensors, and at what happens in evaluation mode alone.
    """
    split = study.record.held_out
    found = None if split is None else study.answers[split]
    answers = None if found is None else found.runs.get(variant.name)
    if split is None:
        return Observed("not-applicable", f"{variant.name}: there is neither test nor dev")
    if found is None or answers is None:
        return report_missing(variant, "whether one answer is given in every row", NOT_STORED, split=split)
    n_rows, cells = len(found.labels), study.record.list_finished(variant.name, split)
    kept = np.asarray([cell.outcome != "diverged" for cell in cells])
    if missing := _find_missing(found) or ("" if kept.any() else "a run that has not diverged"):
        return report_missing(variant, f"what {n_rows} rows of {split} show", missing, "", split)
    predicted, own = answers.predicted[kept], None if answers.own is None else answers.own[kept]
    one_class = one_output = (predicted == predicted[:, :1]).all(axis=1)
    each = [] if own is None else [np.ptp(own[:, found.labels == label], axis=1) for label in np.unique(found.labels)]
    one_output = one_class & (np.max(each, axis=0, initial=0) <= BATCH_NOISE) & (own is not None)
    constants, outputs, runs = int(one_class.sum()), int(one_output.sum()), len(predicted)
    evidence = {"runs": runs, "one_class": constants, "one_output": outputs, "rows": n_rows}
    if not constants:
        summary = f"{variant.name}: each of {runs} runs names several classes on {n_rows:,} rows of {split}."
        return Observed("absent", summary, evidence, split=split)
    named = study.record.classes[int(predicted[one_class, 0][0])]
    evidence |= {"class": named}
    if outputs:
        summary = (
            f"{variant.name}: in {outputs} of {runs} runs the output is the same for each of {n_rows:,} rows of "
            f"{split} ({named!r} is named): what the model reads does not reach its scores."
        )
        severity = "error" if variant.name == study.record.main else "info"
        return Observed("present", summary, evidence, severity=severity, split=split)
    unlike = "" if own is None else ", though its outputs differ from row to row"
    summary = f"{variant.name}: {constants} of {runs} runs name {named!r} in each of {n_rows:,} rows{unlike}."
    return Observed("present", summary, evidence, remedy="", split=split)


def _find_missing(found: SplitAnswers) -> str:
    if len(found.labels) < FEWEST_ALIKE:
        return f"{FEWEST_ALIKE - len(found.labels)} more rows"
    if len(np.unique(found.labels)) < 2:
        return "rows of two labels"
    return "" if len(np.unique(found.hashes)) > 1 else "rows of two sequences"
