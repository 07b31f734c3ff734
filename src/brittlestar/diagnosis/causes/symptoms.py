"""Which symptoms of main can be measured again, which interventions speak of them, and which come first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from brittlestar.core.experiments import SPLITS, Measure
from brittlestar.core.findings import Finding
from brittlestar.core.metric_names import LOWER_IS_BETTER
from brittlestar.core.results import CellRecord
from brittlestar.diagnosis.causes.interventions import Intervention
from brittlestar.diagnosis.curves import change_after, onset
from brittlestar.diagnosis.train_overfit import BY_HEART

OVERFIT, LEAK = "train.overfit", "leak.exact"
LOW = ("eval.below-trivial", "eval.metric", "eval.constant", "train.plateau", "seed.collapse")
"""Symptoms of a score that is too low, beside all causes in training."""
SYMPTOMS = (*LOW, "eval.slice", "eval.calibration", "eval.disagree", "seed.unstable")
"""What says that something is wrong, and not why."""
MATTERS = 0.02
"""Points of a metric, as a fraction, or nats of dev loss: what a removed cause brings at least (convention)."""


def find_symptoms(findings: Sequence[Finding], main: str) -> tuple[Measure, ...]:
    """What of main is worth measuring again: its score, where something says that it is too low, with whether it learns
    a few rows at all; its score on test, where rows of test are in train; and overfitting."""
    present = {one.code for one in findings if one.status == "present" and one.where.get("variant") == main}
    serious = list_serious(findings, main)
    low = present & {*LOW, "train.short"} or {code for code in serious if code.startswith("train.") and code != OVERFIT}
    symptoms: list[Measure] = ["score", "train"] if low else []
    leaking = [one.where.get("split") for one in findings if one.code == LEAK and one.severity in ("error", "warning")]
    if "test" in leaking:
        symptoms.append("test")
    elif leaking and not low:
        symptoms.append("score")
    by_heart = any(one.code == OVERFIT and BY_HEART in one.evidence for one in findings)  # no curve says so
    return (*symptoms, "overfit") if OVERFIT in serious and not by_heart else tuple(symptoms)


def choose_interventions(
    interventions: Sequence[Intervention], findings: Sequence[Finding], main: str, symptoms: Sequence[Measure]
) -> tuple[Intervention, ...]:
    """Interventions on these symptoms of main: those that speak of causes that findings name, or all where none
    does."""
    possible = [one for one in interventions if one.measure in symptoms]
    serious = list_serious(findings, main)
    speaking = [one for one in possible if serious & {*one.of}]
    beside = {one.beside for one in speaking}
    return tuple(one for one in possible if not speaking or one in speaking or one.name in beside)


def list_serious(findings: Sequence[Finding], main: str) -> set[str]:
    """The codes of errors and warnings about main and about its data."""
    mine = (one for one in findings if one.where.get("variant", main) == main)
    return {one.code for one in mine if one.severity in ("error", "warning")}


def measure_cell(cell: CellRecord, measure: Measure, metric: str) -> float | None:
    """A symptom of one run, larger is better: its score on dev, or how little dev loss rises after its minimum. None
    where it has none."""
    if measure in SPLITS:
        value = cell.scores.get(SPLITS[measure], {}).get("best", {}).get(metric)
        return None if value is None else (-value if metric in LOWER_IS_BETTER else value)
    curve = cell.curves.get("dev.log_loss")
    if curve is not None and cell.outcome == "fitted":  # one that trains itself may know nothing before any step
        curve = curve[1:]
    if curve is None or not np.isfinite(curve).all() or curve.size < 2:
        return None
    return -change_after(curve, onset(curve))
