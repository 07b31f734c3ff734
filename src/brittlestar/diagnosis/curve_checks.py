"""What curves of training say of its course: a loss that is not finite, that climbs away, or that was still falling."""

from typing import Any

import numpy as np

from brittlestar.core.checks import Observed, Role
from brittlestar.core.commands import Advice, command
from brittlestar.core.results import REPORTED, CellRecord, StudyRecord
from brittlestar.core.seen_training import SeenTraining
from brittlestar.diagnosis.curves import FEWEST_EPOCHS, late_change, late_level, onset
from brittlestar.diagnosis.decisions import decide
from brittlestar.diagnosis.results import report_unseen, variant_check
from brittlestar.diagnosis.seen import watched_runs
from brittlestar.diagnosis.variant_runs import TRAIN_LOSS, VariantRuns, advise_seeds, lower_rate
from brittlestar.statistics.proportions import bound_share
from brittlestar.study.units import count
from brittlestar.training.predictor import NOT_FINITE

LOSSES = ("train.loss", "train.log_loss", "dev.log_loss")
LEAST_ABOVE = 0.1  # nats, convention: a model that learns nothing stays within hundredths of a uniform guess
SHARE_ABOVE = 0.1  # convention: a tenth
FEWEST_CLASSES = 2
LEAST_GAIN_NATS = 0.02  # nats: on a solved task the loss moves by thousandths
SHARE_OF_LEVEL = 0.05  # convention: a twentieth
SOLVED = 0.995  # one error in 200 rows
FALLS = 0.05  # convention: a twentieth of what class shares cost


@variant_check(
    "train.nonfinite",
    "One done run with outcome `diverged`, or with a loss curve that is not finite after epoch 0; or one that failed, "
    "since its probabilities are not finite.",
    "error",
    role=Role(follows="always"),
)
def train_nonfinite(_: StudyRecord, variant: VariantRuns) -> Observed:
    """The loss became infinite or not a number.

    **What it means.** The run is scored at the majority class on every row and stays in every mean, which mixes trained
    models with constants.

    **How it is decided.** A done run counts when its outcome is `diverged`, or when `train.loss` (from epoch 1),
    `train.log_loss` or `dev.log_loss` holds a value that is not finite beside finite ones; so does one that failed
    because the model answers with such a probability. The share over seeds has a Clopper–Pearson interval.

    **Thresholds.** One run is enough. Absent: 0 of n, with the rate that n leaves possible.

    **What it cannot see.** Values that overflow and come back within an epoch; variants that were not trained by epochs
    here.

    **What to do.** Lower the learning rate, clip gradients, look for empty or extreme rows.
    """
    if failed := [cell for cell in variant.cells if cell.state == "failed" and NOT_FINITE in (cell.error or "")]:
        summary = (
            f"{variant.name}: {len(failed)} of {len(variant.cells)} runs failed, since they answer with {NOT_FINITE}."
        )
        remedy = "Lower the learning rate in the fit function, and clip gradients there; look for a division by zero."
        return Observed("present", summary, {"nonfinite": len(failed), "of": len(variant.cells)}, remedy=remedy)
    reported = [c for c in variant.done if c.outcome in REPORTED and any(name in c.curves for name in LOSSES)]
    seen = [cell for cell in variant.done if cell.outcome in {"trained", "diverged"}] + reported
    if not seen:
        return report_unseen(variant, "the loss")
    bad = [(cell, _find_bad_epoch(cell)) for cell in seen]
    found = {cell.seed: epoch for cell, epoch in bad if cell.outcome == "diverged" or epoch is not None}
    low, high = bound_share(len(found), len(seen))
    evidence = {
        "nonfinite": len(found),
        "of": len(seen),
        "share_interval": [low, high],
        "first_epoch": {str(seed): epoch for seed, epoch in sorted(found.items())},
    }
    if not found:
        summary = (
            f"{variant.name}: the loss stayed finite in {len(seen)} of {len(seen)} runs (rate at most {high:.2f})."
        )
        return Observed("absent", summary, evidence)
    summary = (
        f"{variant.name}: the loss was not finite in {len(found)} of {len(seen)} runs (seeds "
        f"{', '.join(map(str, sorted(found)))}; rate [{low:.2f}, {high:.2f}])"
    )
    scored = "" if reported else "; they are scored at the majority class"
    return Observed("present", f"{summary}{scored}.", evidence, remedy=lower_rate(variant))


