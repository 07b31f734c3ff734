"""Experiments on a cause, round after round: what findings name first, then what else there is, then more seeds where
they would settle something, then the planting."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any

from brittlestar.core.experiments import Experiment
from brittlestar.diagnosis.arms import Arm
from brittlestar.diagnosis.causes.confirming import judge_experiments, order_experiments
from brittlestar.diagnosis.causes.interventions import Intervention
from brittlestar.diagnosis.causes.planting import plant_causes
from brittlestar.diagnosis.causes.unsettled import MOST_SEEDS, Step, choose_unsettled
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
    """Try the interventions of one round after the other on `seeds`, until one is confirmed; then plant its cause.

    An experiment that twice the seeds would settle gets them before a round that would take more runs, and any other
    that a planned number of seeds would settle gets them after the last round. No run begins after `budget` seconds,
    and nothing that would take more than `most_runs` runs in all. Rounds share the error equally, and so do the
    interventions of a round; those that were tried `before`, for other causes, count into each.
    """
    bench = _Bench(arm.name, train, time.monotonic() + budget, most_runs)
    fresh = [seeds[0] + k for k in range(max(len(seeds), MOST_SEEDS))]
    every = [one for each in rounds for one in each]
    sharing = _share_error(rounds, before)
    waiting, made = list(rounds), list[Step]()
    while not bench.is_over:
        steps = [choose_unsettled(every, bench.experiments, at_once) for at_once in (True, False)]
        # A step that was made leaves no more pairs where its runs fail, and would come again.
        soon, late = (None if one is None or one in made or not bench.can_afford(one, fresh) else one for one in steps)
        if waiting and (soon is None or soon.runs > len(seeds) * len(waiting[0])):
            if affordable := bench.afford(waiting.pop(0), fresh[: len(seeds)]):
                bench.work(affordable, fresh[: len(seeds)], sharing)
        elif step := soon or late:
            bench.work(step.interventions, fresh[: step.seeds], sharing)
            made.append(step)
        else:
            break
    removed = {one.name: one.seeds for one in bench.experiments if one.removes}
    beside = [one for one in every if one.name in removed]
    planted = plant_causes(arm, train_rows, every, bench.experiments)
    on = fresh[: max(removed.values(), default=0)]
    if planted and not bench.stopped and bench.afford([*beside, *planted], on) == (*beside, *planted):
        bench.work(planted, on, None, beside)
    return Tried(bench.experiments, tuple(bench.problems), bench.stopped)


def _share_error(rounds: Sequence[Sequence[Intervention]], before: Sequence[Experiment]) -> dict[str, int]:
    """In how many parts the error is for each intervention: rounds have equal parts, and what may confirm something in
    a round has equal parts of it, those that were tried before and are in no round included."""
    names = {one.name for each in rounds for one in each}
    earlier = sum(bool(one.of) and not one.brings and one.name not in names for one in before)
    parts = [len(rounds) * max(sum(bool(one.of) for one in each) + earlier, 1) for each in rounds]
    return {one.name: n for each, n in zip(rounds, parts, strict=True) for one in each}


@dataclass
class _Bench:
    """Trains interventions beside main, judges them, and keeps account of runs and of time."""

    main: str
    train: Train
    deadline: float
    most_runs: float
    stopped: bool = False
    runs: set[tuple[str, int]] = field(default_factory=set)
    problems: dict[str, None] = field(default_factory=dict)
    found: dict[str, Experiment] = field(default_factory=dict)

    @property
    def experiments(self) -> tuple[Experiment, ...]:
        return order_experiments(self.found.values())

    @property
    def is_over(self) -> bool:
        """Whether time is over, or a cause confirmed."""
        return self.stopped or any(one.removes for one in self.found.values())

    def afford(self, more: Sequence[Intervention], seeds: Sequence[int]) -> tuple[Intervention, ...]:
        """As many of `more`, from the first on, as may be trained."""
        fit = (n for n in range(len(more), 0, -1) if len(self._list_runs(more[:n], seeds)) <= self.most_runs)
        return tuple(more[: next(fit, 0)])

    def can_afford(self, step: Step, seeds: Sequence[int]) -> bool:
        """Whether all of a step may be trained, on the first of these seeds."""
        return self.afford(step.interventions, seeds[: step.seeds]) == step.interventions

    def work(
        self,
        interventions: Sequence[Intervention],
        seeds: Sequence[int],
        sharing: Mapping[str, int] | None,
        beside: Sequence[Intervention] = (),
    ) -> None:
        """Train these beside main and what else is there, and judge them. `sharing` is as in
        `judge_experiments`; None where a confirmed cause is planted, which has an error of its own."""
        variants = {one.name: one.variant for one in (*beside, *interventions) if one.runs}
        settings: dict[str, Any] = {**ALONE, "seeds": list(seeds), "variants": variants}
        left = self.deadline - time.monotonic()
        done = self.train({path: json.dumps(value) for path, value in settings.items()}, left)
        failed = (cell for cell in done.record.cells if cell.state == "failed")
        words = (*done.problems, *(f"{one.variant} seed {one.seed}: {one.error}" for one in failed))
        self.problems.update(dict.fromkeys(words))
        self.runs = self._list_runs([*beside, *interventions], seeds)
        judged = judge_experiments(done.record, interventions, sharing)
        self.found.update({one.name: one for one in judged})
        self.stopped = done.stopped or time.monotonic() >= self.deadline

    def _list_runs(self, of: Sequence[Intervention], seeds: Sequence[int]) -> set[tuple[str, int]]:
        names = (self.main, *(one.name for one in of if one.runs))
        return self.runs | {(name, seed) for name in names for seed in seeds}
