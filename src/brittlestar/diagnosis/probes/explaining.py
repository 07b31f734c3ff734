"""Findings of one variant that have one cause: the dependent ones name the one that explains them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from brittlestar.core.findings import Finding
from brittlestar.core.probing import Condition
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.probes.readings import ProbedStudy, ProbedVariant
from brittlestar.diagnosis.probes.results import is_constant
from brittlestar.diagnosis.probes.suite_tests import BLIND, BRITTLE, COMBINATION
from brittlestar.diagnosis.variant_runs import list_audited

ORDER, FACTOR, CONTRAST = BLIND
COMPOSITION, LENGTH, NOISE = (BRITTLE[family] for family in ("composition", "length", "noise"))
LEAKS, MATES = "padding.leaks", "padding.batch"
FAR_MORE = 3.0  # convention: batches pad rows by about as much as the eight columns that are tried


def explain_findings(study: ProbedStudy, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings, those that are present with `explained_by` (a code) and `explanation` (a sentence) in their
    evidence where a present finding of the same variant has the same cause; `probe.length-brittle` names the shifted
    splits of other lengths, whose losses it explains."""
    longer = _list_longer_splits(study.record)
    seen: dict[str, _Seen] = {}
    for variant in study.variants:
        mine = (one for one in findings if one.where.get("variant") == variant.name and one.status == "present")
        seen[variant.name] = _Seen(variant, {one.code: one for one in mine}, longer)

    def explain(one: Finding) -> Finding:
        here = seen.get(one.where.get("variant", ""))
        if here is None or one.status != "present":
            return one
        evidence = dict(one.evidence)
        if one.code == LENGTH:
            evidence["explains_splits"] = list(longer)
        rules = (rule for rule in RULES.get(one.code, ()) if rule[0] in here.present and rule[1](here))
        cause, _, sentence = next(rules, ("", None, ""))
        return replace(one, evidence=evidence | ({"explained_by": cause, "explanation": sentence} if cause else {}))

    return tuple(map(explain, findings))


def _list_longer_splits(record: StudyRecord) -> tuple[str, ...]:
    longer = (one for one in list_audited(record, "shift.length") if one.status == "present" and one.where)
    return tuple(dict.fromkeys(one.where["split"] for one in longer))


@dataclass(frozen=True)
class _Seen:
    """A variant with its present findings by code, and the shifted splits of other lengths."""

    variant: ProbedVariant
    present: Mapping[str, Finding]
    longer: tuple[str, ...]

    def list_conditions(self, code: str) -> list[Condition]:
        """Those under which a finding is present."""
        names = self.present[code].evidence.get("present", ())
        return [one.condition for one in self.variant.readings if one.condition.name in names]

    def are_unknown(self, code: str) -> list[bool]:
        """Whether each of them puts in tokens that the model cannot know."""
        known = (one.familiarity for one in self.list_conditions(code))
        return [one is not None and one.unknown for one in known]


def _names_one_class(seen: _Seen) -> bool:
    return is_constant(seen.variant)


def _concerns_order(seen: _Seen) -> bool:
    return all("order" in one.concerns for one in seen.list_conditions(CONTRAST))


def _concerns_factor(seen: _Seen) -> bool:
    """Whether each contrast is about a factor that the model ignores."""
    ignored = {f"factor {one.probe.partition(':')[2]}" for one in seen.list_conditions(FACTOR)}
    return all(ignored & {*one.concerns} for one in seen.list_conditions(CONTRAST))


def _has_familiar_tokens(seen: _Seen) -> bool:
    """Whether the composition changes in tokens that the model can know."""
    return not any(seen.are_unknown(COMPOSITION))


def _has_unknown_tokens(seen: _Seen) -> bool:
    """Whether noise that makes tokens unknown is all that breaks the model, and other unknown tokens break it too."""
    return any(seen.are_unknown(COMPOSITION)) and all(seen.are_unknown(NOISE))


def _is_longer(seen: _Seen) -> bool:
    """Whether each split with new combinations has other lengths than train too."""
    return {*seen.present[COMBINATION].evidence["present"]} <= {*seen.longer}


def _mates_decide(seen: _Seen) -> bool:
    """Whether other rows in the batch move probabilities far more than padding does."""
    mates = seen.present[MATES].evidence["presentations"].get("mates", {}).get("most", 0.0)
    return mates > FAR_MORE * seen.present[LEAKS].evidence["presentations"]["padding"]["most"]


def _padding_decides(seen: _Seen) -> bool:
    return not _mates_decide(seen)


Rule = tuple[str, Callable[[_Seen], bool], str]
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
    NOISE: ((COMPOSITION, _has_unknown_tokens, "Unknown tokens cost accuracy, wherever they come from."),),
    COMBINATION: ((LENGTH, _is_longer, "These splits have other lengths too, and the model loses accuracy there."),),
    LEAKS: ((MATES, _mates_decide, "Rows are mixed with whatever else is in a batch, and padding is one of these."),),
    MATES: ((LEAKS, _padding_decides, "Batches pad rows differently, and the model reads padding."),),
}
"""{code of the dependent finding: codes that may explain it, when they do, and the reason in a sentence}, the first
that holds."""
