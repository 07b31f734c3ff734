"""Which expectations about main are broken under a change of the input: what the headline says of how it holds."""

from collections.abc import Iterator
from dataclasses import dataclass

from brittlestar.core.findings import Status
from brittlestar.diagnosis.probes.budget import SuiteTest
from brittlestar.diagnosis.probes.phrasing import describe_loss, write_sentence
from brittlestar.diagnosis.probes.readings import ConditionReading, ProbedVariant
from brittlestar.diagnosis.probes.suite_tests import BLIND, BRITTLE, COMBINATION, EXPECTATION, FACTOR, TOKEN
from brittlestar.diagnosis.probes.summary import ProbeSummary

NO_ANSWER = "rows without an answer"
EXPECTED = frozenset({BRITTLE["order"], BRITTLE["length"], TOKEN, FACTOR, COMBINATION, EXPECTATION, *BLIND})
"""Findings that test nothing but what is known (true labels by a rule or in a file, spellings in known tokens, that a
row gets an answer) or declared. Composition counts too where tokens are familiar, and noise where it was declared:
nobody knows that a model should stand noise."""


@dataclass(frozen=True)
class BrokenExpectation:
    """One expectation about main that is broken beyond its threshold, significantly so after Holm correction over all
    tests of the suite.

    `loss` is a mean over seeds in [−1, 1]: accuracy that is lost where true labels are known, else the share of
    predictions that change where none should, or stay where they should change. `explained_by` is the code of the
    finding that has the same cause, None where this is the cause. `sentence` has no full stop, and 25 words at most
    unless a title of the user's own is longer.
    """

    code: str
    loss: float
    sentence: str
    explained_by: str | None = None


def broken_expectations(probed: ProbeSummary) -> tuple[BrokenExpectation, ...]:
    """List the broken expectations about main: the largest loss first, those that another one explains last.

    Nothing is decided here: a test is broken where its finding calls it present. What padding or the other rows of a
    batch change belongs to the way to the score, and says nothing of other rows.
    """
    variant = probed.main
    if variant is None:
        return ()
    present = {
        finding.code: finding
        for finding in probed.findings
        if finding.where.get("variant") == variant.name and finding.severity
    }
    broken = [_describe_test(one, reading) for one, reading in _select_tests(probed, variant, "present")]
    causes = {code: one.evidence.get("explained_by") for code, one in present.items()}
    notes = [BrokenExpectation(code, loss, sentence, causes[code]) for code, loss, sentence in broken]
    return tuple(sorted(notes, key=lambda one: (one.explained_by is not None, -one.loss)))


def kept_expectations(probed: ProbeSummary) -> int:
    """Count the expectations about main that were tested and hold; what is neither broken nor kept is open.

    Only what speaks of other rows with known answers counts: labels of a split or by a rule, or what somebody declares.
    That rows get an answer at all, or the same one in another spelling, must hold for every model.
    """
    if probed.main is None:
        return 0
    ruled = probed.suite.study.probes.rule is not None
    kept = _select_tests(probed, probed.main, "absent")
    return sum(
        reading is None or reading.condition.declared or ruled or one.code == EXPECTATION
        for one, reading in kept
        if one.measure != NO_ANSWER
    )


def _select_tests(
    probed: ProbeSummary, variant: ProbedVariant, status: Status
) -> Iterator[tuple[SuiteTest, ConditionReading | None]]:
    for test in probed.suite.tests:
        reading = variant.of(test.name)
        if test.variant == variant.name and test.status == status and _has_expectation(test, reading):
            yield test, reading


def _has_expectation(test: SuiteTest, reading: ConditionReading | None) -> bool:
    if test.code in EXPECTED:
        return True
    if reading is None or test.code not in BRITTLE.values():
        return False
    found = reading.condition.familiarity  # of tokens that a model cannot know nothing is expected
    familiar = test.code == BRITTLE["composition"] and not (found is not None and found.unknown)
    return reading.condition.declared or familiar


def _describe_test(test: SuiteTest, reading: ConditionReading | None) -> tuple[str, float, str]:
    """The code, the loss and the sentence: of what should be large the loss of accuracy, where it is known, else what
    is missing to all."""
    if reading is None:  # a split
        sentence = f"on {test.name}, whose combinations train never shows, {describe_loss(test.effect)}"
    else:
        sentence = write_sentence(test, reading)
    lost = test.effect.estimate
    if test.below:
        lost = 1 - lost if reading is None or reading.drop is None else reading.drop.estimate
    return test.code, lost, sentence
