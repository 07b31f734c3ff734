"""Whether answers are right under another order of the classes: asked on train first, which a model has learned."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from brittlestar.core.checks import Observed, Role
from brittlestar.core.findings import LEAST_POINTS
from brittlestar.core.results import AnsweredStudy, SplitAnswers
from brittlestar.core.seeds import generator
from brittlestar.diagnosis.answer_checks import NOT_STORED
from brittlestar.diagnosis.results import report_missing, variant_check
from brittlestar.diagnosis.variant_runs import VariantRuns, redraws_train
from brittlestar.statistics.floors import LARGEST_Z

FEWEST_OF_TWO_HALVES = 40  # derived: 20 rows in each half
LEAST_GAIN_OF_ORDER = LEAST_POINTS / 100
ERRORS = 2.0  # derived: 97.7 % of a normal distribution lie below
MOST_CLASSES = 200  # budget: 40,000 pairs of classes
HALF = 0.5  # convention: of the way from the largest class to what train reaches


@dataclass(frozen=True)
class TurnedLabels:
    """One run on one split: the share of rows right as it is and under the other order (crosswise), the same as means
    over classes (`by_class`), how many standard errors lie between them, the smaller of both ways to count; the order
    found on all rows, int (n_classes,): the label of each answer; and `room`, the most that another order could gain at
    its upper end, of all rows, or where it is proven that classes would lose by it, of those."""

    right: float
    turned: float
    by_class: tuple[float, float]
    z: float
    order: tuple[int, ...]
    room: float

    @property
    def gain(self) -> float:
        """Share of rows gained."""
        return self.turned - self.right

    @property
    def is_better(self) -> bool:
        """Whether the other order is right clearly more often, of all rows and of those of a class: naming a frequent
        class in place of a rare one gains rows alone, and no model that learned its rows gains both."""
        return self.gain >= LEAST_GAIN_OF_ORDER and self.z >= LARGEST_Z

    @property
    def is_excluded(self) -> bool:
        """Whether no other order can be right on a point more."""
        return self.room < LEAST_GAIN_OF_ORDER


@dataclass(frozen=True)
class OrderedSplit:
    """The runs of a variant on a split, and the share of its largest class."""

    name: str
    rows: int
    majority: float
    runs: tuple[TurnedLabels, ...]

    @property
    def turned(self) -> tuple[TurnedLabels, ...]:
        """The runs that another order makes right more often."""
        return tuple(run for run in self.runs if run.is_better)

    @property
    def is_excluded(self) -> bool:
        """Whether no run can be right on a point more in another order."""
        return all(run.is_excluded for run in self.runs)


@variant_check(
    "eval.label-order",
    "Under another order of the classes, found on one half of train's rows (else of test's), a run is right on a point "
    "more of the other half and of each class in the mean (five standard errors).",
    "error",
    "answers",
    role=Role("broken", 10, explains=("eval.train-mismatch", "eval.checkpoint", "train.")),
)
def eval_label_order(study: AnsweredStudy, variant: VariantRuns) -> Observed:
    """Right under another order of the classes.

    **What it means.** The model has learned the task, and its answers are read with other names. Labels were numbered
    twice, in two ways; or columns of probabilities were sorted by something else.

    **How it is decided.** On one random half of train the assignment of answers to labels that is right most often is
    found (Kuhn 1955); on the other it is held against the order as it is, row by row, and the other way round. Then
    test (else dev) is asked: alone where no answers on train are stored.

    **Thresholds.** As in the rule, in one run or more. On test the other order has to beat naming one class, too, and
    where train shows the order as it is, to come half way to its score. Absent: no other order can be right on a point
    more, by two standard errors. Severity: error for main, warning for other variants.

    **What it cannot see.** Whether labels of a split are themselves turned around; classes that the answers do not tell
    apart. Splits with more than 200 classes, with fewer than 40 rows, or shifted ones.

    **What to do.** Compare how labels become numbers where the model is trained and where it is scored: the order of
    classes must be one, sorted, and made from train alone.
    """
    split, classes = study.record.held_out, study.record.classes
    redrawn = redraws_train(study.record)
    names = [one for one in ("train", split) if one in study.answers and not (redrawn and one == "train")]
    tried = [_read_split(study.answers[one], variant.name, one, len(classes)) for one in names if one is not None]
    known = [one for one in tried if isinstance(one, OrderedSplit)]
    if not known:
        missing = str(tried[-1]) if tried else "a test or dev split"
        remedy = None if missing == NOT_STORED else ""
        return report_missing(variant, "whether another order of the classes would be right", missing, remedy, split)
    learned = next((one for one in known if one.name == "train" and one.is_excluded), None)
    turned = next((one for one in known if one.turned and _is_turned(one, learned)), None)
    if turned is not None:
        held = None if split is None else study.answers[split]
        alike = (
            held is not None
            and variant.name in held.runs
            and len(held.runs[variant.name].predicted) == len(turned.runs)
        )
        rows = held if held is not None and alike else study.answers[turned.name]
        return replace(_tell_turned(variant, turned, rows, classes), split=split)
    contrary = [one for one in known if one.turned]
    shown = (contrary or [one for one in known if one.is_excluded] or known)[0]
    evidence = _describe(shown)
    right, other = (float(np.mean(evidence[name])) for name in ("right", "right_in_other_order"))
    sentence = f"{variant.name}: {100 * right:.1f} % of {shown.rows:,} rows of {shown.name} are right"
    if shown.is_excluded and not contrary:
        more = f"; {100 * other:.1f} % in one, which only names frequent classes more often" if other > right else ""
        summary = f"{sentence}, and no other order of the classes gains a point{more}."
        return Observed("absent", summary, evidence, split=split)
    if contrary:
        known_of = "on train the order is right" if learned is not None else "naming one class does hardly worse"
        missing = f"why {shown.name} is unlike train" if learned is not None else "answers on rows of train"
        hint = "Compare how its labels were written with those of train."
        sentence += f", and {100 * other:.1f} % in another order; {known_of}"
    else:
        missing, hint = "more rows, or answers that tell the classes apart", None
        room = max(run.room for run in shown.runs)
        sentence += f", and in another order of the classes up to {100 * room:.1f} points more may be"
    evidence["missing"] = missing
    return Observed("inconclusive", f"{sentence}. Missing: {missing}.", evidence, remedy=hint, split=split)


def _read_split(found: SplitAnswers, variant: str, name: str, n_classes: int) -> OrderedSplit | str:
    """How the runs of a variant are right on a split under other orders; or what is missing to say so."""
    known = found.labels >= 0
    labels = found.labels[known]
    if variant not in found.runs:
        return NOT_STORED
    if len(labels) < FEWEST_OF_TWO_HALVES:
        return f"{FEWEST_OF_TWO_HALVES - len(labels)} more rows"
    if not 2 <= n_classes <= MOST_CLASSES:
        return f"2 to {MOST_CLASSES} classes"
    halves = generator(0, "eval.label-order", "halves").random(len(labels)) < 0.5
    runs = tuple(turn_labels(labels, one[known], halves, n_classes) for one in found.runs[variant].predicted)
    return OrderedSplit(name, len(labels), float(np.bincount(labels).max() / len(labels)), runs)


def _is_turned(one: OrderedSplit, learned: OrderedSplit | None) -> bool:
    """Whether labels are numbered in two ways. Another split than train may only be unlike it: there the other order
    has to be right more often than naming one class is, by five standard errors; and of a model that answers train in
    the order as it is, half way to that score."""
    if one.name == "train":
        return True
    reached = 0.0 if learned is None else float(np.mean([run.right for run in learned.runs]))
    least = max(LARGEST_Z * 0.5 / one.rows**0.5, HALF * (reached - one.majority))
    return any(run.turned - one.majority >= least for run in one.turned)


def _describe(one: OrderedSplit) -> dict[str, Any]:
    return {
        "split": one.name,
        "runs": len(one.runs),
        "turned": len(one.turned),
        "of": one.rows,
        "right": [run.right for run in one.runs],
        "right_in_other_order": [run.turned for run in one.runs],
        "right_by_class": [list(run.by_class) for run in one.runs],
        "room": [run.room for run in one.runs],
    }


def _tell_turned(variant: VariantRuns, one: OrderedSplit, rows: SplitAnswers, classes: tuple[str, ...]) -> Observed:
    worst = max(one.turned, key=lambda run: run.gain)
    stands_for = {classes[answer]: classes[label] for answer, label in enumerate(worst.order)}
    moved = [f"{answer!r} for {label!r}" for answer, label in stands_for.items() if answer != label]
    shown = ", ".join(moved[:3]) + (" …" if len(moved) > 3 else "")
    several = len({run.order for run in one.turned}) > 1
    differ = f" in {len(one.turned)} of {len(one.runs)} runs" if len(one.turned) < len(one.runs) else ""
    differ = f", and in another way from run to run (a set has no order){differ}" if several else differ
    summary = (
        f"{variant.name}: with the classes of its answers in another order ({shown}) it is right on "
        f"{100 * worst.turned:.1f} % of {one.rows:,} rows of {one.name}, as it is on {100 * worst.right:.1f} %: labels "
        f"are numbered in two ways{differ}."
    )
    known = rows.labels >= 0  # what that costs is told of the rows of the headline
    orders = np.array([run.order if run.is_better else range(len(classes)) for run in one.runs])
    predicted = rows.runs[variant.name].predicted[:, known]
    turned = np.take_along_axis(orders, predicted, axis=1) == rows.labels[known]
    evidence = _describe(one) | {
        "of": int(known.sum()),
        "right": (predicted == rows.labels[known]).mean(axis=1).tolist(),
        "right_in_other_order": turned.mean(axis=1).tolist(),
        "answers_for_labels": stands_for,
        "found_on": _describe(one),
    }
    return Observed("present", summary, evidence)


def turn_labels(labels: np.ndarray, predicted: np.ndarray, halves: np.ndarray, n_classes: int) -> TurnedLabels:
    """Hold the best other order of classes against the order as it is. `labels` and `predicted` int (n_rows,) in
    [0, n_classes); `halves` bool (n_rows,)."""
    right, turned = labels == predicted, np.zeros(len(labels), np.bool_)
    for part in (halves, ~halves):
        turned[~part] = _assign(labels[part], predicted[part], n_classes)[predicted[~part]] == labels[~part]
    counts = np.bincount(labels, minlength=n_classes)
    ways = (np.ones(n_classes), len(labels) / ((counts > 0).sum() * np.maximum(counts, 1)))  # rows alike; classes alike
    gained = [(turned.astype(float) - right) * weights[labels] for weights in ways]
    z = min(float(one.sum() / max(np.linalg.norm(one), 1e-9)) for one in gained)
    together = np.bincount(labels * n_classes + predicted, minlength=n_classes**2).reshape(n_classes, n_classes)
    of_rows, of_classes = (
        np.append(_bound_swaps(together, weights, len(labels)), _bound(one.sum(), (one**2).sum(), len(labels)))
        for one, weights in zip(gained, ways, strict=True)
    )
    by_class = (float((right * ways[1][labels]).mean()), float((turned * ways[1][labels]).mean()))
    order = tuple(_assign(labels, predicted, n_classes).tolist())
    room = float(np.where(of_classes < 0, of_classes, of_rows).max())  # no gain where classes lose in the mean
    return TurnedLabels(float(right.mean()), float(turned.mean()), by_class, z, order, room)


def _bound(total: Any, squares: Any, n: int) -> Any:
    """The upper end of what rows gain in the mean, of the sum over rows and that of squares."""
    return (total + ERRORS * np.sqrt(squares)) / n


def _bound_swaps(together: np.ndarray, weights: np.ndarray, n: int) -> np.ndarray:
    """float64 (n_classes, n_classes): the upper end of what two classes gain that change places; `together` are rows by
    label and answer, `weights` those of each label's rows."""
    first, second = together * weights[:, None], together * weights[:, None] ** 2
    own, squared = np.diag(first), np.diag(second)
    ends = _bound(first + first.T - own[:, None] - own, second + second.T + squared[:, None] + squared, n)
    return np.where(np.eye(len(weights)) > 0, -np.inf, ends)


def _assign(labels: np.ndarray, predicted: np.ndarray, n_classes: int) -> np.ndarray:
    """int64 (n_classes,): the label that each answer stands for, so that most rows are right; answers that no row has
    keep their own where that is free."""
    together = np.bincount(predicted * n_classes + labels, minlength=n_classes**2).reshape(n_classes, n_classes)
    # Less than one row for the order as it is: it decides ties, and what no row says anything about.
    return linear_sum_assignment(together + 0.5 / n_classes * np.eye(n_classes), maximize=True)[1]
