"""Findings of probes on answers whose truth is known by construction."""

from dataclasses import replace

import numpy as np
import pytest

from brittlestar.core.audit_record import Audit
from brittlestar.core.probing import NO_ANSWER, RAISED, Presented
from brittlestar.core.results import VariantRecord
from brittlestar.core.trivial_baselines import Score, TrivialBaseline, TrivialBaselines
from brittlestar.diagnosis.probes.gains import Gain
from brittlestar.diagnosis.probes.reliance import describe_model
from brittlestar.statistics.effects import compare_by_seed
from tests.diagnosis.probes.making import ROWS, Answer, alter, breaks, condition, follows, status, stays, study, summary


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("probe.order-brittle", "order.swaps@1"),
        ("probe.composition-brittle", "composition.strangers@0.1"),
        ("probe.length-brittle", "length.suffix@4"),
        ("probe.token-brittle", "tokenisation.merged@1"),
        ("probe.noise-brittle", "noise.drop@0.1"),
    ],
)
def test_accuracy_that_is_lost_is_brittle_and_accuracy_that_stays_is_not(code: str, name: str) -> None:
    present = status(study(condition(name), breaks), code)
    assert present.status == "present" and present.severity == "warning" and name in present.summary
    assert "accuracy falls by" in present.summary and len(present.evidence["rows"]) == 10
    assert present.evidence["conditions"][0]["tests"] > 1
    assert status(study(condition(name), stays), code).status == "absent"


def test_without_a_rule_only_what_should_hold_is_held_against_predictions() -> None:
    name, code = "order.swaps@1", "probe.order-brittle"
    open_ = status(study(condition(name, known=False), breaks), code)
    assert open_.status == "inconclusive" and "Whether they should change is not known" in open_.summary
    assert "relabel" in str(open_.remedy)
    invariant = condition(name, known=False, expectation="invariant")
    found = status(study(invariant, breaks), code)
    assert found.status == "present" and "of predictions change" in found.summary and "accuracy" not in found.summary
    assert status(study(invariant, stays), code).status == "absent"


@pytest.mark.parametrize(
    ("code", "name"), [("probe.order-blind", "order.shuffle@1"), ("probe.factor-blind", "factors.permute:colour@1")]
)
def test_a_model_that_does_not_follow_labels_that_turn_is_blind(code: str, name: str) -> None:
    one = condition(name, turned=0.4)
    assert status(study(one, stays), code).status == "present"
    assert status(study(one, follows(0.4)), code).status == "absent"
    unneeded = status(study(condition(name), stays), code)
    assert unneeded.status == "absent" and "does not need it" in unneeded.summary
    assert status(study(condition(name, known=False), stays), code).status == "inconclusive"
    wanted = condition(name, known=False, expectation="changes")
    assert status(study(wanted, stays), code).status == "present"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("padding.leaks", "padding"),
        ("padding.batch", "mates"),
        ("eval.stochastic", "again"),
        ("eval.stochastic", "later"),
    ],
)
def test_what_may_not_move_at_all(code: str, name: str) -> None:
    still = Presented(np.zeros(50, np.bool_), np.full(50, 1e-6, np.float32))
    moved = Presented(np.arange(50) < 3, np.where(np.arange(50) < 9, 0.2, 0.0).astype(np.float32))
    one = condition("order.swaps@1")
    assert status(study(one, stays, presented={name: still}), code).status == "absent"
    found = status(study(one, stays, presented={name: moved}), code)
    assert (found.status, found.severity) == ("present", "error") and "9 of 50 rows" in found.summary
    only = Presented(np.zeros(50, np.bool_), np.full(50, 0.01, np.float32))
    assert status(study(one, stays, presented={name: only}), code).severity == "warning"


@pytest.mark.parametrize(("wrong", "proven"), [(0, False), (40, True)], ids=["as often right", "less often right"])
def test_the_effect_of_a_presentation_is_the_score_in_it_less_the_score_as_it_is(wrong: int, proven: bool) -> None:
    """Half of the answers change; what that moves are the rows that are right then, and were not, or the reverse."""
    labels = np.arange(200) % 2
    away = np.where(np.arange(200) < wrong, 1 - labels, labels).astype(np.int32)
    moved = Presented(np.arange(200) < 100, np.full(200, 0.2, np.float32), away)
    found = status(study(condition("order.swaps@1"), stays, presented={"mates": moved}), "padding.batch")
    before, after = found.evidence["right"]["as_scored"], found.evidence["right"]["mates"]
    effect = found.evidence["effect"]
    assert after == 1 - wrong / 200 and effect["rows"] == 200
    assert effect["points"] == pytest.approx(after - before)
    assert (effect["interval"][1] < -0.01) is proven
    told = f"Right of 200 rows: {100 * before:.1f} % as scored, {100 * after:.1f} % in batches of 32 drawn at random"
    assert told in found.summary


