"""One finding for each cause: what follows from another finding about a variant is said under that one."""

from collections.abc import Sequence
from dataclasses import replace

from brittlestar.core.causes import list_roles, rank_causes, role_of
from brittlestar.core.findings import Finding
from brittlestar.diagnosis.answer_checks import eval_constant
from brittlestar.diagnosis.fit_checks import UNDERFITS
from brittlestar.diagnosis.label_order import eval_label_order
from brittlestar.diagnosis.mismatch_checks import eval_train_mismatch
from brittlestar.diagnosis.score_checks import eval_metric
from brittlestar.diagnosis.seen.rows import data_small

BELOW = "eval.below-trivial"
"""A finding of claims, which are judged later in the flow."""
FEW, MISMATCH, METRIC, CONSTANT = data_small.code, eval_train_mismatch.code, eval_metric.code, eval_constant.code
MISREAD = (eval_label_order.code, MISMATCH)
"""Where these are present, scores on train do not say what was learned."""


def explain_scores(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings with causes and what follows from them told apart.

    Where the way to a variant's scores is broken, or something was seen in its training that keeps it from learning and
    it is below a trivial baseline or has learned nothing, that it is below follows: it becomes information, and the
    cause, then an error, names it under `evidence["explains"]`. What probes and slices tell of such a model follows,
    too; two kinds of seeds and a confidence that is off follow from any cause. That a variant has learned nothing
    (`eval.metric`) is left out where a comparison or a cause says more; of a broken way it would be false, as that it
    underfits. How it fails, underfitted or by heart, is no cause: it is a hint beside what is seen.
    """
    misread = {
        finding.where.get("variant") for finding in findings if finding.code in MISREAD and finding.status == "present"
    }
    findings = [
        finding
        for finding in findings
        if not (UNDERFITS in finding.evidence and finding.where.get("variant") in misread)
    ]
    of_variant: dict[str, list[Finding]] = {}
    for finding in findings:
        of_variant.setdefault(finding.where.get("variant", ""), []).append(finding)
    told = {name: iter(_explain_variant(mine) if name else mine) for name, mine in of_variant.items()}
    every = (next(told[finding.where.get("variant", "")]) for finding in findings)
    return tuple(one for one in every if one is not None)


def _explain_variant(findings: Sequence[Finding]) -> list[Finding | None]:
    """The findings about one variant, None for one that is left out."""
    below = any(finding.code == BELOW and finding.severity for finding in findings)
    failed = below or any(finding.code == METRIC and _is_serious(finding) for finding in findings)
    cause = _find_cause(findings, failed)
    if cause is None:
        return [None if finding.code == METRIC and below else finding for finding in findings]
    explained = [finding for finding in findings if finding.code != cause and _follows(finding, cause, failed)]
    codes = sorted({finding.code for finding in explained})
    error = any(finding.severity == "error" for finding in explained)

    def tell(finding: Finding) -> Finding | None:
        if finding.code == METRIC:
            return None
        if finding in explained:
            return _subordinate(finding, cause)
        if finding.code != cause or finding.status != "present" or not explained:
            return finding
        return replace(
            finding, severity="error" if error else finding.severity, evidence={**finding.evidence, "explains": codes}
        )

    return [tell(finding) for finding in findings]


def _subordinate(finding: Finding, cause: str) -> Finding:
    """A finding that follows from another one: information, which names it."""
    summary = f"{finding.summary.rstrip('.')}; {cause} says why."
    return replace(finding, severity="info", summary=summary, evidence={**finding.evidence, "explained_by": [cause]})


def _find_cause(findings: Sequence[Finding], failed: bool) -> str | None:
    """The code that says why a variant fails, the surest of what is known; None where nothing says so."""
    present = {finding.code for finding in findings if finding.status == "present"}
    serious = {finding.code: finding.severity for finding in findings if _is_serious(finding)}
    mild = {role.mild: code for code, role in list_roles().items() if role.mild and failed and code in present}
    seen = next((code for code in rank_causes("untaught") if code in serious), mild[min(mild)] if mild else None)
    follows = {MISMATCH if seen == FEW else "", CONSTANT if seen is not None else ""}
    cause = next((code for code in rank_causes("broken") if code in serious and code not in follows), seen)
    if cause in (None, MISMATCH):
        cause = next((code for code in rank_causes("shaky") if serious.get(code) == "error"), cause)
    return cause


def _is_serious(finding: Finding) -> bool:
    return finding.severity in ("error", "warning")


def _follows(finding: Finding, cause: str, failed: bool) -> bool:
    role, present = role_of(finding), finding.status == "present"
    if role.follows == "always" or finding.code.startswith(list_roles()[cause].explains):
        return present
    if list_roles()[cause].cause != "untaught":
        return present and role.follows == "any-failure"
    learned_little = role.cause == "untaught" or role.follows is not None or finding.code.startswith("probe.")
    return _is_serious(finding) and (role.follows == "untaught" or (failed and learned_little))
