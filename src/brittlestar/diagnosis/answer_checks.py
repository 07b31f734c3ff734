"""What answers row by row say of the way to the scores: one answer for all, or right under another order of classes."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from brittlestar.core.results import AnsweredStudy, SplitAnswers
from brittlestar.core.seeds import generator
from brittlestar.diagnosis.results import AS_ERROR_OF_MAIN, VariantResult, report_missing, variant_check
from brittlestar.diagnosis.variant_runs import VariantRuns, evaluation_split

SAME = 1e-6  # float noise of another batch; far below what one token changes
FEWEST_ROWS = 20  # derived: at even odds 20 rows have one class by chance once in half a million times
FEWEST_OF_TWO_HALVES = 40  # derived: 20 rows in each half
LEAST_GAIN = 0.05  # convention: five points
LARGEST_Z = 5.0  # derived: 1 in 3 million, whatever the number of variants and runs
MOST_CLASSES = 200  # budget: 40,000 pairs of classes
NOT_STORED = "finished runs whose answers are stored row by row"


@variant_check(
    "eval.constant",
    "A run names one class in each of 20 rows or more of several sequences and labels: an error for main where its "
    "outputs are the same to six digits, too; else info.",
    ("error", "info"),
    "answers",
)
def eval_constant(study: AnsweredStudy, variant: VariantRuns) -> VariantResult:
    """One answer for every row.

    **What it means.** Where the outputs themselves are the same, what the model reads does not reach its scores. Where
    outputs differ and one class is named all the same, it has learned nothing that outweighs the class shares.

    **How it is decided.** Every finished run is looked at on test (else dev): does it name one class in each row, and
    is the probability of the row's label the same in all rows of one label? Diverged runs are left out.

    **Thresholds.** One run, at least 20 rows with two sequences and two labels, outputs that differ by at most 1e-6.
    Severity: error for main where outputs are the same; else information, since `eval.metric` says whether main has
    learned anything.

    **What it cannot see.** Outputs that are the same in part of the rows; outputs of predictions without probabilities.

    **What to do.** Give the model two rows that differ, and follow them: where do their values become equal? Look at
    the mask, the pooling, detached or overwritten tensors, and at what happens in evaluation mode alone.
    """
    split = evaluation_split(study.record)
    found = None if split is None else study.answers[split]
    answers = None if found is None else found.runs.get(variant.name)
    if split is None or found is None or answers is None:
        missing = "a test or dev split" if split is None else NOT_STORED
        return report_missing(variant, "whether one answer is given in every row", missing, split=split)
    n_rows, cells = len(found.labels), study.record.list_finished(variant.name, split)
    kept = np.asarray([cell.outcome != "diverged" for cell in cells])
    if missing := _find_missing(found) or ("" if kept.any() else "a run that has not diverged"):
        return report_missing(variant, f"what {n_rows} rows of {split} show", missing, "", split)
    predicted, own = answers.predicted[kept], answers.own[kept]
    one_class = (predicted == predicted[:, :1]).all(axis=1)
    spread = [np.ptp(own[:, found.labels == label], axis=1) for label in np.unique(found.labels)]
    one_output = one_class & (np.max(spread, axis=0) <= SAME) & (not answers.hard)
    constants, outputs, runs = int(one_class.sum()), int(one_output.sum()), len(predicted)
    evidence = {"runs": runs, "one_class": constants, "one_output": outputs, "rows": n_rows}
    if not constants:
        summary = f"{variant.name}: each of {runs} runs names several classes on {n_rows:,} rows of {split}."
        return VariantResult("absent", summary, evidence, split=split)
    named = study.record.classes[int(predicted[one_class, 0][0])]
    evidence |= {"class": named}
    if outputs:
        summary = (
            f"{variant.name}: in {outputs} of {runs} runs the output is the same for each of {n_rows:,} rows of "
            f"{split} ({named!r} is named): what the model reads does not reach its scores."
        )
        return VariantResult("present", summary, evidence, split=split)
    unlike = "" if answers.hard else ", though its outputs differ from row to row"
    summary = f"{variant.name}: {constants} of {runs} runs name {named!r} in each of {n_rows:,} rows{unlike}."
    return VariantResult("present", summary, evidence, "", "info", split)


def _find_missing(found: SplitAnswers) -> str:
    if len(found.labels) < FEWEST_ROWS:
        return f"{FEWEST_ROWS - len(found.labels)} more rows"
    if len(np.unique(found.labels)) < 2:
        return "rows of two labels"
    return "" if len(np.unique(found.hashes)) > 1 else "rows of two sequences"


@dataclass(frozen=True)
class TurnedLabels:
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

    def is_better(self, majority: float, n: int) -> bool:
        """Whether the other order is right clearly more often, and than naming one class, on so many rows."""
        above = self.turned - majority >= max(LEAST_GAIN, LARGEST_Z * 0.5 / np.sqrt(n))
        return self.gain >= LEAST_GAIN and self.z >= LARGEST_Z and bool(above)


@variant_check(
    "eval.label-order",
    "Under another order of the classes, found on one half of the rows, every run is right on 5 points more of the "
    "other half (five standard errors), and on as many more than the majority class.",
    AS_ERROR_OF_MAIN,
    "answers",
)
def eval_label_order(study: AnsweredStudy, variant: VariantRuns) -> VariantResult:
    """Right under another order of the classes.

    **What it means.** The model has learned the task, and its answers are read with other names. Labels were numbered
    twice, in two ways; or columns of probabilities were sorted by something else.

    **How it is decided.** On one random half of test (else dev) the assignment of answers to labels that is right most
    often is found (Kuhn 1955); on the other it is held against the order as it is, row by row, and the other way round.

    **Thresholds.** As in the rule: 5 points and five standard errors, in every finished run. Severity: error for main,
    warning for other variants.

    **What it cannot see.** Labels of the split that are themselves turned around; a model that has learned the opposite
    of a rule. Splits with more than 200 classes, with fewer than 40 rows, or shifted ones.

    **What to do.** Compare how labels become numbers where the model is trained and where it is scored: the order of
    classes must be one, sorted, and made from train alone.
    """
    classes, split = study.record.classes, evaluation_split(study.record)
    found = None if split is None else study.answers[split]
    answers = None if found is None else found.runs.get(variant.name)
    missing = "a test or dev split" if found is None else _find_missing_labels(found, variant.name, len(classes))
    if missing or found is None or answers is None:
        remedy = None if missing == NOT_STORED else ""
        return report_missing(variant, "whether another order of the classes would be right", missing, remedy, split)
    known = found.labels >= 0
    labels = found.labels[known]
    halves = generator(0, "eval.label-order", "halves").random(len(labels)) < 0.5
    runs = [turn_labels(labels, predicted[known], halves, len(classes)) for predicted in answers.predicted]
    majority = float(np.bincount(labels).max() / len(labels))
    worst = min(runs, key=lambda run: (run.gain, run.z))
    turned = sum(run.is_better(majority, len(labels)) for run in runs)
    evidence = {
        "runs": len(runs),
        "turned": turned,
        "of": len(labels),
        "right": [run.right for run in runs],
        "right_in_other_order": [run.turned for run in runs],
    }
    if turned < len(runs):
        gained = f"in {turned or 'none'} of {len(runs)} runs"
        summary = f"{variant.name}: {gained} the answers are right more often in another order of the classes."
        return VariantResult("absent", summary, evidence, split=split)
    stands_for = {classes[answer]: classes[label] for answer, label in enumerate(worst.order)}
    moved = [f"{answer!r} for {label!r}" for answer, label in stands_for.items() if answer != label]
    shown = ", ".join(moved[:3]) + (" …" if len(moved) > 3 else "")
    summary = (
        f"{variant.name}: with the classes of its answers in another order ({shown}) it is right on "
        f"{100 * worst.turned:.1f} % of {len(labels):,} rows of {split}, as it is on {100 * worst.right:.1f} %: labels "
        "are numbered in two ways."
    )
    return VariantResult("present", summary, {**evidence, "answers_for_labels": stands_for}, split=split)


def _find_missing_labels(found: SplitAnswers, variant: str, n_classes: int) -> str:
    """What is missing to hold another order of classes against rows; empty where nothing is."""
    rows = int((found.labels >= 0).sum())
    if variant not in found.runs:
        return NOT_STORED
    if rows < FEWEST_OF_TWO_HALVES:
        return f"{FEWEST_OF_TWO_HALVES - rows} more rows"
    return "" if 2 <= n_classes <= MOST_CLASSES else f"2 to {MOST_CLASSES} classes"


def turn_labels(labels: np.ndarray, predicted: np.ndarray, halves: np.ndarray, n_classes: int) -> TurnedLabels:
    """Hold the best other order of classes against the order as it is. `labels` and `predicted` int (n_rows,) in
    [0, n_classes); `halves` bool (n_rows,)."""
    right, turned = labels == predicted, np.zeros(len(labels), np.bool_)
    for part in (halves, ~halves):
        turned[~part] = _assign(labels[part], predicted[part], n_classes)[predicted[~part]] == labels[~part]
    better, worse = int((turned & ~right).sum()), int((right & ~turned).sum())
    z = (better - worse) / np.sqrt(max(better + worse, 1))
    order = _assign(labels, predicted, n_classes).tolist()
    return TurnedLabels(float(right.mean()), float(turned.mean()), float(z), tuple(order))


def _assign(labels: np.ndarray, predicted: np.ndarray, n_classes: int) -> np.ndarray:
    """int64 (n_classes,): the label that each answer stands for, so that most rows are right; answers that no row has
    keep their own where that is free."""
    together = np.bincount(predicted * n_classes + labels, minlength=n_classes**2).reshape(n_classes, n_classes)
    # Less than one row for the order as it is: it decides ties, and what no row says anything about.
    return linear_sum_assignment(together + 0.5 / n_classes * np.eye(n_classes), maximize=True)[1]
