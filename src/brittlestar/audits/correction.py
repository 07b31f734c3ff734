"""One correction over all tests of an audit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from brittlestar.core.findings import Finding

ALPHA = 0.05


def holm(p_values: Sequence[float]) -> np.ndarray:
    """Adjusted p-values (Holm 1979), in the order given: valid under any dependence."""
    p = np.asarray(p_values, np.float64)
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate((len(p) - np.arange(len(p))) * p[order])
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted


def corrected(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings with `p_adjusted` beside every `p` of their evidence (Holm over all of them). A present finding
    whose adjusted p is above 5 % becomes `inconclusive`: its effect is beyond the threshold, but chance explains it."""
    tested = [position for position, finding in enumerate(findings) if finding.evidence.get("p") is not None]
    adjusted = dict(zip(tested, holm([float(findings[i].evidence["p"]) for i in tested]).tolist(), strict=True))
    return tuple(
        _with(finding, adjusted[position], len(tested)) if position in adjusted else finding
        for position, finding in enumerate(findings)
    )


def _with(finding: Finding, p: float, tests: int) -> Finding:
    evidence = {**finding.evidence, "p_adjusted": p, "tests": tests}
    if finding.status != "present" or p <= ALPHA:
        return replace(finding, evidence=evidence)
    summary = (
        f"{finding.summary.rstrip('.')}; over the {tests} tests of this audit that may be chance "
        f"(adjusted p {p:.2f}). More rows would tell."
    )
    taken_back = {**evidence, "chance_explains": True}
    return replace(finding, status="inconclusive", severity=None, summary=summary, evidence=taken_back)
