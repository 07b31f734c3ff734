"""One correction over all tests of an audit."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.special import ndtri

from brittlestar.core.findings import Finding
from brittlestar.statistics.multiplicity import adjust_p_values

ALPHA = 0.05  # convention: 5 % over all tests of an audit
MOST_TIMES = 100  # chosen, not measured: nobody collects a hundred times as many rows
COUNTS = ("of", "rows_scored")
"""Where evidence has the number of rows that a test rests on."""


def correct_findings(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings with `p_adjusted` beside every `p` of their evidence (Holm over all of them). A present finding
    whose adjusted p is above 5 % becomes `inconclusive`: its effect is beyond the threshold, but chance explains it."""
    tested = [position for position, finding in enumerate(findings) if finding.evidence.get("p") is not None]
    p_values = adjust_p_values([float(findings[i].evidence["p"]) for i in tested]).tolist()
    adjusted = dict(zip(tested, p_values, strict=True))
    return tuple(
        _add_adjusted_p(finding, adjusted[position], len(tested)) if position in adjusted else finding
        for position, finding in enumerate(findings)
    )


def _describe_rows_needed(finding: Finding, tests: int) -> str:
    """How many rows would be needed, were the effect the same: standard errors fall with the root of the rows."""
    seen, wanted = -float(ndtri(float(finding.evidence["p"]))), -float(ndtri(ALPHA / tests))
    times = (wanted / seen) ** 2 if seen > 0 else np.inf
    if times > MOST_TIMES:
        return "Many more rows would be needed."
    rows = next((finding.evidence[name] for name in COUNTS if isinstance(finding.evidence.get(name), int)), 0)
    if not rows:
        return f"About {max(times, 1.1):.1f} times as many rows would be needed."
    return f"About {max(int(np.ceil(times * rows)), rows + 1):,} rows would be needed."


def _add_adjusted_p(finding: Finding, p: float, tests: int) -> Finding:
    evidence = {**finding.evidence, "p_adjusted": p, "tests": tests}
    if finding.status != "present" or p <= ALPHA:
        return replace(finding, evidence=evidence)
    over = "" if tests == 1 else f"over the {tests} tests of this audit "
    needed = _describe_rows_needed(finding, tests)
    summary = f"{finding.summary.rstrip('.')}; {over}that may be chance (adjusted p {p:.2f}). {needed}"
    taken_back = {**evidence, "chance_explains": True}
    return replace(finding, status="inconclusive", severity=None, summary=summary, evidence=taken_back)
