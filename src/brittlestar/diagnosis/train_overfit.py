"""Finding `train.overfit`."""

from collections.abc import Iterator

import numpy as np

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.arms import Arm, arms, by_seed, seeds_command, unseen
from brittlestar.diagnosis.curves import FEWEST_EPOCHS, change_after, onset, onsets_from_others
from brittlestar.diagnosis.decisions import decide

CODE = "train.overfit"
LEAST_RISE = 0.02  # nats: on a solved task the loss moves by thousandths
SHARE_OF_MINIMUM = 0.1  # convention: a tenth
THRESHOLD = (
    "The interval of the mean rise of the dev loss after its minimum lies above max(0.02 nats, 10 % of the minimum), "
    "and train loss falls after that epoch in most seeds; at least 5 seeds."
)


def check(record: StudyRecord) -> Iterator[Finding]:
    """Train loss keeps falling while dev loss rises.

    **What it means.** From some epoch on, the model learns what holds for the training rows only. The score of the
    best checkpoint is not wrong for that, but training on bought nothing, and the last checkpoint is worse calibrated
    than it was, often also less accurate.

    **How it is decided.** For every seed the onset is the first epoch at which `dev.log_loss` has its minimum (epoch
    0 stands before any step); onsets are reported as median and range, which holds the median of all seeds with the
    probability 1 - 2 / 2ⁿ of n seeds (the sign test turned around). A minimum picked on a noisy curve makes every
    flat curve seem to rise, so the rise that decides is cross-fitted: seed by seed, the loss at the end less the loss
    at the onset of the *other* seeds' mean curve, both as medians of three epochs. Its mean over seeds gets a 95 % t
    interval. Train loss (`train.log_loss`, scored without dropout) must fall over the same epochs in more than half
    of the seeds; where it does not, dev loss rises for another reason.

    **Thresholds.** Present: lower end above max(0.02 nats, 10 % of the mean minimum), with at least 5 seeds. Absent:
    upper end below it. A solved task, whose loss moves by thousandths, stays below; so does one noisy epoch.

    **What it cannot see.** Variants without curves (predictions files, fit functions without a history), studies
    without a dev split, and overfitting to dev itself. It reads these dev rows: whether more rows would show the same
    is not asked.

    **What to do.** Keep the best checkpoint or stop early; then regularise or get more rows. Severity: warning.
    """
    for arm in arms(record):
        yield _finding(arm)


def _finding(arm: Arm) -> Finding:
    found = arm.curves("dev.log_loss", "train.log_loss")
    found = {seed: pair for seed, pair in found.items() if pair[0].size > FEWEST_EPOCHS}
    if not found:
        return unseen(CODE, arm, f"dev.log_loss and train.log_loss over {FEWEST_EPOCHS} or more epochs", THRESHOLD)
    dev = {seed: pair[0] for seed, pair in found.items()}
    onsets = {seed: onset(curve) for seed, curve in dev.items()}
    minimum = float(np.mean([np.nanmin(curve) for curve in dev.values()]))
    raw_rise = {seed: float(curve[-1] - np.nanmin(curve)) for seed, curve in dev.items()}
    threshold = max(LEAST_RISE, SHARE_OF_MINIMUM * minimum)

    places = onsets_from_others(list(dev.values())) if len(dev) > 1 else list(onsets.values())
    rises = [change_after(curve, place) for curve, place in zip(dev.values(), places, strict=True)]
    falls = [-change_after(pair[1], place) for pair, place in zip(found.values(), places, strict=True)]
    falling = sum(fall > 0 for fall in falls)
    decision = decide(rises, threshold)

    first, last = min(onsets.values()), max(onsets.values())
    middle = float(np.median(list(onsets.values())))
    level = 1 - 2 * 0.5 ** len(dev)
    evidence: dict[str, object] = {
        "onset": {"median": middle, "interval": [first, last], "level": level, "seeds": by_seed(onsets)},
        "rise": decision.as_json(),
        "rise_from_own_minimum": by_seed(raw_rise),
        "minimum": minimum,
        "train_fall": {"mean": float(np.mean(falls)), "falling": falling, "of": len(falls)},
        "unit": "nats",
        "seeds_left_out": len(arm.done) - len(found),
    }
    where = {"variant": arm.name, "split": "dev"}
    sure = f"which holds the median of all seeds at {100 * level:.0f} %"
    seeds_told = f" (range {first}–{last} over {len(dev)} seeds, {sure})" if len(dev) > 1 else ""
    story = (
        f"dev loss is lowest at epoch {middle:g}{seeds_told} "
        f"and {'rises' if decision.estimate > 0 else 'changes'} by {decision.text} nats from there to the end"
    )
    if decision.status == "present" and 2 * falling > len(falls):
        fall = f"train loss falls by {np.mean(falls):.3f} ({falling} of {len(falls)} seeds)"
        remedy = (
            "Stop at the minimum and regularise; see whether the rise goes: `brittlestar run STUDY --set "
            "training.early_stopping.patience=3 --set model.dropout.encoder=0.5`."
        )
        if arm.fits_itself:
            remedy = f"Stop at the minimum and regularise, in {arm.own_code}; see whether the rise goes."
        summary = f"{arm.name}: {story}, while {fall}."
        return Finding(CODE, "present", summary, THRESHOLD, "warning", where, evidence, remedy)
    if decision.status == "inconclusive":
        summary = f"{arm.name}: {story}; against {decision.threshold:.3f} that is open. Missing: {decision.missing}."
        remedy = f"More seeds: {seeds_command(len(arm.cells))}."
        return Finding(CODE, "inconclusive", summary, THRESHOLD, where=where, evidence=evidence, remedy=remedy)
    summary = f"{arm.name}: {story}; the threshold is {decision.threshold:.3f}."
    if decision.status == "present":
        summary = f"{arm.name}: {story}, but train loss falls in only {falling} of {len(falls)} seeds: not overfitting."
    return Finding(CODE, "absent", summary, THRESHOLD, where=where, evidence=evidence)
