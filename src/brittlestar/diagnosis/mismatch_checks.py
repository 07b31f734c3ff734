"""Whether what was scored is what was trained: train rows against the loss of training, and evaluation mode."""

import numpy as np

from brittlestar.core.checks import Observed, Role
from brittlestar.core.commands import Advice, command
from brittlestar.core.results import AnsweredStudy, CellRecord, StudyRecord
from brittlestar.core.seen_training import OWN_ARITHMETIC, SQUARED_ERROR
from brittlestar.diagnosis.checkpoint_checks import read_passes
from brittlestar.diagnosis.curves import FEWEST_EPOCHS, late_level
from brittlestar.diagnosis.results import report_unseen, variant_check
from brittlestar.diagnosis.seen.rows import PAIRING
from brittlestar.diagnosis.seen.watched_runs import (
    NATS_APART,
    POINTS_APART,
    TIMES_AS_HIGH,
    class_share_loss,
    find_recorded_loss,
    is_worse_than_recorded,
    name_place,
)
from brittlestar.diagnosis.variant_runs import VariantRuns, redraws_train
from brittlestar.statistics.floors import LARGEST_Z
from brittlestar.study.units import count

FALLEN = 0.3  # convention: a loss that lost 70 % was brought down by learning
BALANCED = 0.6  # convention: class shares alone then explain 3 % of the fall of a loss
STILL_ONE_CLASS = 0.05  # convention: five points above naming one class
USUAL = 0.02  # convention: a fifth of the momentum that batch normalisation has by default
EVALUATION = (
    "Call `model.train()` at the start of each epoch: `model.eval()`, called to score dev, stays until then. Dropout "
    "and batch statistics do nothing before that."
)
WHICH_EPOCH = "Compute loss and accuracy of dev after each epoch, return them as history, and keep the best weights."
OTHER_FORM = "Let one function prepare rows, in training and in what predicts: here only one of both changes them so."
OTHER_DEV = (
    "Number labels of dev by the mapping of train, made once of its sorted labels, and choose the epoch again: what "
    "was chosen by these numbers was chosen by wrong ones."
)
LAGS = (1, -1, 2, -2, 3, -3)  # convention: a header, a first row or a window that is cut off
STATISTICS = "Raise the momentum of the batch normalisation (0.1 is usual), or train for more steps."


@variant_check(
    "eval.train-mismatch",
    "In every run train rows cost 0.2 nats and half more than recorded, score as one class, get neighbours' labels, "
    "or need another form; dev is reported otherwise; half the steps are in evaluation mode; or batch statistics "
    "are stale.",
    "error",
    "answers",
    role=Role("broken", 20, effect="bound"),
)
def eval_train_mismatch(study: AnsweredStudy, variant: VariantRuns) -> Observed:
    """What was scored is not what was trained: train rows score far worse than the loss recorded in training implies.

    **What it means.** The model did learn, and the way from it to its scores is broken: the score says nothing about
    the model.

    **How it is decided.** Of a model that we train, train rows scored in evaluation mode are held against the loss of
    the steps over the last third of the epochs (medians), or against class shares. Of a model that trains itself, the
    loss must have fallen to 30 %, while train rows are right as often as by naming one class, which holds 60 % of train
    at most; or train rows cost more than the loss (a cross-entropy) that was seen. Modules in evaluation mode, and
    stale batch statistics, are said first. Then labels may be shifted: answers on train are those of the row before, or
    of one up to three rows away. They must be that more often than a row's own, or those on the other side, by five
    standard errors. Where train as asked is far worse than recorded, 500 rows are asked in other forms (case,
    punctuation, NFKC), too. Where own code finds dev no better than one class in any epoch, its answers to dev may not
    be ten points better.

    **What it cannot see.** Models without curves or a reported `train.loss`; losses with class weights; shifted labels
    that a model has not learned.

    **What to do.** Score the very rows of one training batch, in evaluation mode, and compare: what differs is at
    fault. Look at evaluation mode (batch statistics, dropout of another kind), at how rows are encoded for prediction,
    at weights that were not the trained ones, and at the axis that answers are read from.
    """
    record = study.record
    told = _find_modes(variant) or _find_shifted_labels(study, variant) or _find_form(variant)
    if (told := told or _find_other_dev(record, variant)) is not None:
        return told
    if not variant.fits_itself and variant.weights_classes:
        what = "the loss has class weights, and is no log loss of train rows"
        summary = f"{variant.name}: in {len(variant.done)} runs {what}. Missing: a loss without weights."
        plain = command("run", settings={"training.class_weights": "none"}, out="plain.study")
        return Observed("inconclusive", summary, {"missing": what}, remedy=Advice(("Train once without: ", plain)))
    pairs = [pair for cell in variant.done if (pair := _pair_losses(record, cell)) is not None]
    if not pairs:
        wanted = "train.loss" if variant.fits_itself else f"train.loss and train.log_loss over {FEWEST_EPOCHS} epochs"
        return report_unseen(variant, wanted)
    recorded, scored = (float(np.mean([pair[k] for pair in pairs])) for k in (0, 1))
    apart = sum(pair[2] for pair in pairs)
    what = "balanced accuracy" if variant.fits_itself else "log loss"
    evidence = {"runs": len(pairs), "apart": apart, "recorded_loss": recorded, "scored": scored, "scored_by": what}
    sentence = (
        f"{variant.name}: training recorded a loss of {recorded:.3f}, and train rows score {scored:.3f} of {what}"
    )
    if apart < len(pairs) and any(map(is_worse_than_recorded, variant.done)):
        summary = f"{sentence}: far worse than recorded. Missing: which epoch's weights answer."
        return Observed("inconclusive", summary, evidence | {"missing": "the epoch that answers"}, remedy=WHICH_EPOCH)
    if apart < len(pairs):
        return Observed("absent", f"{sentence} ({count(len(pairs), 'run')}).", evidence)
    summary = f"{sentence}, in each of {len(pairs)} runs: the answers that are scored are not what was trained."
    return Observed("present", summary, evidence)


