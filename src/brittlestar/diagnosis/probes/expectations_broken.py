"""Which expectations about main are broken under a change of the input: what the headline says of how it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from brittlestar.core.findings import Finding, Status
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.probes.budget import Question
from brittlestar.diagnosis.probes.phrasing import describe_loss, format_effect, write_sentence
from brittlestar.diagnosis.probes.presented import WAYS
from brittlestar.diagnosis.probes.questions import BLIND, BRITTLE, COMBINATION, EXPECTATION, FACTOR, TOKEN
from brittlestar.diagnosis.probes.readings import ProbedArm, Reading
from brittlestar.diagnosis.probes.summary import ProbeSummary
from brittlestar.statistics.effects import Effect, estimate_effect

EXPECTED = frozenset({BRITTLE["order"], BRITTLE["length"], TOKEN, FACTOR, COMBINATION, EXPECTATION, *BLIND})
"""Findings that test nothing but what is known (true labels by a rule or in a file, spellings in known tokens, that a
row gets an answer) or declared. Composition counts too where tokens are familiar, and noise where it was declared:
nobody knows that a model should stand noise."""
PADDING = ("padding.leaks", "padding.batch")
"""Findings about what no model may depend on."""


@dataclass(frozen=True)
class BrokenExpectation:
    """One expectation about main that is broken beyond its threshold, significantly so after Holm correction over all
    tests of the suite.

    `loss` is a mean over seeds in [−1, 1] with its 95 % `interval` over seeds and rows: accuracy that is lost where
    true labels are known, else the share of predictions that change where none should, or stay where they should
    change; `measure` is what the test counts (see budget.Measure). `n_rows` are the rows behind the loss.
    `explained_by` is the code of the finding that has the same cause, None where this is the cause. `sentence` has no
    full stop, and 25 words at most unless a title of the user's own is longer.
    """

    condition: str
    words: str
    split: str
    loss: float
    interval: tuple[float, float] | None
    n_seeds: int
    n_rows: int
    code: str
    sentence: str
    measure: str = "accuracy lost"
    explained_by: str | None = None


def broken_expectations(probed: ProbeSummary, record: StudyRecord | None = None) -> tuple[BrokenExpectation, ...]:
    """List the broken expectations about main.

    Nothing is decided here: a test is broken where its finding calls it present.

    Args:
        probed: What probes found of the study.
        record: The study, whose main is meant; that of `probed` where none is given.

    Returns:
        The largest loss first; those that another one explains come last.
    """
    arm = _main(probed, record)
    if arm is None:
        return ()
    findings = {one.code: one for one in probed.findings if one.where.get("variant") == arm.arm.name}
    broken = [_of_question(probed, arm, one, findings[one.code]) for one in _select_questions(probed, arm, "present")]
    present = [findings[code] for code in PADDING if code in findings and findings[code].status == "present"]
    broken += [_of_padding(arm, finding) for finding in present]
    return tuple(sorted(broken, key=lambda one: (one.explained_by is not None, -one.loss)))


def kept_expectations(probed: ProbeSummary, record: StudyRecord | None = None) -> int:
    """Count the expectations about main that were tested and hold; what is neither broken nor kept is open.

    Invariance to padding and batches is not counted: it says nothing about other rows.

    Args:
        probed: What probes found of the study.
        record: The study, whose main is meant; that of `probed` where none is given.
    """
    arm = _main(probed, record)
    if arm is None:
        return 0
    return len(list(_select_questions(probed, arm, "absent")))


def _main(probed: ProbeSummary, record: StudyRecord | None) -> ProbedArm | None:
    return probed.study.of((probed.study.record if record is None else record).main)


def _select_questions(probed: ProbeSummary, arm: ProbedArm, status: Status) -> Iterator[Question]:
    """The tests of this status that have an expectation about how the result holds."""
    for one in probed.asked.questions:
        if one.arm == arm.arm.name and one.status == status and _has_expectation(one, arm.of(one.name)):
            yield one


def _has_expectation(one: Question, reading: Reading | None) -> bool:
    """Whether a test is about an expectation, known or declared."""
    if one.code in EXPECTED:
        return True
    if reading is None or one.code not in BRITTLE.values():
        return False
    if reading.condition.declared:
        return True
    found = reading.condition.familiarity  # of tokens that a model cannot know nothing is expected
    return one.code == BRITTLE["composition"] and not (found is not None and found.unknown)


def _of_question(probed: ProbeSummary, arm: ProbedArm, one: Question, finding: Finding) -> BrokenExpectation:
    reading = arm.of(one.name)
    lost = _loss(one, reading)
    if reading is None:  # a split
        words, split = f"new combinations in {one.name}", one.name
        sentence = f"on {one.name}, whose combinations train never shows, {describe_loss(one.effect)}"
    else:
        words, split = reading.condition.title, probed.study.probes.split
        sentence = write_sentence(one, reading)
    return BrokenExpectation(
        condition=one.name,
        words=words,
        split=split,
        loss=lost.estimate,
        interval=lost.interval(),
        n_seeds=lost.seeds,
        n_rows=lost.rows,
        code=one.code,
        sentence=sentence,
        measure=one.measure,
        explained_by=finding.evidence.get("explained_by"),
    )


def _loss(one: Question, reading: Reading | None) -> Effect:
    """What is lost: of what should be large the accuracy, where it is known, else what is missing to all."""
    if not one.below:
        return one.effect
    if reading is not None and reading.drop is not None:
        return reading.drop
    effect = one.effect
    by_seed = {seed: 1 - value for seed, value in effect.by_seed.items()}
    return replace(effect, estimate=1 - effect.estimate, by_seed=by_seed)


def _of_padding(arm: ProbedArm, finding: Finding) -> BrokenExpectation:
    """The finding about padding or batches, of the way that moves most."""
    way, limit = str(finding.evidence["worst"]), float(finding.evidence["limit"])
    seeds = sorted(arm.cells)
    given = [arm.cells[seed].presented[way] for seed in seeds]
    moved = estimate_effect(np.stack([one.moved > limit for one in given]).astype(np.float64), seeds)
    changed = estimate_effect(np.stack([one.changed & (one.moved > limit) for one in given]).astype(np.float64), seeds)
    return BrokenExpectation(
        condition=f"{finding.code}:{way}",
        words=WAYS[way],
        split=finding.where["split"],
        loss=changed.estimate,
        interval=changed.interval(),
        n_seeds=changed.seeds,
        n_rows=changed.rows,
        code=finding.code,
        sentence=f"with {WAYS[way]}, probabilities of {format_effect(moved, ' %')} of rows move",
        measure="predictions changed",
        explained_by=finding.evidence.get("explained_by"),
    )
