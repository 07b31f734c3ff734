"""Finding `train.plateau`."""

from collections.abc import Iterator, Sequence

import numpy as np

from brittlestar.core.commands import Advice, command
from brittlestar.core.findings import Finding
from brittlestar.core.results import CellRecord, StudyRecord
from brittlestar.diagnosis.arms import Arm, arms, rising_metric, unseen
from brittlestar.diagnosis.ceilings import BETTER, KnownCeiling, find_ceiling, trails_trivial
from brittlestar.diagnosis.curves import FEWEST_EPOCHS, late_change, late_level
from brittlestar.diagnosis.decisions import Decision, decide
from brittlestar.diagnosis.seen import looking
from brittlestar.diagnosis.seen.looking import format_share
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.study.units import count

CODE = "train.plateau"
STILL_RISING = 0.01  # convention: a point over a third of the epochs
GAP = 0.05  # convention: five points
CEILING = 0.95  # convention: above it nothing stops early
HIGH = 0.3  # convention: of what class shares cost
UNDERFITS = "underfits"
UNDERFITTING = (
    "Train is not fitted, so that more regularisation will not help. Fit 32 rows first: where that fails, look at "
    "shapes, axes and initial weights; where it works, raise the rate, the width or the epochs."
)
THRESHOLD = (
    "Dev gains under .01 over the last third of the epochs, stays below .95 and .05 below "
    "train, and another variant reaches .02 more (95 %, 5 seeds); or train is unfitted (90 %) and its loss flat (info)."
)


def check(record: StudyRecord) -> Iterator[Finding]:
    """Held-out performance stops early, below what the task allows.

    **What it means.** More epochs of the same will not help, yet something about the model, the data or the optimiser
    stands in the way.

    **How it is decided.** Four questions, each with an interval over seeds, on the headline metric (accuracy where that
    is a loss): has dev stopped rising (by less than .01 over the last third of the epochs)? Is there room (below .95)?
    Does the model fit train better (by .05)? And does *another variant of this study*, given the same input, reach a
    level more than .02 higher on the same dev rows, paired by seed, its interval corrected for the number of variants?

    **Thresholds.** Present: all four, at least 5 seeds. Absent: one of the first three is clearly no, or accuracy ends
    within .02 of what labels allow. Severity: warning for main, info for others. Information where a trivial baseline
    is two points better on dev and the model underfits: in every run train rows are answered 90 % of the way from
    naming one class to all right, or less, and its loss keeps 30 % of what class shares cost, and falls no more.

    **What it cannot see.** A ceiling set by label noise that the audit does not see (`eval.ceiling`); variants without
    curves.

    **What to do.** Look at the variant that reaches more.
    """
    everyone = arms(record)
    metric = rising_metric(record)
    for arm in everyone:
        found = _finding(record, arm, everyone, metric)
        low = trails_trivial(record, arm) and found.status != "present"
        yield (_find_underfit(record, arm) if low else None) or found


def _find_underfit(record: StudyRecord, arm: Arm) -> Finding | None:
    """The finding about a variant of which no run fits train, while the loss of its steps, where it was seen, falls no
    more; None for others."""
    skills = [skill for cell in arm.done if (skill := looking.score_skill(record, cell, "train")) is not None]
    losses = [loss for cell in arm.done if (loss := _late_loss(cell)) is not None]
    shares = looking.class_share_loss(record)
    if not losses or len(losses) < len(arm.done) or len(skills) < len(arm.done) or not np.isfinite(shares):
        return None
    falling = any(cell.seen is not None and looking.still_falls(cell.seen) for cell in arm.done)
    if falling or min(losses) < HIGH * shares or max(skills) > looking.WELL_FITTED:
        return None
    late, skill = float(np.mean(losses)), float(np.mean(skills))
    summary = (
        f"{arm.name} underfits: its loss on train stays at {late:.2f} nats, where class shares cost {shares:.2f}, and "
        f"train rows are answered {format_share(skill)} of the way to all right ({count(len(losses), 'run')})."
    )
    evidence = {UNDERFITS: True, "late_loss": late, "class_shares": shares, "train_skill": skill, "runs": len(losses)}
    return Finding(CODE, "present", summary, THRESHOLD, "info", {"variant": arm.name}, evidence, UNDERFITTING)


def _late_loss(cell: CellRecord) -> float | None:
    """The log loss of the last steps, where it was seen, else that of train rows; None where neither is known."""
    if cell.seen is not None and cell.seen.course is not None and looking.is_log_loss(cell.seen):
        return cell.seen.course.late
    loss = cell.scores.get("train", {}).get("best", {}).get("log_loss")
    return None if loss is None or not np.isfinite(loss) else float(loss)


