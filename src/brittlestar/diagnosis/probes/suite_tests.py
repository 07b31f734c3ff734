"""Which tests a suite asks for: of each condition the one that it can answer, all under one error budget."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeGuard

import numpy as np

from brittlestar.core.expectations import direction_of
from brittlestar.core.findings import SLICE_GAP
from brittlestar.core.probing import ProbeRecord
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.probes.budget import FOLLOWED, SuiteTest, share_error_budget
from brittlestar.diagnosis.probes.readings import ConditionReading, ProbedStudy, ProbedVariant, answers, is_respelling
from brittlestar.diagnosis.probes.slices import part, slices, units_of
from brittlestar.diagnosis.variant_runs import list_audited
from brittlestar.statistics.effects import Effect, estimate_effect, estimate_from_scores, subtract_effects
from brittlestar.statistics.floors import least_above

TOKEN = "probe.token-brittle"
BRITTLE: Mapping[str, str] = {
    "order": "probe.order-brittle",
    "composition": "probe.composition-brittle",
    "length": "probe.length-brittle",
    "tokenisation": TOKEN,
    "noise": "probe.noise-brittle",
}
"""The finding that each family of probes answers to."""
FACTOR = "probe.factor-brittle"
BLIND = ("probe.order-blind", "probe.factor-blind", "probe.contrast-blind")
EXPECTATION = "probe.expectation"
COMBINATION = "probe.combination-brittle"
SLICE, CALIBRATION = "eval.slice", "eval.calibration"

DROP = 0.05
"""Accuracy that is lost, or predictions that change where nothing should, as fractions."""
NEEDED = 0.05
"""A task needs what a probe takes away where that turns more true labels than this."""
ANSWERED = 0.2
"""A model that changes fewer predictions than this among rows whose true label turned does not see what turned it."""
FEWEST_TURNED = 30
NOT_TESTED = (
    "Models whose 95 % interval comes within 10 points of the majority class (half of what is left above it, if less) "
    "are not tested for brittleness."
)
"""The rule of `has_learned` in a sentence."""
CONFIDENCE_GAP = 0.05  # convention: five points, as what breaks a probe


@dataclass(frozen=True)
class SuiteTests:
    """The tests of a probed study, each with its adjusted p."""

    study: ProbedStudy
    tests: tuple[SuiteTest, ...]

    @property
    def split(self) -> str:
        """The split that was probed."""
        return self.study.probes.split

    @property
    def kept(self) -> bool:
        """Whether the models stand in a study, and are not given beside one."""
        return any(cell.outcome in ("trained", "fitted") for cell in self.study.record.cells)

    def of(self, code: str, variant: str) -> tuple[SuiteTest, ...]:
        """The tests of one finding."""
        return tuple(one for one in self.tests if (one.code, one.variant) == (code, variant))


def find_tests(study: ProbedStudy) -> SuiteTests:
    """Every test about a probed study, all under one error budget."""
    tests: list[SuiteTest] = []
    for variant in study.variants:
        changed = variant.readings[1:]
        learned = changed if has_learned(variant) else ()  # of what has learned nothing, nothing can break
        found = [
            *(_test_brittle(one) for one in learned),
            *(_test_blind(one) for one in changed),
            *(test for one in learned if is_declared(one) for test in _test_declared(one)),
            *_test_combinations(study.record, variant),
            *_test_slices(study, variant),
            *_test_confidence(study.probes, variant),
        ]
        tests += [replace(one, variant=variant.name) for one in found if one is not None]
    return SuiteTests(study, share_error_budget(tests))


def has_learned(variant: ProbedVariant) -> bool:
    """Whether a variant stands clear of the majority class, over seeds and rows: by 10 points, or half of what is left
    above it. Of what has not learned anything nothing can break."""
    before, most = variant.plain.before, variant.plain.majority_before
    return before is None or most is None or before.interval()[0] > most + least_above(most)


def _test_brittle(one: ConditionReading) -> SuiteTest | None:
    code, measured = brittle_code(one.condition.probe), judge_by(one)
    if code is None or measured is None:
        return None
    measure, effect = measured
    trivial = _trivial(one) if measure == "accuracy lost" else None
    return SuiteTest(code, one.condition.name, effect, DROP, measure=measure, majority=trivial)


def _trivial(one: ConditionReading) -> float | None:
    """The majority rate after a change that made it grow, where accuracy afterwards is not clearly above it."""
    after, before = one.majority_after, one.majority_before
    if one.after is None or after is None or before is None or after <= before:
        return None
    return after if one.after.interval()[0] <= after else None


def brittle_code(probe: str) -> str | None:
    """The finding about a model that this probe breaks; None where there is none."""
    if probe.startswith(("factors.permute:", "factors.redraw:")):
        return FACTOR
    return BRITTLE.get(probe.partition(".")[0])


def judge_by(one: ConditionReading) -> tuple[str, Effect] | None:
    """What says whether a condition breaks a model: the accuracy that is lost where true labels are known (of order
    and factors, among rows whose label stays: what does not follow a label that turns is blind, not brittle), else the
    predictions that changed where none should, or the rows that got no answer; None where nobody can say. Of another
    tokenisation and of look-alikes, unless somebody declared what should hold, among the rows in tokens that the model
    can know."""
    condition = one.condition
    if is_respelling(condition) and not condition.declared:
        if enough(one.respelled):
            lost = "accuracy lost among rows in familiar tokens"
            return lost if one.drop is not None else "predictions changed among rows in familiar tokens", one.respelled
    elif one.drop is not None and condition.family in ("order", "factors"):
        return None if one.steady is None else ("accuracy lost among rows whose label stays", one.steady)
    elif one.drop is not None:
        return "accuracy lost", one.drop
    elif condition.expectation == "invariant" and one.flips is not None:
        return "predictions changed", one.flips
    return None if one.silent is None else ("rows without an answer", one.silent)


def blind_code(probe: str) -> str | None:
    """The finding about a model that ignores what this probe takes away; None where there is none."""
    if probe.startswith(("factors.permute:", "factors.redraw:")):
        return BLIND[1]
    if probe.startswith("contrast."):
        return BLIND[2]
    return BLIND[0] if probe == "order.shuffle" else None


def _test_blind(one: ConditionReading) -> SuiteTest | None:
    """Whether a variant ignores order, a factor, or a token that the task needs: by the rows whose true label turned,
    or, where the study says that predictions should change, by all."""
    code, name = blind_code(one.condition.probe), one.condition.name
    if code is None:
        return None
    if (one.turned or 0.0) > NEEDED and enough(one.answered):
        turns = "predictions changed among rows whose label turns"
        return SuiteTest(code, name, one.answered, ANSWERED, below=True, measure=turns)
    if one.turned is None and one.condition.expectation == "changes" and enough(one.followed):
        return SuiteTest(code, name, one.followed, DROP, below=True, measure=FOLLOWED)
    return None


def enough(effect: Effect | None) -> TypeGuard[Effect]:
    """Whether rows were changed at all, and enough of them."""
    return effect is not None and effect.rows >= FEWEST_TURNED


def is_declared(one: ConditionReading) -> bool:
    """Whether something was declared of a condition that no other finding holds against a variant."""
    expectation, probe = one.condition.expectation, one.condition.probe
    if one.drop is not None:  # true labels say more, of own probes here, of others in findings of their own
        return one.condition.family == "own"
    if direction_of(expectation) is not None:
        return True
    unread = {"invariant": brittle_code, "changes": blind_code}
    return expectation in unread and unread[expectation](probe) is None


def _test_declared(one: ConditionReading) -> Iterator[SuiteTest]:
    ask = partial(SuiteTest, EXPECTATION, one.condition.name)
    if not enough(one.followed):
        return
    if one.drop is not None:
        yield ask(one.drop, DROP, measure="accuracy lost", majority=_trivial(one))
    elif one.along is not None and one.against is not None and one.free is not None:
        yield ask(one.against, DROP, measure="predictions against the declared direction")
        if one.free > DROP:
            yield ask(one.along, DROP * one.free, below=True, measure="predictions along the declared direction")
    elif one.condition.expectation == "invariant" and one.flips is not None:
        yield ask(one.flips, DROP, measure="predictions changed")
    elif one.condition.expectation == "changes":
        yield ask(one.followed, DROP, below=True, measure=FOLLOWED)


def _test_combinations(record: StudyRecord, variant: ProbedVariant) -> Iterator[SuiteTest]:
    """About each shifted split with combinations that train never shows, by the audit."""
    new = [one for one in list_audited(record, "shift.combination") if one.status == "present"]
    usual = record.held_out
    here = {} if usual is None else variant.runs.scores(usual, "accuracy")
    for split in (one.where.get("split", "") for one in new if here):
        there = variant.runs.scores(split, "accuracy")
        if usual is not None and there and split in record.splits:
            rows = record.splits[usual].rows, record.splits[split].rows
            lost = subtract_effects(estimate_from_scores(here, rows[0]), estimate_from_scores(there, rows[1]))
            yield SuiteTest(COMBINATION, split, lost, DROP, measure="accuracy lost from split to split")


def _test_slices(study: ProbedStudy, variant: ProbedVariant) -> Iterator[SuiteTest]:
    plain, seeds = study.probes.conditions[0], sorted(variant.cells)
    right = (answers(variant.cells, plain.before) == plain.labels_before).astype(np.float64)
    known, units = plain.labels_before >= 0, units_of(study.probes, plain)
    for name, members in slices(study.probes, plain.labels_before).items():
        inside, outside = members & known, ~members & known
        if inside.sum() > 1 and outside.sum() > 1:
            own, rest = (estimate_effect(right[:, rows], seeds, part(units, rows)) for rows in (inside, outside))
            below = subtract_effects(rest, own)
            yield SuiteTest(SLICE, name, below, SLICE_GAP, measure="accuracy below the other rows")


def _test_confidence(probes: ProbeRecord, variant: ProbedVariant) -> Iterator[SuiteTest]:
    plain, seeds = probes.conditions[0], sorted(variant.cells)
    known = np.flatnonzero(plain.labels_before >= 0)
    if len(known) < 2:
        return
    rows, labels = plain.before[known], plain.labels_before[known]
    sure = np.stack([variant.cells[seed].confidence[rows] for seed in seeds])
    if np.isnan(sure).any():
        return  # a model that only names a class
    gaps = sure - (answers(variant.cells, rows) == labels)
    own = part(units_of(probes, plain), known)
    for name, values in (("over-confident", gaps), ("under-confident", -gaps)):
        found = estimate_effect(values.astype(np.float64), seeds, own)
        yield SuiteTest(CALIBRATION, name, found, CONFIDENCE_GAP, measure="confidence off accuracy")
