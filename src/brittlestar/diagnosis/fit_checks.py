"""What curves and scores say of how train and dev are fitted: overfitting, and a plateau below what the task allows."""

from collections.abc import Mapping, Sequence

import numpy as np

from brittlestar.core.checks import Observed, Role
from brittlestar.core.commands import Advice, command
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.ceilings import BETTER, trails_trivial
from brittlestar.diagnosis.curves import FEWEST_EPOCHS, change_after, late_change, late_level, onset, onsets_from_others
from brittlestar.diagnosis.decisions import SeedDecision, decide
from brittlestar.diagnosis.results import report_unseen, variant_check
from brittlestar.diagnosis.seen.watched_runs import (
    WELL_FITTED,
    class_share_loss,
    format_share,
    is_worse_than_recorded,
    score_skill,
    still_falls,
)
from brittlestar.diagnosis.variant_runs import (
    VariantRuns,
    advise_seeds,
    by_seed,
    list_variant_runs,
    rising_metric,
)
from brittlestar.study.units import count

BY_HEART, UNDERFITS = "known_by_heart", "underfits"
"""Keys of evidence that say how a model fails."""
LEAST_RISE = 0.02  # nats: on a solved task the loss moves by thousandths
SHARE_OF_MINIMUM = 0.1  # convention: a tenth
BEHIND = 0.1  # convention: of the way from naming one class to all right
REPEATED = (
    "Look for what tells single train rows apart and no class: a mixed-up axis, positions or ids that are read "
    "as content. Then regularise, stop earlier, or get more rows."
)
STILL_RISING = 0.01  # convention: a point over a third of the epochs
GAP = 0.05  # convention: five points
CEILING = 0.95  # convention: above it nothing stops early
HIGH = 0.3  # convention: of what class shares cost
UNDERFITTING = (
    "Train is not fitted, so that more regularisation will not help. Fit 32 rows first: where that fails, look at "
    "shapes, axes and initial weights; where it works, raise the rate, the width or the epochs."
)


@variant_check(
    "train.overfit",
    "Mean rise of dev loss after its minimum above max(0.02 nats, 10 %), while train loss falls (5 seeds); or train is "
    "fitted (90 %) and dev 10 % below it (info).",
)
def train_overfit(record: StudyRecord, variant: VariantRuns) -> Observed:
    """Train loss keeps falling while dev loss rises.

    **What it means.** From some epoch on, the model learns what holds for the training rows only. The best checkpoint
    is not wrong for that, but the last one is worse calibrated than it was, often also less accurate.

    **How it is decided.** For every seed the onset is the first epoch at which `dev.log_loss` has its minimum; onsets
    are reported as median and range. A minimum picked on a noisy curve makes
    every flat curve seem to rise, so the rise is cross-fitted: the loss at the end less that at the onset of the
    *other* seeds' mean curve, both as medians of three epochs, with a 95 % t interval over seeds. Train loss must fall
    over the same epochs in more than half of the seeds.

    **Thresholds.** Present: lower end above max(0.02 nats, 10 % of the mean minimum), with at least 5 seeds. Absent:
    upper end below it. Severity: warning. Information where a trivial baseline is two points better on dev, every run
    answers train rows 90 % of the way from naming one class to all right, and dev rows 10 % of that way less.

    **What it cannot see.** Variants without curves, studies without a dev split, and overfitting to dev itself.

    **What to do.** Keep the best checkpoint or stop early; then regularise or get more rows.
    """
    result = _judge_rise(variant)
    low = result.status != "present" and trails_trivial(record, variant)
    return (_find_known_by_heart(record, variant) if low else None) or result


