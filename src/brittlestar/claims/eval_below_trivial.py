"""Finding `eval.below-trivial`."""

from collections.abc import Iterator

from brittlestar.claims.judgement import Judgement
from brittlestar.claims.sentences import basis, size
from brittlestar.claims.standing import JudgedStudy
from brittlestar.core.findings import Finding
from brittlestar.study.units import unit_of

CODE = "eval.below-trivial"
THRESHOLD = (
    "The whole 95 % interval of the variant's score minus that of a trivial baseline, one that dev cannot tell from "
    "the best, is below 0, for these runs on new rows or groups of rows."
)
REMEDY = (
    "Look for a fault before training longer: does the score on train agree with the training loss, and do predictions "
    "and labels belong to the same rows?"
)


def check(judged: JudgedStudy) -> Iterator[Finding]:
    """A variant scores below what a trivial baseline reaches on the same rows.

    **What it means.** Counting tokens, looking at one position or naming the majority class does better than the model.
    Such a model has learned nothing that is worth its training, or it was scored wrongly.

    **How it is decided.** Each trivial baseline that dev cannot tell from the best is paired with the runs of each
    variant row by row, on test (dev where there is none); the one that is hardest to beat is named. The runs are taken
    as they are and rows as drawn; rows of one group, and copies of a row, are one unit. Log loss and calibration error
    are turned, so that above is better.

    **Thresholds.** Present: the whole 95 % interval of the difference is below 0. Absent: the whole interval is above.
    Inconclusive: it contains 0, or there are too few rows for an interval.

    **What it cannot see.** A model that is worse than a predictor which is no trivial baseline of the audit. Rows on
    which only that baseline is wrong.

    **What to do.** Compare the score on train with the training loss, and check that predictions and labels belong to
    the same rows. Severity: error for main; info for another variant, which may be meant to be worse.
    """
    for variant, found in judged.comparisons.items():
        yield _finding(judged.record.main, variant, found)


def _finding(main: str, variant: str, found: Judgement) -> Finding:
    claim = found.claim
    where = {"variant": variant, "split": claim.split}
    name = found.baseline or "unknown"
    value, bounds = found.estimate, found.interval
    evidence = {
        "best_trivial": name,
        "difference": value,
        "interval": None if bounds is None else list(bounds),
        "rows": found.rows,
        "seeds": found.seeds,
    }
    if value is None or bounds is None:
        summary = f"{variant}: no interval against the best trivial baseline ({name}). Missing: rows with outcomes."
        remedy = "Give predictions row by row, on a split with more rows."
        return Finding(CODE, "inconclusive", summary, THRESHOLD, None, where, evidence, remedy)
    low, high = bounds
    unit = unit_of(claim.metric)
    difference = f"{size(found)} of {unit.short} ({basis(found)})"
    below, exceeds = ("is worse than", "is better than") if unit.lower_is_better else ("is below", "exceeds")
    if high < 0:
        severity = "error" if variant == main else "info"
        summary = f"{variant} {below} the best trivial baseline ({name}) on {claim.split}: {difference}."
        return Finding(CODE, "present", summary, THRESHOLD, severity, where, evidence, REMEDY)
    if low > 0:
        summary = f"{variant} {exceeds} the best trivial baseline ({name}) on {claim.split}: {difference}."
        return Finding(CODE, "absent", summary, THRESHOLD, where=where, evidence=evidence)
    summary = f"{variant} and the best trivial baseline ({name}) are too close to tell: {difference}. Missing: rows."
    return Finding(CODE, "inconclusive", summary, THRESHOLD, None, where, evidence, "Score both on more rows.")
