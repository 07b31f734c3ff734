"""Experiments on a cause, round after round: what findings name first, then what else there is, then the planting."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from brittlestar.core.experiments import Experiment
from brittlestar.diagnosis.arms import Arm
from brittlestar.diagnosis.causes.confirming import judge_experiments
from brittlestar.diagnosis.causes.interventions import Intervention
from brittlestar.diagnosis.causes.planting import plant_causes
from brittlestar.verbs.run import RunResult

ALONE = {"probes": {"suite": "none"}, "claims": []}
"""What experiments go without."""
Train = Callable[[Mapping[str, str], float], RunResult]
"""Trains what is missing of the study of experiments, with these settings, and begins no run after these seconds."""


@dataclass(frozen=True)
class Tried:
    """What experiments brought, and what failed in them, in words."""

    experiments: tuple[Experiment, ...]
    problems: tuple[str, ...]
    stopped: bool = False


def try_interventions(
    arm: Arm,
    train_rows: int,
    rounds: Sequence[Sequence[Intervention]],
    seeds: Sequence[int],
    before: Sequence[Experiment],
    train: Train,
    budget: float = inf,
    most_runs: float = inf,
) -> Tried:
    """Try the interventions of one round after the other on `seeds` until one is confirmed, or `budget` seconds are
    over, or one more would take more than `most_runs` runs in all; then plant the cause that was confirmed. `before`
    was tried earlier, with other interventions."""
    deadline = time.monotonic() + budget
    problems: dict[str, None] = {}
    tried: list[Intervention] = []
    found = Tried((), ())

    def afford(more: Sequence[Intervention]) -> Sequence[Intervention]:
        left = most_runs / len(seeds) - 1 - sum(one.runs for one in tried)  # main is trained, too
        return more if left >= len(more) else more[: max(int(left), 0)]

    def go_on(more: Sequence[Intervention]) -> Tried:
        tried.extend(more)
        variants = {one.name: one.variant for one in tried if one.runs}
        settings: dict[str, Any] = {**ALONE, "seeds": list(seeds), "variants": variants}
        done = train({path: json.dumps(value) for path, value in settings.items()}, deadline - time.monotonic())
        failed = (cell for cell in done.record.cells if cell.state == "failed")
        problems.update(
            dict.fromkeys((*done.problems, *(f"{one.variant} seed {one.seed}: {one.error}" for one in failed)))
        )
        names = {one.name for one in tried}
        earlier = sum(one.name not in names for one in before)
        return Tried(judge_experiments(done.record, tried, earlier), tuple(problems), done.stopped)

    for each in rounds:
        if found.stopped or time.monotonic() >= deadline or any(one.removes for one in found.experiments):
            break
        if affordable := afford(each):
            found = go_on(affordable)
    planted = plant_causes(arm, train_rows, tried, found.experiments)
    planted = planted if afford(planted) == planted else ()
    return go_on(planted) if planted and not found.stopped and time.monotonic() < deadline else found
