"""What `diagnose --history` gives: findings on curves made elsewhere, what was read, and what was not seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from brittlestar.core.brief import brief_repr
from brittlestar.core.findings import Finding
from brittlestar.diagnosis.logged_curves import choose_leaning
from brittlestar.reports.finding_groups import rank_findings
from brittlestar.training.logs.logged_runs import LoggedRun


@dataclass(frozen=True, repr=False)
class HistoryResult:
    """All `findings` on the `runs` of logs, which findings call `name`; `shown` says what the curves show, in words.
    `unseen` of the `known` checks need more than curves."""

    __repr__ = brief_repr

    findings: tuple[Finding, ...]
    runs: tuple[LoggedRun, ...]
    name: str
    shown: str
    unseen: int
    known: int

    @property
    def causes(self) -> tuple[Finding, ...]:
        """Errors and warnings, the worst first."""
        return tuple(one for one in rank_findings(self.findings, self.name) if one.severity in ("error", "warning"))

    @property
    def leaning(self) -> tuple[Finding, ...]:
        """What is inconclusive for want of runs, and clearly beyond its threshold in those that there are."""
        return choose_leaning(self.findings, self.runs)

    @property
    def open(self) -> tuple[str, ...]:
        """Codes of what is inconclusive otherwise."""
        leaning = {one.code for one in self.leaning}
        return tuple(one.code for one in self.findings if one.status == "inconclusive" and one.code not in leaning)

    @property
    def absent(self) -> tuple[str, ...]:
        """Codes of what was looked for and is absent."""
        return tuple(one.code for one in self.findings if one.status == "absent")

    @property
    def document(self) -> dict[str, Any]:
        """The same as plain JSON values."""
        return {
            "causes": [one.as_json() for one in self.causes],
            "leaning": [one.as_json() for one in self.leaning],
            "not_seen": list(self.open),
            "absent": list(self.absent),
            "shown": self.shown,
            "runs": [
                {
                    "name": run.name,
                    "seed": run.seed,
                    "points": run.points,
                    "unit": run.unit,
                    "columns": dict(run.columns),
                    "left_out": list(run.left_out),
                    "notes": list(run.notes),
                }
                for run in self.runs
            ],
            "checks_that_need_more": self.unseen,
            "checks": self.known,
        }

    @property
    def exit_code(self) -> int:
        """0: what was read was diagnosed."""
        return 0
