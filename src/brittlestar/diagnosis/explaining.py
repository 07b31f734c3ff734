"""One finding for each cause: what follows from another finding about a variant is said under that one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from brittlestar.core.causes import BROKEN, SHAKY, UNTAUGHT
from brittlestar.core.findings import Finding
from brittlestar.diagnosis.fit_checks import BY_HEART, UNDERFITS

BELOW, FEW, MISMATCH, DIVERGING = "eval.below-trivial", "data.small", "eval.train-mismatch", "train.diverging"
HARMFUL = (
    "train.saturated", "train.dead-units", "train.gradient-exploding", "embedding.frozen", "train.rate-low",
    "train.over-regularised", "token.collision", "token.unknown", "data.truncation",
)  # fmt: skip
"""Of these, what is information in a model that learns is a cause in one that fails."""
KINDS = {"train.plateau": UNDERFITS, "train.overfit": BY_HEART}
"""What says how a model fails where nothing else says why, by the key of its evidence: train is not fitted, or known
by heart."""
FOLLOWS = ("probe", "eval.slice", "eval.calibration", "eval.constant", *UNTAUGHT)
"""Families and codes that say no more than that a model learned too little, where that is so."""
LITTLE = 0.05  # convention: a twentieth of certainty
ALWAYS = ("seed.collapse", "eval.calibration", "train.nonfinite")
"""What follows from a cause even where the model learned."""


@dataclass(frozen=True)
class _Cause:
    """What says why a variant fails: the way to its scores is `broken`, or something was seen; `also` are codes and
    families that follow from it in particular."""

    code: str
    broken: bool = False
    also: tuple[str, ...] = ()


def explain_scores(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings with causes and what follows from them told apart.

    Where the way to a variant's scores is broken, or something was seen in its training that keeps it from learning and
    it is below a trivial baseline or has learned nothing, that it is below follows: it becomes information, and the
    cause, then an error, names it under `evidence["explains"]`. What probes and slices tell of such a model follows,
    too; two kinds of seeds and a confidence that is off follow from any cause. That a variant has learned nothing
    (`eval.metric`) is left out where a comparison or a cause says more; of a broken way it would be false.
    """
    of_variant: dict[str, list[Finding]] = {}
    for one in findings:
        of_variant.setdefault(one.where.get("variant", ""), []).append(one)
    told = {name: iter(_explain_variant(mine) if name else mine) for name, mine in of_variant.items()}
    every = (next(told[one.where.get("variant", "")]) for one in findings)
    return tuple(one for one in every if one is not None)


def _explain_variant(findings: Sequence[Finding]) -> list[Finding | None]:
    """The findings about one variant, None for one that is left out."""
    below = any(one.code == BELOW and one.severity for one in findings)
    failed = below or any(one.code == "eval.metric" and _is_serious(one) for one in findings)
    cause = _find_cause(findings, failed)
    if cause is None:
        kept = [None if one.code == "eval.metric" and below else one for one in findings]
        return _explain_divergence(kept)
    follow = [one.code != cause.code and _follows(one, cause, failed) for one in findings]
    explained = [one for one, follows in zip(findings, follow, strict=True) if follows]
    told: list[Finding | None] = []
    for one, follows in zip(findings, follow, strict=True):
        if one.code == "eval.metric":
            told.append(None)
        elif follows:
            told.append(_subordinate(one, cause.code))
        elif one.code == cause.code and one.status == "present" and explained:
            worst = "error" if any(other.severity == "error" for other in explained) else one.severity
            told.append(replace(_add_explained(one, {other.code for other in explained}), severity=worst))
        else:
            told.append(one)
    return _explain_divergence(told)


