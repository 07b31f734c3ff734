"""What families of probes have in common: accuracy that is lost, or predictions that change where none should."""

from collections.abc import Iterator, Sequence
from typing import Any

from brittlestar.core.findings import Finding
from brittlestar.diagnosis.probes.phrasing import format_effect, format_interval, format_points
from brittlestar.diagnosis.probes.questions import NOT_TESTED, Asked, brittle_code, clear_of_majority, has_learned
from brittlestar.diagnosis.probes.readings import ProbedArm, Reading
from brittlestar.diagnosis.probes.saying import make_finding, suggest_more

LEARNED = "a model that has learned the task"
"""What is missing where a variant is not tested."""


def report_brittle(asked: Asked, code: str, threshold: str, remedy: str) -> Iterator[Finding]:
    """One finding a variant that the suite has probes for."""
    for arm in asked.study.arms:
        readings = [one for one in arm.readings if brittle_code(one.condition.probe) == code]
        found = make_finding(asked, code, arm, threshold, remedy=remedy)
        if found is not None:
            yield found
        elif readings and not has_learned(arm):
            yield report_untested(asked, code, arm, threshold)
        elif any(one.condition.expectation == "open" for one in readings):
            yield _report_unruled(asked, code, arm, readings, threshold)


def explain_untested(arm: ProbedArm) -> str:
    """Why a variant is not tested for brittleness: `accuracy 61.9 [58.7, 65.1], majority class 50.0`."""
    before, majority = arm.plain.before, arm.plain.majority_before
    assert before is not None and majority is not None
    accuracy = f"{format_points(before.estimate)} {format_interval(before.interval())}"
    return f"accuracy {accuracy}, majority class {format_points(majority)}"


def report_untested(asked: Asked, code: str, arm: ProbedArm, threshold: str) -> Finding:
    """The finding about a variant that has not learned the task."""
    before, clear = arm.plain.before, clear_of_majority(arm)
    accuracy = None if before is None else before.as_json()
    evidence = {"missing": LEARNED, "accuracy": accuracy, "majority": arm.plain.majority_before, "needed": clear}
    near = before is not None and clear is not None and before.estimate > clear
    remedy = suggest_more(asked, arm) if near else "Train it until it has learned; see the findings on training."
    where = {"variant": arm.arm.name, "split": asked.split}
    summary = f"{arm.arm.name} is not tested for brittleness: {explain_untested(arm)}. {NOT_TESTED}"
    return Finding(code, "inconclusive", summary, threshold, None, where, evidence, remedy)


def _tabulate(one: Reading) -> dict[str, Any]:
    effects = {name: getattr(one, name) for name in ("flips", "reliance")}
    told = {name: None if effect is None else effect.as_json() for name, effect in effects.items()}
    return {"condition": one.condition.name, "title": one.condition.title, **told}


def _report_unruled(asked: Asked, code: str, arm: ProbedArm, readings: Sequence[Reading], threshold: str) -> Finding:
    """Nobody knows what should hold: what was seen, and what would tell."""
    flips = [(one.flips.estimate, one) for one in readings if one.flips is not None]
    _, most = max(flips, key=lambda pair: pair[0], default=(0.0, readings[0]))
    seen = "no row was changed"
    if most.flips is not None:
        seen = f"{format_effect(most.flips, ' %')} of predictions change with {most.condition.title}"
    lost = f" Accuracy on the old labels falls by {format_effect(most.reliance)}." if most.reliance is not None else ""
    summary = f"{arm.arm.name}: {seen}.{lost} Whether they should change is not known."
    family = readings[0].condition.family
    remedy = (
        f"Declare what should hold (probes: {{expect: {{{family}: invariant}}}}), or give a function that labels "
        "changed rows (probes: {relabel: package.module:function})."
    )
    evidence = {"missing": "a rule", "conditions": [_tabulate(one) for one in readings]}
    where = {"variant": arm.arm.name, "split": asked.split}
    return Finding(code, "inconclusive", summary, threshold, None, where, evidence, remedy)
