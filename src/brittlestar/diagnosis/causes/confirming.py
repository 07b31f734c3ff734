"""Whether a symptom goes away where one thing is changed, and which findings that confirms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.special import stdtr

from brittlestar.core.experiments import Experiment, Verdict
from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.causes.interventions import Intervention
from brittlestar.diagnosis.causes.symptoms import MATTERS, measure_cell
from brittlestar.diagnosis.decisions import decide
from brittlestar.statistics.multiplicity import find_holm_levels

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
    pairs = {one.name: found for one in tried if (found := _pair_seeds(record, one))}
    counted = [one.name for one in tried if one.of and one.name in pairs]
    shared_by = [*(_find_p(pairs[name]) for name in counted), *[1.0] * max(earlier, int(not counted))]
    errors = find_holm_levels(shared_by, ERROR)
    level_of = dict(zip(counted, errors, strict=False))
    found = [
        _judge(record, one, pairs[one.name], 1 - level_of.get(one.name, min(errors)))
        for one in tried
        if one.name in pairs
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


def _judge(record: StudyRecord, one: Intervention, pairs: Sequence[float], level: float) -> Experiment:
    """What one intervention brought."""
    decision = decide(pairs, MATTERS, level)
    if one.measure == "overfit" and decision.status == "present":
        scores = decide(_pair_seeds(record, replace(one, measure="score")), -MATTERS, level)
        if scores.status != "present":  # what learns nothing does not overfit either
            decision = replace(decision, status="inconclusive", missing="a change that does not lower the score")
    return Experiment(
        one.name,
        dict(one.changes),
        one.of,
        one.measure,
        record.metric,
        VERDICTS[decision.status],
        decision.estimate,
        decision.interval,
        level,
        decision.n,
        MATTERS,
        decision.missing,
        one.brings,
        one.beside,
    )


def confirm_findings(findings: Sequence[Finding], main: str, experiments: Sequence[Experiment]) -> tuple[Finding, ...]:
    """The findings, those about main with `confirmed_by` where an experiment that removes their cause is confirmed."""

    def fill(finding: Finding) -> Finding:
        removed = [one for one in experiments if finding.code in one.of and one.removes]
        if finding.status != "present" or finding.where.get("variant") != main or not removed:
            return finding
        return replace(finding, confirmed_by=max(removed, key=lambda one: one.estimate).as_json())

    return tuple(fill(one) for one in findings)


def _pair_seeds(record: StudyRecord, one: Intervention) -> list[float]:
    """How much better the changed model is, or worse where it `brings` a loss, for each seed that both have."""
    sides: list[dict[int, float]] = []
    for variant in (one.name, one.beside or record.main):
        cells = (cell for cell in record.cells if cell.variant == variant and cell.state == "done")
        values = {cell.seed: measure_cell(cell, one.measure, record.metric) for cell in cells}
        sides.append({seed: value for seed, value in values.items() if value is not None})
    changed, unchanged = sides
    sign = -1 if one.brings else 1
    return [sign * (changed[seed] - unchanged[seed]) for seed in sorted(set(changed) & set(unchanged))]
