"""Findings of one variant that have one cause: the dependent ones name the one that explains them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from brittlestar.core.findings import Finding
from brittlestar.core.probing import Condition
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.probes.questions import BLIND, BRITTLE, COMBINATION, Asked
from brittlestar.diagnosis.probes.readings import ProbedArm
from brittlestar.diagnosis.probes.saying import is_constant

ORDER, FACTOR, CONTRAST = BLIND
COMPOSITION, LENGTH, NOISE = (BRITTLE[family] for family in ("composition", "length", "noise"))

LEAKS, MATES = "padding.leaks", "padding.batch"
FAR_MORE = 3.0  # convention: batches pad rows by about as much as the eight columns that are tried

Found = Mapping[str, Finding]


def explain_findings(asked: Asked, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings, those that are present with `explained_by` (a code) and `explanation` (a sentence) in their
    evidence where a present finding of the same variant has the same cause; `probe.length-brittle` names the shifted
    splits of other lengths, whose losses it explains."""
    told: list[Finding] = []
    for one in findings:
        arm = asked.study.of(one.where.get("variant", ""))
        if arm is None or one.status != "present":
            told.append(one)
            continue
        found = {other.code: other for other in findings if other.where.get("variant") == arm.arm.name}
        present: Found = {code: other for code, other in found.items() if other.status == "present"}
        evidence = dict(one.evidence)
        if one.code == LENGTH:
            evidence["explains_splits"] = list(_longer_splits(asked.study.record))
        for cause, holds, sentence in RULES.get(one.code, ()):
            if cause in present and (holds is None or holds(asked, arm, present)):
                evidence |= {"explained_by": cause, "explanation": sentence}
                break
        told.append(replace(one, evidence=evidence))
    return tuple(told)


def _longer_splits(record: StudyRecord) -> tuple[str, ...]:
    found = () if record.audit is None else record.audit.findings
    return tuple(
        dict.fromkeys(
            one.where["split"] for one in found if (one.code, one.status) == ("shift.length", "present") and one.where
        )
    )


def _present(arm: ProbedArm, finding: Finding) -> list[Condition]:
    names = finding.evidence.get("present", ())
    return [one.condition for one in arm.readings if one.condition.name in names]


def _constant(asked: Asked, arm: ProbedArm, present: Found) -> bool:
    return is_constant(arm)


def _concerns_order(asked: Asked, arm: ProbedArm, present: Found) -> bool:
    return all("order" in one.concerns for one in _present(arm, present[CONTRAST]))


def _concerns_factor(asked: Asked, arm: ProbedArm, present: Found) -> bool:
    """Whether each contrast is about a factor that the model ignores."""
    ignored = {f"factor {one.probe.partition(':')[2]}" for one in _present(arm, present[FACTOR])}
    return all(ignored & {*one.concerns} for one in _present(arm, present[CONTRAST]))


def _familiar_tokens(asked: Asked, arm: ProbedArm, present: Found) -> bool:
    """Whether the composition changes in tokens that the model can know."""
    return not any(_unknown(one) for one in _present(arm, present[COMPOSITION]))


def _unknown_tokens(asked: Asked, arm: ProbedArm, present: Found) -> bool:
    """Whether noise that makes tokens unknown is all that breaks the model, and other unknown tokens break it too."""
    strangers = any(_unknown(one) for one in _present(arm, present[COMPOSITION]))
    return strangers and all(_unknown(one) for one in _present(arm, present[NOISE]))


def _unknown(one: Condition) -> bool:
    return one.familiarity is not None and one.familiarity.unknown


def _all_longer(asked: Asked, arm: ProbedArm, present: Found) -> bool:
    """Whether each split with new combinations has other lengths than train too."""
    return {*present[COMBINATION].evidence["present"]} <= {*_longer_splits(asked.study.record)}


def _mates_decide(asked: Asked, arm: ProbedArm, present: Found) -> bool:
    """Whether other rows in the batch move probabilities far more than padding does."""
    mates = present[MATES].evidence["presentations"].get("mates", {}).get("most", 0.0)
    return mates > FAR_MORE * present[LEAKS].evidence["presentations"]["padding"]["most"]


def _padding_decides(asked: Asked, arm: ProbedArm, present: Found) -> bool:
    return not _mates_decide(asked, arm, present)


Rule = tuple[str, Callable[[Asked, ProbedArm, Found], bool] | None, str]
ONE_CLASS = "Every row gets one class, so that no change of a row is seen."

RULES: Mapping[str, Sequence[Rule]] = {
    FACTOR: ((ORDER, _constant, ONE_CLASS),),
    CONTRAST: (
        (ORDER, _constant, ONE_CLASS),
        (FACTOR, _constant, ONE_CLASS),
        (ORDER, _concerns_order, "These pairs differ in where tokens stand, and the model ignores order."),
        (FACTOR, _concerns_factor, "These pairs differ in a factor that the model ignores."),
    ),
    COMPOSITION: (
        (
            ORDER,
            _familiar_tokens,
            "A model that ignores order answers by the tokens of a row, so their mix decides.",
        ),
    ),
    NOISE: ((COMPOSITION, _unknown_tokens, "Unknown tokens cost accuracy, wherever they come from."),),
    COMBINATION: ((LENGTH, _all_longer, "These splits have other lengths too, and the model loses accuracy there."),),
    LEAKS: ((MATES, _mates_decide, "Rows are mixed with whatever else is in a batch, and padding is one of these."),),
    MATES: ((LEAKS, _padding_decides, "Batches pad rows differently, and the model reads padding."),),
}
"""{code of the dependent finding: codes that may explain it, when they do, and the reason in a sentence}, the first
that holds."""
