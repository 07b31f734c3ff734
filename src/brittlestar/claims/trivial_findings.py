"""Findings about what trivial baselines reach, held against claims and variants."""

from collections.abc import Iterator
from statistics import fmean

from brittlestar.claims.claim_findings import JudgedStudy, claim_check
from brittlestar.claims.judgement import Judgement
from brittlestar.claims.sentences import basis, size
from brittlestar.core.checks import Observed, Role
from brittlestar.core.commands import Advice, command
from brittlestar.core.results import StudyRecord
from brittlestar.core.trivial_baselines import TrivialBaselines
from brittlestar.diagnosis.ceilings import trivial_score
from brittlestar.study.claims import DEFAULT_MARGIN, UNSEEN, Claim, format_claim
from brittlestar.study.default_claims import against_trivial
from brittlestar.study.names import BEST_TRIVIAL
from brittlestar.study.units import unit_of

NOISE = 2.0  # standard errors, at 95 %
LOOK = (
    "It is no better than naming one class: look for a fault before training longer. Does the score on train agree "
    "with the training loss, and do predictions and labels belong to the same rows?"
)
USE = "Report that baseline beside the score, or use it: on these rows it is the better model."


@claim_check(
    "claim.easy-benchmark",
    "The 95 % interval over rows of the best trivial baseline (chosen on dev) lies at or beyond the level that a claim "
    "of one variant over another asks for: the mean of the lesser variant and the threshold.",
)
def easy_benchmark(judged: JudgedStudy) -> Iterator[Observed]:
    """A trivial predictor reaches the level that a claim asks for, so that the data cannot show it.

    **What it means.** One variant may beat another and both stand below what counting tokens gives. On such data the
    difference says nothing about what the better variant has learned.

    **How it is decided.** For each claim that one variant exceeds another by a threshold of 0 or more: the level it
    asks for is the mean score of the lesser variant over its finished seeds, and the threshold. Of the
    trivial baselines that dev cannot tell from the best, the highest on the claim's split counts, with an interval for
    new rows.

    **Thresholds.** Present: the trivial baseline's whole interval is at that level or beyond it. Absent: the whole
    interval is short of it. Between the two inconclusive: more rows would be needed.

    **What it cannot see.** Claims against trivial baselines ask this already and are left out, as are those about
    several splits, several variants, equality, and rows that train lacks. A predictor that no trivial baseline is like.

    **What to do.** Claim something over the trivial baselines (`VARIANT > best-trivial by T on METRIC`), or test on
    data where the shortcut does not work. Severity: warning.
    """
    baselines = None if judged.record.audit is None else judged.record.audit.trivial_baselines
    for judgement in judged.judgements:
        claim = judgement.claim
        plain = {claim.arm, claim.other} <= set(judged.record.variants) and BEST_TRIVIAL not in (claim.arm, claim.other)
        if plain and claim.relation == ">" and claim.threshold >= 0 and not claim.split.endswith(UNSEEN):
            yield _tell_benchmark(judged.record, baselines, claim)


