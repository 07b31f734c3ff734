"""Which expectations main breaks: read from decisions that stand, in words that a headline can have."""

from dataclasses import replace

import numpy as np
import pytest

from brittlestar.core.audit_record import Audit
from brittlestar.core.findings import Finding
from brittlestar.core.probing import Condition, Familiarity, Presented
from brittlestar.core.results import StudyRecord, VariantRecord
from brittlestar.diagnosis.probes.expectations_broken import BrokenExpectation, broken_expectations, kept_expectations
from brittlestar.reports.answers.evidence import Evidence
from brittlestar.reports.answers.holds import decide_holds
from tests.diagnosis.probes.making import ROWS, Answer, alter, breaks, condition, follows, stays, study, suite, summary

POSITION = "position.missing"
UNKNOWN = Familiarity(1.0, 0.0, np.zeros(ROWS, np.bool_))


def broken(record: StudyRecord) -> tuple[BrokenExpectation, ...]:
    return broken_expectations(summary(record))


def kept(record: StudyRecord) -> int:
    return kept_expectations(summary(record))


@pytest.mark.parametrize(
    ("one", "counts"),
    [
        (condition("order.swaps@1"), True),
        (condition("order.swaps@1", known=False, expectation="invariant"), True),
        (condition("order.swaps@1", known=False), False),
        (condition("length.suffix@4"), True),
        (condition("length.suffix@4", known=False), False),
        (condition("composition.rename@1"), True),
        (replace(condition("composition.strangers@0.1"), familiarity=UNKNOWN), False),
        (replace(condition("composition.strangers@0.1"), familiarity=UNKNOWN, declared=True), True),
        (condition("factors.redraw:colour@1"), True),
        (condition("tokenisation.merged@1"), True),
        (replace(condition("tokenisation.merged@1"), familiarity=UNKNOWN), False),
        (condition("noise.drop@0.1"), False),
        (replace(condition("noise.drop@0.1", expectation="invariant"), declared=True), True),
        (condition("own.mirror@1", known=False, expectation="invariant"), True),
        (condition("own.mirror@1", known=False), False),
    ],
)
def test_what_has_an_expectation_about_how_a_result_holds(one: Condition, counts: bool) -> None:
    lost, held = study(one, breaks), study(one, stays)
    assert len(broken(lost)) == int(counts) and kept(lost) == 0
    assert broken(held) == () and kept(held) == int(counts)


def test_the_numbers_are_those_of_the_test() -> None:
    one = replace(condition("length.sweep@2"), title="longer rows of the same rule (2 times train's longest)")
    one = replace(one, before=np.full(ROWS, -1), labels_before=np.full(ROWS, -1, np.int32))
    record = suite((one, breaks))
    (found,) = broken(record)
    (question,) = [q for q in summary(record).suite.tests if q.code == "probe.length-brittle"]
    assert (found.loss, found.code) == (question.effect.estimate, "probe.length-brittle")
    low, high = question.effect.interval()
    assert found.sentence == (
        "on longer rows of the same rule (2 times train's longest), accuracy falls by "
        f"{100 * found.loss:.1f} points [{100 * low:.1f}, {100 * high:.1f}]"
    )


@pytest.mark.parametrize("name", ["order.shuffle@1", "factors.redraw:colour@1", "contrast.given@1"])
def test_a_blind_model_loses_the_accuracy_that_it_has_not_learned(name: str) -> None:
    turned = 1.0 if name.startswith("contrast") else 0.4
    one = replace(condition(name, turned=turned), title="something replaced")
    (found,) = broken(study(one, stays))
    assert found.code.endswith("-blind") and found.loss == pytest.approx(0.94 * turned, abs=0.03)
    assert (
        found.sentence.startswith("with something replaced, only 0.0 % [") and "of predictions change" in found.sentence
    )
    assert broken(study(one, follows(turned))) == () and kept(study(one, follows(turned))) >= 1


def given(moved: float, changed: float) -> Presented:
    rows = np.arange(50)
    return Presented(rows < 50 * changed, np.where(rows < 50 * moved, 0.2, 0.0).astype(np.float32))


def test_padding_and_batches_say_nothing_about_other_rows() -> None:
    ways = {"padding": given(0.4, 0.2), "mates": given(0.6, 0.3), "alone": given(0.2, 0.1), "again": given(0, 0)}
    record = study(condition("order.swaps@1"), stays, presented=ways)
    assert broken(record) == () and kept(record) == 1, "order is kept"
    quiet = study(condition("order.swaps@1"), stays, presented={name: given(0, 0) for name in ways})
    assert broken(quiet) == () and kept(quiet) == 1


def test_a_split_with_new_combinations_is_named() -> None:
    record = study(condition("order.swaps@1"), stays)
    shifted = replace(record.splits["test"], name="shift_new")
    cells = tuple(
        replace(cell, scores={**cell.scores, "shift_new": {"best": {"accuracy": 0.7 + 0.01 * cell.seed}}})
        for cell in record.cells
    )
    audit = Audit(findings=(Finding("shift.combination", "present", "", "", "warning", {"split": "shift_new"}),))
    shifted_record = replace(record, splits={**record.splits, "shift_new": shifted}, cells=cells, audit=audit)
    (found,) = broken(shifted_record)
    assert found.code == "probe.combination-brittle"
    assert found.sentence.startswith("on shift_new, whose combinations train never shows, accuracy falls by 25.")


def test_only_main_counts_and_a_study_that_has_not_learned_has_nothing_to_break() -> None:
    record = study(condition("order.swaps@1"), breaks)
    mine = VariantRecord("mine", "mine", True, {}, (), None)
    other = replace(record, main="mine", variants={**record.variants, "mine": mine})
    assert broken(other) == () and kept(other) == 0
    guessing: Answer = lambda before: np.random.default_rng(0).integers(0, 2, ROWS)  # noqa: E731
    unlearned = alter(record, lambda cell: replace(cell, predictions=np.tile(guessing(cell.predictions), 2)))
    assert broken(unlearned) == () and kept(unlearned) == 0


def test_the_largest_loss_comes_first_and_what_is_explained_last() -> None:
    two = suite(
        (condition("order.swaps@1"), breaks),
        (condition("length.suffix@4"), lambda before: np.where(np.arange(ROWS) % 2 == 0, 1 - before, before)),
        (condition("composition.rename@1"), lambda before: np.where(np.arange(ROWS) % 3 == 0, 1 - before, before)),
        (condition("order.shuffle@1", turned=0.4), stays),
    )
    found = broken(two)
    assert [one.code for one in found] == [
        "probe.length-brittle",
        "probe.order-blind",
        "probe.order-brittle",
        "probe.composition-brittle",
    ]
    assert found[-1].explained_by == "probe.order-blind" and all(one.explained_by is None for one in found[:-1])
    statuses = {finding.code: finding.status for finding in summary(two).findings}
    assert all(statuses[one.code] == "present" for one in found), "one decision, in one place"


def test_what_a_cause_explains_is_broken_all_the_same() -> None:
    """A kept expectation beside a broken one, that a missing position explains, is no *yes*."""
    record = suite((condition("order.shuffle@1", turned=1.0), stays), (condition("length.suffix@4"), stays))
    probed = summary(record)
    blind = {"explained_by": POSITION}
    told = (replace(one, evidence={**one.evidence, **(blind if one.severity else {})}) for one in probed.findings)
    probed = replace(probed, findings=tuple(told))
    assert kept_expectations(probed) and {one.explained_by for one in broken_expectations(probed)} == {POSITION}
    assert decide_holds(Evidence(record, probed=probed)).answer == "no"
