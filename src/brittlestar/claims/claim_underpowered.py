"""Finding `claim.underpowered`."""

from collections import Counter
from collections.abc import Iterator

from brittlestar.claims.judgement import Judgement
from brittlestar.claims.sources import list_crossed_streams
from brittlestar.claims.standing import JudgedStudy
from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.arms import advise_seeds
from brittlestar.study.claims import format_claim
from brittlestar.study.sides import arms_of
from brittlestar.study.units import about, unit_of

CODE = "claim.underpowered"
THRESHOLD = (
    "A registered claim is inconclusive, and the distance from its threshold that this many seeds and rows find with "
    "80 % power is larger than its margin."
)


def check(judged: JudgedStudy) -> Iterator[Finding]:
    """A claim stays open because the study could not have seen the difference it is about.

    **What it means.** An inconclusive verdict of such a study is no evidence of absence: the same would have come out
    had the claim been true by its margin.

    **How it is decided.** Per registered claim, the true distance from the threshold that so many seeds and rows find
    with 80 % power (one-sided at the level of the look; from the standard error and degrees of freedom of its
    interval) is held against the margin of the claim, which is its threshold, or a point where that is 0 or below.

    **Thresholds.** Present: the verdict is inconclusive and that distance is larger than the margin. Absent: there is a
    verdict, or the distance is within the margin. Inconclusive: fewer than two seeds, from which no spread is known.

    **What it cannot see.** A standard deviation from five seeds is uncertain itself: the true one is up to 1.56 times
    as large in one study of five. Collapsed runs make a spread that no t interval describes.

    **What to do.** More seeds or more rows, as many as the finding names, or a claim with a larger margin in the next
    study. Severity: info.
    """
    for one in judged.judgements:
        if one.registered and not list_crossed_streams(judged.record):
            yield _finding(judged.record, one)


def _finding(record: StudyRecord, one: Judgement) -> Finding:
    claim, where = format_claim(one.claim), {"claim": format_claim(one.claim), "split": one.claim.split}
    seen, margin = one.smallest_detectable, one.claim.margin
    needed = one.seeds_needed or (None, None)
    evidence = {
        "smallest_detectable": seen,
        "margin": margin,
        "seeds": one.seeds,
        "rows": one.rows,
        "seeds_needed": {"low": needed[0], "high": needed[1]},
        "rows_needed": one.rows_needed,
    }
    if one.verdict != "inconclusive":
        return Finding(CODE, "absent", f"{claim} is {one.verdict}.", THRESHOLD, where=where, evidence=evidence)
    if seen is None:
        summary = f"{claim}: {one.seeds} seeds show no spread. Missing: two seeds of each variant at least."
        arms = arms_of(one.claim.arm, one.claim.other)
        planned = Counter(cell.variant for cell in record.cells if cell.variant in arms)
        remedy = advise_seeds(min(planned.values(), default=0))
        return Finding(CODE, "inconclusive", summary, THRESHOLD, None, where, evidence, remedy)
    unit = unit_of(one.claim.metric)
    told = f"{one.seeds} seeds find {unit.amount(seen)} beyond the threshold four times in five"
    if seen <= margin:
        summary = f"{claim}: {told}, within its margin of {unit.amount(margin)}."
        return Finding(CODE, "absent", summary, THRESHOLD, where=where, evidence=evidence)
    summary = f"{claim} is open, and {told}: less would be missed, and its margin is {unit.amount(margin)}."
    return Finding(CODE, "present", summary, THRESHOLD, "info", where, evidence, _remedy(one))


def _remedy(one: Judgement) -> str:
    low, high = one.seeds_needed or (None, None)
    if low is None:
        if one.rows_needed is None:
            return "No number of seeds settles it on these rows; more of both would, or a claim with a larger margin."
        return f"No number of seeds settles it on these rows; give the split more: {about(one.rows_needed)} would do."
    many = f"{about(low)} or more" if high is None else about(low, high)
    return f"Run {many} seeds of its variants, if the estimate is right."
