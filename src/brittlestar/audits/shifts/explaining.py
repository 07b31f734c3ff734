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
        if one.code in NAMED and one.status == "present" and one.code not in named.setdefault(_read_split(one), []):
            named[_read_split(one)].append(one.code)
    return tuple(
        _mark_explained(one, named.get(_read_split(one), [])) if one.code == OVERALL else one for one in findings
    )


def _read_split(finding: Finding) -> str:
    return finding.where.get("split", "")


def _mark_explained(finding: Finding, by: Sequence[str]) -> Finding:
    if finding.status != "present" or not by:
        return finding
    summary = (
        f"{finding.summary.rstrip('.')}; {format_list(list(by))} of this split {'says' if len(by) == 1 else 'say'} how."
    )
    return replace(finding, severity="info", summary=summary, evidence={**finding.evidence, "explained_by": list(by)})
