"""Finding `probe.expectation`."""

from collections.abc import Iterator

from brittlestar.core.findings import Finding
from brittlestar.diagnosis.probes.questions import EXPECTATION, FEWEST_TURNED, Asked, has_learned, is_declared
from brittlestar.diagnosis.probes.saying import make_finding, suggest_more

CODE = EXPECTATION
THRESHOLD = (
    "Of the rows that a probe changed (30 at least), over 5 % of predictions break what was declared, or under 5 % of "
    "those that could follow it do; significant after Holm correction over all tests of the suite."
)


def check(asked: Asked) -> Iterator[Finding]:
    """What was declared of a probe does not hold.

    **What it means.** Where nobody knows true labels of changed rows, a person can still say that predictions stay,
    change, or that those that change become one class or leave it. The model does something else.

    **How it is decided.** By `expect: {own.negated: toward negative}` in the study file, or the expectation that an own
    probe declares. A direction has two tests: whether predictions go the other way, and whether any go that way. What
    another finding tests is left to it. Where true labels are known, probes of the family `own` are tested for lost
    accuracy.

    **Thresholds.** As in the rule. Absent: both 95 % intervals are on the other side. Severity: warning.

    **What it cannot see.** Expectations that nobody wrote down, and variants that have not learned the task.

    **What to do.** Look at the rows (`brittlestar probe STUDY --show PROBE@STRENGTH`); correct the model, or the
    expectation.
    """
    for arm in asked.study.arms:
        remedy = "Look at the rows; correct the model, or the expectation."
        found = make_finding(asked, CODE, arm, THRESHOLD, remedy=remedy)
        if found is not None:
            yield found
            continue
        few = [one for one in arm.readings[1:] if is_declared(one)]
        if few and has_learned(arm):
            rows = max(0 if one.followed is None else one.followed.rows for one in few)
            title = few[0].condition.title
            summary = f"{arm.arm.name}: {rows} rows change with {title}; {FEWEST_TURNED} are needed."
            evidence = {"missing": "rows", "rows": rows, "needed": FEWEST_TURNED}
            where = {"variant": arm.arm.name, "split": asked.split}
            yield Finding(CODE, "inconclusive", summary, THRESHOLD, None, where, evidence, suggest_more(asked, arm))
