"""Finding `probe.token-brittle`."""

from collections.abc import Iterator
from dataclasses import replace

from brittlestar.core.findings import Finding
from brittlestar.core.probing import MOST_FREQUENT
from brittlestar.diagnosis.probes.phrasing import format_points
from brittlestar.diagnosis.probes.questions import FEWEST_TURNED, TOKEN, Asked, has_learned
from brittlestar.diagnosis.probes.readings import ProbedArm, Reading
from brittlestar.diagnosis.probes.saying import make_finding, report_untested

CODE = TOKEN
THRESHOLD = (
    "On rows whose respelled tokens train has (30 at least), more than 5 points of accuracy are lost, or 5 % of "
    "predictions change, significant after Holm correction over all tests of the suite."
)


def check(asked: Asked) -> Iterator[Finding]:
    """Another spelling in known tokens changes the result.

    **What it means.** The text says the same, train has every token of both spellings, and the model answers otherwise.

    **How it is decided.** Tokens are cut into characters or factor values, joined in twos, or written in another normal
    form of Unicode. The true label stays; without a rule, predictions that change are counted. Tested are changed rows
    of which every token that differs is familiar, before and after: train has it, and the respelled rows have it at
    most 10 times as often. So a model of whole words is not blamed for single letters, which stand 100 times as often
    in rows that are cut.

    **Thresholds.** As in the rule. Absent: every 95 % interval is below that. Inconclusive: in between, or fewer than
    30 such rows, the usual case. A study that declares `expect: {tokenisation: invariant}` is held to that on all rows.
    Severity: warning.

    **What it cannot see.** Whether such a change will ever happen; what unknown tokens cost: see `probe.noise-brittle`
    and `token.unknown`.

    **What to do.** Fix the tokenisation where the data come in, or train on several.
    """
    for arm in asked.study.arms:
        readings = [one for one in arm.readings if one.condition.family == "tokenisation"]
        unknown = [_tabulate(one) for one in readings if not one.condition.declared and _rows(one) < FEWEST_TURNED]
        remedy = "Normalise text where it comes in, or train on several tokenisations."
        found = make_finding(asked, CODE, arm, THRESHOLD, remedy=remedy)
        if found is not None:
            yield replace(found, evidence={**found.evidence, "not_comparable": unknown})
        elif readings:
            learned = has_learned(arm)
            yield _incomparable(asked, arm, readings) if learned else report_untested(asked, CODE, arm, THRESHOLD)


def _rows(one: Reading) -> int:
    return 0 if one.familiar is None else int(one.familiar["rows"] or 0)


def _tabulate(one: Reading) -> dict[str, object]:
    return {"condition": one.condition.name, "title": one.condition.title, "tokens_familiar": one.familiar}


def _incomparable(asked: Asked, arm: ProbedArm, readings: list[Reading]) -> Finding:
    """No spelling leaves enough rows in tokens that the model can know."""
    moving = [one for one in readings if one.moved > 0]
    evidence = {"missing": "rows in familiar tokens", "not_comparable": [_tabulate(one) for one in readings]}
    where = {"variant": arm.arm.name, "split": asked.split}
    if not moving:
        summary = f"{arm.arm.name}: no other spelling changes a row of {asked.split}."
        return Finding(CODE, "absent", summary, THRESHOLD, where=where, evidence=evidence)
    one = max(moving, key=lambda one: (one.moved, -_share(one)))
    summary = (
        f"{arm.arm.name}: nothing can be concluded; this model knows tokens only as train spells them. "
        f"With {one.condition.title}, {format_points(1 - _share(one))} % of changed tokens are unknown, or over "
        f"{MOST_FREQUENT} times as frequent as in train."
    )
    remedy = (
        "If another spelling can occur, train on it too, or declare that answers must stay "
        "(probes: {expect: {tokenisation: invariant}})."
    )
    return Finding(CODE, "inconclusive", summary, THRESHOLD, None, where, evidence, remedy)


def _share(one: Reading) -> float:
    """The share of the new tokens that are familiar; all, where there are none."""
    after = None if one.familiar is None else one.familiar["after"]
    return 1.0 if after is None else float(after)
