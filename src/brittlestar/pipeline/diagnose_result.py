"""What `diagnose` gives: causes of what is wrong with main, ranked, and what experiments said of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from brittlestar.core.experiments import Experiment
from brittlestar.core.findings import Finding
from brittlestar.core.texts import format_duration
from brittlestar.diagnosis.causes.interventions import Intervention
from brittlestar.reports.error_budget import describe_diagnosis
from brittlestar.reports.finding_groups import is_about_main, list_causes
from brittlestar.reports.showing import Shown
from brittlestar.study.units import count


@dataclass(frozen=True)
class ExperimentPlan:
    """What experiments could be made, or why there are none. `seconds` is what a run of main took, None where nobody
    knows."""

    interventions: tuple[Intervention, ...] = ()
    why_none: str = ""
    seconds: float | None = None


@dataclass(frozen=True, repr=False)
class DiagnoseResult(Shown):
    """A diagnosis of main: all `findings` of the study, `experiments` on it, the study that they are in (None without
    any), the name of `main`, `place` as a shell takes it, the `plan` of experiments with `seeds` fresh seeds, and
    problems of runs. Of curves made elsewhere, `likely` are findings that too few runs leave open, and `shown` is what
    they show, under a word each. As text or in a notebook it is its causes, with what experiments said of them."""

    findings: tuple[Finding, ...]
    experiments: tuple[Experiment, ...]
    study: str | None
    main: str
    place: str
    plan: ExperimentPlan
    seeds: int
    problems: tuple[str, ...] = ()
    likely: tuple[Finding, ...] = ()
    shown: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def _lines(self) -> list[tuple[str, str]]:
        causes = [("Cause", f"{one.code}: {one.summary}") for one in self.causes]
        tried = [("Tried", f"{one.name}: {one.verdict}") for one in self.experiments] or [("Tried", self.untried)]
        none = self.fits or f"none is known of what is wrong with {self.main}"
        return [*(causes or [("Cause", none)]), *self.shown.items(), *tried]

    @property
    def fits(self) -> str:
        """That nothing is settled, and what is likely; empty where nothing is."""
        codes = [one.code for one in self.likely]
        return f"None is settled; {' and '.join(codes)} fit{'s' * (len(codes) == 1)} the curves." if codes else ""

    @property
    def causes(self) -> tuple[Finding, ...]:
        """Errors and warnings about main, or about its data, that are no consequence of another: confirmed ones before
        others, what explains most first, and symptoms, of which no cause is known, last."""
        return list_causes(self.findings, self.main)

    @property
    def untried(self) -> str:
        """Why there are no experiments, or what they would take; empty where there are some."""
        if self.experiments:
            return ""
        if self.plan.why_none:
            return self.plan.why_none
        first, each = self.plan.interventions, self.plan.seconds
        runs = self.seeds * (len(first) + 1)
        cost = "" if each is None else f", about {format_duration(runs * each)} one after the other"
        names = ", ".join(one.name for one in first)
        told = f"{count(len(first), 'experiment')} would take {count(runs, 'run')}{cost}: {names}"
        return f"no time was given. {told}"

    @property
    def unseen(self) -> tuple[str, ...]:
        """Codes of causes that are open about main, for want of evidence."""
        found = (
            one.code
            for one in self.findings
            if one.status == "inconclusive"
            and one not in self.likely
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
            "no_experiments": self.untried or None,
            "how_often_right": describe_diagnosis(one.code for one in self.causes if not self.shown) or None,
            "not_seen": list(self.unseen),
            **({"likely": [one.as_json() for one in self.likely], "shown": dict(self.shown)} if self.shown else {}),
        }

    @property
    def exit_code(self) -> int:
        """0, or 1 when a run of an experiment failed."""
        return 1 if self.problems else 0
