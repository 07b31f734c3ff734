"""Which seeds a claim is judged with, and how sure its interval must be there."""

from __future__ import annotations

from dataclasses import dataclass

from brittlestar.statistics.looks import nominal_level
from brittlestar.study.claims import Claim

HIGHEST_LEVEL = 0.999


@dataclass(frozen=True)
class LookPlan:
    """The look that a claim has reached: it is judged with its first `reached` planned seeds, None where all there are
    count. `following` is the next look, None behind the last. An interval misses with probability `level`, and the one
    of two one-sided tests with `wider`; `share` is the alpha of the claim over all its looks, and `anytime` says that
    it may be looked at after every seed."""

    reached: int | None
    following: int | None
    level: float
    wider: float
    share: float
    anytime: bool


def plan_look(claim: Claim, planned: int, share: float, anytime: bool) -> LookPlan:
    """The look of a claim where `planned` seeds were run, lost ones counted.

    A number of seeds that is no look is judged with the seeds of the last look reached; beyond the last look more seeds
    change nothing. Before the first look nothing is reached, and the claim cannot be settled.

    Args:
        claim: The claim with its looks.
        planned: Seeds that were run, lost ones counted: these alone may make a look shorter.
        share: The alpha of the claim, over all its looks.
        anytime: Whether intervals hold at every number of seeds, so that there are no looks.
    """
    if claim.population == "this-model" or anytime or not claim.looks:
        single = claim.population == "this-model"
        return LookPlan(None, None, share, min(2 * share, HIGHEST_LEVEL), share, not single)
    reached = last_look(claim.looks, planned)
    following = next((look for look in claim.looks if look > planned), None)
    level, wider = (nominal_level(claim.looks, one) for one in (share, min(2 * share, HIGHEST_LEVEL)))
    return LookPlan(reached, following, level, wider, share, False)


def last_look(looks: tuple[int, ...], planned: int) -> int | None:
    """The last of the growing `looks` that so many seeds reach; None before the first."""
    return max((look for look in looks if look <= planned), default=None)
