"""Finding `eval.metric`."""

from collections.abc import Iterator

from brittlestar.core.commands import Advice, command
from brittlestar.core.findings import Finding
from brittlestar.core.metric_names import LOWER_IS_BETTER, METRICS, metric_names
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.arms import Arm, advise_seeds, arms, by_seed, evaluation_split, suggest_rerun
from brittlestar.diagnosis.ceilings import trivial_score
from brittlestar.diagnosis.decisions import Decision, decide
from brittlestar.statistics.floors import MIN_SEEDS

CODE = "eval.metric"
NOISE = 2.0  # standard errors, at 95 %
LEAST_NATS = 0.02  # convention: as `train.overfit`
THRESHOLD = (
    "The mean of the headline metric over at least 5 seeds lies, with its whole interval, no more than 2 standard "
    "errors over rows above the trivial score, and another metric tells the variant from trivial, or it is main."
)
SAME = 0.005  # half a point: what a person sees of a rounded score
RATIO = 2  # convention: within a factor of two a ratio hardly varies
BETWEEN = (0.05, 0.95)  # outside them every metric is nearly 0 or 1
FEWEST_CELLS = 5  # as few seeds as are judged
FACTOR_THRESHOLD = (
    "The largest weight of each factor is at most twice its smallest, and every factor-weighted metric lies within 0.5 "
    "points of accuracy in all of at least 5 runs whose accuracy lies between .05 and .95; or all rows weigh the same."
)


def check(record: StudyRecord) -> Iterator[Finding]:
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
    split = evaluation_split(record)
    for arm in arms(record):
        yield _finding(record, arm, split)
    if record.factors and split is not None:
        yield _factor_finding(record, split)


def _gain(record: StudyRecord, arm: Arm, split: str, metric: str) -> Decision | None:
    trivial = trivial_score(record.splits[split], metric)
    scores = arm.scores(split, metric)
    if trivial is None or not scores:
        return None
    sign = -1 if metric in LOWER_IS_BETTER else 1
    noise = LEAST_NATS if metric == "log_loss" else NOISE * trivial.error
    return decide([sign * (scores[seed] - trivial.score) for seed in sorted(scores)], noise)


def _finding(record: StudyRecord, arm: Arm, split: str | None) -> Finding:
    where = {"variant": arm.name} | ({} if split is None else {"split": split})
    gain = None if split is None else _gain(record, arm, split, record.metric)
    if split is None or gain is None:
        missing = "a test or dev split" if split is None else f"a done run and a trivial score of {record.metric}"
        summary = f"{arm.name}: {len(arm.done)} of {len(arm.cells)} runs are done; missing: {missing}."
        remedy = "Give the data a test split (the split command makes one), and run the study from its data again."
        remedy = remedy if split is None else suggest_rerun(arm.cells)
        return Finding(CODE, "inconclusive", summary, THRESHOLD, None, where, {"missing": missing}, remedy)
    majority = record.splits[split].majority
    others = {
        metric: found
        for metric in ("balanced_accuracy", "accuracy")
        if metric != record.metric and (found := _gain(record, arm, split, metric)) is not None
    }
    evidence = {
        "metric": record.metric,
        "gain": gain.as_json(),
        "trivial": majority[record.metric],
        "seeds": by_seed(arm.scores(split, record.metric)),
        "other_gains": {metric: found.as_json() for metric, found in others.items()},
        "classes": len(record.splits[split].classes),
    }
    story = (
        f"{arm.name}: {record.metric} on {split} is {gain.text} better than the trivial {majority[record.metric]:.3f} "
        f"({gain.n} seed{'s' if gain.n != 1 else ''}; chance over rows explains {gain.threshold:.3f})"
    )
    if gain.above is True:
        return Finding(CODE, "absent", f"{story}.", THRESHOLD, where=where, evidence=evidence)
    if gain.above is None or gain.n < MIN_SEEDS:
        missing = gain.missing or f"{MIN_SEEDS - gain.n} more seeds (at least {MIN_SEEDS})"
        remedy = advise_seeds(len(arm.cells))
        summary = f"{story}; that is open. Missing: {missing}."
        return Finding(CODE, "inconclusive", summary, THRESHOLD, None, where, evidence, remedy)
    telling = [metric for metric, found in others.items() if found.status == "present"]
    severity = "error" if arm.name == record.main else "warning"
    if telling:
        summary = f"{story}, but {telling[0]} tells them apart: {others[telling[0]].text} better."
        remedy = Advice(("Head the report with it: ", command("run", settings={"report.metric": telling[0]})))
        return Finding(CODE, "present", summary, THRESHOLD, severity, where, evidence, remedy)
    balanced = others.get("balanced_accuracy")
    beside = (
        ""
        if balanced is None
        else f"; balanced accuracy gains {balanced.text} over {majority['balanced_accuracy']:.3f}"
    )
    if arm.name == record.main:
        weighted = command("run", settings={"training.class_weights": "balanced"})
        remedy = Advice(
            "The model has learned nothing that a constant has not.",
            "Read what the audit says of labels and tokens.",
            ("Then train longer or with class weights: ", weighted),
        )
        return Finding(CODE, "present", f"{story}{beside}.", THRESHOLD, severity, where, evidence, remedy)
    return Finding(CODE, "absent", f"{story}{beside}: unlearned.", THRESHOLD, where=where, evidence=evidence)


