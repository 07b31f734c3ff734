"""What `shift.overall` sees where another finding of the same split says it by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from brittlestar.core.findings import Finding
from brittlestar.data.tables import format_list

OVERALL = "shift.overall"
NAMED = (
    "shift.label",
    "shift.length",
    "shift.vocabulary",
    "shift.composition",
    "shift.order",
    "shift.combination",
    "token.mismatch",
    "token.unknown",
)


def explain_overall(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings, `shift.overall` as information where a named shift of the same split is present."""
    named: dict[str, list[str]] = {}
    for one in findings:
        codes = named.setdefault(one.where.get("split", ""), [])
        if one.code in NAMED and one.status == "present" and one.code not in codes:
            codes.append(one.code)
    return tuple(_mark_explained(one, named[one.where.get("split", "")]) for one in findings)


def _mark_explained(finding: Finding, by: list[str]) -> Finding:
    if finding.code != OVERALL or finding.status != "present" or not by:
        return finding
    verb = "says" if len(by) == 1 else "say"
    summary = f"{finding.summary.rstrip('.')}; {format_list(by)} of this split {verb} how."
    return replace(finding, severity="info", summary=summary, evidence={**finding.evidence, "explained_by": by})
