"""Finding `seed.unstable`."""

from collections.abc import Iterator, Mapping, Sequence

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.arms import Arm, advise_seeds, arms, by_seed, evaluation_split
from brittlestar.diagnosis.decisions import decide_spread
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.statistics.t_intervals import Summary, t_interval

CODE = "seed.unstable"
LEAST_SPREAD = 0.02  # convention: two points of standard deviation
THRESHOLD = (
    "The interval of the standard deviation over seeds lies above .02 and above the largest mean difference between "
    "main and another variant, with at least 5 seeds."
)


def check(record: StudyRecord) -> Iterator[Finding]:
    """The spread over seeds is larger than the effects the study reads.

    **What it means.** Which variant looks better depends on the seeds that were run.

    **How it is decided.** Per variant, the standard deviation over seeds of the headline metric (best checkpoint, test,
    else dev) with a 95 % chi-square interval, against the largest absolute mean difference between main and another
    variant, paired by seed. Diverged runs count at their majority score.

    **Thresholds.** Present: lower end above max(.02, largest difference), with at least 5 seeds. Absent: upper end
    below it. Severity: warning.

    **What it cannot see.** Spread over test rows or training sets. The largest of several differences is itself a
    little too large by selection. Two modes look like a large spread; `seed.collapse` tells them apart.

    **What to do.** More seeds, and a paired comparison.
    """
    split = evaluation_split(record)
    everyone = arms(record)
    scores = {arm.name: {} if split is None else arm.scores(split, record.metric) for arm in everyone}
    effects = _effects(scores, record.main)
    for arm in everyone:
        yield _finding(arm, scores[arm.name], effects, record.metric, split)


def _effects(scores: Mapping[str, Mapping[int, float]], main: str) -> dict[str, Summary]:
    base = scores.get(main, {})
    found: dict[str, Summary] = {}
    for name, values in sorted(scores.items()):
        shared = sorted(set(values) & set(base))
        if name != main and shared:
            found[name] = t_interval([values[seed] - base[seed] for seed in shared])
    return found


def _finding(
    arm: Arm, scores: Mapping[int, float], effects: Mapping[str, Summary], metric: str, split: str | None
) -> Finding:
    where = {"variant": arm.name} | ({} if split is None else {"split": split})
    if split is None or len(scores) < 2:
        summary = (
            f"{arm.name}: {len(scores)} of {len(arm.cells)} runs have {metric} on {split or 'a held-out split'}; "
            f"a spread needs two, a verdict {MIN_SEEDS} seeds."
        )
        evidence = {"seeds": by_seed(scores), "missing": f"{MIN_SEEDS - len(scores)} more seeds"}
        return Finding(CODE, "inconclusive", summary, THRESHOLD, None, where, evidence, _more(arm))
    largest = max((abs(effect.mean) for effect in effects.values()), default=0.0)
    name = max(sorted(effects), key=lambda other: abs(effects[other].mean)) if effects else None
    decision = decide_spread([scores[seed] for seed in sorted(scores)], max(LEAST_SPREAD, largest))
    evidence = {
        "metric": metric,
        "standard_deviation": decision.as_json(),
        "seeds": by_seed(scores),
        "largest_effect": largest if effects else None,
        "effects": {other: _as_json(effect) for other, effect in effects.items()},
    }
    against = f"the largest effect read, {largest:.3f} ({name} against main)" if effects else "no other variant"
    story = f"{arm.name}: SD of {metric} on {split} over {len(scores)} seeds is {decision.text}; {against}"
    if decision.status == "present":
        return Finding(CODE, "present", f"{story}.", THRESHOLD, "warning", where, evidence, _more(arm, 4 * len(scores)))
    if decision.status == "absent":
        return Finding(CODE, "absent", f"{story}.", THRESHOLD, where=where, evidence=evidence)
    summary = f"{story}; against {decision.threshold:.3f} that is open. Missing: {decision.missing}."
    return Finding(CODE, "inconclusive", summary, THRESHOLD, None, where, evidence, _more(arm))


def _more(arm: Arm, least: int = MIN_SEEDS) -> str:
    return advise_seeds(len(arm.cells), least, "Run more seeds, in every variant")


def _as_json(effect: Summary) -> dict[str, object]:
    interval: Sequence[float] | None = None if effect.interval is None else list(effect.interval)
    return {"difference": effect.mean, "interval": interval, "pairs": effect.n}
