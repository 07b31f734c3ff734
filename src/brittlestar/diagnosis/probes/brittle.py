"""What families of probes have in common: accuracy that is lost, or predictions that change where none should."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from brittlestar.core.findings import Finding
from brittlestar.diagnosis.probes.budget import Question
from brittlestar.diagnosis.probes.questions import Asked, has_learned
from brittlestar.diagnosis.probes.readings import ProbedArm, Reading
from brittlestar.diagnosis.probes.saying import finding, points, seeds_told, told


def brittle(asked: Asked, code: str, of: str | Callable[[str], bool], threshold: str, remedy: str) -> Iterator[Finding]:
    """One finding an arm that the suite has probes for: those of a family, or those whose name `of` holds of."""
    for arm in asked.study.arms:
        readings = arm.family(of) if isinstance(of, str) else _whose_name(arm, of)
        if not readings:
            continue

        def say(one: Question, arm: ProbedArm = arm) -> str:
            return _said(arm, one)

        found = finding(asked, code, arm.arm.name, threshold, say, remedy=remedy)
        yield _unknown(asked, code, arm, readings, threshold) if found is None else found


def _whose_name(arm: ProbedArm, holds: Callable[[str], bool]) -> tuple[Reading, ...]:
    return tuple(one for one in arm.readings if holds(one.condition.probe))


def _said(arm: ProbedArm, one: Question) -> str:
    reading = arm.of(one.name)
    assert reading is not None
    about = reading.condition.about
    if reading.drop is None:
        return f"{about} ({one.name}): {told(one.effect)} of predictions change, {seeds_told(one.effect)}"
    among = " among rows whose true label stays" if one.effect is reading.steady else ""
    assert reading.before is not None and reading.after is not None
    accuracies = f"accuracy {points(reading.before.estimate)} before and {points(reading.after.estimate)} after"
    accuracies = f", {accuracies}" if not among else ""
    return f"{about} ({one.name}): {told(one.effect)} of accuracy are lost{among}{accuracies}, {seeds_told(one.effect)}"


def _unknown(asked: Asked, code: str, arm: ProbedArm, readings: tuple[Reading, ...], threshold: str) -> Finding:
    """Nothing to hold the answers against: what was seen, and what would tell."""
    where = {"variant": arm.arm.name, "split": asked.split}
    if not has_learned(arm):
        summary = (
            f"{arm.arm.name} does not stand clear of the majority class (by 10 points), so that nothing can break."
        )
        evidence = {"missing": "a model that has learned the task", "conditions": [one.as_json() for one in readings]}
        return Finding(
            code, "inconclusive", summary, threshold, None, where, evidence, "Train it until it has learned."
        )
    flips = [one for one in readings if one.flips is not None]
    most = max(flips, key=lambda one: one.flips.estimate if one.flips is not None else 0.0, default=None)
    seen = ""
    if most is not None and most.flips is not None:
        seen = f"{most.condition.about} ({most.condition.name}) changes {told(most.flips)} of predictions"
        if most.reliance is not None:
            seen += f", and {told(most.reliance)} of the score hang on it"
    summary = f"{arm.arm.name}: {seen or 'nothing was measured'}; whether it should is not known."
    family = readings[0].condition.family
    remedy = (
        f"Say what should hold (probes: {{expect: {{{family}: invariant}}}}), or give true labels of changed rows "
        "(probes: {relabel: package.module:function})."
    )
    evidence = {"missing": "a rule", "conditions": [one.as_json() for one in readings]}
    return Finding(code, "inconclusive", summary, threshold, None, where, evidence, remedy)
