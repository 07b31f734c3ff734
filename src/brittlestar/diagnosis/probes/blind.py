"""What order, factors and minimal contrasts have in common: labels turn with them, and predictions do not."""

from collections.abc import Iterator, Sequence

import numpy as np

from brittlestar.core.findings import Finding, Severity
from brittlestar.diagnosis.probes.phrasing import format_points
from brittlestar.diagnosis.probes.questions import FEWEST_TURNED, NEEDED, Asked, blind_code
from brittlestar.diagnosis.probes.readings import ProbedArm, Reading
from brittlestar.diagnosis.probes.saying import make_finding, suggest_more


def report_blind(asked: Asked, code: str, threshold: str, remedy: str) -> Iterator[Finding]:
    """One finding a variant; where the rule does not need what is taken away, or nobody knows, that."""
    for arm in asked.study.arms:
        readings = [one for one in arm.readings[1:] if blind_code(one.condition.probe) == code]
        if not readings:
            continue
        bag = arm.arm.setting("model.family") == "bag" and not arm.arm.variant.own
        severity: Severity = "info" if bag else "warning"
        todo = CONSTANT if is_constant(arm) else remedy
        found = make_finding(asked, code, arm, threshold, severity=severity, remedy=todo)
        yield _report_unmeasured(asked, code, arm, readings, threshold) if found is None else found


CONSTANT = "It gives every row one class: see the findings on training first."


def is_constant(arm: ProbedArm) -> bool:
    """Whether every seed of a variant answers one class for all rows as they are."""
    return all(len(np.unique(cell.predictions[arm.plain.condition.before])) == 1 for cell in arm.cells.values())


def _report_unmeasured(asked: Asked, code: str, arm: ProbedArm, readings: Sequence[Reading], threshold: str) -> Finding:
    """The finding where nothing was asked: too few labels turn, none should, or nobody knows."""
    where, name = {"variant": arm.arm.name, "split": asked.split}, arm.arm.name
    turned = [one.turned for one in readings if one.turned is not None]
    few = [one.answered.rows for one in readings if one.answered is not None and (one.turned or 0.0) > NEEDED]
    if few:
        summary = f"{name}: the true label turns on {max(few)} rows, which are too few; {FEWEST_TURNED} are needed."
        evidence = {"missing": "rows", "rows": max(few), "needed": FEWEST_TURNED}
        return Finding(code, "inconclusive", summary, threshold, None, where, evidence, suggest_more(asked, arm))
    if turned and all(one.condition.family == "contrast" for one in readings):
        summary = f"{name}: both rows of each pair have one label, so that there is nothing to tell apart."
        evidence = {"missing": "pairs with two labels", "turned": max(turned)}
        remedy = "Give pairs whose two rows have two labels (probes: {pairs: FILE})."
        return Finding(code, "inconclusive", summary, threshold, None, where, evidence, remedy)
    if turned:
        most = format_points(max(turned))
        summary = f"{name}: the rule does not need it; at most {most} % of true labels turn."
        return Finding(code, "absent", summary, threshold, where=where, evidence={"turned": max(turned)})
    if all(one.condition.expectation == "invariant" for one in readings):
        summary = f"{name}: the study declares that predictions should stay, so that nothing is missed."
        return Finding(code, "absent", summary, threshold, where=where, evidence={"expectation": "invariant"})
    family = readings[0].condition.family
    summary = f"{name}: whether the task needs {SUBJECTS.get(family, 'it')} is not known."
    remedy = (
        f"Declare it (probes: {{expect: {{{family}: changes}}}}), or give a function that labels changed rows "
        "(probes: {relabel: package.module:function})."
    )
    return Finding(code, "inconclusive", summary, threshold, None, where, {"missing": "a rule"}, remedy)


SUBJECTS = {"order": "token order", "factors": "a factor"}
"""What a family takes away, in words."""
