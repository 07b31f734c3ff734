"""Second opinions on a claim, which rest on other assumptions than a t interval does."""

from dataclasses import dataclass

from brittlestar.claims.pairing import Pair
from brittlestar.statistics.randomisation import (
    find_permutation_p,
    find_share_above,
    find_sign_flip_p,
    find_superiority,
)
from brittlestar.study.claims import Claim


@dataclass(frozen=True)
class Opinions:
    """`sign_flip`: one-sided p-value, towards the verdict, of the mean distance from the threshold when signs are as
    likely either way (exact up to 16 seeds), or, of sides that are not paired, when runs are as likely on either side;
    `above`: share of seeds, or of pairs of runs, on the side of the verdict, ties counting half; `superiority`:
    probability that a run of the variant beats a run of the other, over all pairs of runs."""

    sign_flip: float
    above: float
    superiority: float


def find_opinions(claim: Claim, pair: Pair, value: float) -> Opinions | None:
    """Second opinions on the side of the threshold that the estimate lies on; None for claims of equality, and for
    sides of several variants that are not paired."""
    first, second = pair.side(1), pair.side(-1)
    if claim.relation != ">" or first is None or second is None:
        return None
    side = 1.0 if value >= claim.threshold else -1.0
    better = find_superiority(first, second)
    if pair.differences is None:
        near, far = side * (first - claim.threshold), side * second
        return Opinions(find_permutation_p(near, far), find_superiority(near, far), better)
    distances = side * (pair.differences - claim.threshold)
    return Opinions(find_sign_flip_p(distances), find_share_above(distances), better)
