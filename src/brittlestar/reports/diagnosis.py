"""The diagnosis as the page draws it: from symptoms to causes, to experiments, to what they settled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from brittlestar.core.causes import SYMPTOMS
from brittlestar.core.experiments import Experiment
from brittlestar.core.findings import Finding
from brittlestar.diagnosis.causes.symptoms import LEAK, describe_experiment
from brittlestar.reports.error_budget import describe_diagnosis
from brittlestar.reports.finding_groups import FAMILIES, is_about_main, list_causes
from brittlestar.reports.reading import Reading

WIDTH, HEIGHT, EDGE = 240, 26, 8
"""Of the picture of one interval, in CSS pixels."""
REMOVES = {"confirmed": "removes it", "refuted": "does not remove it"}
LEAKS = {"confirmed": "the score falls", "refuted": "the score stays"}
LEARNS = {"confirmed": "learned", "refuted": "not learned"}
SETTLED = {
    "confirmed": "Confirmed: the symptom goes away where this is undone.",
    "open": "Open: no experiment settled it.",
    "refuted": "Not confirmed: undoing it changes little.",
    "seen": "Seen while it trained or was scored. No experiment was made on it.",
    "symptom": "A symptom: why is not known.",
}
"""What the last column says."""


@dataclass(frozen=True)
class ExperimentRow:
    """One experiment: its name, its verdict, in words, and its interval as a picture (empty where it has none)."""

    name: str
    verdict: str
    text: str
    picture: Markup


@dataclass(frozen=True)
class CauseRow:
    """One cause, from left to right: the `symptoms` that it explains as (code, anchor), the finding that names it
    (code, anchor, severity, sentence), the experiments on it, and what is `settled` by them (a key of SETTLED)."""

    symptoms: tuple[tuple[str, str | None], ...]
    code: str
    anchor: str | None
    severity: str
    sentence: str
    experiments: tuple[ExperimentRow, ...]
    settled: str

    @property
    def words(self) -> str:
        """What is settled, in words."""
        return SETTLED[self.settled]


@dataclass(frozen=True)
class DiagnosisView:
    """All causes, experiments on no finding of today, why seeds differ (None where nobody asked), and how many checks
    looked for causes and how many of them could not tell;
    `measured` says how often a diagnosis is right, empty where that is not known."""

    rows: tuple[CauseRow, ...]
    others: tuple[ExperimentRow, ...]
    sources: str | None
    looked: int
    blind: int
    measured: str = ""


def diagnosis_view(reading: Reading, anchor: Callable[[str], str | None]) -> DiagnosisView:
    """The diagnosis of main; `anchor` tells where a code stands on the page."""
    main = reading.record.main
    tried = reading.experiments.tried
    causes = list_causes(reading.findings, main)
    rows = tuple(_cause_row(one, tried, anchor) for one in causes)
    named = {one.code for one in causes}
    others = tuple(_experiment_row(one, tried) for one in tried if not named & {*one.of})
    mine = [one for one in reading.findings if is_about_main(one, main) and one.code.partition(".")[0] in FAMILIES]
    sources = reading.experiments.sources
    blind = {one.code for one in mine if one.status == "inconclusive"}
    looked = {one.code for one in mine} - blind
    told = None if sources is None else str(sources["sentence"])
    return DiagnosisView(rows, others, told, len(looked), len(blind), describe_diagnosis())


def _cause_row(cause: Finding, tried: Sequence[Experiment], anchor: Callable[[str], str | None]) -> CauseRow:
    mine = [one for one in tried if cause.code in one.of]
    explained = [code for code in cause.evidence.get("explains", ()) if isinstance(code, str)]
    return CauseRow(
        tuple((code, anchor(code)) for code in explained),
        cause.code,
        anchor(cause.code),
        cause.severity or "",
        cause.summary,
        tuple(_experiment_row(one, mine) for one in mine),
        _settle(cause, mine),
    )


def _settle(cause: Finding, mine: Sequence[Experiment]) -> str:
    if cause.confirmed_by is not None:
        return "confirmed"
    removed = [one.verdict for one in mine if not one.brings]
    if removed:
        return "open" if "open" in removed or "confirmed" in removed else "refuted"
    return "symptom" if cause.code in SYMPTOMS else "seen"


def _experiment_row(one: Experiment, beside: Sequence[Experiment]) -> ExperimentRow:
    words = LEARNS if one.measure == "train" else LEAKS if LEAK in one.of else REMOVES
    told = words.get(one.verdict, one.verdict)
    return ExperimentRow(one.name, told, describe_experiment(one), _draw(one, beside))


def _draw(one: Experiment, beside: Sequence[Experiment]) -> Markup:
    """The interval of an experiment against its threshold, on one scale with the others on the same measure."""
    if one.interval is None:
        return Markup("")
    alike = [other for other in beside if other.measure == one.measure and other.interval is not None]
    ends = [end for other in (*alike, one) for end in (*(other.interval or ()), other.threshold, 0.0)]
    low, high = min(ends), max(ends)

    def place(value: float) -> float:
        return EDGE + (WIDTH - 2 * EDGE) * (value - low) / ((high - low) or 1.0)

    middle = HEIGHT / 2
    zero, limit, left, right, dot = (place(value) for value in (0.0, one.threshold, *one.interval, one.estimate))
    return Markup(
        '<svg class="interval {verdict}" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        'aria-label="{name}: {estimate:.3f}, from {least:.3f} to {most:.3f}, against {threshold:g}">'
        '<line class="zero" x1="{zero:.1f}" x2="{zero:.1f}" y1="3" y2="{bottom}"/>'
        '<line class="limit" x1="{limit:.1f}" x2="{limit:.1f}" y1="3" y2="{bottom}"/>'
        '<line class="whisker" x1="{left:.1f}" x2="{right:.1f}" y1="{middle}" y2="{middle}"/>'
        '<circle cx="{dot:.1f}" cy="{middle}" r="4.5"/></svg>'
    ).format(
        verdict=one.verdict, width=WIDTH, height=HEIGHT, name=one.name, estimate=one.estimate, least=one.interval[0],
        most=one.interval[1], threshold=one.threshold, zero=zero, limit=limit, left=left, right=right, middle=middle,
        dot=dot, bottom=HEIGHT - 3,
    )  # fmt: skip
