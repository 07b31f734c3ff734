"""Everything that probes found of a study, computed once for the document, the findings, the page and the terminal;
of findings of one variant with one cause, the dependent ones name the one that explains them."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from brittlestar.core.catalogue import check_all
from brittlestar.core.checks import Check
from brittlestar.core.findings import Finding
from brittlestar.core.probing import Condition
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.probes.gains import Gain, Information, compare_gains, measure_information
from brittlestar.diagnosis.probes.phrasing import format_points, list_some
from brittlestar.diagnosis.probes.presented import describe_presentations
from brittlestar.diagnosis.probes.readings import ProbedStudy, ProbedVariant, probed_study
from brittlestar.diagnosis.probes.reliance import count_answers, describe_order, write_answers
from brittlestar.diagnosis.probes.results import explain_untested, is_constant
from brittlestar.diagnosis.probes.suite_tests import BLIND, BRITTLE, NOT_TESTED, SuiteTests, find_tests, has_learned
from brittlestar.diagnosis.remedies import leave_out_unread
from brittlestar.diagnosis.variant_runs import VariantRuns, list_variant_runs

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
    for finding in findings:
        if finding.status == "present":
            of_variant.get(finding.where.get("variant", ""), {})[finding.code] = finding

    def explain(finding: Finding) -> Finding:
        variant = study.of(finding.where.get("variant", ""))
        if variant is None or finding.status != "present":
            return finding
        present = of_variant[variant.name]
        rules = (rule for rule in RULES.get(finding.code, ()) if rule[0] in present and rule[1](variant, present))
        cause, _, sentence = next(rules, ("", None, ""))
        explained = {"explained_by": cause, "explanation": sentence} if cause else {}
        return replace(finding, evidence={**finding.evidence, **explained})

    return tuple(map(explain, findings))


def _list_conditions(variant: ProbedVariant, present: Present, code: str) -> list[Condition]:
    """The conditions under which a finding is present."""
    names = present[code].evidence.get("present", ())
    return [reading.condition for reading in variant.readings if reading.condition.name in names]


def _names_one_class(variant: ProbedVariant, _: Present) -> bool:
    return is_constant(variant)


def _concerns_order(variant: ProbedVariant, present: Present) -> bool:
    return all("order" in condition.concerns for condition in _list_conditions(variant, present, CONTRAST))


def _concerns_factor(variant: ProbedVariant, present: Present) -> bool:
    """Whether each contrast is about a factor that the model ignores."""
    ignored = {
        f"factor {condition.probe.partition(':')[2]}" for condition in _list_conditions(variant, present, FACTOR)
    }
    return all(ignored & {*condition.concerns} for condition in _list_conditions(variant, present, CONTRAST))


def _has_familiar_tokens(variant: ProbedVariant, present: Present) -> bool:
    """Whether the composition changes in tokens that the model can know."""
    known = (condition.familiarity for condition in _list_conditions(variant, present, COMPOSITION))
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


SAME_LABELS = 0.99
"""Below this share of rows whose label is that of the rule, accuracies on true labels are other numbers."""
TAKES = "the probe command takes a model with its option --predict"
MOST_CONDITIONS_NAMED = 3  # a sentence that a person reads


@dataclass(frozen=True)
class ProbeSummary:
    """A probed study: every variant under every condition, every test, the findings, what its models rely on
    ({variant: {what was asked: {answer: seeds}}}), what training without order costs, and which gains are left on
    other splits."""

    study: ProbedStudy
    suite: SuiteTests
    findings: tuple[Finding, ...]
    told: Mapping[str, Mapping[str, Counter[str]]]
    information: tuple[Information, ...]
    gains: tuple[Gain, ...]

    @property
    def main(self) -> ProbedVariant | None:
        """The variant under test, None where no run of it was probed."""
        return self.study.of(self.study.record.main)

    @property
    def variants(self) -> tuple[ProbedVariant, ...]:
        """Variants with answers to probes, main first."""
        return tuple(sorted(self.study.variants, key=lambda one: one.name != self.study.record.main))

    @property
    def not_probed(self) -> Mapping[str, str]:
        """{variant: why no cell of it has answers}."""
        return not_probed(self.study.record, {variant.name for variant in self.study.variants})

    @property
    def presented(self) -> dict[str, dict[str, dict[str, float]]]:
        """{variant: {way of giving the same rows: what moved}}, of the worst seed."""
        return describe_presentations(self.study)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out, by the suite and by the models."""
        told = (f"{variant} was not probed: {why}" for variant, why in self.not_probed.items())
        return (*self.study.probes.notes, *told, *_describe_unanswered(self.study))

    @property
    def rule(self) -> str:
        """Where true labels of changed rows come from, in a sentence."""
        probes = self.study.probes
        if probes.rule is None:
            return "True labels of changed rows are not known: predictions that change are counted, not errors."
        sentence = f"Changed rows get their true label from this rule: {probes.rule}."
        if probes.agreement is None:
            return sentence
        share = f"It gives {format_points(probes.agreement)} % of the rows as they are the label in the file"
        doubt = "" if probes.agreement >= SAME_LABELS else ", so that accuracies here are not those of the study"
        return f"{sentence} {share}{doubt}."

    @property
    def sentences(self) -> tuple[str, ...]:
        """What a reader is told beside the findings."""
        order = (f"{variant.name}: {told}" for variant in self.variants if (told := describe_order(variant)))
        costs = (sentence for one in self.information for sentence in one.sentences)
        return (*order, *costs, *write_answers(self.told))

    @property
    def order(self) -> str:
        """How much of main's accuracy stays without the order of tokens; empty where nobody knows."""
        return "" if self.main is None else describe_order(self.main)

    @property
    def not_tested(self) -> dict[str, str]:
        """{variant: its accuracy and the majority class}, of those that are not tested for brittleness."""
        return {variant.name: explain_untested(variant) for variant in self.study.variants if not has_learned(variant)}

    @property
    def not_tested_sentences(self) -> tuple[str, ...]:
        """Which variants are not tested for brittleness, and the rule once."""
        named = [f"{variant} ({why})" for variant, why in self.not_tested.items()]
        return (f"Not tested for brittleness: {'; '.join(named)}.", NOT_TESTED) if named else ()

    def as_json(self) -> dict[str, Any]:
        """The JSON of `probes`."""
        probes = self.study.probes
        return {
            "suite": probes.id,
            "split": probes.split,
            "rows": len(probes.sample),
            "of": probes.of,
            "rule": probes.rule,
            "agreement": probes.agreement,
            "notes": list(self.notes),
            "not_probed": dict(self.not_probed),
            "not_tested": self.not_tested,
            "variants": {one.name: [reading.as_json() for reading in one.readings] for one in self.study.variants},
            "presented": self.presented,
            "told": {
                variant: {what: dict(words) for what, words in told.items()} for variant, told in self.told.items()
            },
            "information": [one.as_json() for one in self.information],
            "gains": [gain.as_json() for gain in self.gains],
        }


