"""Everything that probes found of a study, computed once for the document, the findings, the page and the terminal."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from brittlestar.core.catalogue import check_all
from brittlestar.core.checks import Check
from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.probes.explaining import explain_findings
from brittlestar.diagnosis.probes.gains import Gain, Information, compare_gains, measure_information
from brittlestar.diagnosis.probes.phrasing import format_points, list_some
from brittlestar.diagnosis.probes.presented import describe_presentations
from brittlestar.diagnosis.probes.readings import ProbedStudy, ProbedVariant, probed_study
from brittlestar.diagnosis.probes.reliance import count_answers, describe_order, write_answers
from brittlestar.diagnosis.probes.results import explain_untested
from brittlestar.diagnosis.probes.suite_tests import NOT_TESTED, SuiteTests, find_tests, has_learned
from brittlestar.diagnosis.remedies import leave_out_unread
from brittlestar.diagnosis.variant_runs import VariantRuns, list_variant_runs

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
        return not_probed(self.study.record, {one.name for one in self.study.variants})

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
        told = f"Changed rows get their true label from this rule: {probes.rule}."
        if probes.agreement is None:
            return told
        share = f"It gives {format_points(probes.agreement)} % of the rows as they are the label in the file"
        doubt = "" if probes.agreement >= SAME_LABELS else ", so that accuracies here are not those of the study"
        return f"{told} {share}{doubt}."

    @property
    def sentences(self) -> tuple[str, ...]:
        """What a reader is told beside the findings."""
        order = (f"{one.name}: {told}" for one in self.variants if (told := describe_order(one)))
        costs = (sentence for one in self.information for sentence in one.sentences)
        return (*order, *costs, *write_answers(self.told))

    @property
    def order(self) -> str:
        """How much of main's accuracy stays without the order of tokens; empty where nobody knows."""
        return "" if self.main is None else describe_order(self.main)

    @property
    def not_tested(self) -> dict[str, str]:
        """{variant: its accuracy and the majority class}, of those that are not tested for brittleness."""
        return {one.name: explain_untested(one) for one in self.study.variants if not has_learned(one)}

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
            "gains": [one.as_json() for one in self.gains],
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
        named = [one.condition.title for one in variant.readings if one.silent is not None]
        problem = next((cell.problem for cell in variant.cells.values() if cell.problem), None)
        if named and problem:
            yield (
                f"{variant.name} gives no answer to some rows, which count as misclassified: it raised {problem}. "
                f"Conditions: {list_some(named, MOST_CONDITIONS_NAMED)}."
            )
