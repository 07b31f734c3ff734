"""One finding for each cause: what follows from another finding about a variant is said under that one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from brittlestar.core.causes import BROKEN, SHAKY, UNTAUGHT
from brittlestar.core.findings import Finding
from brittlestar.diagnosis.fit_checks import UNDERFITS

BELOW, SMALL_DATA, MISMATCH, DIVERGING = "eval.below-trivial", "data.small", "eval.train-mismatch", "train.diverging"
HARMFUL = (
    "train.saturated", "train.dead-units", "train.gradient-exploding", "embedding.frozen", "train.rate-low",
    "train.over-regularised", "token.collision", "token.unknown", "data.truncation",
)  # fmt: skip
"""Of these, what is information in a model that learns is a cause in one that fails."""
MISREAD = ("eval.label-order", MISMATCH)
"""Where these are present, scores on train do not say what was learned."""
FOLLOWS = ("probe", "eval.slice", "eval.calibration", "eval.constant", *UNTAUGHT)
"""Families and codes that say no more than that a model learned too little, where that is so."""
ALWAYS = ("seed.collapse", "eval.calibration", "train.nonfinite")
"""What follows from a cause even where the model learned."""
CONSEQUENCES: Mapping[str, tuple[str, ...]] = {
    SMALL_DATA: (MISMATCH, "train.rate-low"),
    "train.loss-mismatch": ("train.rate-low", "padding.batch"),
    "eval.label-order": (MISMATCH, "eval.checkpoint", "train."),
    **dict.fromkeys(SHAKY, ("probe.", MISMATCH)),
}
"""What follows from one cause in particular: in another order of classes neither scores on train nor passes over dev
say what was learned; of few rows all are soon right, and train's others are not; a loss that does not fit its outputs
hardly falls at any rate, and with a softmax over the rows of a batch, mates decide."""


def explain_scores(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings with causes and what follows from them told apart.

    Where the way to a variant's scores is broken, or something was seen in its training that keeps it from learning and
    it is below a trivial baseline or has learned nothing, that it is below follows: it becomes information, and the
    cause, then an error, names it under `evidence["explains"]`. What probes and slices tell of such a model follows,
    too; two kinds of seeds and a confidence that is off follow from any cause. That a variant has learned nothing
    (`eval.metric`) is left out where a comparison or a cause says more; of a broken way it would be false, as that it
    underfits. How it fails, underfitted or by heart, is no cause: it is a hint beside what is seen.
    """
    misread = {one.where.get("variant") for one in findings if one.code in MISREAD and one.status == "present"}
    findings = [one for one in findings if not (UNDERFITS in one.evidence and one.where.get("variant") in misread)]
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
        return [None if one.code == "eval.metric" and below else one for one in findings]
    explained = [one for one in findings if one.code != cause and _follows(one, cause, failed)]
    codes = sorted({one.code for one in explained})
    error = any(one.severity == "error" for one in explained)

    def tell(one: Finding) -> Finding | None:
        if one.code == "eval.metric":
            return None
        if one in explained:
            return _subordinate(one, cause)
        if one.code != cause or one.status != "present" or not explained:
            return one
        return replace(one, severity="error" if error else one.severity, evidence={**one.evidence, "explains": codes})

    return [tell(one) for one in findings]


def _subordinate(finding: Finding, cause: str) -> Finding:
    """A finding that follows from another one: information, which names it."""
    summary = f"{finding.summary.rstrip('.')}; {cause} says why."
    return replace(finding, severity="info", summary=summary, evidence={**finding.evidence, "explained_by": [cause]})


def _find_cause(findings: Sequence[Finding], failed: bool) -> str | None:
    """The code that says why a variant fails, the surest of what is known; None where nothing says so."""
    present = {one.code for one in findings if one.status == "present"}
    serious = {one.code: one.severity for one in findings if _is_serious(one)}
    harmful = (code for code in HARMFUL if failed and code in present)
    seen = next((code for code in UNTAUGHT if code in serious), None) or next(harmful, None)
    follows = {MISMATCH if seen == SMALL_DATA else "", "eval.constant" if seen is not None else ""}
    cause = next((code for code in BROKEN if code in serious and code not in follows), seen)
    if cause in (None, MISMATCH):
        cause = next((code for code in SHAKY if serious.get(code) == "error"), cause)
    return cause


def _is_serious(finding: Finding) -> bool:
    return finding.severity in ("error", "warning")


def _follows(finding: Finding, cause: str, failed: bool) -> bool:
    present, serious = finding.status == "present", _is_serious(finding)
    if finding.code in (BELOW, *ALWAYS) or finding.code.startswith(CONSEQUENCES.get(cause, ())):
        return present
    if cause in (*BROKEN, *SHAKY):
        return present and finding.code == "eval.slice"
    return serious and (finding.code == DIVERGING or (failed and finding.code.startswith(FOLLOWS)))
