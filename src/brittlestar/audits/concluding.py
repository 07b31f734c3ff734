"""The rule of a check, and the findings that are written under it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from brittlestar.audits.dataset import AuditDataset, AuditSplit
from brittlestar.audits.showing import NO_OTHER_SPLIT
from brittlestar.core.findings import Finding, Severity

NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Rule:
    """The `code` of a check, its `threshold` in words, and the usual `remedy` of what is present."""

    code: str
    threshold: str
    remedy: str = ""

    def conclude(
        self,
        summary: str,
        severity: Severity | None = None,
        where: Mapping[str, str] = NOTHING,
        evidence: Mapping[str, Any] = NOTHING,
        remedy: str = "",
    ) -> Finding:
        """The finding is present with a severity, and absent without one."""
        status, remedy = ("present", remedy or self.remedy) if severity else ("absent", "")
        return Finding(self.code, status, summary, self.threshold, severity, dict(where), dict(evidence), remedy)

    def abstain(
        self, summary: str, where: Mapping[str, str] = NOTHING, evidence: Mapping[str, Any] = NOTHING
    ) -> Finding:
        """The finding is inconclusive; the summary says what is missing."""
        return Finding(self.code, "inconclusive", summary, self.threshold, None, dict(where), dict(evidence))

    def compare_with_train(self, dataset: AuditDataset, examine: Callable[[AuditSplit], Finding]) -> Iterator[Finding]:
        """One finding for each split besides train."""
        if not dataset.evaluations:
            yield self.abstain(NO_OTHER_SPLIT)
        yield from map(examine, dataset.evaluations)


def soften_declared(split: str, severity: Severity) -> Severity:
    """The severity, and information where the split was declared as shifted."""
    return "info" if split.startswith("shift") else severity


def show_tokens(dataset: AuditDataset, codes: np.ndarray) -> str:
    """The tokens of a row as people read it, cut after 12."""
    shown = " ".join(dataset.tokens[code] for code in codes[:12].tolist())
    return f"{shown} …" if len(codes) > 12 else shown