def _find_shifted_labels(study: AnsweredStudy, variant: VariantRuns) -> Observed | None:
    """What is said of a variant of which every run knows train rows by the labels of rows some places away."""
    found = None if redraws_train(study.record) else study.answers.get("train")
    if found is None or variant.name not in found.runs:
        return None
    predicted = found.runs[variant.name].predicted
    for lag in LAGS:
        own, there, opposite = (predicted == np.roll(found.labels, places) for places in (0, lag, -lag))
        gains = np.stack([there.astype(float) - other for other in (own, opposite)])
        z = gains.sum(axis=2) / np.maximum(np.linalg.norm(gains, axis=2), 1)
        if z.size and z.min() >= LARGEST_Z:
            right, shifted = (100 * float(one.mean()) for one in (own, there))
            place = f"{count(abs(lag), 'row')} {'before' if lag > 0 else 'after'}"
            sentence = f"{variant.name}: {shifted:.1f} % of answers on train are the label that stands {place}"
            runs = f"{right:.1f} % the row's own ({count(len(own), 'run')})"
            summary = f"{sentence}, {runs}: labels are shifted against rows in training."
            evidence = {"runs": len(own), "shifted_by": lag, "right": right, "right_when_shifted": shifted}
            return Observed("present", summary, evidence, remedy=PAIRING, split="train")
    return None


def _find_form(variant: VariantRuns) -> Observed | None:
    """What is said of a variant of which every run that recorded train far better than it answers it is far better when
    rows are given in one other form."""
    runs = [cell.seen for cell in variant.done if cell.seen is not None and is_worse_than_recorded(cell, times=1.0)]
    forms = [name for name in (runs[0].forms if runs else ()) if all(name in run.forms for run in runs)]
    gains = np.array([[run.forms[name] for run in runs] for name in forms], float).reshape(len(forms), len(runs), 4)
    rows, right, more, fewer = np.moveaxis(gains, 2, 0)
    z = ((more - fewer) / np.sqrt(np.maximum(more + fewer, 1))).min(axis=1, initial=np.inf)
    if not forms or len(runs) < len(variant.done) or z.max() < LARGEST_Z:
        return None
    best = int(z.argmax())
    as_asked = 100 * float((right / rows)[best].mean())
    otherwise = as_asked + 100 * float(((more - fewer) / rows)[best].mean())
    summary = (
        f"{variant.name}: of {rows[best, 0]:.0f} rows of train {as_asked:.1f} % are right as they are asked, and "
        f"{otherwise:.1f} % {forms[best]} ({count(len(runs), 'run')}): training prepared rows in another way."
    )
    evidence = {"runs": len(runs), "form": forms[best], "right": as_asked, "right_in_form": otherwise}
    return Observed("present", summary, evidence, remedy=OTHER_FORM, split="train")


def _find_other_dev(record: StudyRecord, variant: VariantRuns) -> Observed | None:
    """What is said of a variant of which every run reports dev no better than one class in every epoch, where its
    answers to dev are far better."""
    found = [(read_passes(record, cell), cell.score("dev", "accuracy")) for cell in variant.done]
    pairs = [(max(one.accuracy or 0.0 for one in passes), score) for passes, score in found if passes and score]
    if not pairs or len(pairs) < len(variant.done):
        return None
    (reported, scored), dev = np.array(pairs).T, record.splits["dev"]
    error = np.sqrt((reported * (1 - reported) + scored * (1 - scored)) / dev.rows)
    above = scored - reported >= np.maximum(POINTS_APART, LARGEST_Z * error)
    if not above.all() or reported.max() > max(dev.class_counts.values()) / dev.rows:
        return None
    summary = (
        f"{variant.name}: its own code counts at most {100 * reported.max():.1f} % of dev as right in "
        f"{len(found[0][0])} passes, and {100 * scored.min():.1f} % are, in each of "
        f"{count(len(pairs), 'run')}: there, labels of dev are numbered otherwise than those of train, or belong to "
        "other rows."
    )
    evidence = {"runs": len(pairs), "reported": reported.tolist(), "scored": scored.tolist()}
    return Observed("present", summary, evidence, remedy=OTHER_DEV, split="dev")


