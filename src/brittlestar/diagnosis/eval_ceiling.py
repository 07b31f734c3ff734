"""Finding `eval.ceiling`."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from brittlestar.core.commands import DATA, Advice, command
from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.arms import Arm, advise_seeds, arms, evaluation_split
from brittlestar.diagnosis.ceilings import KnownCeiling, find_ceiling, is_noise_known
from brittlestar.diagnosis.decisions import decide
from brittlestar.study.units import count

CODE = "eval.ceiling"
NEAR = 0.01  # convention: one point of a score
THRESHOLD = (
    "Accuracy on test lies, with its whole interval over seeds, above one point below the lowest accuracy that noise "
    "in labels is estimated to allow (95 %, 5 seeds)."
)
REMEDY = (
    "Do not tune further on these labels: correct them, or say beside the score what they allow. What is left of the "
    "errors is noise."
)


def check(record: StudyRecord) -> Iterator[Finding]:
    """The score is all that the labels allow.

    **What it means.** Where labels are wrong at random, no model is right on them, except by accident: a gap to 100 %
    is no fault of the model, and more epochs can only learn the noise.

    **How it is decided.** The audit estimates what accuracy the labels of a split allow, from errors of shallow models
    that do not fall with their confidence (`label.noise`), and from equal sequences with several labels
    (`label.conflict`). Accuracy of the best checkpoint on test (else dev) is held against the lower end of the lowest
    ceiling, less one point, as a t interval over seeds.

    **Thresholds.** As in the rule, with 5 seeds. Absent: the whole interval lies below, or no label finding bounds the
    score. Inconclusive: the audit could not tell noise from difficulty, was not made, or seeds are missing. Severity:
    info.

    **What it cannot see.** Whether it is noise: where no shallow model learns a part of the rule, they err as if labels
    were noisy. A model that scores more than the upper end refutes the estimate, and that is said.

    **What to do.** Correct labels, or report the ceiling beside the score.
    """
    split = evaluation_split(record)
    for arm in arms(record):
        yield _finding(record, arm, split)


def _finding(record: StudyRecord, arm: Arm, split: str | None) -> Finding:
    where = {"variant": arm.name} if split is None else {"variant": arm.name, "split": split}
    values = [] if split is None else list(arm.scores(split, "accuracy").values())
    evidence: dict[str, Any] = {"seeds": len(values)}
    if split is None or not values:
        missing = (
            f"{arm.name}: none of {count(len(arm.cells), 'run')} has a score on dev or test to hold labels against."
        )
        remedy = Advice(("Give dev or test labels: ", command("run", DATA), " scores them."))
        return Finding(CODE, "inconclusive", missing, THRESHOLD, where=where, evidence=evidence, remedy=remedy)
    ceiling = find_ceiling(record, split)
    reached = f"{arm.name} answers {100 * float(np.mean(values)):.1f} % of {split} right"
    if ceiling is None and is_noise_known(record, split):
        summary = f"{reached}; nothing about the labels of {split} bounds that."
        return Finding(CODE, "absent", summary, THRESHOLD, where=where, evidence=evidence)
    if ceiling is None:
        summary = f"{reached}; what its labels allow is open. Missing: an audit that can tell noise from difficulty."
        remedy = f"Let two people label 100 rows of {split} each: where they disagree, no model can be right on both."
        return Finding(CODE, "inconclusive", summary, THRESHOLD, where=where, evidence=evidence, remedy=remedy)
    decision = decide(values, ceiling.low - NEAR)
    allowed = _describe(ceiling)
    evidence |= {"accuracy": decision.as_json(), "ceiling": [ceiling.low, ceiling.high], "because": ceiling.code}
    story = f"{reached}, and its labels allow {allowed}"
    if decision.status == "present" and decision.interval is not None and decision.interval[0] > ceiling.high + NEAR:
        evidence["above"] = True
        summary = f"{story}: it knows what the models of the audit do not, so that this is no ceiling."
        return Finding(CODE, "absent", summary, THRESHOLD, where=where, evidence=evidence)
    if decision.status == "present":
        summary = f"{story}: no model can be expected to do better."
        return Finding(CODE, "present", summary, THRESHOLD, "info", where, evidence, REMEDY)
    if decision.status == "absent":
        return Finding(CODE, "absent", f"{story}: there is room.", THRESHOLD, where=where, evidence=evidence)
    summary = f"{story}: whether that is all is open. Missing: {decision.missing}."
    remedy = advise_seeds(len(arm.cells))
    return Finding(CODE, "inconclusive", summary, THRESHOLD, where=where, evidence=evidence, remedy=remedy)


def _describe(ceiling: KnownCeiling) -> str:
    low, high = (f"{100 * end:.1f}" for end in (ceiling.low, ceiling.high))
    return f"{low} %" if low == high else f"{low} to {high} %"
