"""The diagnosis as the page tells it: from symptoms to causes, to experiments, to what they settled. Its words are in
`templates/diagnosis.html.j2`."""

from collections.abc import Callable, Sequence
from typing import Any

from brittlestar.core.causes import role_of
from brittlestar.core.checks import family_of
from brittlestar.core.experiments import Experiment
from brittlestar.core.findings import Finding
from brittlestar.diagnosis.causes.symptoms import LEAK, describe_experiment, find_symptoms
from brittlestar.reports.error_budget import describe_diagnosis
from brittlestar.reports.finding_groups import FAMILIES, is_about_main, list_causes
from brittlestar.reports.study_view import StudyView


def describe_causes(reading: StudyView, anchor: Callable[[str], str | None]) -> dict[str, Any]:
    """What the section shows; `anchor` tells where a code stands on the page.

    `rows` are causes with the codes that each explains, the experiments on it, and what is settled by them; `others`
    are experiments on no finding of today; `looked` and `blind` count checks that looked for causes, and those of them
    that could not tell; `measured` says how often causes in training are right, empty where that is not known or none
    is among them; `to_try` says that experiments could be made and none was. Parameters of own fit functions are not
    looked for here.
    """
    main, tried = reading.record.main, reading.experiments.tried
    causes = list_causes(reading.findings, main)
    named = {cause.code for cause in causes}
    mine = [
        finding for finding in reading.findings if is_about_main(finding, main) and family_of(finding.code) in FAMILIES
    ]
    blind = {finding.code for finding in mine if finding.status == "inconclusive"}
    return {
        "rows": [_describe_cause(cause, [each for each in tried if cause.code in each.of]) for cause in causes],
        "others": [_describe_experiment(one) for one in tried if not named & {*one.of}],
        "looked": len({finding.code for finding in mine if finding.is_settled} - blind),
        "blind": len(blind),
        "measured": describe_diagnosis(cause.code for cause in causes),
        "to_try": not tried and _can_be_tried(reading),
        "anchor": anchor,
    }


def _can_be_tried(reading: StudyView) -> bool:
    """Whether something is wrong that experiments are about, with a model that settings train."""
    record = reading.record
    trained = any(cell.variant == record.main and cell.outcome in ("trained", "diverged") for cell in record.cells)
    return trained and not record.in_memory and bool(find_symptoms(reading.findings, record.main))


def _describe_cause(cause: Finding, tried: Sequence[Experiment]) -> dict[str, Any]:
    return {
        "cause": cause,
        "symptoms": [code for code in cause.evidence.get("explains", ()) if isinstance(code, str)],
        "experiments": [_describe_experiment(experiment) for experiment in tried],
        "settled": _settle(cause, tried),
    }


def _settle(cause: Finding, tried: Sequence[Experiment]) -> str:
    """`confirmed`, `open` or `refuted`; without experiments it was `seen`, or is a `symptom` itself."""
    if cause.confirmed_by is not None:
        return "confirmed"
    removed = [experiment.verdict for experiment in tried if not experiment.brings]
    if removed:
        return "open" if "open" in removed or "confirmed" in removed else "refuted"
    return "symptom" if role_of(cause).symptom else "seen"


def _describe_experiment(experiment: Experiment) -> dict[str, Any]:
    """An experiment with what it shows where it is confirmed: the model `learns`, the score falls for a `leak`, or the
    symptom is `removed`."""
    kind = "learns" if experiment.measure == "train" else "leak" if LEAK in experiment.of else "removed"
    return {
        "name": experiment.name,
        "verdict": experiment.verdict,
        "kind": kind,
        "text": describe_experiment(experiment),
    }
