"""Whether what was scored is what was trained: train rows against the loss of training, and evaluation mode."""

from dataclasses import dataclass

import numpy as np

from brittlestar.core.commands import Advice, command
from brittlestar.core.results import CellRecord, StudyRecord
from brittlestar.core.seen_training import OWN_ARITHMETIC, SQUARED_ERROR
from brittlestar.diagnosis.curves import FEWEST_EPOCHS, late_level
from brittlestar.diagnosis.results import AS_ERROR_OF_MAIN, Result, report_unseen, variant_check
from brittlestar.diagnosis.seen.looking import is_log_loss
from brittlestar.diagnosis.variant_runs import VariantRuns, read_score
from brittlestar.study.units import count

APART = 0.2  # convention: a fifth of a nat; .2 is a model that is sure of 82 % where it was of all
TIMES = 1.5  # convention: half as much again
FALLEN = 0.3  # convention: a loss that lost 70 % was brought down by learning
BALANCED = 0.6  # convention: class shares alone then explain 3 % of the fall of a loss
FAR = 0.1  # convention: ten points
LEARNED = 0.05  # convention: five points above naming one class
USUAL = 0.02  # convention: a fifth of the momentum that batch normalisation has by default
EVALUATION = (
    "Call `model.train()` at the start of each epoch: `model.eval()`, called to score dev, stays until then. Dropout "
    "and batch statistics do nothing before that."
)
STATISTICS = "Raise the momentum of the batch normalisation (0.1 is usual), or train for more steps."


@variant_check(
    "eval.train-mismatch",
    "In every run train rows, scored, cost 0.2 nats and half more than training recorded, or score like one class; "
    "half of the steps trained in evaluation mode; or batch statistics keep a tenth of their start.",
    AS_ERROR_OF_MAIN,
)
def eval_train_mismatch(record: StudyRecord, variant: VariantRuns) -> Result:
    """What was scored is not what was trained: train rows score far worse than the loss recorded in training implies.

    **What it means.** The model did learn, and the way from it to its scores is broken: the score says nothing about
    the model.

    **How it is decided.** Of a model that we train, train rows scored in evaluation mode are held against the loss of
    the steps over the last third of the epochs (medians), or against class shares. Of a model that trains itself, the
    loss must have fallen to 30 %, while train rows are right as often as by naming one class, which holds 60 % of train
    at most; or dev accuracy, as it reports it, is ten points above that of its answers; or train rows cost more than
    the loss (a cross-entropy) that was seen. Modules in evaluation mode, and stale batch statistics, are said first.

    **Thresholds.** As in the rule, in every finished run. Severity: error for main, else warning.

    **What it cannot see.** Models without curves or a reported `train.loss`; losses with class weights.

    **What to do.** Score the very rows of one training batch, in evaluation mode, and compare: what differs is at
    fault. Look at evaluation mode (batch statistics, dropout of another kind), at how rows are encoded for prediction,
    at weights that were not the trained ones, and at the axis that answers are read from.
    """
    if (found := _find_evaluation_mode(variant) or _find_stale_statistics(variant)) is not None:
        return found
    if not variant.fits_itself and variant.weights_classes:
        what = "the loss has class weights, and is no log loss of train rows"
        summary = f"{variant.name}: in {len(variant.done)} runs {what}. Missing: a loss without weights."
        plain = command("run", settings={"training.class_weights": "none"}, out="plain.study")
        return Result("inconclusive", summary, {"missing": what}, Advice(("Train once without: ", plain)))
    pairs = [pair for cell in variant.done if (pair := _pair(record, cell)) is not None]
    if not pairs:
        wanted = "train.loss" if variant.fits_itself else f"train.loss and train.log_loss over {FEWEST_EPOCHS} epochs"
        return report_unseen(variant, wanted)
    recorded, scored = (float(np.mean([getattr(pair, name) for pair in pairs])) for name in ("recorded", "scored"))
    apart = sum(pair.apart for pair in pairs)
    what = "balanced accuracy" if variant.fits_itself else "log loss"
    evidence = {"runs": len(pairs), "apart": apart, "recorded_loss": recorded, "scored": scored, "scored_by": what}
    story = f"{variant.name}: training recorded a loss of {recorded:.3f}, and train rows score {scored:.3f} of {what}"
    if apart < len(pairs):
        return Result("absent", f"{story} ({count(len(pairs), 'run')}).", evidence)
    summary = f"{story}, in each of {len(pairs)} runs: the answers that are scored are not what was trained."
    return Result("present", summary, evidence)


