"""What answers row by row say: one answer for all, and confidence that does not fit accuracy."""

import numpy as np

from brittlestar.core.checks import Observed, Role
from brittlestar.core.findings import CONFIDENCE_GAP
from brittlestar.core.metrics import metric_of
from brittlestar.core.results import AnsweredStudy, SplitAnswers
from brittlestar.diagnosis.results import report_missing, variant_check
from brittlestar.diagnosis.variant_runs import VariantRuns
from brittlestar.statistics.crossed import LEVEL, estimate_over_runs
from brittlestar.study.units import unit_of

BATCH_NOISE = 1e-6  # float noise of another batch; far below what one token changes
FEWEST_ALIKE = 20  # derived: at even odds 20 rows have one class by chance once in half a million times
FOLLOW = (
    "Give the model two rows that differ, and follow them: where do their values become equal? Look at the mask, the "
    "pooling, detached or overwritten tensors, and at what happens in evaluation mode alone."
)
BALANCE = (
    "Weigh or resample the classes, or choose the threshold on dev; read balanced accuracy or macro-F1. Where classes "
    "are about even, it has learned nothing that tells them apart."
)
NOT_STORED = "finished runs whose answers are stored row by row"


@variant_check(
    "eval.constant",
    "Every run names one class in each of 20 rows or more of several sequences and labels; an error for main where "
    "outputs are the same to six digits in some run, too. Where only some runs do, info.",
    "warning",
    "answers",
    role=Role("broken", 30, symptom="low", follows="failure", effect="bound"),
)
def eval_constant(study: AnsweredStudy, variant: VariantRuns) -> Observed:
    """One answer for every row.

    **What it means.** Where the outputs themselves are the same, what the model reads does not reach its scores. Where
    outputs differ and one class is named all the same, it has learned nothing that outweighs the class shares.

    **How it is decided.** Every finished run is looked at on test (else dev): does it name one class in each row, and
    is the probability of the row's label the same in all rows of one label? Diverged runs are left out.

    **Thresholds.** At least 20 rows with two sequences and two labels, outputs that differ by at most 1e-6. Severity:
    error for main where outputs of a run are the same; a warning where every run names one class; information where
    some runs do, of which `seed.collapse` speaks.

    **What it cannot see.** Outputs that are the same in part of the rows; outputs of predictions without probabilities.

    **What to do.** Where outputs are the same: give the model two rows that differ, and follow them. Where do their
    values become equal? Look at the mask, the pooling, detached or overwritten tensors, and at what happens in
    evaluation mode alone. Where they differ, and the class that is named is the most frequent one: weigh or resample
    the classes, or choose the threshold on dev, and read balanced accuracy or macro-F1.
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
        return Observed("present", summary, evidence, severity=severity, remedy=FOLLOW, split=split)
    unlike = "" if own is None else ", though its outputs differ from row to row"
    shares = study.record.splits["train"].class_counts
    most = named == max(shares, key=shares.__getitem__, default=named)
    frequent = f", train's most frequent class ({100 * shares[named] / sum(shares.values()):.0f} %)" if most else ""
    every = constants == runs
    which = ("its run names" if runs == 1 else f"all {runs} runs name") if every else f"{constants} of {runs} runs name"
    summary = f"{variant.name}: {which} {named!r}{frequent} in each of {n_rows:,} rows{unlike}."
    remedy = (
        BALANCE if most else "Look at what the answers are made of: a column that is not read, a label for all rows."
    )
    severity = "warning" if every and variant.name == study.record.main else "info"
    return Observed("present", summary, evidence, severity=severity, remedy=remedy, split=split)


def _find_missing(found: SplitAnswers) -> str:
    if len(found.labels) < FEWEST_ALIKE:
        return f"{FEWEST_ALIKE - len(found.labels)} more rows"
    if len(np.unique(found.labels)) < 2:
        return "rows of two labels"
    return "" if len(np.unique(found.hashes)) > 1 else "rows of two sequences"


@variant_check(
    "eval.calibration",
    "Mean confidence of given predictions is more than 5 points above or below accuracy: the whole 95 % interval.",
    "warning",
    "answers",
)
def eval_calibration(study: AnsweredStudy, variant: VariantRuns) -> Observed | None:
    """Confidence of given predictions does not fit accuracy.

    **What it means.** A model that is 95 % sure and right on 80 % misleads whoever acts on its probabilities.

    **How it is decided.** The probability of the predicted class less whether it is right, mean over runs and rows of
    test, else dev (calibration in the large). Models that can be asked again are judged by their probes.

    **Thresholds.** Absent: the 95 % interval within 5 points. Severity: warning; information where a model is less sure
    than it could be, as label smoothing makes it.

    **What it cannot see.** Errors that cancel: too sure here and too unsure there. The metric `ece` counts them by bin.

    **What to do.** Fit a temperature on dev: one number that all logits are divided by.
    """
    split = study.record.held_out
    found = None if split is None else study.answers[split]
    answers = None if found is None else found.runs.get(variant.name)
    if study.record.probes is not None or not variant.is_given or found is None or answers is None:
        return None
    known = np.flatnonzero(found.labels >= 0)
    if answers.confidence is None or len(known) < 2:
        return None
    sure, right = answers.confidence[:, known], answers.predicted[:, known] == found.labels[known]
    gap = estimate_over_runs(sure - right, None if found.rows.units is None else found.rows.units[known])
    ends, unit = metric_of("accuracy").clip_difference(gap.interval(LEVEL)), unit_of("accuracy")
    low, high = ends if gap.value >= 0 else (-ends[1], -ends[0])
    side = "above" if gap.value >= 0 else "below"
    numbers = unit.number(float(sure.mean())), unit.number(float(right.mean()))
    summary = (
        f"{variant.name}: mean confidence is {unit.estimate(abs(gap.value), (low, high))} points {side} accuracy on "
        f"{split} ({numbers[0]} for {numbers[1]}, {len(known):,} rows)."
    )
    evidence = {"gap": gap.value, "interval": list(ends), "rows": len(known), "threshold": CONFIDENCE_GAP}
    if low >= CONFIDENCE_GAP:
        return Observed("present", summary, evidence, severity=None if side == "above" else "info", split=split)
    if high < CONFIDENCE_GAP and low > -CONFIDENCE_GAP:
        return Observed("absent", summary, evidence, split=split)
    open_ = f"{summary} Whether that is more than 5 points is open. Missing: rows."
    return Observed("inconclusive", open_, evidence, remedy="Answer more rows.", split=split)