def _judge_rise(variant: VariantRuns) -> Observed:
    found = variant.curves("dev.log_loss", "train.log_loss")
    found = {seed: pair for seed, pair in found.items() if pair[0].size > FEWEST_EPOCHS}
    if not found:
        return report_unseen(variant, f"dev.log_loss and train.log_loss over {FEWEST_EPOCHS} or more epochs")
    dev = {seed: pair[0] for seed, pair in found.items()}
    onsets = {seed: onset(curve) for seed, curve in dev.items()}
    minimum = float(np.mean([np.nanmin(curve) for curve in dev.values()]))
    places = onsets_from_others(list(dev.values())) if len(dev) > 1 else list(onsets.values())
    rises = [change_after(curve, place) for curve, place in zip(dev.values(), places, strict=True)]
    falls = [-change_after(pair[1], place) for pair, place in zip(found.values(), places, strict=True)]
    falling = sum(fall > 0 for fall in falls)
    decision = decide(rises, max(LEAST_RISE, SHARE_OF_MINIMUM * minimum))
    first, last, middle = min(onsets.values()), max(onsets.values()), float(np.median(list(onsets.values())))
    evidence = {
        "onset": {"median": middle, "range": [first, last], "seeds": by_seed(onsets)},
        "rise": decision.as_json(),
        "train_fall": {"mean": float(np.mean(falls)), "falling": falling, "of": len(falls)},
        "unit": "nats",
    }
    span = f" (range {first}–{last} over {len(dev)} seeds)" if len(dev) > 1 else ""
    sentence = (
        f"{variant.name}: dev loss is lowest at epoch {middle:g}{span} "
        f"and {'rises' if decision.estimate > 0 else 'changes'} by {decision.text} nats from there to the end"
    )
    if decision.status == "inconclusive":
        remedy = advise_seeds(len(variant.cells))
        return Observed("inconclusive", f"{sentence}; {decision.open_words}", evidence, remedy=remedy, split="dev")
    if decision.status == "absent":
        return Observed("absent", f"{sentence}; the threshold is {decision.threshold:.3f}.", evidence, split="dev")
    if 2 * falling <= len(falls):
        summary = f"{sentence}, but train loss falls in only {falling} of {len(falls)} seeds: not overfitting."
        return Observed("absent", summary, evidence, split="dev")
    fall = f"train loss falls by {np.mean(falls):.3f} ({falling} of {len(falls)} seeds)"
    settings = {"training.early_stopping.patience": 3, "model.dropout.encoder": 0.5}
    stop = "Stop at the minimum and regularise; see whether the rise goes."
    remedy = Advice(stop, ("Try ", command("run", settings=settings)))
    return Observed("present", f"{sentence}, while {fall}.", evidence, remedy=remedy, split="dev")


def _find_known_by_heart(record: StudyRecord, variant: VariantRuns) -> Observed | None:
    """What is said of a variant of which every run fits train, and falls behind on dev."""
    train, dev = (_list_skills(record, variant, split) for split in ("train", "dev"))
    pairs = list(zip(train, dev, strict=False))
    if not pairs or min(train) < WELL_FITTED or min(one - other for one, other in pairs) < BEHIND:
        return None
    known, held_out = float(np.mean(train)), float(np.mean(dev))
    summary = (
        f"{variant.name} knows train by heart: its rows are answered {format_share(known)} of the way from one class "
        f"to all right, and dev {format_share(held_out)} ({count(len(pairs), 'run')})."
    )
    evidence = {BY_HEART: True, "train_skill": known, "dev_skill": held_out, "runs": len(pairs)}
    return Observed("present", summary, evidence, remedy=REPEATED, severity="info")


@variant_check(
    "train.plateau",
    "Dev gains under .01 over the last third of the epochs, stays below .95 and .05 below train, which is unfitted "
    "(.9), and another variant reaches .02 more (95 %, 5 seeds); or train's loss is flat, too (info).",
    "info",
    role=Role(symptom="low"),
)
def train_plateau(record: StudyRecord, variant: VariantRuns) -> Observed:
    """Held-out performance stops early, below what the task allows.

    **What it means.** More epochs of the same will not help, yet something about the model, the data or the optimiser
    stands in the way.

    **How it is decided.** Four questions, each with an interval over seeds, on the headline metric (accuracy where that
    is a loss): has dev stopped rising (by less than .01 over the last third of the epochs)? Is there room (below .95)?
    Does the model answer train better (by .05), and not .9 of it? And does *another variant of this study*, given the
    same input, reach a level more than .02 higher on the same dev rows, paired by seed, its interval corrected for the
    number of variants?

    **Thresholds.** Present: all four, at least 5 seeds. Absent: one of the first three is clearly no.
    Or a trivial baseline is two points better on dev and the model underfits: in every run train rows are answered 90 %
    of the way from naming one class to all right, or less, at most 5 points more often than held-out rows, and their
    loss keeps 30 % of what class shares cost, and falls no more. Severity: information, since a low score names no
    cause. Not said where the order of classes is wrong (`eval.label-order`).

    **What it cannot see.** A ceiling set by label noise (`eval.ceiling`); variants without curves.

    **What to do.** Look at the variant that reaches more.
    """
    result = _judge_level(record, variant)
    low = result.status != "present" and trails_trivial(record, variant)
    return (_find_underfit(record, variant) if low else None) or result


