"""What the checks of studies say of curves that were logged elsewhere, by the same rules, and what the curves show."""

from collections.abc import Iterator, Sequence

import numpy as np

from brittlestar.core.catalogue import find_checks
from brittlestar.core.checks import run_checks
from brittlestar.core.findings import Finding
from brittlestar.core.metrics import list_names_of_curves
from brittlestar.core.results import StudyRecord
from brittlestar.study.units import unit_of
from brittlestar.training.history import LOSS

NEEDED = "train.nonfinite train.diverging train.overfit train.short train.plateau seed.collapse seed.unstable"
CODES = tuple(NEEDED.split())
"""Checks that curves alone can answer."""
EFFECTS = {"train.overfit": "rise", "train.short": "gain"}
"""Under which name the evidence of a code holds the effect in dev loss that is held against a threshold."""
SCORES = tuple(f"dev.{metric}" for metric in list_names_of_curves())
CLEAR = 2.0
"""Standard deviations of a point of the dev loss by which an effect exceeds its threshold to be shown as likely
(convention; the medians of three points that it is made of vary less)."""


def check_log(record: StudyRecord) -> tuple[Finding, ...]:
    """What the checks of curves say of runs that differ in the seed alone."""
    checks = find_checks("record")
    return tuple(run_checks([checks[code] for code in CODES], record))


def choose_leaning(findings: Sequence[Finding], record: StudyRecord) -> tuple[Finding, ...]:
    """Inconclusive findings whose effect in dev loss exceeds its threshold clearly, for all that the curves waver; of
    overfitting those with a train loss that falls. No verdict: that takes five runs."""
    margin = CLEAR * _measure_noise(record) / np.sqrt(len(record.cells))
    found: list[Finding] = []
    for finding in findings:
        effect = finding.evidence.get(EFFECTS.get(finding.code, ""))
        fall = finding.evidence.get("train_fall", {"falling": 1, "of": 1})
        if finding.status == "inconclusive" and effect is not None and 2 * fall["falling"] > fall["of"]:
            found += [finding] if effect["estimate"] > effect["threshold"] + margin else []
    return tuple(found)


def _measure_noise(record: StudyRecord) -> float:
    """How far a point of the dev loss wavers about its course, in nats: from its second differences, whose standard
    deviation is the square root of 6 times as large, by their median size (Gaussian: 0.6745 of it)."""
    curves = [run.curves[LOSS][1:] for run in record.cells if LOSS in run.curves]
    bends = [np.median(np.abs(np.diff(curve, 2))) for curve in curves if curve.size > 2 and np.isfinite(curve).all()]
    return float(np.median(bends)) / 0.6745 / 6**0.5 if bends else 0.0


def describe_curves(record: StudyRecord) -> str:
    """What the curves show, without judging it, of several runs as medians: `dev loss is lowest at epoch 6 of 20, at
    0.412, and ends at 0.655; …`."""
    return "; ".join(part for role in (LOSS, "train.loss", *SCORES) for part in _describe_role(record, role)) + "."


def _describe_role(record: StudyRecord, role: str) -> Iterator[str]:
    curves = [run.curves[role][1:] for run in record.cells if role in run.curves]
    finite = [curve for curve in curves if np.isfinite(curve).all()]
    part, _, metric = role.replace("log_loss", "loss").partition(".")
    words, unit = f"{part} {metric.replace('_', ' ')}", unit_of("log_loss" if metric == "loss" else metric)
    lost = [(int(np.argmax(~np.isfinite(curve))), curve) for curve in curves if np.isinf(curve).any()]
    if lost:
        at, curve = min(lost, key=lambda one: one[0])
        before = f", where it was {unit.number(float(curve[at - 1]))} before" if at else ""
        many = "" if len(curves) == 1 else f" in {len(lost)} of {len(curves)} runs"
        yield f"{words} is not finite{many} from epoch {at + 1} on{before}"
    if not finite:
        return
    start, end = (unit.number(float(np.median([curve[at] for curve in finite]))) for at in (0, -1))
    if part == "train":
        yield f"{words} goes from {start} to {end}"
        return
    best = [int(np.argmin(curve) if metric == "loss" else np.argmax(curve)) for curve in finite]
    level = unit.number(float(np.median([curve[at] for curve, at in zip(finite, best, strict=True)])))
    where = f"{np.median(best) + 1:g} of {max(curve.size for curve in finite)}"
    yield f"{words} is {'lowest' if metric == 'loss' else 'highest'} at epoch {where}, at {level}, and ends at {end}"