def _factor_finding(record: StudyRecord, split: str) -> Finding:
    """One finding for the whole study, on the best and last checkpoints of every variant on `split`."""
    metrics = [name for name in metric_names(record.factors) if name not in METRICS]
    ranges = {name: record.splits[split].factor_weight_range.get(name) for name in record.factors}
    seen, largest = 0, 0.0
    for arm in arms(record):
        for cell in arm.done:
            seen += _counts(cell.scores.get(split, {}).get("best", {}).get("accuracy"))
            for scores in cell.scores.get(split, {}).values():
                accuracy = scores.get("accuracy")
                values = [value for name in metrics if (value := scores.get(name)) is not None]
                if accuracy is not None and _counts(accuracy):
                    largest = max([largest, *(abs(value - accuracy) for value in values)])
    where = {"split": split, "metric": ", ".join(metrics)}
    evidence = {
        "largest_difference": largest if seen else None,
        "cells": seen,
        "weight_ranges": {name: None if pair is None else list(pair) for name, pair in ranges.items()},
    }
    shown = ", ".join(f"{name} {pair[0]}–{pair[1]}" for name, pair in ranges.items() if pair is not None)
    story = f"factor weights on {split} range over {shown or 'nothing'}"
    known = [pair for pair in ranges.values() if pair is not None]
    constant = bool(known) and len(known) == len(ranges) and all(low == high > 0 for low, high in known)
    near = bool(known) and len(known) == len(ranges) and all(0 < high <= RATIO * low for low, high in known)
    if constant or (near and seen >= FEWEST_CELLS and largest <= SAME):
        apart = f"they differ from accuracy by at most {100 * largest:.1f} points in {seen} runs"
        found = "by arithmetic" if constant else apart
        summary = f"{', '.join(metrics)} are accuracy under another name: {story}; {found}."
        how = "rows of shorter length or with a skewed mix make the weights vary: "
        remedy = Advice((f"Report plain accuracy, and say so; {how}", command("generate", "spr", help=True)))
        return Finding(CODE, "present", summary, FACTOR_THRESHOLD, "info", where, evidence, remedy)
    if near and seen < FEWEST_CELLS:
        summary = (
            f"{story}; only {seen} runs have an accuracy between {BETWEEN[0]} and {BETWEEN[1]}, where a difference "
            f"could show. Missing: {FEWEST_CELLS - seen} such runs."
        )
        remedy = advise_seeds(max(len(arm.cells) for arm in arms(record)), words="More seeds, or a harder task")
        return Finding(CODE, "inconclusive", summary, FACTOR_THRESHOLD, None, where, evidence, remedy)
    size = f"{100 * largest:.1f} points"
    summary = f"{story}; factor-weighted metrics differ from accuracy by up to {size} in {seen} runs."
    return Finding(CODE, "absent", summary, FACTOR_THRESHOLD, where=where, evidence=evidence)


def _counts(accuracy: float | None) -> bool:
    return accuracy is not None and BETWEEN[0] < accuracy < BETWEEN[1]
