"""Finding `train.short`."""

from collections.abc import Iterator

import numpy as np

from brittlestar.core.commands import Advice, command
from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.arms import Arm, advise_seeds, arms, by_seed, unseen
from brittlestar.diagnosis.curves import FEWEST_EPOCHS, late_change, late_level, onset
from brittlestar.diagnosis.decisions import decide
from brittlestar.diagnosis.seen import looking

CODE = "train.short"
LEAST_GAIN = 0.02  # nats: on a solved task the loss moves by thousandths
SHARE_OF_LEVEL = 0.05  # convention: a twentieth
SOLVED = 0.995  # one error in 200 rows
FEWEST_STEPS = 25  # convention: fewer steps move no weight far from where it was drawn
FALLS = 0.05  # convention: a twentieth of what class shares cost
THRESHOLD = (
    "Under 25 steps, or an own loop's loss falls 5 % in the last quarter, unfitted (90 %); or dev loss falls over the "
    "last third by max(.02, 5 %) (5 seeds), best in the last quarter, dev below .995."
)


def check(record: StudyRecord) -> Iterator[Finding]:
    """Training ended while held-out loss was still falling.

    **What it means.** The score says how far training got, not what the model can do.

    **How it is decided.** Per seed, the median of `dev.log_loss` over the sixth that ends where the last third of the
    epochs begins, less its median over the last sixth (three epochs at least): noise alone gives 0 on average. The mean
    over seeds gets a 95 % t interval; and the best epoch must lie in the last quarter for more than half of the seeds.
    Fewer than 25 steps are too few, and so is one epoch of ours, where train is not fitted. Of an own loop the loss of
    its steps is read (a cross-entropy): it lost, from their third quarter to the last, a twentieth of what class shares
    cost, and of itself; or it keeps 70 % of what class shares cost, and a fifth of its fall lies in the last quarter.

    **Thresholds.** As in the rule. Absent: upper end below it, best epochs that lie earlier, or a mean dev accuracy of
    .995 or more at the end: on a solved task the loss goes on falling and decides nothing. Severity: warning.

    **What it cannot see.** Variants without curves or dev; fewer than 6 epochs; a plateau that would end later. Under a
    schedule that has run down, more epochs mean a longer one.

    **What to do.** Train longer, all variants alike.
    """
    for arm in arms(record):
        yield _finding(record, arm)


def _finding(record: StudyRecord, arm: Arm) -> Finding:
    found = {seed: pair[0] for seed, pair in arm.curves("dev.log_loss").items() if pair[0].size > FEWEST_EPOCHS}
    if seen := _find_few_steps(record, arm) or _find_falling(record, arm):
        return seen
    if not found:
        return unseen(CODE, arm, f"dev.log_loss over {FEWEST_EPOCHS} or more epochs", THRESHOLD)
    gains = {seed: -late_change(curve) for seed, curve in found.items()}
    level = float(np.mean([late_level(curve) for curve in found.values()]))
    decision = decide(list(gains.values()), max(LEAST_GAIN, SHARE_OF_LEVEL * level))
    late = sum(onset(curve) >= 0.75 * (curve.size - 1) for curve in found.values())
    epochs = max(curve.size - 1 for curve in found.values())

    where = {"variant": arm.name, "split": "dev"}
    evidence = {
        "gain": decision.as_json(),
        "gain_by_seed": by_seed(gains),
        "level": level,
        "best_epoch_in_last_quarter": late,
        "of": len(found),
        "epochs": epochs,
        "unit": "nats",
    }
    accuracy = final_accuracy(arm)
    if accuracy is not None and accuracy >= SOLVED:
        summary = f"{arm.name}: solved; accuracy on dev ends at {accuracy:.3f}, so a falling loss decides nothing."
        return Finding(CODE, "absent", summary, THRESHOLD, where=where, evidence={**evidence, "accuracy": accuracy})
    story = (
        f"the last third of {epochs} epochs takes {decision.text} nats off dev loss, and the best epoch lies in "
        f"the last quarter for {late} of {len(found)} seeds"
    )
    if decision.status == "present" and 2 * late > len(found):
        remedy = Advice(("Train all variants longer: ", command("run", settings={"training.epochs": 2 * epochs})))
        if arm.is_logged:
            remedy = "Train twice as long, and whatever it is compared with longer too."
        elif arm.fits_itself:
            remedy = f"Train {2 * epochs} epochs in {arm.own_code}, and all other variants longer too."
        return Finding(CODE, "present", f"{arm.name}: {story}.", THRESHOLD, "warning", where, evidence, remedy)
    if decision.status == "inconclusive" and 2 * late > len(found):
        summary = f"{arm.name}: {story}; against {decision.threshold:.3f} that is open. Missing: {decision.missing}."
        remedy = advise_seeds(len(arm.cells))
        return Finding(CODE, "inconclusive", summary, THRESHOLD, where=where, evidence=evidence, remedy=remedy)
    summary = f"{arm.name}: {story}."
    return Finding(CODE, "absent", summary, THRESHOLD, where=where, evidence=evidence)