def test_the_effect_of_other_rows_in_the_batch_is_the_score_of_rows_alone_where_that_was_asked() -> None:
    labels = np.arange(200, dtype=np.int32) % 2
    mates = Presented(np.ones(200, np.bool_), np.full(200, 0.2, np.float32), 1 - labels)
    alone = Presented(np.zeros(50, np.bool_), np.full(50, 0.2, np.float32), labels[:50])
    record = study(condition("order.swaps@1"), stays, presented={"mates": mates, "alone": alone})
    found = status(record, "padding.batch")
    assert found.evidence["worst"] == "mates" and found.evidence["right"]["alone"] == 1.0
    assert 0 <= found.evidence["effect"]["points"] < 0.1 and "in batches of one" in found.summary


def test_answers_of_an_earlier_version_have_no_score_in_a_presentation() -> None:
    moved = Presented(np.arange(50) < 3, np.full(50, 0.2, np.float32))
    found = status(study(condition("order.swaps@1"), stays, presented={"mates": moved}), "padding.batch")
    assert found.status == "present" and "effect" not in found.evidence


def test_what_is_random_and_what_is_kept_of_a_call_are_told_apart() -> None:
    still = Presented(np.zeros(50, np.bool_), np.zeros(50, np.float32))
    moved = Presented(np.zeros(50, np.bool_), np.full(50, 0.2, np.float32))
    more = Presented(np.ones(50, np.bool_), np.full(50, 0.4, np.float32))
    one = condition("order.swaps@1")
    kept = study(one, stays, presented={"again": still, "later": moved, "mates": moved})
    found = status(kept, "eval.stochastic")
    assert "something of an earlier call is kept" in found.summary and "Keep nothing of a batch" in str(found.remedy)
    assert status(kept, "padding.batch").status == "inconclusive"
    random = status(study(one, stays, presented={"again": moved, "later": more}), "eval.stochastic")
    assert "when scored twice" in random.summary and "functional dropout" in str(random.remedy)
    still_ = status(study(one, stays, presented={"again": still, "later": still}), "eval.stochastic")
    assert still_.summary.count("when scored twice, no probability of 50 rows moves") == 1


def test_confidence_that_does_not_fit_and_a_slice_far_below() -> None:
    record = study(condition("order.swaps@1"), stays)
    assert status(record, "eval.calibration").status == "absent"
    assert status(record, "eval.slice").status == "absent"
    assert record.probes is not None
    labels = record.probes.conditions[0].labels_before
    lost = (np.r_[labels, labels] == 1) & (np.arange(2 * ROWS) % 4 < 2)
    sure = np.full(2 * ROWS, 0.99, np.float32)
    worse = alter(record, lambda cell: replace(cell, confidence=sure, predictions=np.where(lost, 0, cell.predictions)))
    found = status(worse, "eval.slice")
    assert found.status == "present" and "class 1" in found.summary
    assert status(worse, "eval.calibration").status == "present"


def test_what_a_model_that_has_learned_reads() -> None:
    record = study(condition("order.shuffle@1", turned=0.4), follows(0.4))
    assert record.probes is not None
    cell = record.probes.cells["c0"]
    assert describe_model(record.probes, cell)["order"].word == "reads"
    assert list(summary(record).sentences)[1:] == ["main relies on order (5 of 5 seeds)."]
    guessing = replace(cell, predictions=np.random.default_rng(0).integers(0, 2, 2 * ROWS).astype(np.int32))
    assert describe_model(record.probes, guessing)["order"].word == "inconclusive"
    ignoring = study(condition("order.shuffle@1", turned=0.4), stays)
    assert (
        ignoring.probes is not None
        and describe_model(ignoring.probes, ignoring.probes.cells["c0"])["order"].word == "ignores"
    )


def test_information_beside_reliance_and_gains_elsewhere() -> None:
    record = study(condition("order.shuffle@1", turned=0.4), follows(0.4))
    variant = VariantRecord("order-permuted", "mine", True, {"data.order": "permuted"}, (), None)
    cells = tuple(
        replace(cell, hash=f"p{cell.seed}", variant=variant.name, scores={"test": {"best": {"accuracy": 0.75}}})
        for cell in record.cells
    )
    both = replace(record, variants={**record.variants, variant.name: variant}, cells=(*record.cells, *cells))
    (one,) = summary(both).information
    assert one.available.estimate == pytest.approx(0.22, abs=0.02) and one.used.estimate > 0.3
    first, second = one.sentences
    assert first.startswith("Training without token order (order-permuted) costs 22.") and "5 seeds" in first
    assert second.startswith("At test time, shuffling tokens costs main 3")
    assert summary(both).gains == (), "no shifted split, and the other variant was not probed"
    document = summary(both).as_json()
    assert document["information"][0]["variant"] == "order-permuted"