def _find_evaluation_mode(variant: VariantRuns) -> Result | None:
    """What is said of a variant of which every run that was watched trained in evaluation mode."""
    seen = variant.watched
    if not seen or not all(one.trained_in_eval for one in seen):
        return None
    names = sorted({name for one in seen for name in one.trained_in_eval})
    line = seen[0].stepped_at
    place = f" ({line})" if line else ""
    summary = (
        f"{variant.name}: while steps are taken{place}, {' and '.join(names)} are in evaluation mode, in each of "
        f"{count(len(seen), 'run')}: the model is trained as if it were scored."
    )
    return Result("present", summary, {"runs": len(seen), "modules": names, "line": line}, EVALUATION, "warning")


def _find_stale_statistics(variant: VariantRuns) -> Result | None:
    """What is said of a variant whose batch statistics, in every run that was watched, are largely those of before any
    step."""
    seen = variant.watched
    if not seen or not all(one.stale for one in seen):
        return None
    stalest = [max(one.stale, key=lambda part: part[1]) for one in seen]
    momenta = (1 - share ** (1 / max(one.steps, 1)) for one, (_, share) in zip(seen, stalest, strict=True))
    if any(momentum >= USUAL for momentum in momenta):
        return None  # a usual momentum, and hardly a step: training is short
    name, share = stalest[0]
    summary = (
        f"{variant.name}: {100 * share:.0f} % of the running statistics of {name} are those of before any step, in "
        f"each of {count(len(seen), 'run')}: in evaluation mode, batch normalisation is another one than in training."
    )
    return Result("present", summary, {"runs": len(seen), "module": name, "share": share}, STATISTICS, "warning")


@dataclass(frozen=True)
class _Pair:
    """Of one run: what training recorded, and what the same rows score; whether that is a mismatch."""

    recorded: float
    scored: float
    apart: bool


def _pair(record: StudyRecord, cell: CellRecord) -> _Pair | None:
    if cell.outcome == "trained":
        return _pair_of_trained(record, cell)
    return _pair_of_fitted(record, cell) if cell.outcome == "fitted" else None


def _pair_of_trained(record: StudyRecord, cell: CellRecord) -> _Pair | None:
    recorded, scored = (cell.curves.get(f"train.{name}") for name in ("loss", "log_loss"))
    if recorded is None or scored is None or len(scored) <= FEWEST_EPOCHS:
        return None
    one, other = late_level(recorded), late_level(scored)
    if not np.isfinite([one, other]).all():
        return None
    train = record.splits.get("train")
    shares = np.inf if train is None else train.majority.get("log_loss", np.inf)
    return _Pair(one, other, other - one >= APART and other >= min(TIMES * one, shares))


def _pair_of_fitted(record: StudyRecord, cell: CellRecord) -> _Pair | None:
    reported = _read_finite(cell, "train.loss")
    loss = None if cell.seen is None else cell.seen.loss
    plain = loss is None or loss.function not in (OWN_ARITHMETIC, SQUARED_ERROR)
    course = cell.seen.course if cell.seen is not None and plain else None
    if len(reported) < 2 and course is not None and np.isfinite([course.first, course.late]).all():
        reported = np.array([course.first, course.late])
    score = read_score(cell, "train", "balanced_accuracy")
    train = record.splits.get("train")
    if len(reported) < 2 or score is None or train is None or reported[0] <= 0:
        return None
    costs_more = _costs_more(cell)
    if max(train.class_counts.values()) > BALANCED * train.rows and not costs_more:
        return None
    start = max(reported[0], course.first if course is not None else 0.0)
    end = float(np.median(reported[-max(len(reported) // 3, 1) :]))
    fallen = end <= FALLEN * start and score <= 1 / len(record.classes) + LEARNED
    return _Pair(end, score, fallen or _contradicts_dev(cell) or costs_more)


def _read_finite(cell: CellRecord, curve: str) -> np.ndarray:
    values = np.asarray(cell.curves.get(curve, ()), np.float64)
    return values[np.isfinite(values)]


def _costs_more(cell: CellRecord) -> bool:
    """Whether train rows, scored, cost far more than the loss that was seen late in training, and than that of its
    first third: weights of an epoch in between would not."""
    course, seen = None if cell.seen is None else cell.seen.course, cell.seen
    scored = read_score(cell, "train", "log_loss")
    if course is None or seen is None or scored is None or not np.isfinite([scored, course.late, course.early]).all():
        return False
    late = max(course.late, course.early)
    plain = is_log_loss(seen) and seen.loss is not None and not seen.loss.turned and seen.loss.ignored < 0
    return plain and scored >= late + APART and scored >= TIMES * late


def _contradicts_dev(cell: CellRecord) -> bool:
    """Whether dev accuracy, as the model reports it, is ten points above that of its answers."""
    reported = _read_finite(cell, "dev.accuracy")
    score = read_score(cell, "dev", "accuracy")
    if len(reported) < 2 or score is None:
        return False
    return float(reported[-max(len(reported) // 3, 1) :].min()) - score >= FAR
