"""Finding `train.overfit`."""

from collections.abc import Iterator

import numpy as np

from brittlestar.core.causes import LEAST_DIFFERENCE
from brittlestar.core.commands import Advice, command
from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.arms import Arm, advise_seeds, arms, by_seed, unseen
from brittlestar.diagnosis.ceilings import find_ceiling, trails_trivial
from brittlestar.diagnosis.curves import FEWEST_EPOCHS, change_after, onset, onsets_from_others
from brittlestar.diagnosis.decisions import decide
from brittlestar.diagnosis.seen.looking import WELL_FITTED, format_share, score_skill
from brittlestar.study.units import count

CODE = "train.overfit"
LEAST_RISE = 0.02  # nats: on a solved task the loss moves by thousandths
SHARE_OF_MINIMUM = 0.1  # convention: a tenth
GAP = 0.1  # convention: of the way from naming one class to all right
BY_HEART = "known_by_heart"
REPEATED = (
    "Look for what tells single train rows apart and no class: a mixed-up axis, positions or ids that are read "
    "as content. Then regularise, stop earlier, or get more rows."
)
THRESHOLD = (
    "Mean rise of dev loss after its minimum above max(0.02 nats, 10 %), while train loss falls (5 seeds); or train is "
    "fitted (90 %) and dev 10 % below it (info)."
)


def check(record: StudyRecord) -> Iterator[Finding]:
    """Train loss keeps falling while dev loss rises.

    **What it means.** From some epoch on, the model learns what holds for the training rows only. The best checkpoint
    is not wrong for that, but the last one is worse calibrated than it was, often also less accurate.

    **How it is decided.** For every seed the onset is the first epoch at which `dev.log_loss` has its minimum; onsets
    are reported as median and range (with probability 1 - 2 / 2ⁿ of n seeds). A minimum picked on a noisy curve makes
    every flat curve seem to rise, so the rise is cross-fitted: the loss at the end less that at the onset of the
    *other* seeds' mean curve, both as medians of three epochs, with a 95 % t interval over seeds. Train loss must fall
    over the same epochs in more than half of the seeds.

    **Thresholds.** Present: lower end above max(0.02 nats, 10 % of the mean minimum), with at least 5 seeds. Absent:
    upper end below it. Severity: warning. Information where a trivial baseline is two points better on dev, every run
    answers train rows 90 % of the way from naming one class to all right, and dev rows 10 % of that way less.

    **What it cannot see.** Variants without curves, studies without a dev split, and overfitting to dev itself.

    **What to do.** Keep the best checkpoint or stop early; then regularise or get more rows.
    """
    for arm in arms(record):
        found = _finding(record, arm)
        low = trails_trivial(record, arm) and found.status != "present"
        yield (_find_known_by_heart(record, arm) if low else None) or found


def _find_known_by_heart(record: StudyRecord, arm: Arm) -> Finding | None:
    """The finding about a variant of which every run fits train, and falls behind on dev; None for others."""
    train, dev = ([score_skill(record, cell, split) for cell in arm.done] for split in ("train", "dev"))
    pairs = [(one, other) for one, other in zip(train, dev, strict=True) if one is not None and other is not None]
    if not pairs or len(pairs) < len(train) or any(one < WELL_FITTED or one - other < GAP for one, other in pairs):
        return None
    known, held_out = (float(np.mean([pair[k] for pair in pairs])) for k in (0, 1))
    summary = (
        f"{arm.name} knows train by heart: its rows are answered {format_share(known)} of the way from one class "
        f"to all right, and dev {format_share(held_out)} ({count(len(pairs), 'run')})."
    )
    evidence = {BY_HEART: True, "train_skill": known, "dev_skill": held_out, "runs": len(pairs)}
    return Finding(CODE, "present", summary, THRESHOLD, "info", {"variant": arm.name}, evidence, REPEATED)


def describe_gap(record: StudyRecord, arm: Arm) -> tuple[str, dict[str, float]]:
    """How far accuracy on dev ends below train, and how much of that noise in labels explains at most: a model that
    knows train by heart is right on wrong labels there, and wrong on those of dev. A sentence, and the numbers; both
    empty without a gap or without known noise."""
    ceiling = find_ceiling(record, "dev")
    train, dev = (arm.scores(split, "accuracy", "last") for split in ("train", "dev"))
    seeds = sorted({*train} & {*dev})
    if ceiling is None or not seeds:
        return "", {}
    gap = float(np.mean([train[seed] - dev[seed] for seed in seeds]))
    noise = min(gap, max(float(np.mean([train[seed] for seed in seeds])) - ceiling.low, 0.0))
    if gap < LEAST_DIFFERENCE:
        return "", {}
    told = f" Of {100 * gap:.1f} points between train and dev, noise in labels explains {100 * noise:.1f} at most."
    return told, {"gap": gap, "noise_at_most": noise, "seeds": len(seeds)}


def _finding(record: StudyRecord, arm: Arm) -> Finding:
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
        settings = {"training.early_stopping.patience": 3, "model.dropout.encoder": 0.5}
        remedy = Advice(
            ("Stop at the minimum and regularise; see whether the rise goes: ", command("run", settings=settings))
        )
        if arm.fits_itself:
            remedy = f"Stop at the minimum and regularise, in {arm.own_code}; see whether the rise goes."
        gap, noise = describe_gap(record, arm)
        evidence |= {"gap": noise}
        summary = f"{arm.name}: {story}, while {fall}.{gap}"
        return Finding(CODE, "present", summary, THRESHOLD, "warning", where, evidence, remedy)
    if decision.status == "inconclusive":
        summary = f"{arm.name}: {story}; against {decision.threshold:.3f} that is open. Missing: {decision.missing}."
        remedy = advise_seeds(len(arm.cells))
        return Finding(CODE, "inconclusive", summary, THRESHOLD, where=where, evidence=evidence, remedy=remedy)
    summary = f"{arm.name}: {story}; the threshold is {decision.threshold:.3f}."
    if decision.status == "present":
        summary = f"{arm.name}: {story}, but train loss falls in only {falling} of {len(falls)} seeds: not overfitting."
    return Finding(CODE, "absent", summary, THRESHOLD, where=where, evidence=evidence)
