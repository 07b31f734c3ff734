"""Which questions a suite asks: of each condition the one that it can answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeGuard

import numpy as np

from brittlestar.core.expectations import direction_of
from brittlestar.core.findings import Finding
from brittlestar.core.probing import ProbeRecord
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.arms import evaluation_split
from brittlestar.diagnosis.probes.budget import Measure, Question, asked_together
from brittlestar.diagnosis.probes.readings import ProbedArm, ProbedStudy, Reading, answers, is_respelling
from brittlestar.diagnosis.probes.slices import part, slices, units_of
from brittlestar.statistics.effects import Effect, estimate_effect, estimate_from_scores, subtract_effects

Findings = Iterator[Finding]
"""What a check yields."""
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
ABOVE = 0.1
NOT_TESTED = (
    "Models whose 95 % interval comes within 10 points of the majority class (half of what is left above it, if less) "
    "are not tested for brittleness."
)
"""The rule of `has_learned` in a sentence."""
SLICE_GAP = 0.1  # convention: ten points, twice what breaks a probe
CONFIDENCE_GAP = 0.05  # convention: five points, as what breaks a probe


@dataclass(frozen=True)
class Asked:
    """What was asked of a study: every question with its adjusted p."""

    study: ProbedStudy
    questions: tuple[Question, ...]

    @property
    def split(self) -> str:
        """The split that was probed."""
        return self.study.probes.split

    @property
    def usual_split(self) -> str | None:
        """The split that headline numbers are read on."""
        return evaluation_split(self.study.record)

    @property
    def kept(self) -> bool:
        """Whether the models stand in a study, and are not given beside one."""
        return any(cell.outcome in ("trained", "fitted") for cell in self.study.record.cells)

    def of(self, code: str, arm: str) -> tuple[Question, ...]:
        """The questions of one finding."""
        return tuple(one for one in self.questions if (one.code, one.arm) == (code, arm))


def find_questions(study: ProbedStudy) -> Asked:
    """Every question about a probed study, all under one error budget."""
    questions: list[Question] = []
    for arm in study.arms:
        questions += _brittle(arm)
        questions += _blind(arm)
        questions += _find_expectations(arm)
        questions += _combinations(study.record, arm)
        questions += _slices(study, arm)
        questions += _confidence(study.probes, arm)
    return Asked(study, asked_together(questions))


def has_learned(arm: ProbedArm) -> bool:
    """Whether a variant stands clear of the majority class, over seeds and rows: by 10 points, or half of what is left
    above it. Of what has not learned anything nothing can break."""
    before, clear = arm.plain.before, clear_of_majority(arm)
    return before is None or clear is None or before.interval()[0] > clear


def clear_of_majority(arm: ProbedArm) -> float | None:
    """The accuracy above which a variant stands clear: 10 points above the majority class, or half of what is left;
    None where no label is known."""
    most = arm.plain.majority_before
    return None if most is None else most + min(ABOVE, (1 - most) / 2)


def _brittle(arm: ProbedArm) -> Iterator[Question]:
    for one in arm.readings[1:] if has_learned(arm) else ():
        code, measured = brittle_code(one.condition.probe), judge_by(one)
        if code is not None and measured is not None:
            measure, found = measured
            name, trivial = one.condition.name, _trivial(one) if measure == "accuracy lost" else None
            yield Question(code, arm.arm.name, name, found, DROP, measure=measure, majority=trivial)


def _trivial(one: Reading) -> float | None:
    """The majority rate after a change that made it grow, where accuracy afterwards is not clearly above it."""
    after, before = one.majority_after, one.majority_before
    if one.after is None or after is None or before is None or after <= before:
        return None
    return after if one.after.interval()[0] <= after else None


def brittle_code(probe: str) -> str | None:
    """The finding about a model that this probe breaks; None where there is none."""
    if probe.startswith(("factors.permute:", "factors.redraw:", "factors.fix:")):
        return FACTOR
    return BRITTLE.get(probe.partition(".")[0])


def judge_by(one: Reading) -> tuple[Measure, Effect] | None:
    """What says whether a condition breaks a model: the accuracy that is lost where true labels are known (of order
    and factors, among rows whose label stays: what does not follow a label that turns is blind, not brittle), else the
    predictions that changed where none should, or the rows that got no answer; None where nobody can say. Of another
    tokenisation and of look-alikes, unless somebody declared what should hold, among the rows in tokens that the model
    can know."""
    condition = one.condition
    if is_respelling(condition) and not condition.declared:
        if one.respelled is not None and one.respelled.rows >= FEWEST_TURNED:
            if one.drop is not None:
                return "accuracy lost among rows in familiar tokens", one.respelled
            return "predictions changed among rows in familiar tokens", one.respelled
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


FOLLOWED: Measure = "predictions changed among changed rows"


def _blind(arm: ProbedArm) -> Iterator[Question]:
    """Whether a variant ignores order, a factor, or a token that the task needs: by the rows whose true label turned,
    or, where the study says that predictions should change, by all."""
    for one in arm.readings[1:]:
        code = blind_code(one.condition.probe)
        if code is None:
            continue
        if one.answered is not None and (one.turned or 0.0) > NEEDED and one.answered.rows >= FEWEST_TURNED:
            turns: Measure = "predictions changed among rows whose label turns"
            yield Question(code, arm.arm.name, one.condition.name, one.answered, ANSWERED, below=True, measure=turns)
        elif one.turned is None and one.condition.expectation == "changes" and enough(one.followed):
            yield Question(code, arm.arm.name, one.condition.name, one.followed, DROP, below=True, measure=FOLLOWED)


def enough(effect: Effect | None) -> TypeGuard[Effect]:
    """Whether rows were changed at all, and enough of them."""
    return effect is not None and effect.rows >= FEWEST_TURNED


def is_declared(one: Reading) -> bool:
    """Whether something was declared of a condition that no other finding holds against a variant."""
    expectation, probe = one.condition.expectation, one.condition.probe
    if one.drop is not None:  # true labels say more, of own probes here, of others in findings of their own
        return one.condition.family == "own"
    if direction_of(expectation) is not None:
        return True
    unread = {"invariant": brittle_code, "changes": blind_code}
    return expectation in unread and unread[expectation](probe) is None


def _find_expectations(arm: ProbedArm) -> Iterator[Question]:
    for one in arm.readings[1:] if has_learned(arm) else ():
        condition, name = one.condition, arm.arm.name
        if not is_declared(one) or not enough(one.followed):
            continue
        ask = partial(Question, EXPECTATION, name, condition.name)
        if one.drop is not None:
            yield ask(one.drop, DROP, measure="accuracy lost", majority=_trivial(one))
        elif one.along is not None and one.against is not None and one.free is not None:
            yield ask(one.against, DROP, measure="predictions against the declared direction")
            if one.free > DROP:
                along: Measure = "predictions along the declared direction"
                yield ask(one.along, DROP * one.free, below=True, measure=along)
        elif condition.expectation == "invariant" and one.flips is not None:
            yield ask(one.flips, DROP, measure="predictions changed")
        elif condition.expectation == "changes":
            yield ask(one.followed, DROP, below=True, measure=FOLLOWED)


def combination_splits(record: StudyRecord) -> tuple[str, ...]:
    """Shifted splits with combinations that train never shows, by the audit."""
    found = () if record.audit is None else record.audit.findings
    return tuple(
        one.where["split"]
        for one in found
        if one.code == "shift.combination" and one.status == "present" and one.where.get("split") in record.splits
    )


def _combinations(record: StudyRecord, arm: ProbedArm) -> Iterator[Question]:
    usual = evaluation_split(record)
    for split in combination_splits(record) if usual is not None else ():
        assert usual is not None
        there, here = arm.arm.scores(split, "accuracy"), arm.arm.scores(usual, "accuracy")
        if there and here:
            rows = record.splits[usual].rows, record.splits[split].rows
            lost = subtract_effects(estimate_from_scores(here, rows[0]), estimate_from_scores(there, rows[1]))
            yield Question(COMBINATION, arm.arm.name, split, lost, DROP, measure="accuracy lost from split to split")


def _slices(study: ProbedStudy, arm: ProbedArm) -> Iterator[Question]:
    plain, seeds = study.probes.conditions[0], sorted(arm.cells)
    right = answers(arm.cells, plain.before) == plain.labels_before
    known, units = plain.labels_before >= 0, units_of(study.probes, plain)
    for name, members in slices(study.probes, plain.labels_before).items():
        inside, outside = members & known, ~members & known
        if inside.sum() > 1 and outside.sum() > 1:
            rest, own = (
                estimate_effect(right[:, rows].astype(np.float64), seeds, part(units, rows))
                for rows in (outside, inside)
            )
            below: Measure = "accuracy below the other rows"
            yield Question(SLICE, arm.arm.name, name, subtract_effects(rest, own), SLICE_GAP, measure=below)


def _confidence(probes: ProbeRecord, arm: ProbedArm) -> Iterator[Question]:
    plain, seeds = probes.conditions[0], sorted(arm.cells)
    known = np.flatnonzero(plain.labels_before >= 0)
    if len(known) < 2:
        return
    rows, labels = plain.before[known], plain.labels_before[known]
    if any(np.isnan(cell.confidence[rows]).any() for cell in arm.cells.values()):
        return  # a model that only names a class
    gaps = np.stack(
        [arm.cells[seed].confidence[rows] - (arm.cells[seed].predictions[rows] == labels) for seed in seeds]
    )
    units = units_of(probes, plain)
    own = part(units, known)
    for name, values in (("over-confident", gaps), ("under-confident", -gaps)):
        found = estimate_effect(values.astype(np.float64), seeds, own)
        yield Question(CALIBRATION, arm.arm.name, name, found, CONFIDENCE_GAP, measure="confidence off accuracy")


def worst(questions: Sequence[Question]) -> Question:
    """The question whose effect lies furthest beyond its threshold, among those that are present if any is."""
    present = [one for one in questions if one.status == "present"] or list(questions)
    return max(present, key=lambda one: (one.effect.estimate - one.threshold) * (-1 if one.below else 1))
