"""Which tests a suite asks for: of each condition the one that it can answer, all under one error budget."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeGuard

import numpy as np

from brittlestar.core.expectations import direction_of
from brittlestar.core.findings import CONFIDENCE_GAP, SLICE_GAP
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
        return tuple(test for test in self.tests if (test.code, test.variant) == (code, variant))


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


def _test_brittle(reading: ConditionReading) -> SuiteTest | None:
    code, measured = brittle_code(reading.condition.probe), judge_by(reading)
    if code is None or measured is None:
        return None
    measure, effect = measured
    trivial = _trivial(reading) if measure == "accuracy lost" else None
    return SuiteTest(code, reading.condition.name, effect, DROP, measure=measure, majority=trivial)


def _trivial(reading: ConditionReading) -> float | None:
    """The majority rate after a change that made it grow, where accuracy afterwards is not clearly above it."""
    after, before = reading.majority_after, reading.majority_before
    if reading.after is None or after is None or before is None or after <= before:
        return None
    return after if reading.after.interval()[0] <= after else None


def brittle_code(probe: str) -> str | None:
    """The finding about a model that this probe breaks; None where there is none."""
    if probe.startswith(("factors.permute:", "factors.redraw:")):
        return FACTOR
    return BRITTLE.get(probe.partition(".")[0])


def judge_by(reading: ConditionReading) -> tuple[str, Effect] | None:
    """What says whether a condition breaks a model: the accuracy that is lost where true labels are known (of order
    and factors, among rows whose label stays: what does not follow a label that turns is blind, not brittle), else the
    predictions that changed where none should, or the rows that got no answer; None where nobody can say. Of another
    tokenisation and of look-alikes, unless somebody declared what should hold, among the rows in tokens that the model
    can know."""
    condition = reading.condition
    if is_respelling(condition) and not condition.declared:
        if enough(reading.respelled):
            lost = "accuracy lost among rows in familiar tokens"
            return (
                lost if reading.drop is not None else "predictions changed among rows in familiar tokens",
                reading.respelled,
            )
    elif reading.drop is not None and condition.family in ("order", "factors"):
        return None if reading.steady is None else ("accuracy lost among rows whose label stays", reading.steady)
    elif reading.drop is not None:
        return "accuracy lost", reading.drop
    elif condition.expectation == "invariant" and reading.flips is not None:
        return "predictions changed", reading.flips
    return None if reading.silent is None else ("rows without an answer", reading.silent)


def blind_code(probe: str) -> str | None:
    """The finding about a model that ignores what this probe takes away; None where there is none."""
    if probe.startswith(("factors.permute:", "factors.redraw:")):
        return BLIND[1]
    if probe.startswith("contrast."):
        return BLIND[2]
    return BLIND[0] if probe == "order.shuffle" else None


def _test_blind(reading: ConditionReading) -> SuiteTest | None:
    """Whether a variant ignores order, a factor, or a token that the task needs: by the rows whose true label turned,
    or, where the study says that predictions should change, by all."""
    code, name = blind_code(reading.condition.probe), reading.condition.name
    if code is None:
        return None
    if (reading.turned or 0.0) > NEEDED and enough(reading.answered):
        turns = "predictions changed among rows whose label turns"
        return SuiteTest(code, name, reading.answered, ANSWERED, below=True, measure=turns)
    if reading.turned is None and reading.condition.expectation == "changes" and enough(reading.followed):
        return SuiteTest(code, name, reading.followed, DROP, below=True, measure=FOLLOWED)
    return None


def enough(effect: Effect | None) -> TypeGuard[Effect]:
    """Whether rows were changed at all, and enough of them."""
    return effect is not None and effect.rows >= FEWEST_TURNED


def is_declared(reading: ConditionReading) -> bool:
    """Whether something was declared of a condition that no other finding holds against a variant."""
    expectation, probe = reading.condition.expectation, reading.condition.probe
    if reading.drop is not None:  # true labels say more, of own probes here, of others in findings of their own
        return reading.condition.family == "own"
    if direction_of(expectation) is not None:
        return True
    unread = {"invariant": brittle_code, "changes": blind_code}
    return expectation in unread and unread[expectation](probe) is None


def _test_declared(reading: ConditionReading) -> Iterator[SuiteTest]:
    ask = partial(SuiteTest, EXPECTATION, reading.condition.name)
    if not enough(reading.followed):
        return
    if reading.drop is not None:
        yield ask(reading.drop, DROP, measure="accuracy lost", majority=_trivial(reading))
    elif reading.along is not None and reading.against is not None and reading.free is not None:
        yield ask(reading.against, DROP, measure="predictions against the declared direction")
        if reading.free > DROP:
            yield ask(
                reading.along, DROP * reading.free, below=True, measure="predictions along the declared direction"
            )
    elif reading.condition.expectation == "invariant" and reading.flips is not None:
        yield ask(reading.flips, DROP, measure="predictions changed")
    elif reading.condition.expectation == "changes":
        yield ask(reading.followed, DROP, below=True, measure=FOLLOWED)


def _test_combinations(record: StudyRecord, variant: ProbedVariant) -> Iterator[SuiteTest]:
    """About each shifted split with combinations that train never shows, by the audit."""
    new = [finding for finding in list_audited(record, "shift.combination") if finding.status == "present"]
    usual = record.held_out
    here = {} if usual is None else variant.runs.scores(usual, "accuracy")
    for split in (finding.where.get("split", "") for finding in new if here):
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
