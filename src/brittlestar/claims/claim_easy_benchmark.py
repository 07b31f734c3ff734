"""Finding `claim.easy-benchmark`."""

from collections.abc import Iterator
from statistics import fmean

from brittlestar.claims.standing import JudgedStudy
from brittlestar.core.commands import Advice, command
from brittlestar.core.findings import Finding
from brittlestar.core.ladder import Ladder
from brittlestar.core.results import StudyRecord
from brittlestar.study.claims import DEFAULT_MARGIN, UNSEEN, Claim, format_claim
from brittlestar.study.default_claims import against_trivial
from brittlestar.study.names import BEST_TRIVIAL
from brittlestar.study.units import unit_of

CODE = "claim.easy-benchmark"
THRESHOLD = (
    "The 95 % interval over rows of the best trivial baseline (chosen on dev) lies at or beyond the level that a claim "
    "of one variant over another asks for: the mean of the lesser variant and the threshold."
)


def check(judged: JudgedStudy) -> Iterator[Finding]:
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
    ladder = None if judged.record.audit is None else judged.record.audit.ladder
    for one in judged.judgements:
        claim = one.claim
        plain = {claim.arm, claim.other} <= set(judged.record.variants) and BEST_TRIVIAL not in (claim.arm, claim.other)
        if plain and claim.relation == ">" and claim.threshold >= 0 and not claim.split.endswith(UNSEEN):
            yield _finding(judged.record, ladder, claim)


def _finding(record: StudyRecord, ladder: Ladder | None, claim: Claim) -> Finding:
    where = {"claim": format_claim(claim), "split": claim.split}
    lesser = claim.other if claim.higher_is_better else claim.arm
    done = (cell for cell in record.cells if cell.variant == lesser and cell.state == "done")
    scores = [cell.scores.get(claim.split, {}).get("best", {}).get(claim.metric) for cell in done]
    means = [value for value in scores if value is not None]
    best = None if ladder is None else ladder.best(claim.split, claim.metric)
    score = None if best is None else best.score(claim.split, claim.metric)
    if best is None or score is None or score.value is None or score.interval is None or not means:
        what = "trivial baselines" if score is None or score.value is None else f"a finished seed of {lesser}"
        summary = f"{where['claim']}: what a trivial predictor reaches there is not known. Missing: {what}."
        remedy = Advice(("Finish the study: ", command("run")))
        return Finding(CODE, "inconclusive", summary, THRESHOLD, None, where, {}, remedy)
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
    told = (
        f"{where['claim']} asks for {unit.amount(level)}; {best.name} alone scores {unit.amount(score.value)} "
        f"on {score.rows:,} rows"
    )
    if low >= sign * level:
        better = claim.arm if claim.higher_is_better else claim.other
        instead = against_trivial(better, max(claim.threshold, DEFAULT_MARGIN), claim.metric, claim.split)
        judge = command("judge", claim=instead)
        remedy = Advice(("Claim a gain over that baseline, ", judge, ", or test where it fails."))
        return Finding(CODE, "present", f"{told}.", THRESHOLD, "warning", where, evidence, remedy)
    if high < sign * level:
        return Finding(CODE, "absent", f"{told}.", THRESHOLD, where=where, evidence=evidence)
    summary = f"{told}: too close to tell. Missing: rows in {claim.split}."
    return Finding(CODE, "inconclusive", summary, THRESHOLD, None, where, evidence, "Score both on more rows.")
