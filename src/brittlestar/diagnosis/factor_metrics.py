"""The second half of `eval.metric`: are the factor-weighted metrics accuracy under another name?"""

from __future__ import annotations

from brittlestar.core.findings import Finding
from brittlestar.core.metric_names import METRICS, metric_names
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.arms import arms, seeds_command

CODE = "eval.metric"
SAME = 0.005
RATIO = 2
BETWEEN = (0.05, 0.95)
FEWEST_CELLS = 5
THRESHOLD = (
    "The largest weight of each factor is at most twice its smallest, and every factor-weighted metric lies within 0.5 "
    "points of accuracy in all of at least 5 runs whose accuracy lies between .05 and .95; or all rows weigh the same."
)


def factor_finding(record: StudyRecord, split: str) -> Finding:
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
        remedy = (
            "Report plain accuracy, and say so; rows of shorter length or with a skewed mix make the weights vary: "
            "`brittlestar generate spr --help`."
        )
        return Finding(CODE, "present", summary, THRESHOLD, "info", where, evidence, remedy)
    if near and seen < FEWEST_CELLS:
        summary = (
            f"{story}; only {seen} runs have an accuracy between {BETWEEN[0]} and {BETWEEN[1]}, where a difference "
            f"could show. Missing: {FEWEST_CELLS - seen} such runs."
        )
        remedy = f"More seeds, or a harder task: {seeds_command(max(len(arm.cells) for arm in arms(record)))}."
        return Finding(CODE, "inconclusive", summary, THRESHOLD, None, where, evidence, remedy)
    size = f"{100 * largest:.1f} points"
    summary = f"{story}; factor-weighted metrics differ from accuracy by up to {size} in {seen} runs."
    return Finding(CODE, "absent", summary, THRESHOLD, where=where, evidence=evidence)


def _counts(accuracy: float | None) -> bool:
    return accuracy is not None and BETWEEN[0] < accuracy < BETWEEN[1]
