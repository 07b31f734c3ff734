"""What `diagnose` gives: causes of what is wrong with main, ranked, and what experiments said of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from brittlestar.core.brief import brief_repr
from brittlestar.core.experiments import Experiment
from brittlestar.core.findings import Finding
from brittlestar.reports.finding_groups import fill_remedies, is_about_main, rank_findings

FAMILIES = ("train", "eval", "seed", "padding", "token", "data", "embedding", "position")
"""Of these the causes of a result are; probes and slices say what follows."""


@dataclass(frozen=True, repr=False)
class DiagnoseResult:
    """A diagnosis of main: all `findings` of the study, `experiments` on it, the study that they are in (None without
    any), the name of `main`, `place` as a shell takes it, what kept experiments from being made (`why_none`), and
    problems of their runs."""

    __repr__ = brief_repr

    findings: tuple[Finding, ...]
    experiments: tuple[Experiment, ...]
    study: str | None
    main: str
    place: str
    why_none: str = ""
    problems: tuple[str, ...] = ()

    @property
    def causes(self) -> tuple[Finding, ...]:
        """Errors and warnings about main, or about its data, that are no consequence of another: what explains most
        first, confirmed ones before others."""
        serious = [
            one
            for one in rank_findings(self.findings, self.main)
            if one.severity in ("error", "warning")
            and is_about_main(one, self.main)
            and one.code.partition(".")[0] in FAMILIES
            and "explained_by" not in one.evidence
        ]
        return tuple(
            sorted(
                fill_remedies(serious, self.place),
                key=lambda one: (
                    one.confirmed_by is None,
                    "explains" not in one.evidence,
                    one.severity != "error",
                ),
            )
        )

    @property
    def unseen(self) -> tuple[str, ...]:
        """Codes of causes that are open about main, for want of evidence."""
        found = (
            one.code
            for one in self.findings
            if one.status == "inconclusive"
            and is_about_main(one, self.main)
            and one.code.partition(".")[0] in ("train", "eval", "seed", "padding")
        )
        return tuple(dict.fromkeys(found))

    @property
    def document(self) -> dict[str, Any]:
        """The same as plain JSON values."""
        return {
            "main": self.main,
            "causes": [one.as_json() for one in self.causes],
            "experiments": [one.as_json() for one in self.experiments],
            "experiments_study": self.study,
            "no_experiments": self.why_none or None,
            "not_seen": list(self.unseen),
        }

    @property
    def exit_code(self) -> int:
        """0, or 1 when a run of an experiment failed."""
        return 1 if self.problems else 0
