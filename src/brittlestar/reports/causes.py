"""The causes of what is wrong with main, in the order in which they are acted on."""

from __future__ import annotations

from collections.abc import Sequence

from brittlestar.core.findings import Finding
from brittlestar.diagnosis import leak_selection
from brittlestar.diagnosis.causes.symptoms import SYMPTOMS
from brittlestar.diagnosis.explaining import ORDER
from brittlestar.reports.finding_groups import is_about_main, rank_findings

FAMILIES = ("train", "eval", "seed", "padding", "token", "data", "embedding", "position")
"""Of these the causes of a result are; probes say what follows, and leaks make no result poor."""
TRAINED_ON = leak_selection.CODE
"""But for a model that was trained on dev."""


def is_cause(finding: Finding) -> bool:
    """Whether a finding is of those that say why a result is what it is."""
    return finding.code.partition(".")[0] in FAMILIES or (finding.code == TRAINED_ON and "variant" in finding.where)


def list_causes(findings: Sequence[Finding], main: str) -> tuple[Finding, ...]:
    """Errors and warnings about main, or about its data, that are no consequence of another: confirmed ones before
    others, what explains others first, the surest among equals, and symptoms, of which no cause is known, last."""
    serious = [
        one
        for one in rank_findings(findings, main)
        if one.severity in ("error", "warning")
        and is_about_main(one, main)
        and is_cause(one)
        and "explained_by" not in one.evidence
    ]
    return tuple(
        sorted(
            serious,
            key=lambda one: (
                one.confirmed_by is None,
                one.code in SYMPTOMS,
                "explains" not in one.evidence,
                one.severity != "error",
                ORDER.index(one.code) if one.code in ORDER else len(ORDER),
            ),
        )
    )
