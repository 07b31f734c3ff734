"""Variants that probes could not ask, and rows that got no answer, with the reason."""

from collections.abc import Collection, Iterator, Mapping

from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.arms import Arm, arms
from brittlestar.diagnosis.probes.phrasing import list_some
from brittlestar.diagnosis.probes.readings import ProbedStudy

TAKES = "the probe command takes a model with its option --predict"
MOST_NAMED = 3  # a sentence that a person reads


def not_probed(record: StudyRecord, probed: Collection[str] = ()) -> Mapping[str, str]:
    """{variant: why no cell of it has answers}, of the variants that are not `probed`."""
    return {arm.name: _why(arm, record.probes is not None) for arm in arms(record) if arm.name not in probed}


def _why(arm: Arm, asked: bool) -> str:
    outcomes = {cell.outcome for cell in arm.done}
    if not arm.done:
        failed = any(cell.state == "failed" for cell in arm.cells)
        return "its training failed" if failed else "no run of it is finished"
    if outcomes == {"diverged"}:
        return "its training diverged"
    if "trained" in outcomes:
        raised = "its model answered no row, or the run ended first (see attempts.jsonl in the study)"
        return raised if asked else "no probes were asked for"
    if "fitted" in outcomes:
        return f"estimators and fit functions leave no weights, and can be asked right after training alone ({TAKES})"
    return f"given predictions cannot be asked again ({TAKES})"


def describe_unanswered(study: ProbedStudy) -> Iterator[str]:
    """A sentence for each variant that raised at some rows: which conditions, and what it raised."""
    for arm in study.arms:
        named = [one.condition.title for one in arm.readings if one.silent is not None]
        problem = next((cell.problem for cell in arm.cells.values() if cell.problem), None)
        if named and problem:
            where = list_some(named, MOST_NAMED)
            yield (
                f"{arm.arm.name} gives no answer to some rows, which count as misclassified: it raised {problem}. "
                f"Conditions: {where}."
            )
