"""Finding `claim.selected`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from brittlestar.claims.standing import JudgedStudy, Standing
from brittlestar.core.findings import Finding

CODE = "claim.selected"
THRESHOLD = (
    "A claim stands in the study that was written after the first result, or one that was registered is withdrawn; or "
    "a stated score is that of the best of two or more seeds, or above all of them."
)


def check(judged: JudgedStudy) -> Iterator[Finding]:
    """Seed, split, metric or claim were chosen after the results.

    **What it means.** The best of several is better than the mean by luck alone: of five runs whose standard deviation
    is a point, the best lies 1.2 points above the mean on average. A claim that was picked because it came out well is
    no test of anything.

    **How it is decided.** From the study's record of claims, which is hashed before the first cell: those that were
    added later, and those that were registered and are gone. `brittlestar check --stated SCORE` places a reported
    score among the seeds that predictions were given for.

    **Thresholds.** One such claim, or a stated score that is the best of two or more seeds or above all of them. These
    are observations, not estimates.

    **What it cannot see.** Runs, splits and metrics that were tried elsewhere and left no record.

    **What to do.** Report the mean over seeds with its interval; register the claim in a study of its own, and run it
    on seeds and rows that nobody has looked at. Severity: warning for a stated score and for a claim that was
    withdrawn, else info.
    """
    if judged.record.claims:
        yield _of_claims(judged.record.claims)
    if judged.stated is not None:
        yield _of_stated(judged.stated)


def _of_claims(claims: Sequence[Mapping[str, Any]]) -> Finding:
    later = [str(one["claim"]) for one in claims if not one["registered"] and not one.get("withdrawn")]
    gone = [str(one["claim"]) for one in claims if one["registered"] and one.get("withdrawn")]
    evidence = {"later": later, "withdrawn": gone}
    where = {"claims": "all"}
    if not later and not gone:
        summary = f"All {len(claims)} claims stand as they were before the first run."
        return Finding(CODE, "absent", summary, THRESHOLD, where=where, evidence=evidence)
    parts = [f"written after the first result: {'; '.join(later)}"] if later else []
    parts += [f"registered and withdrawn: {'; '.join(gone)}"] if gone else []
    summary = f"Claims were chosen with results at hand ({', and '.join(parts)})."
    remedy = "Register them in a new study with seeds that nobody has seen, and report those that were withdrawn."
    return Finding(CODE, "present", summary, THRESHOLD, "warning" if gone else "info", where, evidence, remedy)


def _of_stated(stands: Standing) -> Finding:
    evidence = stands.as_json()
    where = {"score": f"{stands.stated:g}"}
    summary = f"{stands.sentence[:1].upper()}{stands.sentence[1:]}."
    if stands.seeds > 1 and (stands.the_best or stands.below == stands.seeds):
        remedy = "Report the mean over seeds with its interval beside it."
        return Finding(CODE, "present", summary, THRESHOLD, "warning", where, evidence, remedy)
    status = "absent" if stands.seeds > 1 else "inconclusive"
    remedy = "" if stands.seeds > 1 else "Give the predictions of more seeds: --preds FILE, one a seed."
    return Finding(CODE, status, summary, THRESHOLD, None, where, evidence, remedy)
