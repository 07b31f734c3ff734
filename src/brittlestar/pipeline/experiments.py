"""Experiments on main, as studies of their own: one round of interventions, each on the same fresh seeds as main; and
main with each draw of its weights under each order of its batches."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from brittlestar.claims.variance_sources import Sources, sources_of
from brittlestar.core.experiments import Experiment
from brittlestar.core.findings import Finding
from brittlestar.diagnosis.causes.interventions import Intervention
from brittlestar.diagnosis.causes.symptoms import judge_experiments
from brittlestar.pipeline.run import RunResult

ALONE = {"probes": {"suite": "none"}, "claims": []}
"""What experiments go without."""
Train = Callable[[Mapping[str, str], float], RunResult]
"""Trains what is missing of the study of experiments, with these settings, and begins no run after these seconds."""
CODES = ("seed.unstable", "seed.collapse")
"""Findings that ask why seeds differ."""
CROSSED = ("init", "order")
LEVELS = 4
"""Draws of each stream, unless somebody asks for more: sixteen runs."""


@dataclass(frozen=True)
class Tried:
    """What experiments brought, and what failed in them, in words."""

    experiments: tuple[Experiment, ...]
    problems: tuple[str, ...]
    stopped: bool = False


def try_interventions(
    interventions: Sequence[Intervention],
    seeds: Sequence[int],
    before: Sequence[Experiment],
    train: Train,
    budget: float = inf,
    most_runs: float = inf,
) -> Tried:
    """Train interventions beside main on `seeds`, and judge them together: as many as `most_runs` runs allow, from the
    first on. No run begins after `budget` seconds. Those tried `before`, for other causes, share the error."""
    affordable = interventions if most_runs == inf else interventions[: int(most_runs) // len(seeds) - 1]
    variants = {one.name: one.variant for one in affordable}
    done = train(_settings_of({"seeds": list(seeds), "variants": variants}), budget)
    failed = (cell for cell in done.record.cells if cell.state == "failed")
    problems = (*done.unscored, *(f"{one.variant} seed {one.seed}: {one.error}" for one in failed))
    earlier = sum(bool(one.of) and one.name not in variants for one in before)
    experiments = judge_experiments(done.record, affordable, earlier)
    return Tried(experiments, tuple(dict.fromkeys(problems)), done.stopped)


def wants_sources(findings: Sequence[Finding], main: str, only: Sequence[str]) -> bool:
    """Whether seeds differ by more than the study reads, or somebody asks about seeds alone."""
    asked = bool(only) and all(one.partition(".")[0] == "seed" for one in only)
    return asked or any(
        one.code in CODES and one.status == "present" and one.where.get("variant") == main for one in findings
    )


def measure_sources(seeds: Sequence[int], train: Train, seconds: float) -> Sources | None:
    """The variance of main's score by source: weights, order of batches, and what is left over (dropout and how the two
    work together). `train` trains a study that crosses the draws of `seeds`; None where it has no score."""
    streams = {**dict.fromkeys(CROSSED, "crossed"), "dropout": "varied"}
    done = train(_settings_of({"seeds": list(seeds), "variants": {}, "streams": streams}), seconds)
    return next((one for one in sources_of(done.record) if one.variant == done.record.main), None)


def _settings_of(values: Mapping[str, Any]) -> dict[str, str]:
    return {path: json.dumps(value) for path, value in {**ALONE, **values}.items()}
