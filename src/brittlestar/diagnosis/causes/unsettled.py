"""Which open experiments get more seeds, and how many: what is the nearest to an answer first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from brittlestar.core.experiments import Experiment
from brittlestar.diagnosis.causes.interventions import Intervention
from brittlestar.statistics.looks import DEFAULT as LOOKS

MOST_SEEDS = LOOKS[-1]
"""No experiment goes on beyond the last look of the default plan."""


@dataclass(frozen=True)
class Step:
    """Interventions to train beside main, on so many fresh seeds; `runs` are those that it adds at most."""

    interventions: tuple[Intervention, ...]
    seeds: int
    runs: int


def choose_unsettled(tried: Sequence[Intervention], found: Sequence[Experiment], at_once: bool) -> Step | None:
    """Twice the seeds for the open experiment that needs the fewest more, what removes a cause before what brings one,
    and for those like it, on as many seeds, that these would settle, too; with what they are compared with. None where
    there is nothing that `MOST_SEEDS` would settle, or, `at_once`, that twice the seeds would."""
    open_ = [(one.needs, one) for one in found if one.verdict == "open" and one.of and one.needs is not None]
    open_ = [(needed, one) for needed, one in open_ if max(needed, 2 * one.seeds) <= MOST_SEEDS]
    if not open_:
        return None
    _, nearest = min(open_, key=lambda pair: (pair[1].brings, pair[0] - pair[1].seeds))
    seeds = 2 * nearest.seeds
    alike = [(needed, one) for needed, one in open_ if (one.seeds, one.brings) == (nearest.seeds, nearest.brings)]
    settled = {one.name for needed, one in alike if needed <= seeds}
    if at_once and not settled:
        return None
    chosen = settled or {nearest.name}
    chosen |= {one.beside for one in tried if one.name in chosen}
    interventions = tuple(one for one in tried if one.name in chosen)
    return Step(interventions, seeds, (1 + sum(one.runs for one in interventions)) * nearest.seeds)
