"""What `diagnose` gives: causes of what is wrong with main, ranked, and what experiments said of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from brittlestar.core.checks import family_of
from brittlestar.core.documents import answer_document, begin_document, offer_command
from brittlestar.core.experiments import Experiment
from brittlestar.core.findings import Finding
from brittlestar.core.texts import format_duration
from brittlestar.core.tracing import INERT, UNDECLARED, Tracing
from brittlestar.diagnosis.causes.interventions import Intervention
from brittlestar.diagnosis.causes.symptoms import describe_confirmation, describe_experiment
from brittlestar.reports.error_budget import describe_diagnosis
from brittlestar.reports.finding_groups import is_about_main, list_causes
from brittlestar.reports.paragraphs import (
    Paragraph,
    Words,
    cut_blocks,
    cut_items,
    name_failed,
    name_first,
    name_next,
    name_place,
    name_text,
)
from brittlestar.reports.result_text import explain_blocks, name_severity
from brittlestar.reports.showing import Shown
from brittlestar.study.units import count

MOST_CAUSES, LINES_OF_CAUSE = 3, 3
"""Causes that are printed, and lines of each and of its remedy: `-v` has all (convention)."""
MOST_EXPERIMENTS = 4
"""Experiments that are printed: the others are counted, and `-v` has them (convention)."""


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
    they show, under a word each. `traced` is what was seen of main's first run with one thing changed at a time, and
    `untraced` says that this could be seen and was not. As text or in a notebook it is its causes, with what
    experiments said of them."""

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
    traced: Tracing | None = None
    untraced: bool = False

    @property
    def blocks(self) -> list[Paragraph]:
        """The first causes with what they explain and what to do, then experiments, then what was not seen."""
        causes = self.causes
        looked = count(len({finding.code for finding in self.findings if finding.is_settled}), "check")
        none = f"{looked} found no error and no warning about {self.main}." if not self.unstated else "None found."
        said = {str(cause.confirmed_by["name"]) for cause in causes if cause.confirmed_by is not None}
        others = [
            experiment
            for experiment in self.experiments
            if experiment.name not in said and (experiment.of or experiment.measure == "train")
        ]
        return [
            *(_list_first(causes, "cause") or [Paragraph("Cause", self.fits or none)]),
            *_list_first(self.unstated, "finding"),
            *(block for finding in self.likely for block in _cause_blocks(finding)),
            *(Paragraph(name, text, most=5) for name, text in self.shown.items()),
            *cut_blocks(name_first("Tried", map(_describe_tried, others), most=3), MOST_EXPERIMENTS, "experiment"),
            *name_text("Tried", self.untried and f"Nothing: {self.untried}."),
            *name_text("Traced", self.looked),
            *name_next("", self._next),
            *name_failed(self.problems),
            *name_text("Open", ", ".join(self.unseen), see=" (-v says what is missing)"),
            *explain_blocks(one.code for one in (*causes, *self.unstated) or self.likely),
            *name_place("Runs", self.study),
        ]

    @property
    def fits(self) -> str:
        """That nothing is settled, and what is likely; empty where nothing is."""
        codes = [finding.code for finding in self.likely]
        return f"None is settled; {' and '.join(codes)} fit{'s' * (len(codes) == 1)} the curves." if codes else ""

    @property
    def causes(self) -> tuple[Finding, ...]:
        """Errors and warnings about main, or about its data, that are no consequence of another, as they are ranked."""
        return list_causes(self.findings, self.main)

    @property
    def unstated(self) -> tuple[Finding, ...]:
        """Settings of main that do nothing, and influences that nobody states."""
        return tuple(one for one in self.findings if one.code in (INERT, UNDECLARED) and one.status == "present")

    @property
    def looked(self) -> str:
        """How much was changed, one thing at a time; or that nothing was; empty where nothing can be."""
        if self.traced is None:
            known = f"Nothing: whether each setting of {self.main} has an effect is not known."
            return known if self.untraced else ""
        settings = count(self.traced.count(["setting"]), "setting")
        others = count(self.traced.count(["influence", "repetition"]), "thing")
        rows = f"on {self.traced.rows} rows of train"
        return f"{settings} of {self.main} had another value, and {others} that nobody states changed, {rows}."

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
        sentence = f"{count(len(first), 'experiment')} would take {count(runs, 'run')}{cost}: {names}"
        return f"no time was given. {sentence}"

    @property
    def unseen(self) -> tuple[str, ...]:
        """Codes of causes that are open about main, for want of evidence."""
        found = (
            finding.code
            for finding in self.findings
            if finding.status == "inconclusive"
            and finding not in self.likely
            and is_about_main(finding, self.main)
            and family_of(finding.code) in ("train", "eval", "seed", "padding")
        )
        return tuple(dict.fromkeys(found))

    @property
    def _next(self) -> str | None:
        """The command that tries experiments; None where there are some, or none can be."""
        asked = self.untraced or (self.untried and not self.plan.why_none)
        return f"brittlestar diagnose {self.place} --budget 10m" if asked else None

    @property
    def _headline(self) -> dict[str, Any]:
        """The first cause, by its code."""
        first = next(iter(self.causes), None)
        code, sentence = (None, self.fits or "none found") if first is None else (first.code, first.summary)
        return answer_document(code, sentence)

    @property
    def document(self) -> dict[str, Any]:
        """The same as plain JSON values."""
        return {
            **begin_document(self._headline),
            "main": self.main,
            "causes": [cause.document for cause in self.causes],
            "experiments": [experiment.as_json() for experiment in self.experiments],
            "experiments_study": self.study,
            "no_experiments": self.untried or None,
            "how_often_right": describe_diagnosis(cause.code for cause in self.causes if not self.shown) or None,
            "not_seen": list(self.unseen),
            "traced": None if self.traced is None else self.traced.as_json(),
            **offer_command(self._next),
            **(
                {"likely": [finding.document for finding in self.likely], "shown": dict(self.shown)}
                if self.shown
                else {}
            ),
        }

    @property
    def exit_code(self) -> int:
        """0, or 1 when a run of an experiment failed."""
        return 1 if self.problems else 0


def _list_first(findings: Sequence[Finding], unit: str) -> list[Paragraph]:
    return cut_items([_cause_blocks(one) for one in findings], MOST_CAUSES, unit)


def _cause_blocks(finding: Finding) -> list[Paragraph]:
    text = ((finding.code, "bold"), f"  {finding.summary}")
    blocks = [Paragraph(name_severity(finding.severity or finding.status), text, most=LINES_OF_CAUSE)]
    explained = [code for code in finding.evidence.get("explains", ()) if isinstance(code, str)]
    if explained:
        blocks.append(Paragraph("", f"explains {count(len(explained), 'finding')}: {', '.join(explained)}"))
    if finding.confirmed_by is not None:
        blocks.append(Paragraph("", f"confirmed by {describe_confirmation(finding.confirmed_by)}"))
    if finding.remedy:
        blocks.append(Paragraph("", f"→ {finding.remedy}", most=LINES_OF_CAUSE))
    return blocks


def _describe_tried(experiment: Experiment) -> Words:
    style = {"confirmed": "bold green", "refuted": "dim", "open": "yellow"}[experiment.verdict]
    return ((experiment.verdict, style), f"  {experiment.name}, {describe_experiment(experiment)}")
