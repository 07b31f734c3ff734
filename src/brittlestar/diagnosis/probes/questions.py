"""Which questions a suite asks: of each condition the one that it can answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from brittlestar.core.probing import ProbeRecord
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.probes.budget import Question, asked_together
from brittlestar.diagnosis.probes.effects import Effect, effect
from brittlestar.diagnosis.probes.readings import ProbedArm, Reading, probed_arms
from brittlestar.diagnosis.probes.slices import slices

CODES: Mapping[str, str] = {
    "order": "probe.order-brittle",
    "composition": "probe.composition-brittle",
    "length": "probe.length-brittle",
    "tokenisation": "probe.token-brittle",
    "noise": "probe.noise-brittle",
}
"""The finding that each family of probes answers to."""

DROP = 0.05
"""Points of accuracy, as a fraction, or of changed predictions where nothing should change."""
NEEDED = 0.05
"""A task needs what a probe takes away where it turns more true labels than this."""
SHARE = 0.5
"""A model is blind to what turns labels where it changes less than this share of what should change."""
LEARNED = 0.6
"""Below this share of the way from the majority class to 1, what a model relies on is no evidence about the task."""
BLIND = {"order.shuffle": "probe.order-blind"}
SLICE = 0.1
CONFIDENCE = 0.05
COMBINATION = 0.05


@dataclass(frozen=True)
class Asked:
    """What was asked of a study: its arms with their readings, and every question with its adjusted p."""

    record: StudyRecord
    probes: ProbeRecord
    arms: tuple[ProbedArm, ...]
    questions: tuple[Question, ...]

    def of(self, code: str, arm: str) -> tuple[Question, ...]:
        """The questions of one finding."""
        return tuple(one for one in self.questions if (one.code, one.arm) == (code, arm))


def asked(record: StudyRecord) -> Asked | None:
    """Every question about a probed study, all under one error budget; None where no cell was probed."""
    found = probed_arms(record)
    if record.probes is None or not found:
        return None
    questions: list[Question] = []
    for arm in found:
        questions += _brittle(arm)
        questions += _blind(record, arm)
        questions += _slices(record.probes, arm)
        questions += _confidence(record.probes, arm)
    return Asked(record, record.probes, found, asked_together(questions))


def _brittle(arm: ProbedArm) -> Iterator[Question]:
    for one in arm.readings[1:]:
        code = CODES.get(one.condition.family)
        measured = judged_by(one)
        if code is not None and measured is not None:
            yield Question(code, arm.arm.name, one.condition.name, measured, DROP)


def judged_by(one: Reading) -> Effect | None:
    """What says whether a condition breaks a model: the accuracy that is lost where true labels are known, else the
    predictions that changed where none should; None where nobody can say."""
    if one.drop is not None:
        return one.drop
    return one.flips if one.condition.expectation == "invariant" else None


def needed(one: Reading) -> float | None:
    """How much of a score should hang on what a probe takes away: the share of rows whose true label it turns, of those
    that the file has accepted or not; None where that is not known."""
    return one.turned


def _blind(record: StudyRecord, arm: ProbedArm) -> Iterator[Question]:
    """Whether an arm ignores order, or a factor, that the task needs."""
    for one in arm.readings[1:]:
        code = blind_code(one.condition.probe)
        if code is None or one.reliance is None:
            continue
        need = need_of(one)
        if need is not None and need > NEEDED:
            yield Question(code, arm.arm.name, one.condition.name, one.reliance, SHARE * need, below=True)


def blind_code(probe: str) -> str | None:
    """The finding about a model that ignores what this probe takes away; None where there is none."""
    if probe.startswith("factors.permute"):
        return "probe.factor-blind"
    return BLIND.get(probe)


def need_of(one: Reading) -> float | None:
    """How much a model that does the task would lose of the labels that rows had: the share of true labels that the
    probe turns; `DROP` twice over where a user says that predictions should change; None where nobody knows."""
    if one.turned is not None:
        return one.turned
    return 2 * DROP if one.condition.expectation == "changes" else None


def _slices(probes: ProbeRecord, arm: ProbedArm) -> Iterator[Question]:
    """Whether a slice scores far below the other rows."""
    plain = probes.conditions[0]
    seeds = sorted(arm.cells)
    right = np.stack([arm.cells[seed].predictions[plain.before] == plain.labels_before for seed in seeds])
    known = plain.labels_before >= 0
    for name, members in slices(probes, plain).items():
        inside, outside = members & known, ~members & known
        first, second = (effect(right[:, part].astype(np.float64), seeds) for part in (outside, inside))
        yield Question("eval.slice", arm.arm.name, name, _less(first, second), SLICE)


def _less(first: Effect, second: Effect) -> Effect:
    from brittlestar.diagnosis.probes.effects import difference

    return difference(first, second)


def _confidence(probes: ProbeRecord, arm: ProbedArm) -> Iterator[Question]:
    """Whether the mean confidence stands above the accuracy, or below it."""
    plain = probes.conditions[0]
    known = np.flatnonzero(plain.labels_before >= 0)
    if not len(known):
        return
    seeds = sorted(arm.cells)
    rows = plain.before[known]
    values = np.stack(
        [
            arm.cells[seed].confidence[rows].astype(np.float64)
            - (arm.cells[seed].predictions[rows] == plain.labels_before[known])
            for seed in seeds
        ]
    )
    gap = effect(values, seeds)
    yield Question("eval.calibration", arm.arm.name, "over-confident", gap, CONFIDENCE)
    turned = Effect(-gap.estimate, gap.error, gap.degrees, gap.rows, {seed: -v for seed, v in gap.by_seed.items()})
    yield Question("eval.calibration", arm.arm.name, "under-confident", turned, CONFIDENCE)


def worst(questions: Sequence[Question]) -> Question | None:
    """The question whose effect lies furthest beyond its threshold, among those that are present if any is."""
    present = [one for one in questions if one.status == "present"] or list(questions)
    if not present:
        return None
    return max(present, key=lambda one: (one.effect.estimate - one.threshold) * (-1 if one.below else 1))