def _judge_level(record: StudyRecord, variant: VariantRuns) -> Observed:
    metric = rising_metric(record)
    found = variant.curves(f"dev.{metric}", f"train.{metric}")
    found = {seed: pair for seed, pair in found.items() if pair[0].size > FEWEST_EPOCHS}
    if not found:
        return report_unseen(variant, f"dev.{metric} and train.{metric} over {FEWEST_EPOCHS} or more epochs")
    levels = {seed: late_level(dev) for seed, (dev, _) in found.items()}
    gain = decide([late_change(dev) for dev, _ in found.values()], STILL_RISING)
    level = decide(list(levels.values()), CEILING)
    fit = decide([late_level(train) for _, train in found.values()], WELL_FITTED)
    gap = decide([late_level(train) - levels[seed] for seed, (_, train) in found.items()], GAP)
    better = _find_best_other(variant, levels, list_variant_runs(record), metric)
    evidence = {
        "metric": metric,
        "gain": gain.as_json(),
        "level": level.as_json(),
        "gap": gap.as_json(),
        "better": None if better is None else better[1].as_json() | {"variant": better[0]},
    }
    sentence = f"{variant.name}: {metric} on dev"
    if gain.above is True:
        summary = f"{sentence} still gains {gain.text} over the last third of the epochs."
        return Observed("absent", summary, evidence, split="dev")
    if level.above is True:
        summary = f"{sentence} ends at {level.text}: no room for a plateau below {CEILING}."
        return Observed("absent", summary, evidence, split="dev")
    if gap.above is False:
        return Observed("absent", f"{sentence} ends {gap.text} below train: no gap above {GAP}.", evidence, split="dev")
    if fit.above is True:
        summary = f"{sentence} ends {gap.text} below train, which is fitted ({fit.text}): it is no plateau of training."
        return Observed("absent", summary, evidence, split="dev")
    sentence += f" stops at {level.text}, {gap.text} below train, and gains {gain.text} over the last third"
    clear = gain.above is False and level.above is False and gap.status == "present"
    if better is not None and clear and better[1].status == "present":
        name, more = better
        remedy = f"Take over from `{name}` one setting at a time, as variants of the study file, and run it again."
        summary = f"{sentence}, while {name} reaches {more.text} more on the same rows."
        return Observed("present", summary, evidence, remedy=remedy, split="dev")
    seeds = gap.missing or "more seeds: gain, level or gap lies too near its threshold"
    missing = "a variant of this study that reaches more" if clear else seeds
    wider = command("run", settings={"model.hidden": 128}, out="wider.study")
    how = "Show that the task allows more, with more capacity or other settings: "
    summary = f"{sentence}; whether that is below what the task allows is open. Missing: {missing}."
    return Observed(
        "inconclusive", summary, evidence, remedy=Advice((how, wider, "; or check labels by hand.")), split="dev"
    )


def _find_best_other(
    variant: VariantRuns, levels: Mapping[int, float], everyone: Sequence[VariantRuns], metric: str
) -> tuple[str, SeedDecision] | None:
    """The other variant with the highest lower end above this one. One that had more of the input than this variant
    does not say what *this* one could do."""
    changes = variant.data_changes()
    differences: dict[str, list[float]] = {}
    for other in everyone:
        if other.name == variant.name or (changes and other.data_changes() != changes):
            continue
        curves = other.curves(f"dev.{metric}")
        shared = [seed for seed in levels if seed in curves and curves[seed][0].size > 1]
        if len(shared) > 1:
            differences[other.name] = [late_level(curves[seed][0]) - levels[seed] for seed in shared]
    level = 1 - 0.05 / max(len(differences), 1)
    tried = [(name, decide(values, BETTER, level)) for name, values in sorted(differences.items())]
    return max(tried, key=lambda one: -np.inf if one[1].interval is None else one[1].interval[0], default=None)


def _list_skills(record: StudyRecord, variant: VariantRuns, split: str) -> list[float]:
    """How far each finished run is from naming one class to all rows right; empty where one was not scored."""
    skills = [score_skill(record, cell, split) for cell in variant.done]
    known = [skill for skill in skills if skill is not None]
    return known if len(known) == len(skills) else []


def _find_underfit(record: StudyRecord, variant: VariantRuns) -> Observed | None:
    """What is said of a variant of which no run fits train, while the loss of its steps, where it was seen, falls no
    more."""
    skills, shares = _list_skills(record, variant, "train"), class_share_loss(record)
    losses = [loss for cell in variant.done if (loss := cell.score("train", "log_loss")) is not None]
    if any(seen is not None and still_falls(seen) for seen in (cell.seen for cell in variant.done)):
        return None
    if any(map(is_worse_than_recorded, variant.done)):
        return None
    if not skills or len(losses) < len(skills) or max(skills) > WELL_FITTED or not min(losses) >= HIGH * shares:
        return None
    reached = {split: list(variant.scores(split, "accuracy").values()) for split in ("train", "dev", "test")}
    means = {split: float(np.mean(values)) for split, values in reached.items() if values}
    if "train" not in means or means.pop("train") - min(means.values(), default=1.0) > GAP:
        return None
    late, skill = float(np.mean(losses)), float(np.mean(skills))
    summary = (
        f"{variant.name} underfits: its loss on train stays at {late:.2f} nats, where class shares cost {shares:.2f}, "
        f"and train rows are answered {format_share(skill)} of the way to all right ({count(len(losses), 'run')})."
    )
    evidence = {UNDERFITS: True, "late_loss": late, "class_shares": shares, "train_skill": skill, "runs": len(losses)}
    return Observed("present", summary, evidence, remedy=UNDERFITTING, severity="info")
