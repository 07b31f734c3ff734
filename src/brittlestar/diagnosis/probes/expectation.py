"""Finding `probe.expectation`."""

from __future__ import annotations

from collections.abc import Iterator

from brittlestar.core.findings import Finding
from brittlestar.diagnosis.probes.budget import Question
from brittlestar.diagnosis.probes.questions import EXPECTATION, FEWEST_TURNED, Asked, declared, has_learned
from brittlestar.diagnosis.probes.readings import ProbedArm
from brittlestar.diagnosis.probes.saying import finding, points, seeds_told, share, told, what_would_tell

CODE = EXPECTATION
THRESHOLD = (
    "What was declared does not hold: more than 5 % of predictions change where none should, or go the other way; or "
    "fewer than 5 % of those that could change do, where they should. Of rows that the probe changed (30 at least), "
    "corrected over all questions of the suite (Holm)."
)


def check(asked: Asked) -> Iterator[Finding]:
    """What was declared of a probe does not hold.

    **What it means.** Where nobody knows true labels of changed rows, a person can still say what should happen: that
    predictions stay, that they change, or that those that change become one class or leave it (a negated review gets
    worse, never better). The model does something else.

    **How it is decided.** `expect: {own.negated: toward negative}` in the study file, or the expectation that an own
    probe declares. With a direction, two things are asked: whether predictions go the other way, and whether any go
    that way. What another finding reads already is left to it: invariance under order, composition, length, noise,
    tokenisation and factors, and change under a shuffle of order or of a factor. Where true labels are known they stand
    for every expectation, and of probes in the family `own` the accuracy that is lost is asked.

    **Thresholds.** Present: more than 5 % of predictions the wrong way (or changed, where none should); or fewer than
    5 % of those that could change; corrected over all questions of the suite. Absent: both intervals lie on the other
    side. Else inconclusive.

    **What it cannot see.** Expectations that nobody wrote down, and variants that have not learned the task.

    **What to do.** Look at the rows (`brittlestar probe STUDY --show PROBE@STRENGTH`); mend the model, or the
    expectation. Severity: warning.
    """
    for arm in asked.study.arms:

        def say(one: Question, arm: ProbedArm = arm) -> str:
            return _said(arm, one)

        remedy = "Look at the rows; mend the model, or the expectation."
        found = finding(asked, CODE, arm.arm.name, THRESHOLD, say, remedy=remedy)
        if found is not None:
            yield found
            continue
        few = [one for one in arm.readings[1:] if declared(one)]
        if few and has_learned(arm):
            rows = max(0 if one.followed is None else one.followed.rows for one in few)
            summary = f"{arm.arm.name}: {few[0].condition.name} changes {rows} rows at most; {FEWEST_TURNED} would do."
            evidence = {"missing": "rows", "rows": rows, "needed": FEWEST_TURNED}
            where = {"variant": arm.arm.name, "split": asked.split}
            yield Finding(CODE, "inconclusive", summary, THRESHOLD, None, where, evidence, what_would_tell(asked))


def _said(arm: ProbedArm, one: Question) -> str:
    reading = arm.of(one.name)
    assert reading is not None
    condition, effect = reading.condition, one.effect
    if reading.drop is not None:
        return f"{condition.about} ({one.name}): {told(effect)} of accuracy are lost, {seeds_told(effect)}"
    about = f"{condition.about} ({one.name}), expected: {condition.expectation}"
    if reading.free is None:
        return f"{about}: {share(effect)} of predictions change, {seeds_told(effect, one.below)}"
    way = "the stated way" if one.below else "the other way"
    could = f" of {points(reading.free)} that could" if one.below else ""
    return f"{about}: {share(effect)} of predictions go {way}{could}, {seeds_told(effect, one.below)}"
