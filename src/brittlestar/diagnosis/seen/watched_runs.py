"""What checks of seen training share: the runs of a variant that were seen, and what is said where none was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from brittlestar.core.checks import NONE, Check, Observed, Role
from brittlestar.core.findings import Severity
from brittlestar.core.results import CellRecord, StudyRecord
from brittlestar.core.seen_training import LayerGradient, SeenTraining, StillParameter
from brittlestar.diagnosis.curves import late_level
from brittlestar.diagnosis.results import report_given, report_missing, variant_check
from brittlestar.diagnosis.variant_runs import VariantRuns
from brittlestar.study.units import count

CROSS_ENTROPIES = ("cross_entropy", "nll_loss")
"""Losses that can be held against what class shares cost."""
BINARY = ("binary_cross_entropy", "binary_cross_entropy_with_logits")
LARGE_START = 3.0  # convention: three times the usual size of weights before any step
HIGH_LOSS = 0.7  # convention: of the loss of class shares
MOSTLY = 0.5  # convention: of steps, of batches, of values
FITTED = 0.7  # convention: of the way from naming one class to all train rows right
NEARLY_ALL = 0.97  # convention: three points are left
WELL_FITTED = 0.9  # convention: nine tenths of it
PATH = 0.05  # convention: twenty such trainings in one direction change the weights by their own size
BOUND = 0.95  # convention: of the steps, that are clipped
UNFIT = 0.3  # convention: of the way from naming one class to answering all rows
DROPOUT = 0.8  # convention: four of five values are gone; .5 is common, and healthy
SHRINKS = 0.01  # convention: weights that no gradient holds are halved in 70 steps
FALLING = 0.2  # derived: a straight line falls by .375, an exponential one with half of the training as its time by .21
ERRORS_OF_FALL = 2.5  # convention; every run has to show it
FEWEST_SKIPPED = 4  # convention: a loss for logging beside each step, and one of dev, are no skipped batches
FEWEST_STEPS = 25  # convention: fewer steps move no weight far from where it was drawn
NATS_APART = 0.2  # convention: a fifth of a nat; .2 is a model that is sure of 82 % where it was of all
TIMES_AS_HIGH = 1.5  # convention: half as much again
POINTS_APART = 0.1  # convention: dropout and batches that are drawn by class bring a few points
IQR, MEDIAN = 1.349, 1.253  # of a normal distribution: its interquartile range, and the standard error of its median
ABOVE_ONE_CLASS = 0.1  # convention: ten points of balanced accuracy on train above naming one class; luck brings five


@dataclass(frozen=True)
class SeenRun:
    """A run with what was seen of it."""

    cell: CellRecord
    seen: SeenTraining


Inspect = Callable[[StudyRecord, SeenRun], Observed | None]


def seen_check(code: str, threshold: str, cause: str = "", role: Role = NONE) -> Callable[[Inspect], Check]:
    """A check from what looks whether one run shows something; its docstring is the page of the code.

    One finding for each variant: present where every run of it that was seen shows that, with the sentence of the first
    behind the `cause` in words; a run of which it knows nothing (None) is not counted. Not applicable to given
    predictions, of which no training can be seen. `role` is as in `Check`."""

    def make(inspect: Inspect) -> Check:
        def judge(record: StudyRecord, variant: VariantRuns) -> Observed:
            if variant.is_given:
                return report_given("a training that could be watched")
            return _join_signs(
                variant, [one for run in seen_runs(variant) if (one := inspect(record, run)) is not None], cause
            )

        judge.__doc__, judge.__module__ = inspect.__doc__, inspect.__module__
        return variant_check(code, threshold, role=role)(judge)

    return make


def _join_signs(variant: VariantRuns, signs: list[Observed], cause: str) -> Observed:
    if not signs:
        watched = (
            "what this needs in the runs that were watched" if seen_runs(variant) else "a training loop in PyTorch"
        )
        hint = "Loops of other frameworks are not watched, nor are runs that an earlier version trained."
        missing, remedy = (watched, hint) if variant.done else ("a finished run", None)
        return report_missing(variant, "how training went", missing, remedy)
    found = [sign for sign in signs if sign.status == "present"]
    first, runs = (found or signs)[0], count(len(signs), "run")
    evidence = {**first.evidence, "runs": len(signs), "shown_by": len(found)}
    if len(found) == len(signs):
        summary = f"{variant.name}: {cause + ': ' if cause else ''}{first.sentence}, in each of {runs}."
        return Observed("present", summary, evidence, remedy=first.remedy, severity=first.severity)
    if found:
        missing = "runs that agree"
        summary = f"{variant.name}: {first.sentence}, in {len(found)} of {runs}. Missing: {missing}."
        return Observed(
            "inconclusive", summary, evidence | {"missing": missing}, remedy="Find out what differs between these runs."
        )
    return Observed("absent", f"{variant.name}: {first.sentence} ({runs}).", evidence)


def seen_runs(variant: VariantRuns) -> tuple[SeenRun, ...]:
    """The runs of a variant that were watched, by seed: finished ones, and those that failed with unusable answers."""
    ended = (cell for cell in variant.cells if cell.state in ("done", "failed"))
    return tuple(SeenRun(cell, cell.seen) for cell in ended if cell.seen is not None)


def has_learned(record: StudyRecord, cell: CellRecord) -> bool | None:
    """Whether train rows are answered better than by naming one class; None where they were not scored. A run that
    failed has no usable answers."""
    if cell.state == "failed":
        return False
    score = cell.score("train", "balanced_accuracy")
    return None if score is None else score > 1 / len(record.classes) + ABOVE_ONE_CLASS


def fits_poorly(record: StudyRecord, run: SeenRun, share: float = UNFIT) -> bool:
    """Whether a model did not fit train: it went this share of the way, or less, from naming one class to all rows
    right."""
    skill = train_skill(record, run.cell)
    return skill is not None and skill <= share


def is_cross_entropy(seen: SeenTraining) -> bool:
    """Whether the loss is a cross-entropy of scores or of their logarithms."""
    return seen.loss is not None and seen.loss.function in (*CROSS_ENTROPIES, *BINARY)


def is_log_loss(seen: SeenTraining) -> bool:
    """Whether the loss is the log loss of classes: a binary cross-entropy of a table (n, C) is the mean over its
    columns, and costs less."""
    loss = seen.loss
    one_column = loss is not None and (len(loss.input_shape) < 2 or loss.input_shape[1] == 1)
    return is_cross_entropy(seen) and loss is not None and (one_column or loss.function in CROSS_ENTROPIES)


def skips_batches(run: SeenRun) -> bool:
    """Whether most batches take no step: gradients go back from few of them, or are gathered over an epoch."""
    seen, epochs = run.seen, run.cell.epochs or 0
    few = seen.reached is not None and seen.reached <= 1 / FEWEST_SKIPPED
    return seen.batches >= FEWEST_SKIPPED * max(seen.steps, 1) and (few or seen.steps <= max(epochs, FEWEST_STEPS))


def find_recorded_loss(seen: SeenTraining | None) -> float | None:
    """The loss of the steps late in training, where it is the log loss of all classes; None where it is not known."""
    course, loss = (None, None) if seen is None else (seen.course, seen.loss)
    if seen is None or course is None or loss is None or not is_log_loss(seen) or loss.turned or loss.ignored >= 0:
        return None
    return course.late if np.isfinite(course.late) else None


def is_worse_than_recorded(cell: CellRecord, times: float = TIMES_AS_HIGH) -> bool:
    """Whether train rows, asked again, are far worse than training recorded them at its end: by a fifth of a nat and
    so many times, or by ten points of accuracy as its own code reports it."""
    recorded, scored = find_recorded_loss(cell.seen), cell.score("train", "log_loss")
    if recorded is not None and scored is not None and scored >= max(recorded + NATS_APART, times * recorded):
        return True
    curve, right = np.asarray(cell.curves.get("train.accuracy", ())), cell.score("train", "accuracy")
    return curve.size > 1 and right is not None and bool(late_level(curve) - right >= POINTS_APART)


def severity_unfitted(record: StudyRecord, run: SeenRun) -> Severity:
    """How serious something is that keeps a model from fitting train: information where it does fit."""
    return "warning" if fits_poorly(record, run, WELL_FITTED) else "info"


def find_largest_start(seen: SeenTraining) -> LayerGradient | None:
    """The layer that starts the largest beside what is usual, tables of embeddings left out; None where none was
    seen."""
    layers = (gradient for gradient in seen.gradients if gradient.kind != "table" and np.isfinite(gradient.gain))
    return max(layers, key=lambda one: one.gain, default=None)


def still_falls(seen: SeenTraining) -> bool:
    """Whether the loss of the steps fell, from their third quarter to the last, by a fifth or more of what it fell from
    the first third to the last, and by 2.5 standard errors."""
    course = seen.course
    if course is None or not np.isfinite([course.fall, course.spread, course.early, course.late]).all():
        return False
    quarter = max(seen.steps // 4, 1)
    error = course.spread / IQR * MEDIAN * (2 / quarter) ** 0.5
    return course.fall >= max(FALLING * (course.early - course.late), ERRORS_OF_FALL * error, 1e-9)


def way_of(seen: SeenTraining) -> float:
    """The longest way that all steps together can have moved the weights, as a share of their size."""
    return float("nan") if seen.course is None else seen.course.update * seen.steps


def train_skill(record: StudyRecord, cell: CellRecord) -> float | None:
    """Of train rows, as `score_skill`; 0 where the run failed with unusable answers."""
    return 0.0 if cell.state == "failed" else score_skill(record, cell, "train")


def score_skill(record: StudyRecord, cell: CellRecord, split: str) -> float | None:
    """Of the rows of a split: 0 is the balanced accuracy of naming one class, 1 that of answering all; None where they
    were not scored."""
    score = cell.score(split, "balanced_accuracy")
    one_class = 1 / len(record.classes)
    return None if score is None else (score - one_class) / (1 - one_class)


def read_last_shares(cell: CellRecord, prefix: str) -> dict[str, float]:
    """{layer: share of units at the end}, of the curves whose names begin with `prefix` and that say one."""
    ends = {name.removeprefix(prefix): float(curve[-1]) for name, curve in cell.curves.items() if prefix in name}
    return {layer: share for layer, share in ends.items() if np.isfinite(share)}


def reads_as_encoded(record: StudyRecord, run: SeenRun) -> Observed | None:
    """What is told of a model of ours, which reads every token as the study encodes it; None of own models."""
    own = record.variants[run.cell.variant].own
    return None if own else Observed("absent", "it reads every token as the study encodes it")


def name_place(line: str | None) -> str:
    """` (FILE:LINE)` behind what stands there; empty where that is not known."""
    return f" ({line})" if line else ""


def format_share(share: float, digits: int = 0) -> str:
    """`10.1 %`."""
    return f"{100 * share:.{digits}f} %"


def decay_of_step(seen: SeenTraining) -> float:
    """The share of all weights that weight decay takes away in a step, beside what gradients do; 0 where the optimiser
    adds it to gradients and then divides by their size."""
    decoupled = seen.optimiser in ("AdamW", "SGD", "NAdam", "RAdam")
    return (seen.decay or 0.0) * (seen.usual_rate or 0.0) if decoupled else 0.0


def begins_alike(record: StudyRecord, variant: str) -> bool:
    """Whether the runs of a variant all begin with the same weights, though their seeds should draw them."""
    starts = [cell.seen.start for cell in record.cells_of(variant, "done") if cell.seen is not None]
    varied = record.streams.get("init", "varied") == "varied"
    return varied and len(starts) > 1 and len({*starts}) == 1 and starts[0] != ""


def list_drawn(record: StudyRecord, run: SeenRun) -> tuple[StillParameter, ...]:
    """The frozen parameters of a run that were drawn at random: another seed has other values, or own code draws all
    weights with one seed. None with one seed."""
    if begins_alike(record, run.cell.variant):
        return tuple(parameter for parameter in run.seen.still if parameter.why == "frozen")
    others = [cell.seen for cell in record.cells_of(run.cell.variant) if cell.seed != run.cell.seed]
    known = {(parameter.name, parameter.drawn) for seen in others if seen is not None for parameter in seen.still}
    names = {name for name, _ in known}
    frozen = (
        parameter
        for parameter in run.seen.still
        if parameter.why == "frozen" and parameter.name in names and parameter.drawn
    )
    return tuple(parameter for parameter in frozen if (parameter.name, parameter.drawn) not in known)


def share_still(seen: SeenTraining) -> float:
    """The share of all values that no step moved."""
    return sum(parameter.values for parameter in seen.still) / seen.parameters if seen.parameters else 0.0


def class_share_loss(record: StudyRecord, unknown: float = np.nan) -> float:
    """What it costs on train, in nats, to name every class with its share; `unknown` where train is not known."""
    train = record.splits.get("train")
    return unknown if train is None else float(train.majority.get("log_loss", unknown))
