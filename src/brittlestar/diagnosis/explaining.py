"""One finding for each cause: what follows from another finding about a variant is said under that one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from brittlestar.core.findings import Finding
from brittlestar.diagnosis import eval_constant, eval_label_order, eval_metric, eval_train_mismatch

BROKEN = (eval_train_mismatch.CODE, eval_constant.CODE, eval_label_order.CODE)
"""The way from a variant to its scores is broken, the surest first."""
BELOW = "eval.below-trivial"


def explain_scores(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings with causes and what follows from them told apart.

    Where the way to a variant's scores is broken, that it is below a trivial baseline follows: it becomes information,
    and the cause names it under `evidence["explains"]`. That a variant has learned nothing (`eval.metric`) is left out
    where a comparison or a cause says more; of a broken way it would be false.
    """
    causes = _find_causes(findings)
    below = {one.where["variant"] for one in findings if one.code == BELOW and one.severity}
    return tuple(
        _explain(one, causes, below)
        for one in findings
        if one.code != eval_metric.CODE or one.where.get("variant") not in {*below, *causes}
    )


def _find_causes(findings: Sequence[Finding]) -> dict[str, str]:
    """{variant: the code that says why its scores are what they are}."""
    found: dict[str, str] = {}
    for code in reversed(BROKEN):
        found |= {one.where["variant"]: code for one in findings if one.code == code and _is_serious(one)}
    return found


def _is_serious(finding: Finding) -> bool:
    return finding.severity in ("error", "warning")


def _explain(finding: Finding, causes: Mapping[str, str], below: set[str]) -> Finding:
    variant = finding.where.get("variant", "")
    cause = causes.get(variant)
    if cause is None:
        return finding
    if finding.code == cause and variant in below and _is_serious(finding):
        return replace(finding, evidence={**finding.evidence, "explains": [BELOW]})
    if finding.code == BELOW and finding.status == "present":
        summary = f"{finding.summary.rstrip('.')}; {cause} says why."
        return replace(
            finding, severity="info", summary=summary, evidence={**finding.evidence, "explained_by": [cause]}
        )
    return finding