def _tell_benchmark(record: StudyRecord, baselines: TrivialBaselines | None, claim: Claim) -> Observed:
    where = {"claim": format_claim(claim), "split": claim.split}
    better, lesser = (claim.arm, claim.other) if claim.higher_is_better else (claim.other, claim.arm)
    done = record.list_finished(lesser, claim.split)
    scores = [cell.score(claim.split, claim.metric) for cell in done]
    means = [value for value in scores if value is not None]
    best = None if baselines is None else baselines.best(claim.split, claim.metric)
    score = None if best is None else best.score(claim.split, claim.metric)
    if best is None or score is None or score.value is None or score.interval is None or not means:
        what = "trivial baselines" if score is None or score.value is None else f"a finished seed of {lesser}"
        summary = f"{where['claim']}: what a trivial predictor reaches there is not known. Missing: {what}."
        return Observed("inconclusive", summary, where=where, remedy=Advice(("Finish the study: ", command("run"))))
    sign = 1 if claim.higher_is_better else -1
    level = fmean(means) + sign * claim.threshold
    low, high = sorted(sign * bound for bound in score.interval)
    evidence = {
        "level": level,
        "rung": best.name,
        "score": score.value,
        "interval": list(score.interval),
        "rows": score.rows,
        "seeds": len(means),
    }
    unit = unit_of(claim.metric)
    sentence = (
        f"{where['claim']} asks for {unit.amount(level)}; {best.name} alone scores {unit.amount(score.value)} "
        f"on {score.rows:,} rows"
    )
    if low >= sign * level:
        instead = against_trivial(better, max(claim.threshold, DEFAULT_MARGIN), claim.metric, claim.split)
        judge = command("judge", claim=instead)
        remedy = Advice(("Claim a gain over that baseline, ", judge, ", or test where it fails."))
        return Observed("present", f"{sentence}.", evidence, where=where, severity="warning", remedy=remedy)
    if high < sign * level:
        return Observed("absent", f"{sentence}.", evidence, where=where)
    summary = f"{sentence}: too close to tell. Missing: rows in {claim.split}."
    return Observed("inconclusive", summary, evidence, where=where, remedy="Score both on more rows.")


@claim_check(
    "eval.below-trivial",
    "The whole 95 % interval of the variant's score minus that of a trivial baseline, one that dev cannot tell from "
    "the best, is below 0, for these runs on new rows or groups of rows.",
    role=Role(symptom="low", follows="always", effect="bound"),
)
def below_trivial(judged: JudgedStudy) -> Iterator[Observed]:
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

    **What to do.** It is a fact first, and no fault: report the baseline beside the score, or use it. Where the variant
    is no better than naming one class, look for a fault: compare the score on train with the training loss, and check
    that predictions and labels belong to the same rows. Severity: error for main; info for another variant, which may
    be meant to be worse.
    """
    for variant, found in judged.comparisons.items():
        yield _tell_comparison(judged.record, variant, found)


def _learned_nothing(record: StudyRecord, variant: str, split: str) -> bool:
    """Whether a variant is right no more often than one class is named right, by two standard errors."""
    scores = [one.score(split, "accuracy") for one in record.list_finished(variant, split)]
    known, one_class = [score for score in scores if score is not None], trivial_score(record.splits[split], "accuracy")
    return bool(known) and one_class is not None and one_class.count_errors(fmean(known)) <= NOISE


def _tell_comparison(record: StudyRecord, variant: str, found: Judgement) -> Observed:
    main = record.main
    claim, unit = found.claim, unit_of(found.claim.metric)
    where, name = {"variant": variant, "split": claim.split}, found.baseline or "unknown"
    evidence = {
        "best_trivial": name,
        "difference": found.estimate,
        "interval": None if found.interval is None else list(found.interval),
        "rows": found.rows,
        "seeds": found.seeds,
    }
    trivial = f"the best trivial baseline ({name})"
    if found.estimate is None or found.interval is None:
        summary = f"{variant}: no interval against {trivial}. Missing: rows with outcomes."
        remedy = "Give predictions row by row, on a split with more rows."
        return Observed("inconclusive", summary, evidence, where=where, remedy=remedy)
    (low, high), difference = found.interval, f"{size(found)} of {unit.short} ({basis(found)})"
    below, exceeds = ("is worse than", "is better than") if unit.lower_is_better else ("is below", "exceeds")
    if high < 0:
        summary = f"{variant} {below} {trivial} on {claim.split}: {difference}."
        remedy = LOOK if _learned_nothing(record, variant, claim.split) else USE
        return Observed(
            "present", summary, evidence, where=where, severity="error" if variant == main else "info", remedy=remedy
        )
    if low > 0:
        return Observed(
            "absent", f"{variant} {exceeds} {trivial} on {claim.split}: {difference}.", evidence, where=where
        )
    summary = f"{variant} and {trivial} are too close to tell: {difference}. Missing: rows."
    return Observed("inconclusive", summary, evidence, where=where, remedy="Score both on more rows.")
