"""What scores say of themselves: whether a metric tells a model from a trivial one, whether metrics agree, and
what labels allow."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from brittlestar.core.checks import Observed, Role
from brittlestar.core.commands import DATA, Advice, command
from brittlestar.core.metrics import list_factor_metrics, metric_of
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.ceilings import find_ceiling, is_noise_known, trivial_score
from brittlestar.diagnosis.decisions import SeedDecision, decide, side_of
from brittlestar.diagnosis.results import report_missing, variant_check
from brittlestar.diagnosis.variant_runs import (
    VariantRuns,
    advise_seeds,
    list_variant_runs,
)
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.statistics.t_intervals import Summary, t_interval
from brittlestar.study.units import count, unit_of

NOISE = 2.0  # standard errors, at 95 %
LEAST_NATS = 0.02  # convention: as `train.overfit`
SAME_SCORE = 0.005  # half a point: what a person sees of a rounded score
RATIO = 2  # convention: within a factor of two a ratio hardly varies
BETWEEN = (0.05, 0.95)  # outside them every metric is nearly 0 or 1
UNLEARNED = Advice(
    "The model has learned nothing that a constant has not.",
    "Read what the audit says of labels and tokens.",
    ("Then train longer or with class weights: ", command("run", settings={"training.class_weights": "balanced"})),
)
FEWEST_RUNS = 5  # as few seeds as are judged
FACTOR_THRESHOLD = (
    "The largest weight of each factor is at most twice its smallest, and every factor-weighted metric lies within 0.5 "
    "points of accuracy in at least 5 runs with an accuracy between .05 and .95; or all rows weigh the same."
)
NEAR_CEILING = 0.01  # convention: one point of a score


def compare_factor_metrics(record: StudyRecord) -> Iterator[Observed]:
    """What is seen of the whole study, on the best and last checkpoints of every variant, where it has factors."""
    split = record.held_out
    if not record.factors or split is None:
        return
    metrics = [metric.name for metric in list_factor_metrics(record.factors)]
    ranges = {name: record.splits[split].factor_weight_range.get(name) or (0, 0) for name in record.factors}
    runs = [
        [one for one in cell.scores.get(split, {}).values() if BETWEEN[0] < (one.get("accuracy") or 0.0) < BETWEEN[1]]
        for variant in list_variant_runs(record)
        for cell in variant.done
    ]
    runs = [scores for scores in runs if scores]
    apart = [
        abs(value - accuracy)
        for scores in runs
        for score in scores
        for value in map(score.get, metrics)
        if value is not None and (accuracy := score.get("accuracy")) is not None
    ]
    largest = max(apart, default=0.0)
    shown = ", ".join(f"{name} {low}–{high}" for name, (low, high) in ranges.items())
    constant = all(low == high > 0 for low, high in ranges.values())
    near = all(0 < high <= RATIO * low for low, high in ranges.values())
    names = ", ".join(metrics)
    place: dict[str, Any] = {"split": split, "where": {"metric": names}, "threshold": FACTOR_THRESHOLD}
    evidence = {"largest_difference": largest, "runs": len(runs), "weight_ranges": {**ranges}}
    seen = f"factor weights on {split} range over {shown}, and {len(runs)} runs differ from accuracy by at most "
    sentence = f"{seen}{100 * largest:.1f} points"
    if near and not constant and len(runs) < FEWEST_RUNS:
        missing = f"{FEWEST_RUNS - len(runs)} more runs with an accuracy between {BETWEEN[0]} and {BETWEEN[1]}"
        summary = f"{sentence}. Missing: {missing}."
        remedy = advise_seeds(max(len(run.cells) for run in list_variant_runs(record)), words="More seeds")
        yield Observed("inconclusive", summary, evidence, remedy=remedy, **place)
        return
    if not constant and not (near and largest <= SAME_SCORE):
        yield Observed("absent", sentence, evidence, **place)
        return
    summary = f"{names} are accuracy under another name: {sentence}."
    how = "rows of shorter length or with a skewed mix make the weights vary: "
    remedy = Advice((f"Report plain accuracy, and say so; {how}", command("generate", "spr", help=True)))
    yield Observed("present", summary, evidence, severity="info", remedy=remedy, **place)


@variant_check(
    "eval.metric",
    "The mean of the headline metric over at least 5 seeds lies, with its whole interval, no more than 2 standard "
    "errors over rows above the trivial score, and another metric tells the variant from trivial, or it is main.",
    "error",
    also=compare_factor_metrics,
    role=Role(symptom="low", effect="bound"),
)
def eval_metric(record: StudyRecord, variant: VariantRuns) -> Observed:
    """The headline metric cannot tell the model from a trivial one, or is another metric under a new name.

    **What it means.** A number that a constant prediction reaches as well says nothing about the model, however high it
    is. And two columns that agree in every run are one.

    **How it is decided.** (1) Per variant, the gain of the headline metric over the trivial score of the split (test or
    dev), as a t interval over seeds, against 2 standard errors over rows (0.02 nats for log loss). Where it is below,
    the same question goes to balanced accuracy and accuracy: if one of them tells the variant from trivial, the
    headline is the wrong metric; else the model is trivial, a finding for main; any other variant is called `unlearned`
    and absent. (2) Once per study, where weights of a factor hardly vary (largest at most twice the smallest) and every
    factor-weighted metric stays within .005 of accuracy in all runs between .05 and .95 (at least 5 of them).

    **Thresholds.** As above; present needs 5 seeds in (1). Severity: (1) error for main, warning for other variants;
    (2) info.

    **What it cannot see.** Whether a metric of the same name elsewhere is computed alike; (2) on a solved task.

    **What to do.** Head the report with balanced accuracy or macro-F1.
    """
    split = record.held_out
    gain = None if split is None else _measure_gain(record, variant, split, record.metric)
    if split is None or gain is None:
        missing = "a test or dev split" if split is None else f"a done run and a trivial score of {record.metric}"
        remedy = "Give the data a test split (the split command makes one), and run the study from its data again."
        return report_missing(variant, "what a model adds", missing, remedy if split is None else None, split)
    majority = record.splits[split].majority
    measured = {name: _measure_gain(record, variant, split, name) for name in ("balanced_accuracy", "accuracy")}
    others = {name: one for name, one in measured.items() if one is not None and name != record.metric}
    evidence = {
        "metric": record.metric,
        "gain": gain.as_json(),
        "trivial": majority[record.metric],
        "other_gains": {name: one.as_json() for name, one in others.items()},
    }
    sentence = (
        f"{variant.name}: {record.metric} on {split} is {gain.text} better than the trivial "
        f"{majority[record.metric]:.3f} ({count(gain.n, 'seed')}; chance over rows explains {gain.threshold:.3f})"
    )
    if gain.above is True:
        return Observed("absent", f"{sentence}.", evidence, split=split)
    if gain.above is None or gain.n < MIN_SEEDS:
        missing = gain.missing or f"{MIN_SEEDS - gain.n} more seeds (at least {MIN_SEEDS})"
        summary = f"{sentence}; that is open. Missing: {missing}."
        return Observed("inconclusive", summary, evidence, remedy=advise_seeds(len(variant.cells)), split=split)
    telling = next((name for name, one in others.items() if one.status == "present"), None)
    if telling is not None:
        summary = f"{sentence}, but {telling} tells them apart: {others[telling].text} better."
        remedy = Advice(("Head the report with it: ", command("run", settings={"report.metric": telling})))
        return Observed("present", summary, evidence, remedy=remedy, split=split)
    if (balanced := others.get("balanced_accuracy")) is not None:
        sentence += f"; balanced accuracy gains {balanced.text} over {majority['balanced_accuracy']:.3f}"
    if variant.name != record.main:
        return Observed("absent", f"{sentence}: unlearned.", evidence, split=split)
    return Observed("present", f"{sentence}.", evidence, remedy=UNLEARNED, split=split)


def _measure_gain(record: StudyRecord, variant: VariantRuns, split: str, metric: str) -> SeedDecision | None:
    """How much better than trivial a variant is, against what chance over rows explains."""
    trivial = trivial_score(record.splits[split], metric)
    scores = variant.scores(split, metric)
    if trivial is None or not scores:
        return None
    sign = metric_of(metric).sign
    noise = LEAST_NATS if metric_of(metric).unit == "nats" else NOISE * trivial.error
    return decide([sign * (scores[seed] - trivial.score) for seed in sorted(scores)], noise)


@variant_check(
    "eval.disagree",
    "The 95 % interval over seeds of a variant less main lies on one side of 0 for the headline metric and, with "
    "intervals shared among all metrics and variants (Bonferroni), on the other side for another metric.",
    role=Role(symptom="other", effect="none"),
)
def eval_disagree(record: StudyRecord, variant: VariantRuns) -> Observed | None:
    """Metrics tell different stories.

    **What it means.** One variant is better than main by one metric and worse by another. Whoever picks the metric
    picks the winner.

    **How it is decided.** The variant less main, seed by seed, best checkpoint, test (else dev), for every metric,
    turned so that positive is better, with t intervals that share 5 % over the study (Bonferroni).

    **Thresholds.** Present: the headline metric and another one lie on different sides of 0, both intervals clear of
    it. Absent: all clear ones agree. Inconclusive: fewer than 5 shared seeds. Severity: warning.

    **What it cannot see.** Disagreement below the spread over seeds. A model may rank better and be surer of its
    errors, and both are true.

    **What to do.** Report both metrics, and say beforehand which one decides.
    """
    split, everyone = record.held_out, {run.name: run for run in list_variant_runs(record)}
    base = everyone.get(record.main)
    if split is None or base is None or variant.name == base.name:
        return None
    tests = (len(everyone) - 1) * len(record.metrics)
    found: dict[str, Summary] = {}
    for name in record.metrics:
        mine, theirs = variant.scores(split, name), base.scores(split, name)
        sign = metric_of(name).sign
        values = [sign * (mine[seed] - theirs[seed]) for seed in sorted(mine.keys() & theirs.keys())]
        if values:
            found[name] = t_interval(values, 1 - 0.05 / tests)
    seeds = min((one.n for one in found.values()), default=0)
    gains = {
        name: {"gain": one.mean, "interval": None if one.interval is None else list(one.interval), "seeds": one.n}
        for name, one in found.items()
    }
    evidence = {"seeds": seeds, "tests": tests, "metrics": gains}
    if seeds < MIN_SEEDS:
        summary = f"{variant.name}: {seeds} seeds are shared with {base.name}; missing: {MIN_SEEDS - seeds} more."
        remedy = advise_seeds(min(len(variant.cells), len(base.cells)))
        return Observed("inconclusive", summary, evidence, remedy=remedy, split=split)
    sides = {name: side_of(one.interval) for name, one in found.items()}
    headline = sides.get(record.metric, 0)
    against = [name for name, side in sides.items() if headline and side == -headline]
    if not against:
        clear = sum(side != 0 for side in sides.values())
        summary = f"{variant.name}: {clear} of {len(sides)} metrics are clear of 0 against {base.name}, and agree."
        return Observed("absent", summary, evidence, split=split)
    better, worse = (record.metric, against[0]) if headline > 0 else (against[0], record.metric)
    notes = [f"{unit_of(one).name} ({unit_of(one).amount(abs(found[one].mean))})" for one in (better, worse)]
    summary = f"{variant.name} is better than {base.name} by {notes[0]} and worse by {notes[1]}, over {seeds} seeds."
    return Observed("present", summary, evidence, remedy="Report both metrics.", split=split)


@variant_check(
    "eval.ceiling",
    "Accuracy on test lies, with its whole interval over seeds, above one point below the lowest accuracy that noise "
    "in labels is estimated to allow (95 %, 5 seeds).",
    "info",
    role=Role(effect="bound"),
)
def eval_ceiling(record: StudyRecord, variant: VariantRuns) -> Observed:
    """The score is all that the labels allow.

    **What it means.** Where labels are wrong at random, no model is right on them, except by accident: a gap to 100 %
    is no fault of the model, and more epochs can only learn the noise.

    **How it is decided.** The audit estimates what accuracy the labels of a split allow, from errors of shallow models
    that do not fall with their confidence (`label.noise`), and from equal sequences with several labels
    (`label.conflict`). Accuracy of the best checkpoint on test (else dev) is held against the lower end of the lowest
    ceiling, less one point, as a t interval over seeds.

    **Thresholds.** As in the rule, with 5 seeds. Absent: the whole interval lies below, or no label finding bounds the
    score. Inconclusive: the audit could not tell noise from difficulty, was not made, or seeds are missing. Severity:
    info.

    **What it cannot see.** Whether it is noise: where no shallow model learns a part of the rule, they err as if labels
    were noisy. A model that scores more than the upper end refutes the estimate, and that is said.

    **What to do.** Do not tune further on these labels: correct them, or say beside the score what they allow. What is
    left of the errors is noise.
    """
    split = record.held_out
    values = [] if split is None else list(variant.scores(split, "accuracy").values())
    evidence = {"seeds": len(values)}
    if split is None or not values:
        remedy = Advice(("Give dev or test labels: ", command("run", DATA), " scores them."))
        return report_missing(variant, "what labels allow", "a score on dev or test", remedy, split)
    found = find_ceiling(record, split)
    reached = f"{variant.name} answers {100 * float(np.mean(values)):.1f} % of {split} right"
    if found is None and is_noise_known(record, split):
        return Observed("absent", f"{reached}; nothing about the labels of {split} bounds that.", evidence, split=split)
    if found is None:
        summary = f"{reached}; what its labels allow is open. Missing: an audit that can tell noise from difficulty."
        remedy = f"Let two people label 100 rows of {split} each: where they disagree, no model can be right on both."
        return Observed("inconclusive", summary, evidence, remedy=remedy, split=split)
    low, high, code = found
    decision = decide(values, low - NEAR_CEILING)
    ends = [f"{100 * low:.1f}", f"{100 * high:.1f}"]
    sentence = f"{reached}, and its labels allow {' to '.join(dict.fromkeys(ends))} %"
    evidence = {"seeds": len(values), "accuracy": decision.as_json(), "ceiling": [low, high], "because": code}
    if decision.status == "present" and decision.interval is not None and decision.interval[0] > high + NEAR_CEILING:
        summary = f"{sentence}: it knows what the models of the audit do not, so that this is no ceiling."
        return Observed("absent", summary, evidence | {"above": True}, split=split)
    if decision.status == "inconclusive":
        summary = f"{sentence}: whether that is all is open. Missing: {decision.missing}."
        return Observed("inconclusive", summary, evidence, remedy=advise_seeds(len(variant.cells)), split=split)
    what = "no model can be expected to do better" if decision.status == "present" else "there is room"
    return Observed(decision.status, f"{sentence}: {what}.", evidence, split=split)
