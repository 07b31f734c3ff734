"""Finding `eval.disagree`."""

from collections.abc import Iterator

from brittlestar.core.findings import Finding
from brittlestar.core.metric_names import LOWER_IS_BETTER
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.arms import Arm, advise_seeds, arms, evaluation_split
from brittlestar.diagnosis.decisions import side_of
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.statistics.t_intervals import Summary, t_interval
from brittlestar.study.units import unit_of

CODE = "eval.disagree"
THRESHOLD = (
    "The 95 % interval over seeds of a variant less main lies on one side of 0 for the headline metric and, with "
    "intervals shared among all metrics and variants (Bonferroni), on the other side for another metric."
)


def check(record: StudyRecord) -> Iterator[Finding]:
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
    split = evaluation_split(record)
    everything = {arm.name: arm for arm in arms(record)}
    base = everything.get(record.main)
    if split is None or base is None or len(everything) < 2:
        return
    tests = (len(everything) - 1) * len(record.metrics)
    for arm in everything.values():
        if arm.name != record.main:
            yield _finding(record, arm, base, split, tests)


def _finding(record: StudyRecord, arm: Arm, base: Arm, split: str, tests: int) -> Finding:
    where = {"variant": arm.name, "split": split}
    found: dict[str, Summary] = {}
    for metric in record.metrics:
        mine, theirs = arm.scores(split, metric), base.scores(split, metric)
        sign = -1 if metric in LOWER_IS_BETTER else 1
        values = [sign * (mine[seed] - theirs[seed]) for seed in sorted(mine.keys() & theirs.keys())]
        if values:
            found[metric] = t_interval(values, 1 - 0.05 / tests)
    seeds = min((one.n for one in found.values()), default=0)
    gains = {
        name: {"gain": one.mean, "interval": None if one.interval is None else list(one.interval), "seeds": one.n}
        for name, one in found.items()
    }
    evidence = {"seeds": seeds, "tests": tests, "metrics": gains}
    if seeds < MIN_SEEDS:
        summary = f"{arm.name}: {seeds} seeds are shared with {base.name}; missing: {MIN_SEEDS - seeds} more."
        remedy = advise_seeds(min(len(arm.cells), len(base.cells)))
        return Finding(CODE, "inconclusive", summary, THRESHOLD, None, where, evidence, remedy)
    sides = {name: side_of(one.interval) for name, one in found.items()}
    headline = sides.get(record.metric, 0)
    against = [name for name, side in sides.items() if headline and side == -headline]
    if not against:
        clear = [name for name, side in sides.items() if side]
        summary = f"{arm.name}: {len(clear)} of {len(sides)} metrics are clear of 0 against {base.name}, and agree."
        return Finding(CODE, "absent", summary, THRESHOLD, where=where, evidence=evidence)
    better, worse = (record.metric, against[0]) if headline > 0 else (against[0], record.metric)
    told = [f"{unit_of(one).name} ({unit_of(one).amount(abs(found[one].mean))})" for one in (better, worse)]
    summary = f"{arm.name} is better than {base.name} by {told[0]} and worse by {told[1]}, over {seeds} seeds."
    return Finding(CODE, "present", summary, THRESHOLD, "warning", where, evidence, "Report both metrics.")