def _finding(record: StudyRecord, arm: Arm, everyone: Sequence[Arm], metric: str) -> Finding:
    found = arm.curves(f"dev.{metric}", f"train.{metric}")
    found = {seed: pair for seed, pair in found.items() if pair[0].size > FEWEST_EPOCHS}
    if not found:
        return unseen(CODE, arm, f"dev.{metric} and train.{metric} over {FEWEST_EPOCHS} or more epochs", THRESHOLD)
    levels = {seed: late_level(dev) for seed, (dev, _) in found.items()}
    gain = decide([late_change(dev) for dev, _ in found.values()], STILL_RISING)
    level = decide(list(levels.values()), CEILING)
    gap = decide([late_level(train) - levels[seed] for seed, (_, train) in found.items()], GAP)
    better = _best_other(arm, levels, everyone, metric)

    where = {"variant": arm.name, "split": "dev"}
    evidence = {
        "metric": metric,
        "gain": gain.as_json(),
        "level": level.as_json(),
        "gap": gap.as_json(),
        "better": None if better is None else better[1].as_json() | {"variant": better[0]},
    }
    ceiling = find_ceiling(record, "dev") if metric == "accuracy" else None
    reason = _clear_no(gain, level, gap, metric, ceiling)
    if reason:
        return Finding(CODE, "absent", f"{arm.name}: {reason}.", THRESHOLD, where=where, evidence=evidence)
    story = f"{metric} on dev stops at {level.text}, {gap.text} below train, and gains {gain.text} over the last third"
    missing = _missing(gain, level, gap, better)
    if missing or better is None:
        wider = command("run", settings={"model.hidden": 128}, out="wider.study")
        how = "Show that the task allows more, with more capacity or other settings: "
        remedy = Advice((how, wider, "; or check labels by hand."))
        summary = f"{arm.name}: {story}; whether that is below what the task allows is open. Missing: {missing}."
        return Finding(CODE, "inconclusive", summary, THRESHOLD, where=where, evidence=evidence, remedy=remedy)
    name, more = better
    severity = "warning" if arm.name == record.main else "info"
    summary = f"{arm.name}: {story}, while {name} reaches {more.text} more on the same rows."
    remedy = f"Take over from `{name}` one setting at a time, as variants of the study file, and run it again."
    return Finding(CODE, "present", summary, THRESHOLD, severity, where, evidence, remedy)


def _clear_no(gain: Decision, level: Decision, gap: Decision, metric: str, ceiling: KnownCeiling | None) -> str:
    if gain.above is True:
        return f"{metric} on dev still gains {gain.text} over the last third of the epochs"
    if level.above is True:
        return f"{metric} on dev ends at {level.text}: no room for a plateau below {CEILING}"
    if gap.above is False:
        return f"{metric} on dev ends {gap.text} below train: no gap above {GAP}"
    if ceiling is not None and level.interval is not None and level.interval[0] > ceiling.low - BETTER:
        return f"{metric} on dev ends at {level.text}, and labels allow {ceiling.low:.3f} to {ceiling.high:.3f}"
    return ""


def _missing(gain: Decision, level: Decision, gap: Decision, better: tuple[str, Decision] | None) -> str:
    if gap.n < MIN_SEEDS:
        return f"{MIN_SEEDS - gap.n} more seeds (at least {MIN_SEEDS})"
    if gain.above is not False or level.above is not False or gap.above is not True:
        return "more seeds: gain, level or gap lies too near its threshold"
    if better is None or better[1].status != "present":
        return "a variant of this study that reaches more, or a bound on what the labels allow"
    return ""


def _best_other(
    arm: Arm, levels: dict[int, float], everyone: Sequence[Arm], metric: str
) -> tuple[str, Decision] | None:
    """The other variant with the highest lower end above this one. One that had more of the input than this variant
    does not say what *this* one could do."""
    changes = arm.data_changes()
    differences: dict[str, list[float]] = {}
    for other in everyone:
        if other.name == arm.name or (changes and other.data_changes() != changes):
            continue
        curves = other.curves(f"dev.{metric}")
        shared = [seed for seed in levels if seed in curves and curves[seed][0].size > 1]
        if len(shared) > 1:
            differences[other.name] = [late_level(curves[seed][0]) - levels[seed] for seed in shared]
    level = 1 - 0.05 / max(len(differences), 1)
    tried = [(name, decide(values, BETTER, level)) for name, values in sorted(differences.items())]
    return max(tried, key=lambda one: -np.inf if one[1].interval is None else one[1].interval[0], default=None)
