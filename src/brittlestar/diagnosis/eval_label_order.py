"""Finding `eval.label-order`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from brittlestar.core.findings import Finding
from brittlestar.core.results import AnsweredStudy
from brittlestar.core.seeds import generator
from brittlestar.diagnosis.arms import Arm, arms, evaluation_split, suggest_rerun

CODE = "eval.label-order"
LEAST_GAIN = 0.05  # convention: five points
LARGEST_Z = 5.0  # derived: 1 in 3 million, whatever the number of variants and runs
FEWEST_ROWS = 40  # derived: 20 rows in each half
MOST_CLASSES = 200  # budget: 40,000 pairs of classes
THRESHOLD = (
    "Under another order of the classes, found on one half of the rows, every run is right on 5 points more of the "
    "other half (five standard errors), and on as many more than the majority class."
)
REMEDY = (
    "Compare how labels become numbers where the model is trained and where it is scored: the order of classes must be "
    "one, sorted, and made from train alone."
)


def check(study: AnsweredStudy) -> Iterator[Finding]:
    """Right under another order of the classes.

    **What it means.** The model has learned the task, and its answers are read with other names. Labels were numbered
    twice, in two ways; or columns of probabilities were sorted by something else.

    **How it is decided.** On one random half of test (else dev) the assignment of answers to labels that is right most
    often is found (Kuhn 1955); on the other it is held against the order as it is, row by row, and the other way round.

    **Thresholds.** As in the rule: 5 points and five standard errors, in every finished run. Severity: error for main,
    warning for other variants.

    **What it cannot see.** Labels of the split that are themselves turned around; a model that has learned the opposite
    of a rule. Splits with more than 200 classes, with fewer than 40 rows, or shifted ones.

    **What to do.** Number labels once, from train, in sorted order.
    """
    split = evaluation_split(study.record)
    for arm in arms(study.record):
        yield _finding(study, arm, split)


@dataclass(frozen=True)
class _Turned:
    """One run: the share of rows right as it is and under the other order (crosswise), how many standard errors lie
    between them, and the order found on all rows, int (n_classes,): the label of each answer."""

    right: float
    turned: float
    z: float
    order: tuple[int, ...]

    @property
    def gain(self) -> float:
        """Share of rows gained."""
        return self.turned - self.right


def turn_labels(labels: np.ndarray, predicted: np.ndarray, halves: np.ndarray, n_classes: int) -> _Turned:
    """Hold the best other order of classes against the order as it is. `labels` and `predicted` int (n_rows,) in
    [0, n_classes); `halves` bool (n_rows,)."""
    right, turned = labels == predicted, np.zeros(len(labels), np.bool_)
    for part in (halves, ~halves):
        turned[~part] = _assign(labels[part], predicted[part], n_classes)[predicted[~part]] == labels[~part]
    better, worse = int((turned & ~right).sum()), int((right & ~turned).sum())
    z = (better - worse) / np.sqrt(max(better + worse, 1))
    order = _assign(labels, predicted, n_classes).tolist()
    return _Turned(float(right.mean()), float(turned.mean()), float(z), tuple(order))


def _assign(labels: np.ndarray, predicted: np.ndarray, n_classes: int) -> np.ndarray:
    """int64 (n_classes,): the label that each answer stands for, so that most rows are right; answers that no row has
    keep their own where that is free."""
    together = np.bincount(predicted * n_classes + labels, minlength=n_classes**2).reshape(n_classes, n_classes)
    # Less than one row for the order as it is: it decides ties, and what no row says anything about.
    return linear_sum_assignment(together + 0.5 / n_classes * np.eye(n_classes), maximize=True)[1]


def _finding(study: AnsweredStudy, arm: Arm, split: str | None) -> Finding:
    record = study.record
    where = {"variant": arm.name} | ({} if split is None else {"split": split})
    found = None if split is None else study.answers[split]
    answers = None if found is None else found.runs.get(arm.name)
    n_classes = len(record.classes)
    known = np.zeros(0, np.bool_) if found is None else found.labels >= 0
    missing = ""
    if split is None or found is None:
        missing = "a test or dev split"
    elif answers is None:
        missing = "finished runs whose answers are stored row by row"
    elif known.sum() < FEWEST_ROWS:
        missing = f"{FEWEST_ROWS - int(known.sum())} more rows"
    elif not 2 <= n_classes <= MOST_CLASSES:
        missing = f"2 to {MOST_CLASSES} classes"
    if missing or found is None or answers is None:
        summary = f"{arm.name}: whether another order of the classes would be right is open. Missing: {missing}."
        remedy = suggest_rerun(arm.cells) if "runs" in missing else ""
        return Finding(CODE, "inconclusive", summary, THRESHOLD, None, where, {"missing": missing}, remedy)
    labels = found.labels[known]
    halves = generator(0, CODE, "halves").random(len(labels)) < 0.5
    runs = [turn_labels(labels, predicted[known], halves, n_classes) for predicted in answers.predicted]
    majority = float(np.bincount(labels).max() / len(labels))
    worst = min(runs, key=lambda run: (run.gain, run.z))
    turned = [run for run in runs if _is_turned(run, majority, len(labels))]
    evidence: dict[str, Any] = {
        "runs": len(runs),
        "turned": len(turned),
        "of": len(labels),
        "right": [run.right for run in runs],
        "right_in_other_order": [run.turned for run in runs],
        "majority": majority,
        "z": worst.z,
    }
    if len(turned) < len(runs):
        gained = f"in {len(turned)} of {len(runs)} runs" if turned else f"in none of {len(runs)} runs"
        summary = f"{arm.name}: {gained} the answers are right more often in another order of the classes."
        return Finding(CODE, "absent", summary, THRESHOLD, where=where, evidence=evidence)
    stands_for = {record.classes[answer]: record.classes[label] for answer, label in enumerate(worst.order)}
    moved = [f"{answer!r} for {label!r}" for answer, label in stands_for.items() if answer != label]
    evidence["answers_for_labels"] = stands_for
    severity = "error" if arm.name == record.main else "warning"
    shown = ", ".join(moved[:3]) + (" …" if len(moved) > 3 else "")
    summary = (
        f"{arm.name}: with the classes of its answers in another order ({shown}) it is right on "
        f"{100 * worst.turned:.1f} % of {len(labels):,} rows of {split}, as it is on {100 * worst.right:.1f} %: labels "
        "are numbered in two ways."
    )
    return Finding(CODE, "present", summary, THRESHOLD, severity, where, evidence, REMEDY)


def _is_turned(run: _Turned, majority: float, n: int) -> bool:
    above = run.turned - majority
    return run.gain >= LEAST_GAIN and run.z >= LARGEST_Z and above >= max(LEAST_GAIN, LARGEST_Z * 0.5 / np.sqrt(n))
