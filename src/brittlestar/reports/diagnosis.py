"""The diagnosis as the page draws it: from symptoms to causes, to experiments, to what they settled. Its words are in
`templates/diagnosis.html.j2`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from brittlestar.core.causes import SYMPTOMS
from brittlestar.core.experiments import Experiment
from brittlestar.core.findings import Finding
from brittlestar.diagnosis.causes.symptoms import LEAK, describe_experiment
from brittlestar.reports.error_budget import describe_diagnosis
from brittlestar.reports.finding_groups import FAMILIES, is_about_main, list_causes
from brittlestar.reports.reading import Reading

WIDTH, HEIGHT, EDGE = 240, 26, 8
"""Of the picture of one interval, in CSS pixels."""


@dataclass(frozen=True)
class ExperimentRow:
    """One experiment: what it shows where it is confirmed (`kind`: the model `learns`, the score falls for a `leak`, or
    the symptom is `removed`), in words, and where the parts of its picture stand, None where it has no interval."""

    experiment: Experiment
    kind: str
    text: str
    places: Mapping[str, float] | None


@dataclass(frozen=True)
class CauseRow:
    """One cause, from left to right: the `symptoms` that it explains as (code, anchor), the finding that names it and
    its anchor, the experiments on it, and what is settled by them: `confirmed`, `open` or `refuted`; without any it was
    `seen`, or is a `symptom` itself."""

    symptoms: tuple[tuple[str, str | None], ...]
    cause: Finding
    anchor: str | None
    experiments: tuple[ExperimentRow, ...]
    settled: str


@dataclass(frozen=True)
class DiagnosisView:
    """All causes, experiments on no finding of today, why seeds differ (None where nobody asked), and how many checks
    looked for causes and how many of them could not tell; `measured` says how often a diagnosis is right, empty where
    that is not known."""

    rows: tuple[CauseRow, ...]
    others: tuple[ExperimentRow, ...]
    sources: str | None
    looked: int
    blind: int
    measured: str


def diagnosis_view(reading: Reading, anchor: Callable[[str], str | None]) -> DiagnosisView:
    """The diagnosis of main; `anchor` tells where a code stands on the page."""
    main = reading.record.main
    tried = reading.experiments.tried
    causes = list_causes(reading.findings, main)
    named = {one.code for one in causes}
    mine = [one for one in reading.findings if is_about_main(one, main) and one.code.partition(".")[0] in FAMILIES]
    sources = reading.experiments.sources
    blind = {one.code for one in mine if one.status == "inconclusive"}
    return DiagnosisView(
        tuple(_cause_row(one, tried, anchor) for one in causes),
        tuple(_experiment_row(one, tried) for one in tried if not named & {*one.of}),
        None if sources is None else str(sources["sentence"]),
        len({one.code for one in mine} - blind),
        len(blind),
        describe_diagnosis(),
    )


def _cause_row(cause: Finding, tried: Sequence[Experiment], anchor: Callable[[str], str | None]) -> CauseRow:
    mine = [one for one in tried if cause.code in one.of]
    explained = [code for code in cause.evidence.get("explains", ()) if isinstance(code, str)]
    symptoms = tuple((code, anchor(code)) for code in explained)
    experiments = tuple(_experiment_row(one, mine) for one in mine)
    return CauseRow(symptoms, cause, anchor(cause.code), experiments, _settle(cause, mine))


def _settle(cause: Finding, mine: Sequence[Experiment]) -> str:
    if cause.confirmed_by is not None:
        return "confirmed"
    removed = [one.verdict for one in mine if not one.brings]
    if removed:
        return "open" if "open" in removed or "confirmed" in removed else "refuted"
    return "symptom" if cause.code in SYMPTOMS else "seen"


def _experiment_row(one: Experiment, beside: Sequence[Experiment]) -> ExperimentRow:
    kind = "learns" if one.measure == "train" else "leak" if LEAK in one.of else "removed"
    return ExperimentRow(one, kind, describe_experiment(one), _place_parts(one, beside))


def _place_parts(one: Experiment, beside: Sequence[Experiment]) -> dict[str, float] | None:
    """Where the interval of an experiment and its threshold stand, on one scale with the others on the same measure."""
    if one.interval is None:
        return None
    alike = [other for other in beside if other.measure == one.measure and other.interval is not None]
    ends = [end for other in (*alike, one) for end in (*(other.interval or ()), other.threshold, 0.0)]
    low, high = min(ends), max(ends)
    values = {"zero": 0.0, "limit": one.threshold, "dot": one.estimate}
    values |= {"left": one.interval[0], "right": one.interval[1]}
    room = (WIDTH - 2 * EDGE) / ((high - low) or 1.0)
    found = {name: EDGE + room * (value - low) for name, value in values.items()}
    return {**found, "width": WIDTH, "height": HEIGHT, "middle": HEIGHT / 2, "bottom": HEIGHT - 3}
