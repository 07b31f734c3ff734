"""Findings of one variant that have one cause: the dependent ones name the one that explains them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from brittlestar.core.findings import Finding
from brittlestar.core.probing import Condition
from brittlestar.diagnosis.probes.readings import ProbedStudy, ProbedVariant
from brittlestar.diagnosis.probes.results import is_constant
from brittlestar.diagnosis.probes.suite_tests import BLIND, BRITTLE

ORDER, FACTOR, CONTRAST = BLIND
COMPOSITION = BRITTLE["composition"]
LEAKS, MATES = "padding.leaks", "padding.batch"
FAR_MORE = 3.0  # convention: batches pad rows by about as much as the eight columns that are tried
Present = Mapping[str, Finding]
"""The present findings about a variant, by code."""


def explain_findings(study: ProbedStudy, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings, those that are present with `explained_by` (a code) and `explanation` (a sentence) in their
    evidence where a present finding of the same variant has the same cause."""
    of_variant: dict[str, dict[str, Finding]] = {one.name: {} for one in study.variants}
    for one in findings:
        if one.status == "present":
            of_variant.get(one.where.get("variant", ""), {})[one.code] = one

    def explain(one: Finding) -> Finding:
        variant = study.of(one.where.get("variant", ""))
        if variant is None or one.status != "present":
            return one
        present = of_variant[variant.name]
        rules = (rule for rule in RULES.get(one.code, ()) if rule[0] in present and rule[1](variant, present))
        cause, _, sentence = next(rules, ("", None, ""))
        explained = {"explained_by": cause, "explanation": sentence} if cause else {}
        return replace(one, evidence={**one.evidence, **explained})

    return tuple(map(explain, findings))


def _list_conditions(variant: ProbedVariant, present: Present, code: str) -> list[Condition]:
    """The conditions under which a finding is present."""
    names = present[code].evidence.get("present", ())
    return [one.condition for one in variant.readings if one.condition.name in names]


def _names_one_class(variant: ProbedVariant, _: Present) -> bool:
    return is_constant(variant)


def _concerns_order(variant: ProbedVariant, present: Present) -> bool:
    return all("order" in one.concerns for one in _list_conditions(variant, present, CONTRAST))


def _concerns_factor(variant: ProbedVariant, present: Present) -> bool:
    """Whether each contrast is about a factor that the model ignores."""
    ignored = {f"factor {one.probe.partition(':')[2]}" for one in _list_conditions(variant, present, FACTOR)}
    return all(ignored & {*one.concerns} for one in _list_conditions(variant, present, CONTRAST))


def _has_familiar_tokens(variant: ProbedVariant, present: Present) -> bool:
    """Whether the composition changes in tokens that the model can know."""
    known = (one.familiarity for one in _list_conditions(variant, present, COMPOSITION))
    return not any(one is not None and one.unknown for one in known)


def _mates_decide(_: ProbedVariant, present: Present) -> bool:
    """Whether other rows in the batch move probabilities far more than padding does."""
    mates = present[MATES].evidence["presentations"].get("mates", {}).get("most", 0.0)
    return mates > FAR_MORE * present[LEAKS].evidence["presentations"]["padding"]["most"]


def _padding_decides(variant: ProbedVariant, present: Present) -> bool:
    return not _mates_decide(variant, present)


Rule = tuple[str, Callable[[ProbedVariant, Present], bool], str]
ONE_CLASS = "Every row gets one class, so that no change of a row is seen."
MIXED = "A model that ignores order answers by the tokens of a row, so their mix decides."

RULES: Mapping[str, Sequence[Rule]] = {
    FACTOR: ((ORDER, _names_one_class, ONE_CLASS),),
    CONTRAST: (
        (ORDER, _names_one_class, ONE_CLASS),
        (FACTOR, _names_one_class, ONE_CLASS),
        (ORDER, _concerns_order, "These pairs differ in where tokens stand, and the model ignores order."),
        (FACTOR, _concerns_factor, "These pairs differ in a factor that the model ignores."),
    ),
    COMPOSITION: ((ORDER, _has_familiar_tokens, MIXED),),
    LEAKS: ((MATES, _mates_decide, "Rows are mixed with whatever else is in a batch, and padding is one of these."),),
    MATES: ((LEAKS, _padding_decides, "Batches pad rows differently, and the model reads padding."),),
}
"""{code of the dependent finding: codes that may explain it, when they do, and the reason in a sentence}, the first
that holds."""
