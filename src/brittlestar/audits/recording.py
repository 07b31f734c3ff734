"""Findings and what pages show beside them, as one record."""

from __future__ import annotations

from collections.abc import Sequence

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.pairs import pairs
from brittlestar.audits.profiles import profiles
from brittlestar.core.audit import Audit
from brittlestar.core.findings import Finding


def record_audit(analysis: Analysis, findings: Sequence[Finding], climbs: bool = True) -> Audit:
    """The record of an audit of `analysis` that gave `findings`, with the trivial baselines where `climbs` asks for it
    or a check has climbed it already."""
    failed = [finding.summary for finding in findings if "failure" in finding.evidence]
    return Audit(
        tuple(findings),
        analysis.climb.ladder if climbs or "climb" in vars(analysis) else None,
        profiles(analysis),
        pairs(analysis, findings),
        " ".join(failed) or None,
    )