def _find_few_steps(record: StudyRecord, arm: Arm) -> Finding | None:
    """The finding about a variant of which every run that was watched took hardly a step, and did not fit train; None
    for others."""
    seen = arm.watched
    few = arm.setting("training.epochs") == 1 or all(one.steps < FEWEST_STEPS for one in seen)
    if not seen or not few or not all(one.steps for one in seen):
        return None
    skills = [looking.train_skill(record, cell) for cell in arm.done]
    if all(skill is not None and skill > looking.WELL_FITTED for skill in skills):  # a step of L-BFGS is many
        return None
    most, rows = max(one.steps for one in seen), max((one.batch or 0.0) for one in seen)
    of_rows = f" of {rows:,.0f} rows" if rows else ""
    summary = f"{arm.name}: training is too short: it takes only {most} steps{of_rows} in all."
    evidence = {"steps": most, "batch": rows or None, "runs": len(seen)}
    remedy = "Take smaller batches, or more epochs: with hardly a step the weights stay near where they were drawn."
    return Finding(CODE, "present", summary, THRESHOLD, "warning", {"variant": arm.name}, evidence, remedy)


def _find_falling(record: StudyRecord, arm: Arm) -> Finding | None:
    """The finding about a variant that trains itself, of which every run's loss was still falling when training ended,
    and train is not fitted; None for others."""
    cells = [cell for cell in arm.done if cell.seen is not None and cell.seen.course is not None and cell.seen.loss]
    shares = looking.class_share_loss(record)
    if not arm.fits_itself or not cells or not np.isfinite(shares):
        return None
    runs = [cell.seen for cell in cells if cell.seen is not None]
    courses = [one.course for one in runs if one.course is not None]
    skills = [looking.train_skill(record, cell) for cell in cells]
    far = all(one.fall >= FALLS * shares and one.fall >= FALLS * one.late for one in courses)
    on = all(map(looking.still_falls, runs)) and all(one.late >= looking.HIGH_LOSS * shares for one in courses)
    if (
        not (far or on)
        or not all(map(looking.is_cross_entropy, runs))
        or any(skill is None or skill > looking.WELL_FITTED for skill in skills)
    ):
        return None
    first, steps = courses[0], max(one.steps for one in runs)
    seen_in = f"{len(cells)} run{'s' if len(cells) > 1 else ''}"
    summary = (
        f"{arm.name}: training is too short: train's loss was still falling when it ended after {steps:,} steps, by "
        f"{first.fall:.2f} nats from their third quarter to the last, in each of {seen_in}, and train is not fitted."
    )
    evidence = {"fall": first.fall, "late_loss": first.late, "steps": steps, "runs": len(cells)}
    remedy = "Train longer, or raise the learning rate; compare the loss of the first epochs."
    return Finding(CODE, "present", summary, THRESHOLD, "warning", {"variant": arm.name}, evidence, remedy)


def final_accuracy(arm: Arm) -> float | None:
    """Mean dev accuracy at the last epoch, None without curves of it."""
    ends = [float(pair[0][-1]) for pair in arm.curves("dev.accuracy").values()]
    return float(np.mean(ends)) if ends else None