def summarise_probes(record: StudyRecord, own: Sequence[Check] = ()) -> ProbeSummary | None:
    """All that probes found of a study, `own` being further checks; None where no cell was probed."""
    study = probed_study(record)
    if study is None:
        return None
    tests = find_tests(study)
    findings = leave_out_unread(record, explain_findings(study, check_all("probes", tests, own)))
    information, gains = tuple(measure_information(study)), tuple(compare_gains(record))
    return ProbeSummary(study, tests, findings, count_answers(study), information, gains)


def not_probed(record: StudyRecord, probed: Collection[str] = ()) -> Mapping[str, str]:
    """{variant: why no cell of it has answers}, of the variants that are not `probed`."""
    return {
        variant.name: _why(variant, record.probes is not None)
        for variant in list_variant_runs(record)
        if variant.name not in probed
    }


def _why(variant: VariantRuns, asked: bool) -> str:
    outcomes = {cell.outcome for cell in variant.done}
    if not variant.done:
        failed = any(cell.state == "failed" for cell in variant.cells)
        return "its training failed" if failed else "no run of it is finished"
    if outcomes == {"diverged"}:
        return "its training diverged"
    if "trained" in outcomes:
        raised = "its model answered no row, or the run ended first (see attempts.jsonl in the study)"
        return raised if asked else "no probes were asked for"
    if "fitted" in outcomes:
        return f"estimators and fit functions leave no weights, and can be asked right after training alone ({TAKES})"
    return f"given predictions cannot be asked again ({TAKES})"


def _describe_unanswered(study: ProbedStudy) -> Iterator[str]:
    """A sentence for each variant that raised at some rows: which conditions, and what it raised."""
    for variant in study.variants:
        named = [reading.condition.title for reading in variant.readings if reading.silent is not None]
        problem = next((cell.problem for cell in variant.cells.values() if cell.problem), None)
        if named and problem:
            yield (
                f"{variant.name} gives no answer to some rows, which count as misclassified: it raised {problem}. "
                f"Conditions: {list_some(named, MOST_CONDITIONS_NAMED)}."
            )