def _explain_divergence(findings: Sequence[Finding | None]) -> list[Finding | None]:
    """The same, with a train loss that climbs away under what was seen in training."""
    serious = {one.code for one in findings if one is not None and _is_serious(one)}
    cause = next((code for code in UNTAUGHT if code in serious), DIVERGING)
    if cause == DIVERGING or DIVERGING not in serious:
        return [*findings]

    def tell(one: Finding | None) -> Finding | None:
        if one is None or one.code not in (cause, DIVERGING) or not _is_serious(one):
            return one
        return _add_explained(one, {DIVERGING}) if one.code == cause else _subordinate(one, cause)

    return [tell(one) for one in findings]


def _add_explained(finding: Finding, codes: set[str]) -> Finding:
    explains = sorted({*finding.evidence.get("explains", ()), *codes})
    return replace(finding, evidence={**finding.evidence, "explains": explains})


def _subordinate(finding: Finding, cause: str) -> Finding:
    """A finding that follows from another one: information, which names it."""
    tie = "comes first" if finding.code in SHAKY else "says why"
    summary = f"{finding.summary.rstrip('.')}; {cause} {tie}."
    return replace(finding, severity="info", summary=summary, evidence={**finding.evidence, "explained_by": [cause]})


def _find_cause(findings: Sequence[Finding], failed: bool) -> _Cause | None:
    """Why a variant fails, the surest of what is known; None where nothing says so."""
    present = {one.code: one for one in findings if one.status == "present"}
    serious = {one.code: one for one in findings if _is_serious(one)}
    seen = next((code for code in UNTAUGHT if code in serious), None)
    harmful = next((code for code in HARMFUL if code in present), None) if failed else None
    found = None if harmful is None else _Cause(harmful)
    if seen is not None:
        found = _Cause(seen, also=_list_consequences(serious[seen]))
    for code in reversed(BROKEN):
        if code in serious and not _follows_from_seen(code, found):
            found = _Cause(code, broken=True)
    for code in SHAKY:
        errors = any(one.code == code and one.severity == "error" for one in findings)
        if errors and (found is None or found.code == MISMATCH):
            found = _Cause(code, broken=True, also=("probe.", MISMATCH))
    kinds = (code for code, key in KINDS.items() if code in present and key in present[code].evidence)
    kind = next(kinds, None) if failed else None
    return _Cause(kind) if found is None and kind is not None else found


def _follows_from_seen(code: str, known: _Cause | None) -> bool:
    """Whether a way to the scores that looks broken follows from what was seen in training: outputs that are the same
    for all rows, and, where few rows were read, train rows that are not answered as these are."""
    return known is not None and (code == "eval.constant" or (code, known.code) == (MISMATCH, FEW))


def _list_consequences(finding: Finding) -> tuple[str, ...]:
    """What follows from one cause in particular: a loss that does not fit its outputs hardly falls at any rate, and
    with a softmax over the rows of a batch, mates decide; of few rows, all are soon right, and train's others are not.
    """
    if finding.code == FEW:
        return (MISMATCH, "train.rate-low")
    if finding.code != "train.loss-mismatch":
        return ()
    return ("train.rate-low", *(("padding.batch",) if finding.evidence.get("form") == "shares of a batch" else ()))


def _is_serious(finding: Finding) -> bool:
    return finding.severity in ("error", "warning")


def _follows(finding: Finding, cause: _Cause, failed: bool) -> bool:
    present = finding.status == "present"
    if finding.code in (BELOW, *ALWAYS) or finding.code.startswith(cause.also):
        return present
    if finding.code in SHAKY and not cause.broken and _moves_little(finding):
        return failed
    if cause.broken or not _is_serious(finding):
        return cause.broken and finding.code == "eval.slice" and present
    return failed and finding.code.startswith(FOLLOWS)


def _moves_little(finding: Finding) -> bool:
    """Whether what must not matter moves probabilities so little that only a model that is sure of nothing shows it."""
    ways = finding.evidence.get("presentations", {})
    return finding.status == "present" and bool(ways) and max(one["most"] for one in ways.values()) < LITTLE
