"""Every check of claims and their verdicts."""

from brittlestar.claims import claim_findings, slice_findings, trivial_findings
from brittlestar.core.checks import Check

CHECKS: tuple[Check, ...] = (
    claim_findings.claim_underpowered,
    trivial_findings.easy_benchmark,
    claim_findings.claim_selected,
    claim_findings.claim_untuned,
    trivial_findings.below_trivial,
    slice_findings.eval_slice,
)
"""In the order in which a reader wants them."""