def _find_modes(variant: VariantRuns) -> Observed | None:
    """What is said of a variant of which every run that was watched trained in evaluation mode, or has batch statistics
    that are largely those of before any step."""
    seen = variant.watched
    runs = f"in each of {count(len(seen), 'run')}"
    if seen and all(one.trained_in_eval for one in seen):
        names = sorted({name for one in seen for name in one.trained_in_eval})
        line = seen[0].stepped_at
        are = f"while steps are taken{name_place(line)}, {' and '.join(names)} are in evaluation mode, {runs}"
        summary = f"{variant.name}: {are}: the model is trained as if it were scored."
        return Observed(
            "present",
            summary,
            {"runs": len(seen), "modules": names, "line": line},
            remedy=EVALUATION,
            severity="warning",
        )
    if not seen or not all(one.stale for one in seen):
        return None
    stalest = [max(one.stale, key=lambda part: part[1]) for one in seen]
    momenta = (1 - share ** (1 / max(one.steps, 1)) for one, (_, share) in zip(seen, stalest, strict=True))
    if any(momentum >= USUAL for momentum in momenta):
        return None  # a usual momentum, and hardly a step: training is short
    name, share = stalest[0]
    summary = (
        f"{variant.name}: {100 * share:.0f} % of the running statistics of {name} are those of before any step, "
        f"{runs}: in evaluation mode, batch normalisation is another one than in training."
    )
    return Observed(
        "present", summary, {"runs": len(seen), "module": name, "share": share}, remedy=STATISTICS, severity="warning"
    )


def _pair_losses(record: StudyRecord, cell: CellRecord) -> tuple[float, float, bool] | None:
    """Of one run: what training recorded, what the same rows score, and whether that is a mismatch; None where one of
    both is not known."""
    if cell.outcome == "trained":
        return _pair_of_trained(record, cell)
    return _pair_of_fitted(record, cell) if cell.outcome == "fitted" else None


def _pair_of_trained(record: StudyRecord, cell: CellRecord) -> tuple[float, float, bool] | None:
    recorded, scored = (cell.curves.get(f"train.{name}") for name in ("loss", "log_loss"))
    if recorded is None or scored is None or len(scored) <= FEWEST_EPOCHS:
        return None
    one, other = late_level(recorded), late_level(scored)
    apart = other - one >= NATS_APART and other >= min(TIMES_AS_HIGH * one, class_share_loss(record, np.inf))
    return (one, other, apart) if np.isfinite([one, other]).all() else None


def _pair_of_fitted(record: StudyRecord, cell: CellRecord) -> tuple[float, float, bool] | None:
    course, train = None if cell.seen is None else cell.seen.course, record.splits.get("train")
    loss = None if cell.seen is None else cell.seen.loss
    own = loss is not None and loss.function in (OWN_ARITHMETIC, SQUARED_ERROR)
    losses = np.asarray(cell.curves.get("train.loss", ()), np.float64)
    losses = losses[np.isfinite(losses)]
    if len(losses) < 2 and course is not None and not own:
        losses = np.array([course.first, course.late])
    score = cell.score("train", "balanced_accuracy")
    if len(losses) < 2 or score is None or train is None or not np.isfinite(losses).all() or losses[0] <= 0:
        return None
    costs_more = _costs_more(cell)
    if max(train.class_counts.values()) > BALANCED * train.rows and not costs_more:
        return None
    start = max(losses[0], course.first if course is not None else 0.0)
    end = float(np.median(losses[-max(len(losses) // 3, 1) :]))
    fallen = end <= FALLEN * start and score <= 1 / len(record.classes) + STILL_ONE_CLASS
    return end, score, bool(fallen or costs_more)


def _costs_more(cell: CellRecord) -> bool:
    """Whether train rows, scored, cost far more than the loss that was seen late in training, and than that of its
    first third: weights of an epoch in between would not."""
    recorded, scored = find_recorded_loss(cell.seen), cell.score("train", "log_loss")
    if recorded is None or scored is None or cell.seen is None or cell.seen.course is None:
        return False
    late = max(recorded, cell.seen.course.early)
    return bool(np.isfinite([scored, late]).all() and scored >= max(late + NATS_APART, TIMES_AS_HIGH * late))
