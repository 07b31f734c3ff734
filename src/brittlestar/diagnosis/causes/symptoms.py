"""Symptoms of main that can be measured again, whether one goes away where one thing is changed, and that in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.special import stdtr

from brittlestar.core.causes import role_of
from brittlestar.core.experiments import SPLITS, Experiment, Measure, Verdict, read_experiment
from brittlestar.core.findings import Finding
from brittlestar.core.metrics import metric_of
from brittlestar.core.results import CellRecord, StudyRecord
from brittlestar.diagnosis.causes.interventions import Intervention
from brittlestar.diagnosis.curves import change_after, onset
from brittlestar.diagnosis.decisions import decide
from brittlestar.diagnosis.fit_checks import BY_HEART
from brittlestar.statistics.multiplicity import find_holm_levels
from brittlestar.study.units import MINUS

OVERFIT, LEAK, HINT = "train.overfit", "leak.exact", "train.plateau"
MATTERS = 0.02
"""Points of a metric, as a fraction, or nats of dev loss: what a removed cause brings at least (convention)."""


def find_symptoms(findings: Sequence[Finding], main: str) -> tuple[Measure, ...]:
    """What of main is worth measuring again: its score, where something says that it is too low, with whether it learns
    a few rows at all; its score on test, where rows of test are in train; and overfitting."""
    present = [finding for finding in findings if finding.status == "present" and finding.where.get("variant") == main]
    serious = list_serious(findings, main)
    low = any(role_of(finding).symptom == "low" or finding.code == "train.short" for finding in present)
    low = low or any(code.startswith("train.") and code != OVERFIT for code in serious)
    symptoms: list[Measure] = ["score", "train"] if low else []
    leaking = [
        finding.where.get("split")
        for finding in findings
        if finding.code == LEAK and finding.severity in ("error", "warning")
    ]
    if "test" in leaking:
        symptoms.append("test")
    elif leaking and not low:
        symptoms.append("score")
    by_heart = any(finding.code == OVERFIT and BY_HEART in finding.evidence for finding in findings)  # no curve says so
    return (*symptoms, "overfit") if OVERFIT in serious and not by_heart else tuple(symptoms)


def choose_interventions(
    interventions: Sequence[Intervention], findings: Sequence[Finding], main: str, symptoms: Sequence[Measure]
) -> tuple[Intervention, ...]:
    """Interventions on these symptoms of main: those that speak of causes that findings name, or all where none
    does."""
    possible = [intervention for intervention in interventions if intervention.measure in symptoms]
    hints = {
        finding.code
        for finding in findings
        if finding.code == HINT and finding.severity and finding.where.get("variant") == main
    }
    speaking = [
        intervention for intervention in possible if (list_serious(findings, main) | hints) & {*intervention.of}
    ]
    beside = {intervention.beside for intervention in speaking}
    return tuple(
        intervention
        for intervention in possible
        if not speaking or intervention in speaking or intervention.name in beside
    )


def list_serious(findings: Sequence[Finding], main: str) -> set[str]:
    """The codes of errors and warnings about main and about its data."""
    mine = (finding for finding in findings if finding.where.get("variant", main) == main)
    return {finding.code for finding in mine if finding.severity in ("error", "warning")}


def measure_cell(cell: CellRecord, measure: Measure, metric: str) -> float | None:
    """A symptom of one run, larger is better: its score on dev, or how little dev loss rises after its minimum. None
    where it has none."""
    if measure in SPLITS:
        value = cell.score(SPLITS[measure], metric)
        return None if value is None else (-value if not metric_of(metric).higher_is_better else value)
    curve = cell.curves.get("dev.log_loss")
    if curve is not None and cell.outcome == "fitted":  # one that trains itself may know nothing before any step
        curve = curve[1:]
    if curve is None or not np.isfinite(curve).all() or curve.size < 2:
        return None
    return -change_after(curve, onset(curve))


ERROR = 0.05
"""All interventions of a diagnosis share it (Holm 1979): each has an interval at 1 - its part of the error."""
VERDICTS: dict[str, Verdict] = {"present": "confirmed", "absent": "refuted", "inconclusive": "open"}


def judge_experiments(record: StudyRecord, tried: Sequence[Intervention], earlier: int = 0) -> tuple[Experiment, ...]:
    """What each intervention brought: what removes a cause before what shows a leak, the confirmed first, and of these
    the largest effect first. `earlier` is how many others were tried before, for other causes.

    `record` is a study whose main is the unchanged model and whose variants are the interventions, all on the same
    seeds, which no finding was chosen on: bad seeds that are run again get better by themselves, and so would any
    intervention on them. The difference is taken seed by seed. It is confirmed where its whole interval lies above
    `MATTERS` with five seeds or more, refuted where all of it lies below. Less overfitting confirms nothing where the
    score falls, too. What confirms no cause has the level of the least certain intervention.
    """
    pairs = {intervention.name: found for intervention in tried if (found := _pair_seeds(record, intervention))}
    counted = [intervention.name for intervention in tried if intervention.of and intervention.name in pairs]
    shared_by = [*(_find_p(pairs[name]) for name in counted), *[1.0] * max(earlier, int(not counted))]
    errors = find_holm_levels(shared_by, ERROR)
    level_of = dict(zip(counted, errors, strict=False))
    found = [
        _judge(record, intervention, pairs[intervention.name], 1 - level_of.get(intervention.name, min(errors)))
        for intervention in tried
        if intervention.name in pairs
    ]
    return tuple(sorted(found, key=lambda one: (one.brings, one.verdict != "confirmed", -one.estimate)))


def _find_p(pairs: Sequence[float]) -> float:
    """The two-sided p-value of a t test of the mean against `MATTERS`: below alpha where the interval at 1 - alpha lies
    on one side of it."""
    if len(pairs) < 2:
        return 1.0
    distance, error = abs(float(np.mean(pairs)) - MATTERS), float(np.std(pairs, ddof=1)) / len(pairs) ** 0.5
    if error == 0:
        return float(distance == 0)
    return float(2 * stdtr(len(pairs) - 1, -distance / error))


def _judge(record: StudyRecord, intervention: Intervention, pairs: Sequence[float], level: float) -> Experiment:
    decision = decide(pairs, MATTERS, level)
    if intervention.measure == "overfit" and decision.status == "present":
        scores = decide(_pair_seeds(record, replace(intervention, measure="score")), -MATTERS, level)
        if scores.status != "present":  # what learns nothing does not overfit either
            decision = replace(decision, status="inconclusive", missing="a change that does not lower the score")
    return Experiment(
        intervention.name, dict(intervention.changes), intervention.of, intervention.measure, record.metric,
        VERDICTS[decision.status], decision.estimate, decision.interval,
        level, decision.n, MATTERS, decision.missing, intervention.brings, intervention.beside,
    )  # fmt: skip


def confirm_findings(findings: Sequence[Finding], main: str, experiments: Sequence[Experiment]) -> tuple[Finding, ...]:
    """The findings, those about main with `confirmed_by` where an experiment that removes their cause is confirmed."""

    def fill(finding: Finding) -> Finding:
        removed = [experiment for experiment in experiments if finding.code in experiment.of and experiment.removes]
        if finding.status != "present" or finding.where.get("variant") != main or not removed:
            return finding
        return replace(finding, confirmed_by=max(removed, key=lambda one: one.estimate).as_json())

    return tuple(fill(one) for one in findings)


def _pair_seeds(record: StudyRecord, intervention: Intervention) -> list[float]:
    """How much better the changed model is, or worse where it `brings` a loss, for each seed that both have."""
    sides: list[dict[int, float]] = []
    for variant in (intervention.name, intervention.beside or record.main):
        done = record.cells_of(variant, "done")
        values = {cell.seed: measure_cell(cell, intervention.measure, record.metric) for cell in done}
        sides.append({seed: value for seed, value in values.items() if value is not None})
    changed, unchanged = sides
    sign = -1 if intervention.brings else 1
    return [sign * (changed[seed] - unchanged[seed]) for seed in sorted(set(changed) & set(unchanged))]


_LEARNED = {
    "confirmed": " A few rows can be learned by heart, so that steps do reach the scores.",
    "refuted": " Not even a few rows are learned: look at gradients, at the rate, and at the way to the scores.",
}
"""What it says of a model whether a few rows can be learned."""


def describe_experiment(experiment: Experiment) -> str:
    """`training.learning_rate=0.0003: +21.0 points on dev [15.1, 26.9] (98.3 % interval; 5 fresh seeds): confirmed`."""
    changed = ", ".join(f"{path}={'null' if value is None else value}" for path, value in experiment.changes.items())
    changed += f" beside {experiment.beside}" if experiment.beside else ""
    split = SPLITS.get(experiment.measure)
    points = split is not None and metric_of(experiment.metric).higher_is_better
    sign = -1 if points and experiment.brings else 1

    def number(value: float) -> str:
        return f"{100 * sign * value:+.1f}" if points else f"{value:.3f}"

    if points:
        size = f"{number(experiment.estimate)} points on {split}"
    elif split is not None:
        than = "higher" if experiment.brings else "lower"
        size = f"{experiment.metric} on {split} is {number(experiment.estimate)} {than}"
    else:
        size = f"dev loss rises by {number(experiment.estimate)} nats less"
    level = f"{100 * experiment.level:.{1 if experiment.level < 0.999 else 2}f}"
    ends = [number(end) for end in (experiment.interval or ())[::sign]]
    interval = f"[{', '.join(ends)}], {level} % interval" if ends else "no interval"
    sentence = f"{size} ({interval}".replace("-", MINUS)
    open_ = f" Missing: {experiment.missing}." if experiment.missing else ""
    learned = _LEARNED.get(experiment.verdict, "") if split == "train" else ""
    return f"{changed}: {sentence}; {experiment.seeds} fresh seeds).{open_}{learned}"


def describe_confirmation(confirmed_by: Mapping[str, Any]) -> str:
    """What confirms a finding, with the name of the experiment: `lower-rate, training.learning_rate=0.1: …`."""
    return f"{confirmed_by['name']}, {describe_experiment(read_experiment(confirmed_by))}"
