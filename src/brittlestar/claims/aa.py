"""A/A: how often this very analysis would announce a difference between a variant and itself."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from brittlestar.claims.judge import judge_claim
from brittlestar.claims.outcomes import Outcomes
from brittlestar.core.errors import InputError
from brittlestar.core.seeds import generator
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.statistics.proportions import bound_share
from brittlestar.study.claims import Claim

PAIRINGS = 200  # budget; a rate of .05 is known to .015 (binomial standard error)


@dataclass(frozen=True)
class SelfTest:
    """`differences` of `pairings` of disjoint seeds of one variant that were found `better` or `worse`, with the 95 %
    interval of that rate (Clopper and Pearson 1934; pairings share seeds, so that it is too narrow); `seeds` a side."""

    variant: str
    metric: str
    seeds: int
    pairings: int
    differences: int
    low: float
    high: float

    def as_json(self) -> Mapping[str, Any]:
        """Plain JSON values."""
        return vars(self)


def against_itself(outcomes: Outcomes, variant: str, claim: Claim) -> SelfTest:
    """Deal the seeds of a variant into two sides at random, 200 times, and judge each pairing at a single look at the
    claim's alpha. Raises InputError below 10 seeds."""
    runs = outcomes.find_runs(variant)
    half = len(runs.seeds) // 2
    if half < MIN_SEEDS:
        what = (
            f"variant '{variant}' has {len(runs.seeds)} seeds; {2 * MIN_SEEDS} are the least to hold it against itself"
        )
        raise InputError(what, "--aa", f"run it with more seeds: --seeds {2 * MIN_SEEDS}")
    random = generator(0, "aa", variant)
    asked = replace(claim, arm="one", other="two", relation="==", threshold=0.0, looks=(half,), max_seeds=half)
    found, paired = 0, tuple(range(half))  # in the order that they are dealt
    for _ in range(PAIRINGS):
        order = random.permutation(len(runs.seeds)).tolist()
        taken = {"one": runs.take(order[:half]), "two": runs.take(order[half : 2 * half])}
        sides = {name: replace(one, seeds=paired, lost=(), diverged=()) for name, one in taken.items()}
        relation = judge_claim(replace(outcomes, variants=sides), asked).relation
        found += relation in ("better", "worse")
    low, high = bound_share(found, PAIRINGS)
    return SelfTest(variant, claim.metric, half, PAIRINGS, found, low, high)
