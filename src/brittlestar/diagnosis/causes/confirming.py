"""Whether a symptom goes away where one thing is changed, and which findings that confirms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from brittlestar.core.experiments import Experiment, Verdict
from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.causes.interventions import Intervention
from brittlestar.diagnosis.causes.symptoms import MATTERS, measure_cell
from brittlestar.diagnosis.decisions import decide
from brittlestar.statistics.looks import share_error

ERROR = 0.05
"""All interventions of a diagnosis share it (Bonferroni 1936), and each its part over the looks at it: an interval at
1 - ERROR * share of the look / how many."""
VERDICTS: dict[str, Verdict] = {"present": "confirmed", "absent": "refuted", "inconclusive": "open"}


def judge_experiments(
    record: StudyRecord, tried: Sequence[Intervention], sharing: Mapping[str, int] | None = None
) -> tuple[Experiment, ...]:
    """What each intervention brought, in the order of the largest effect. `sharing` says in how many parts the error is
    for each; without it those of `tried` that confirm something share it.

    `record` is a study whose main is the unchanged model and whose variants are the interventions, all on the same
    seeds, which no finding was chosen on: bad seeds that are run again get better by themselves, and so would any
    intervention on them. The difference is taken seed by seed. It is confirmed where its whole interval lies above
    `MATTERS` with five seeds or more, refuted where all of it lies below. Less overfitting confirms nothing where the
    score falls, too.
    """
    together = max(sum(bool(one.of) for one in tried), 1)
    found = [_judge(record, one, ERROR / (together if sharing is None else sharing[one.name])) for one in tried]
    return order_experiments(one for one in found if one is not None)


def order_experiments(experiments: Iterable[Experiment]) -> tuple[Experiment, ...]:
    """What removes a cause before what brings one, the confirmed first, and of these the largest effect first."""
    return tuple(sorted(experiments, key=lambda one: (one.brings, one.verdict != "confirmed", -one.estimate)))


def _judge(record: StudyRecord, one: Intervention, error: float) -> Experiment | None:
    """What one intervention brought; None where it has no pair of runs."""
    pairs = _pair_seeds(record, one)
    if not pairs:
        return None
    level = 1 - error * share_error(len(pairs))
    decision = decide(pairs, MATTERS, level)
    if one.measure == "overfit" and decision.status == "present" and not one.brings:
        scores = decide(_pair_seeds(record, replace(one, measure="score")), -MATTERS, level)
        if scores.status != "present":  # what learns nothing does not overfit either
            missing = "a change that does not lower the score"
            decision = replace(decision, status="inconclusive", missing=missing, needs=scores.needs)
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
        decision.needs,
    )


def confirm_findings(findings: Sequence[Finding], main: str, experiments: Sequence[Experiment]) -> tuple[Finding, ...]:
    """The findings, those about main with `confirmed_by` where an experiment that removes their cause is confirmed; its
    `brought_back_by` is the confirmed experiment that plants it, or None."""
    confirmed = [one for one in experiments if one.verdict == "confirmed"]

    def fill(finding: Finding) -> Finding:
        mine = [one for one in confirmed if finding.code in one.of]
        removed = [one for one in mine if one.removes]
        if finding.status != "present" or finding.where.get("variant") != main or not removed:
            return finding
        planted = max((one for one in mine if one.brings), key=lambda one: one.estimate, default=None)
        back = None if planted is None else planted.as_json()
        best = max(removed, key=lambda one: one.estimate)
        return replace(finding, confirmed_by={**best.as_json(), "brought_back_by": back})

    return tuple(fill(one) for one in findings)


def _pair_seeds(record: StudyRecord, one: Intervention) -> list[float]:
    """How much better the changed model is, or worse where it brings the cause, for each seed that both have."""
    sides: list[dict[int, float]] = []
    for variant in (one.shown_by or one.name, one.beside or record.main):
        cells = (cell for cell in record.cells if cell.variant == variant and cell.state == "done")
        values = {cell.seed: measure_cell(cell, one.measure, record.metric) for cell in cells}
        sides.append({seed: value for seed, value in values.items() if value is not None})
    changed, unchanged = sides
    sign = -1 if one.brings else 1
    return [sign * (changed[seed] - unchanged[seed]) for seed in sorted(set(changed) & set(unchanged))]
