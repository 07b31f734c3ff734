"""Findings and what pages show beside them, as one record."""

from __future__ import annotations

from collections.abc import Sequence

from brittlestar.audits.material import Material
from brittlestar.audits.pairs import pairs
from brittlestar.audits.profiles import profiles
from brittlestar.audits.shortcuts.ladder import ladder
from brittlestar.core.audit import Audit
from brittlestar.core.findings import Finding


def recorded(material: Material, findings: Sequence[Finding], climbs: bool = True) -> Audit:
    """The record of an audit of `material` that gave `findings`, with the trivial baselines where `climbs` asks for it
    or a check has climbed it already."""
    failed = [finding.summary for finding in findings if "failure" in finding.evidence]
    return Audit(
        tuple(findings),
        ladder(material) if climbs or "climb" in vars(material) else None,
        profiles(material),
        pairs(material, findings),
        " ".join(failed) or None,
    )
