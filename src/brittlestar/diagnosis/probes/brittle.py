"""What families of probes have in common: accuracy that is lost, or predictions that change where none should."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from brittlestar.core.findings import Finding
from brittlestar.diagnosis.probes.budget import Question
from brittlestar.diagnosis.probes.questions import Asked, brittle_code, clear_of_majority, has_learned, majority
from brittlestar.diagnosis.probes.readings import ProbedArm, Reading
from brittlestar.diagnosis.probes.saying import finding, points, ranged, seeds_told, share, told, what_would_tell


def brittle(asked: Asked, code: str, threshold: str, remedy: str) -> Iterator[Finding]:
    """One finding a variant that the suite has probes for."""
    for arm in asked.study.arms:
        readings = [one for one in arm.readings if brittle_code(one.condition.probe) == code]
        if not readings:
            continue

        def say(one: Question, arm: ProbedArm = arm) -> str:
            return _said(arm, one)

        found = finding(asked, code, arm.arm.name, threshold, say, remedy=remedy)
        if found is not None:
            yield found
        elif not has_learned(arm) or any(one.condition.expectation == "open" for one in readings):
            yield _unknown(asked, code, arm, readings, threshold)


def _said(arm: ProbedArm, one: Question) -> str:
    reading = arm.of(one.name)
    assert reading is not None
    about = reading.condition.about
    if reading.drop is None and one.effect is reading.silent:
        return f"{about} ({one.name}): {share(one.effect)} of rows get no answer, {seeds_told(one.effect)}"
    if reading.drop is None:
        return f"{about} ({one.name}): {share(one.effect)} of predictions change, {seeds_told(one.effect)}"
    among = " among rows whose true label stays" if one.effect is reading.steady else ""
    assert reading.before is not None and reading.after is not None
    accuracies = f"accuracy {points(reading.before.estimate)} before and {points(reading.after.estimate)} after"
    accuracies = f", {accuracies}" if not among else ""
    return f"{about} ({one.name}): {told(one.effect)} of accuracy are lost{among}{accuracies}, {seeds_told(one.effect)}"


def _unknown(asked: Asked, code: str, arm: ProbedArm, readings: Sequence[Reading], threshold: str) -> Finding:
    """Nothing to hold the answers against: what was seen, and what would tell."""
    where = {"variant": arm.arm.name, "split": asked.split}
    if not has_learned(arm):
        evidence = {"missing": "a model that has learned the task", "conditions": [one.as_json() for one in readings]}
        return Finding(code, "inconclusive", _unlearned(arm), threshold, None, where, evidence, _to_learn(asked, arm))
    flips = [one for one in readings if one.flips is not None]
    most = max(flips, key=lambda one: one.flips.estimate if one.flips is not None else 0.0, default=None)
    seen = ""
    if most is not None and most.flips is not None:
        seen = f"{most.condition.about} ({most.condition.name}) changes {share(most.flips)} of predictions"
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


def _unlearned(arm: ProbedArm) -> str:
    plain = arm.plain.before
    assert plain is not None
    scores = f"accuracy {points(plain.estimate)} {ranged(plain.interval())}, majority class {points(majority(arm))}"
    return f"{arm.arm.name} does not stand clear of the majority class, so that nothing can break: {scores}."


def _to_learn(asked: Asked, arm: ProbedArm) -> str:
    """What would settle whether a variant has learned: training, or more seeds where its mean lies clear."""
    plain = arm.plain.before
    if plain is not None and plain.estimate > clear_of_majority(arm):
        return what_would_tell(asked)
    return "Train it until it has learned; see the findings on training."