def test_a_factor_that_should_not_matter_and_does() -> None:
    code = "probe.factor-brittle"
    one = condition("factors.redraw:colour@1", turned=0.3)
    found = status(study(one, breaks), code)
    assert found.status == "present" and "among rows whose label stays" in found.summary
    assert status(study(one, follows(0.3)), code).status == "absent"
    masked = study(condition("factors.mask:colour@1"), breaks)
    assert code not in {finding.code for finding in summary(masked).findings}, "values taken off are new tokens"


def test_minimal_contrasts_that_are_not_told_apart() -> None:
    code = "probe.contrast-blind"
    one = condition("contrast.given@1", turned=1.0, expectation="changes")
    assert status(study(one, stays), code).status == "present"
    assert status(study(one, follows(1.0)), code).status == "absent"


def test_few_rows_whose_label_turns_tell_nothing() -> None:
    few = condition("factors.redraw:colour@1", turned=29 / ROWS)
    found = status(study(few, stays), "probe.factor-blind")
    assert found.status == "inconclusive" and "the true label turns on 29 rows, which are too few" in found.summary
    assert found.evidence["needed"] == 30


def one_way(label: int, share: float) -> Answer:
    """A share of the rows is given this label."""
    return lambda before: np.where(np.arange(ROWS) < share * ROWS, label, before)


@pytest.mark.parametrize(
    ("expectation", "answer", "wanted"),
    [
        ("toward 1", one_way(1, 0.5), "absent"),
        ("toward 1", one_way(0, 0.5), "present"),
        ("toward 1", stays, "present"),
        ("away from 1", one_way(0, 0.5), "absent"),
        ("away from 1", one_way(1, 0.5), "present"),
    ],
)
def test_a_direction_that_is_declared(expectation: str, answer: Answer, wanted: str) -> None:
    record = study(condition("own.negated@1", known=False, expectation=expectation), answer)
    found = status(record, "probe.expectation")
    assert found.status == wanted and f"'{expectation}'" in found.summary
    reading = summary(record).study.variants[0].readings[1]
    assert reading.along is not None and reading.against is not None and reading.flips is not None
    assert reading.along.estimate + reading.against.estimate == pytest.approx(reading.flips.estimate)


def test_own_probes_are_held_to_what_they_declare() -> None:
    code = "probe.expectation"
    invariant = condition("own.mirror@1", known=False, expectation="invariant")
    assert status(study(invariant, breaks), code).status == "present"
    assert status(study(invariant, stays), code).status == "absent"
    changes = condition("noise.other@1", known=False, expectation="changes")
    assert status(study(changes, stays), code).status == "present"
    assert status(study(changes, follows(0.5)), code).status == "absent"
    left = study(condition("order.swaps@1", known=False, expectation="invariant"), breaks)
    assert code not in {finding.code for finding in summary(left).findings}, "order-brittle reads it"


def test_no_answer_counts_as_wrong_and_is_named() -> None:
    silent = study(condition("length.repeat@2"), lambda before: np.where(np.arange(ROWS) % 4 == 0, NO_ANSWER, before))
    found = summary(alter(silent, lambda cell: replace(cell, problem="IndexError: too long")))
    (told_,) = [note for note in found.notes if "no answer" in note]
    assert "length.repeat" in told_ and "IndexError: too long" in told_
    assert status(silent, "probe.length-brittle").status == "present"


def test_accuracy_by_slice_under_a_condition() -> None:
    record = study(condition("order.swaps@1"), lambda before: np.where(np.arange(ROWS) % 9 >= 6, 1 - before, before))
    reading = summary(record).study.variants[0].readings[1]
    assert reading.worst_slice is not None
    name, effect_ = reading.worst_slice
    assert name == "length above 9" and effect_.estimate < 0.1 and effect_.rows == 132
    assert {"class 0", "class 1", "length up to 6"} <= set(reading.by_slice)
    assert all(one.rows >= 30 for one in reading.by_slice.values())
    low, high = effect_.interval()
    assert 0 <= low <= effect_.estimate <= high <= 1