def _find_bad_epoch(cell: CellRecord) -> int | None:
    """The first epoch with a loss that is not finite beside finite ones, None where there is none."""
    losses = [np.asarray(cell.curves[name])[1:] for name in LOSSES if name in cell.curves]
    if cell.outcome in REPORTED:  # NaN is where it reports nothing
        bad = [loss == np.inf for loss in losses]
    else:
        bad = [~np.isfinite(loss) for loss in losses]
        bad = [one for one in bad if not one.all()]
    return min((int(np.argmax(one)) + 1 for one in bad if one.any()), default=None)


@variant_check(
    "train.diverging",
    "In one run train loss stays above its start and a uniform guess over the last third of the epochs, by max(0.1 "
    "nats, 10 %) in the median, and is finite.",
    role=Role("untaught", 240, follows="untaught"),
)
def train_diverging(record: StudyRecord, variant: VariantRuns) -> Observed:
    """The loss climbs away and stays above its start.

    **What it means.** Training has made the model worse than it was before the first step, on the very rows it trains
    on.

    **How it is decided.** Each run is judged alone, on `train.log_loss` (of a model that trains itself, on its
    `train.loss`). Its bound is the larger of the loss before any step (else the first reported) and that of a uniform
    guess (of two classes where they are not known). A run diverges when every epoch of the last third lies above the
    bound, and their median by a margin, max(0.1 nats, 10 % of the bound). The share over seeds has a Clopper–Pearson
    interval.

    **Thresholds.** One run is enough: no healthy run ends worse than a uniform guess on its own training rows. Absent:
    0 of n. Severity: warning, since an earlier checkpoint may be sound.

    **What it cannot see.** Losses that are no longer finite (`train.nonfinite`) or no cross-entropy; fewer than 6
    epochs; a loss that flew off within the first epoch, where nothing is reported from before it.

    **What to do.** Lower the learning rate, add warm-up, clip gradients. What else was seen in training that throws
    weights about comes first.
    """
    guess = float(np.log(max(len(record.classes), FEWEST_CLASSES)))
    curves = {seed: pair[0] for seed, pair in variant.curves(TRAIN_LOSS).items() if pair[0].size > FEWEST_EPOCHS}
    if not curves:
        return report_unseen(variant, f"train.log_loss over {FEWEST_EPOCHS} or more epochs")
    courses = {seed: _measure_course(curve, guess) for seed, curve in curves.items()}
    found = sorted(seed for seed, course in courses.items() if course["climbs"])
    low, high = bound_share(len(found), len(courses))
    evidence = {
        "diverging": len(found),
        "of": len(courses),
        "share_interval": [low, high],
        "seeds": {str(seed): courses[seed] for seed in sorted(courses)},
        "uniform_guess": guess,
        "unit": "nats",
    }
    if not found:
        summary = f"{variant.name}: in {len(courses)} of {len(courses)} runs train loss does not end above its start."
        return Observed("absent", summary, evidence, split="train")
    worst = courses[max(found, key=lambda seed: courses[seed]["late"] - courses[seed]["bound"])]
    summary = (
        f"{variant.name}: train loss climbs and stays up in {len(found)} of {len(courses)} runs (seeds "
        f"{', '.join(map(str, found))}; rate [{low:.2f}, {high:.2f}]): {worst['late']:.2f} over the last third, where "
        f"it starts at {worst['start']:.2f} and a uniform guess costs {guess:.2f}."
    )
    return Observed("present", summary, evidence, remedy=lower_rate(variant), split="train")


