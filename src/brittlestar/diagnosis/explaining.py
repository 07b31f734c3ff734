"""One finding for each cause: what follows from another finding about a variant is said under that one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from brittlestar.core.causes import BROKEN, SHAKY, UNTAUGHT
from brittlestar.core.findings import Finding
from brittlestar.diagnosis.fit_checks import BY_HEART, UNDERFITS

BELOW, FEW = "eval.below-trivial", "data.small"
HARMFUL = (
    "train.saturated",
    "train.dead-units",
    "train.gradient-exploding",
    "embedding.frozen",
    "train.rate-low",
    "train.over-regularised",
    "token.collision",
    "token.unknown",
    "data.truncation",
)
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
    """Why a variant fails: the code that says it, whether its way to the scores is broken, and codes that follow from
    it in particular."""

    code: str
    broken: bool
    also: tuple[str, ...] = ()


def explain_scores(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings with causes and what follows from them told apart.

    Where the way to a variant's scores is broken, or something was seen in its training that keeps it from learning and
    it is below a trivial baseline or has learned nothing, that it is below follows: it becomes information, and the
    cause, then an error, names it under `evidence["explains"]`. What probes and slices tell of such a model follows,
    too; two kinds of seeds and a confidence that is off follow from any cause. That a variant has learned nothing
    (`eval.metric`) is left out where a comparison or a cause says more; of a broken way it would be false.
    """
    below = {one.where["variant"] for one in findings if one.code == BELOW and one.severity}
    failed = below | {one.where["variant"] for one in findings if one.code == "eval.metric" and _is_serious(one)}
    causes = _find_causes(findings, failed)
    kept = [one for one in findings if one.code != "eval.metric" or one.where.get("variant") not in {*below, *causes}]
    explained: dict[str, list[Finding]] = {variant: [] for variant in causes}
    told: list[Finding] = []
    for one in kept:
        variant = one.where.get("variant", "")
        cause = causes.get(variant)
        if cause is None or one.code == cause.code or not _follows(one, cause, failed):
            told.append(one)
        else:
            explained[variant].append(one)
            told.append(_explain(one, cause))
    return _explain_divergence([_name_explained(one, causes, explained) for one in told])


def _explain_divergence(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings, with a train loss that climbs away under what was seen in the training of the same variant."""
    serious = {(one.code, one.where["variant"]) for one in findings if one.code in UNTAUGHT and _is_serious(one)}
    pairs: dict[str, str] = {}
    for code, variant in serious:
        first = next((one for one in UNTAUGHT if (one, variant) in serious), code)
        if code == "train.diverging" != first:
            pairs[variant] = first
    told: list[Finding] = []
    for one in findings:
        cause = pairs.get(one.where.get("variant", ""))
        if cause is None or one.code not in (cause, "train.diverging") or not _is_serious(one):
            told.append(one)
        elif one.code == cause:
            explains = sorted({*one.evidence.get("explains", ()), "train.diverging"})
            told.append(replace(one, evidence={**one.evidence, "explains": explains}))
        else:
            told.append(_explain(one, _Cause(cause, broken=False)))
    return tuple(told)


def _find_causes(findings: Sequence[Finding], failed: set[str]) -> dict[str, _Cause]:
    found: dict[str, _Cause] = {}
    for code in reversed(UNTAUGHT):
        here = (one for one in findings if one.code == code and _is_serious(one))
        found |= {one.where["variant"]: _Cause(code, False, _follow_from(one)) for one in here}
    for code in HARMFUL:
        here = {one.where["variant"] for one in findings if one.code == code and one.status == "present"}
        found = {variant: _Cause(code, broken=False) for variant in here & failed} | found
    for code in reversed(BROKEN):
        here = {one.where["variant"] for one in findings if one.code == code and _is_serious(one)}
        found |= {
            variant: _Cause(code, broken=True) for variant in here if not _follows_from_seen(code, found.get(variant))
        }
    for code in SHAKY:
        here = {one.where["variant"] for one in findings if one.code == code and one.severity == "error"}
        shaky = {variant: _Cause(code, broken=True, also=("probe.", "eval.train-mismatch")) for variant in here}
        found |= {variant: one for variant, one in shaky.items() if _gives_way(found.get(variant))}
    for code, key in KINDS.items():
        here = (one for one in findings if one.code == code and one.status == "present" and key in one.evidence)
        found = {one.where["variant"]: _Cause(code, False) for one in here if one.where["variant"] in failed} | found
    return found


def _follows_from_seen(code: str, known: _Cause | None) -> bool:
    """Whether a way to the scores that looks broken follows from what was seen in training: outputs that are the same
    for all rows, and, where few rows were read, train rows that are not answered as these are."""
    return known is not None and (code == "eval.constant" or (code, known.code) == ("eval.train-mismatch", FEW))


def _gives_way(known: _Cause | None) -> bool:
    """Whether what is known of a variant follows from answers that depend on what must not matter."""
    return known is None or known.code == "eval.train-mismatch"


def _follow_from(finding: Finding) -> tuple[str, ...]:
    """What follows from one cause in particular: a loss that does not fit its outputs hardly falls at any rate, and
    with a softmax over the rows of a batch, mates decide; of few rows, all are soon right, and train's others are not.
    """
    if finding.code == FEW:
        return ("eval.train-mismatch", "train.rate-low")
    if finding.code != "train.loss-mismatch":
        return ()
    return (
        "train.rate-low",
        *(("padding.batch",) if finding.evidence.get("form") == "shares of a batch" else ()),
    )


def _is_serious(finding: Finding) -> bool:
    return finding.severity in ("error", "warning")


def _follows(finding: Finding, cause: _Cause, failed: set[str]) -> bool:
    if finding.code in (BELOW, *ALWAYS) or finding.code.startswith(cause.also):
        return finding.status == "present"
    if finding.code in SHAKY and not cause.broken and _moves_little(finding):
        return finding.where["variant"] in failed
    if cause.broken or not _is_serious(finding):
        return cause.broken and finding.code == "eval.slice" and finding.status == "present"
    return finding.where["variant"] in failed and any(finding.code.startswith(family) for family in FOLLOWS)


def _moves_little(finding: Finding) -> bool:
    """Whether what must not matter moves probabilities so little that only a model that is sure of nothing shows it."""
    ways = finding.evidence.get("presentations", {})
    return finding.status == "present" and bool(ways) and max(one["most"] for one in ways.values()) < LITTLE


def _explain(finding: Finding, cause: _Cause) -> Finding:
    tie = "comes first" if finding.code in SHAKY else "says why"
    summary = f"{finding.summary.rstrip('.')}; {cause.code} {tie}."
    evidence = {**finding.evidence, "explained_by": [cause.code]}
    return replace(finding, severity="info", summary=summary, evidence=evidence)


def _name_explained(
    finding: Finding, causes: Mapping[str, _Cause], explained: Mapping[str, Sequence[Finding]]
) -> Finding:
    """The same; the cause of a variant's failure says what it explains, and is as serious as the worst of that."""
    variant = finding.where.get("variant", "")
    cause, follow = causes.get(variant), explained.get(variant, ())
    if cause is None or finding.code != cause.code or finding.status != "present" or not follow:
        return finding
    codes = sorted({one.code for one in follow})
    worst = "error" if any(one.severity == "error" for one in follow) else finding.severity
    return replace(finding, severity=worst, evidence={**finding.evidence, "explains": codes})