def test_what_becomes_of_gains() -> None:
    def gain(usual: list[float], there: list[float], skilled: bool = True) -> str:
        first, second = (
            compare_by_seed(dict(enumerate(own)), dict.fromkeys(range(3), 0.0), 1000) for own in (usual, there)
        )
        assert first is not None and second is not None
        return Gain("a", "shift_x", first, second, 0.5, skilled).word

    up, down, level = [0.1, 0.11, 0.12], [-0.1, -0.11, -0.12], [0.01, -0.01, 0.0]
    assert gain(up, up) == "survives" and gain(down, down) == "stays behind"
    assert gain(up, down) == gain(down, up) == "turns"
    assert gain(up, level) == gain(level, up) == "open" and gain(up, up, False) == "below majority"


def test_no_answer_follows_nothing() -> None:
    silent: Answer = lambda before: np.full(ROWS, NO_ANSWER)  # noqa: E731
    turned = study(condition("order.shuffle@1", turned=1.0), silent)
    assert status(turned, "probe.order-blind").status == "present"
    for expectation in ("changes", "away from 1", "toward 1"):
        one = study(condition("own.negated@1", known=False, expectation=expectation), silent)
        assert status(one, "probe.expectation").status == "present", expectation


def test_a_task_with_a_large_majority_can_be_learned_too() -> None:
    record = study(condition("order.swaps@1"), breaks)
    assert record.probes is not None
    labels = (np.arange(ROWS) % 12 == 0).astype(np.int32)
    conditions = tuple(replace(one, labels_before=labels, labels_after=labels) for one in record.probes.conditions)
    right = np.r_[labels, np.where(np.arange(ROWS) % 5 == 0, 1 - labels, labels)].astype(np.int32)
    other = replace(record, probes=replace(record.probes, conditions=conditions))
    perfect = alter(other, lambda cell: replace(cell, predictions=right))
    assert status(perfect, "probe.order-brittle").status == "present"


def test_groups_and_copies_make_no_finding() -> None:
    """Every fourth group is answered otherwise: of 400 rows much, of 8 groups little."""
    one = condition("order.swaps@1", known=False, expectation="invariant")
    group = np.repeat(np.arange(8), ROWS // 8)
    record = study(one, lambda before: np.where(group % 4 == 0, 1 - before, before))
    assert status(record, "probe.order-brittle").status == "present"
    assert record.probes is not None
    columns = {**record.probes.columns, "group": np.array([f"g{k}" for k in group])}
    grouped = replace(record, probes=replace(record.probes, columns=columns))
    assert status(grouped, "probe.order-brittle").status == "inconclusive"
    flips = summary(grouped).study.variants[0].readings[1].flips
    assert flips is not None and flips.units == 8 and flips.rows == ROWS


@pytest.mark.parametrize(
    ("ordered", "bag", "own", "status_"),
    [
        (0.9, 0.52, 0.51, "present"),
        (0.9, 0.52, 0.89, "inconclusive"),  # it is as good as what reads order
        (0.9, 0.88, 0.51, "inconclusive"),  # so is a bag of tokens
        (0.58, 0.52, 0.51, "inconclusive"),  # better, and not proven on 400 rows
        (0.5, 0.5, 0.5, "inconclusive"),  # nothing is better than naming one class: that proves nothing of order
    ],
)
def test_order_is_missing_where_a_baseline_that_reads_it_wins_proven(
    ordered: float, bag: float, own: float, status_: str
) -> None:
    def baseline(kind: str, score: float, detail: str = "") -> TrivialBaseline:
        return TrivialBaseline(kind, kind, detail, {"all": {"test": {"accuracy": Score(score, None, 400)}}})

    record = study(condition("order.shuffle@1", known=False), stays)
    cells = tuple(replace(cell, scores={"test": {"best": {"accuracy": own}}}) for cell in record.cells)
    linear = baseline("linear", 0.99, "tokens and bigrams, C = 1")  # better for many reasons
    members = baseline("majority", 0.5), baseline("bag", bag), baseline("bigrams", ordered), linear
    audit = Audit(trivial_baselines=TrivialBaselines(members, {}, ("accuracy",), {"test": 400}, {}))
    assert status(replace(record, cells=cells, audit=audit), "position.missing").status == status_


def test_one_answer_for_all_rows_says_nothing_of_order() -> None:
    record = study(condition("order.shuffle@1", turned=1.0), lambda before: np.zeros_like(before))
    one = alter(record, lambda cell: replace(cell, predictions=np.zeros_like(cell.predictions)))
    found = status(one, "position.missing")
    assert found.status == "inconclusive" and found.evidence["missing"] == "answers that differ from row to row"


def test_a_way_in_which_a_model_cannot_be_asked_is_told_so() -> None:
    raised = Presented(np.ones(50, np.bool_), np.full(50, RAISED, np.float32))
    found = status(study(condition("order.swaps@1"), stays, presented={"padding": raised}), "padding.leaks")
    assert found.status == "present" and "the model raises an error" in found.summary