def _measure_course(curve: np.ndarray, guess: float) -> dict[str, Any]:
    """Of the train loss of one run: its start (from before any step, where that is known), what it must not exceed, its
    median over the last third, and whether that third lies above the bound, and its median clearly so."""
    known = bool(np.isfinite(curve[0]))
    start, late = float(curve[0] if known else curve[1]), late_level(curve)
    bound = max(start, guess)
    lowest = curve[-max(1, (curve.size - 1) // 3) :].min()
    climbs = bool(lowest > bound and late > bound + max(LEAST_ABOVE, SHARE_ABOVE * bound))
    return {"start": start, "before_any_step": known, "bound": bound, "late": late, "climbs": climbs}


@variant_check(
    "train.short",
    "Under 25 steps, or an own loop's loss falls 5 % in the last quarter, unfitted (90 %); or dev loss falls over the "
    "last third by max(.02, 5 %) (5 seeds), best in the last quarter, dev below .995.",
    role=Role("untaught", 210),
)
def train_short(record: StudyRecord, variant: VariantRuns) -> Observed:
    """Training ended while held-out loss was still falling.

    **What it means.** The score says how far training got, not what the model can do.

    **How it is decided.** Per seed, the median of `dev.log_loss` over the sixth that ends where the last third of the
    epochs begins, less its median over the last sixth (three epochs at least): noise alone gives 0 on average. The mean
    over seeds gets a 95 % t interval; and the best epoch must lie in the last quarter for more than half of the seeds.
    Fewer than 25 steps are too few, and so is one epoch of ours, where train is not fitted. Said first: four batches or
    more for each step, where gradients go back from a quarter of them at most, or there is one step an epoch. Of an own
    loop the loss of its steps is read (a cross-entropy): it lost, from their third quarter to the last, a twentieth of
    what class shares cost, and of itself; or it keeps 70 % of what class shares cost, and a fifth of its fall lies in
    the last quarter.

    **Thresholds.** As in the rule. Absent: upper end below it, best epochs that lie earlier, or a mean dev accuracy of
    .995 or more at the end: on a solved task the loss goes on falling and decides nothing. Severity: warning.

    **What it cannot see.** Variants without curves or dev; fewer than 6 epochs; a plateau that would end later. Under a
    schedule that has run down, more epochs mean a longer one.

    **What to do.** Train longer, all variants alike.
    """
    if (seen := _find_unfinished(record, variant)) is not None:
        return seen
    curves = {seed: pair[0] for seed, pair in variant.curves("dev.log_loss").items() if pair[0].size > FEWEST_EPOCHS}
    if not curves:
        return report_unseen(variant, f"dev.log_loss over {FEWEST_EPOCHS} or more epochs")
    return _judge_end(variant, curves)


def _judge_end(variant: VariantRuns, curves: dict[int, np.ndarray]) -> Observed:
    """What the last third of the epochs brought, by the curves of dev loss."""
    gains = {seed: -late_change(curve) for seed, curve in curves.items()}
    level = float(np.mean([late_level(curve) for curve in curves.values()]))
    decision = decide(list(gains.values()), max(LEAST_GAIN_NATS, SHARE_OF_LEVEL * level))
    late = sum(onset(curve) >= 0.75 * (curve.size - 1) for curve in curves.values())
    epochs = max(curve.size - 1 for curve in curves.values())
    evidence = {
        "gain": decision.as_json(),
        "best_epoch_in_last_quarter": late,
        "of": len(curves),
        "epochs": epochs,
        "unit": "nats",
    }
    ends = [float(pair[0][-1]) for pair in variant.curves("dev.accuracy").values()]
    accuracy = float(np.mean(ends)) if ends else 0.0
    if accuracy >= SOLVED:
        summary = f"{variant.name}: solved; accuracy on dev ends at {accuracy:.3f}, so a falling loss decides nothing."
        return Observed("absent", summary, {**evidence, "accuracy": accuracy}, split="dev")
    sentence = (
        f"{variant.name}: the last third of {epochs} epochs takes {decision.text} nats off dev loss, and the best "
        f"epoch lies in the last quarter for {late} of {len(curves)} seeds"
    )
    if decision.status == "absent" or 2 * late <= len(curves):
        return Observed("absent", f"{sentence}.", evidence, split="dev")
    if decision.status == "inconclusive":
        summary = f"{sentence}; {decision.open_words}"
        return Observed("inconclusive", summary, evidence, remedy=advise_seeds(len(variant.cells)), split="dev")
    longer = command("run", settings={"training.epochs": 2 * epochs})
    remedy = Advice("Train longer, and whatever it is compared with, too.", ("Try ", longer))
    return Observed("present", f"{sentence}.", evidence, remedy=remedy, split="dev")


def _find_unfinished(record: StudyRecord, variant: VariantRuns) -> Observed | None:
    """What is said of a variant of which every run that was watched took hardly a step, or, where it trains itself, had
    a loss that was still falling when training ended, and no run fits train."""
    seen = variant.watched
    if not seen:
        return None
    skills = [watched_runs.train_skill(record, cell) for cell in variant.done]
    fitted = any(skill is not None and skill > watched_runs.WELL_FITTED for skill in skills)  # a step of L-BFGS is many
    fitted = fitted or any(watched_runs.is_worse_than_recorded(cell) for cell in variant.done)
    if fitted or not all(one.steps for one in seen):
        return None
    most = max(one.steps for one in seen)
    if all(map(watched_runs.skips_batches, watched_runs.seen_runs(variant))):
        return _tell_skipped(variant, max(seen, key=lambda one: one.steps))
    if (variant.setting("training.epochs") == 1 and not variant.fits_itself) or most < watched_runs.FEWEST_STEPS:
        rows = max((one.batch or 0.0) for one in seen)
        of_rows = f" of {rows:,.0f} rows" if rows else ""
        summary = f"{variant.name}: training is too short: it takes only {most} steps{of_rows} in all."
        remedy = "Take smaller batches, or more epochs: with hardly a step the weights stay near where they were drawn."
        return Observed("present", summary, {"steps": most, "batch": rows or None, "runs": len(seen)}, remedy=remedy)
    if (
        not variant.fits_itself
        or None in skills
        or not all(_falls_at_end(one, watched_runs.class_share_loss(record)) for one in seen)
    ):
        return None
    summary = (
        f"{variant.name}: training is too short: train's loss was still falling when it ended after {most:,} steps, "
        f"in each of {count(len(seen), 'run')}, and train is not fitted."
    )
    evidence = {"falls": [one.course.fall for one in seen if one.course], "steps": most, "runs": len(seen)}
    remedy = "Train longer, or raise the learning rate; compare the loss of the first epochs."
    return Observed("present", summary, evidence, remedy=remedy)


def _tell_skipped(variant: VariantRuns, seen: SeenTraining) -> Observed:
    """What is said where most batches take no step."""
    epochs = max((cell.epochs or 0) for cell in variant.done)
    beside = f"{seen.batches:,} batches{f' in {epochs} epochs' if epochs else ''}"
    few = seen.reached is not None and seen.reached <= 1 / watched_runs.FEWEST_SKIPPED
    how = "gradients go back from no other one" if few else "the gradients of all others are only gathered"
    summary = (
        f"{variant.name}: training is too short: {count(seen.steps, 'step')} stand beside {beside}, and {how}"
        f"{watched_runs.name_place(seen.stepped_at)}, in each of {count(len(variant.watched), 'run')}."
    )
    remedy = "Ask for gradients and take a step after each batch, inside the loop over batches, not after it."
    evidence = {"steps": seen.steps, "batches": seen.batches, "epochs": epochs or None, "reached": seen.reached}
    return Observed("present", summary, evidence, remedy=remedy)


def _falls_at_end(seen: SeenTraining, shares: float) -> bool:
    course = seen.course
    if course is None or not watched_runs.is_cross_entropy(seen):
        return False
    far = course.fall >= FALLS * shares and course.fall >= FALLS * course.late
    return far or (watched_runs.still_falls(seen) and course.late >= watched_runs.HIGH_LOSS * shares)
