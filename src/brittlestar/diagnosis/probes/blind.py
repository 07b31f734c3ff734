"""What order, factors and minimal contrasts have in common: labels turn with them, and predictions do not."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from brittlestar.core.findings import Finding, Severity
from brittlestar.diagnosis.probes.budget import Question
from brittlestar.diagnosis.probes.questions import FEWEST_TURNED, NEEDED, Asked, blind_code
from brittlestar.diagnosis.probes.readings import ProbedArm
from brittlestar.diagnosis.probes.saying import finding, points, share, what_would_tell


def blind(asked: Asked, code: str, threshold: str, remedy: str) -> Iterator[Finding]:
    """One finding a variant; where the rule does not need what is taken away, or nobody knows, that."""
    for arm in asked.study.arms:
        readings = [one for one in arm.readings[1:] if blind_code(one.condition.probe) == code]
        if not readings:
            continue

        def say(one: Question, arm: ProbedArm = arm) -> str:
            reading = arm.of(one.name)
            assert reading is not None
            about = f"{reading.condition.about} ({one.name})"
            if reading.turned is None:
                return f"{about}: {share(one.effect)} of predictions change, where they should"
            return (
                f"{about} turns {points(reading.turned)} % of true labels, and among those rows {share(one.effect)} of "
                "predictions change"
            )

        severity: Severity = (
            "info" if arm.arm.setting("model.family") == "bag" and not arm.arm.variant.own else "warning"
        )
        found = finding(asked, code, arm.arm.name, threshold, say, severity=severity, remedy=_remedy(arm, remedy))
        if found is not None:
            yield found
            continue
        where = {"variant": arm.arm.name, "split": asked.split}
        turned = [one.turned for one in readings if one.turned is not None]
        few = [one.answered.rows for one in readings if one.answered is not None and (one.turned or 0.0) > NEEDED]
        if few:
            summary = (
                f"{arm.arm.name}: {max(few)} rows whose true label turns are too few to tell; {FEWEST_TURNED} would."
            )
            evidence = {"missing": "rows", "rows": max(few), "needed": FEWEST_TURNED}
            yield Finding(code, "inconclusive", summary, threshold, None, where, evidence, what_would_tell(asked))
            continue
        if turned and all(one.condition.family == "contrast" for one in readings):
            summary = f"{arm.arm.name}: the pairs keep their label, so that none has to be told apart."
            evidence = {"missing": "pairs with two labels", "turned": max(turned)}
            remedy_ = "Give pairs whose two rows have two labels (probes: {pairs: FILE})."
            yield Finding(code, "inconclusive", summary, threshold, None, where, evidence, remedy_)
            continue
        if turned:
            summary = f"{arm.arm.name}: the rule does not need it; at most {points(max(turned))} % of true labels turn."
            yield Finding(code, "absent", summary, threshold, where=where, evidence={"turned": max(turned)})
            continue
        if all(one.condition.expectation == "invariant" for one in readings):
            summary = f"{arm.arm.name}: by what the study says, predictions should stay, so that nothing is missed."
            yield Finding(code, "absent", summary, threshold, where=where, evidence={"expectation": "invariant"})
            continue
        summary = f"{arm.arm.name}: whether the task needs it is not known."
        missing = "Say so (probes: {expect: {order: changes}}), or give true labels of changed rows (probes: relabel)."
        yield Finding(code, "inconclusive", summary, threshold, None, where, {"missing": "a rule"}, missing)


def _remedy(arm: ProbedArm, remedy: str) -> str:
    """What to do; a variant that answers one class for everything has to learn something first."""
    constant = all(len(np.unique(cell.predictions[arm.plain.condition.before])) == 1 for cell in arm.cells.values())
    return "It gives every row one class: see the findings on training first." if constant else remedy
