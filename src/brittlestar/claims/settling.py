"""What a number of seeds and rows could have seen, and how many would settle a claim."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import stdtrit

from brittlestar.claims.collapse import any_collapsed
from brittlestar.claims.judgement import Verdict
from brittlestar.claims.measuring import ClaimInput, ClaimTest, DifferenceEstimate
from brittlestar.statistics.estimates import Estimate
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.statistics.interim_analyses import anytime_half_width
from brittlestar.statistics.power import POWER, deviation_range, find_detectable, seeds_where, smallest_n
from brittlestar.statistics.row_bounds import BoundedEstimate
from brittlestar.study.claims import Claim

SEEDS_WITH_COLLAPSE = 20
"""Seeds that a verdict takes where a run collapsed: with one in ten, a t interval covers 41 % at 5 seeds and 88 % at 20
(statistics, rule 11)."""


@dataclass(frozen=True)
class Settling:
    """The smallest true distance from the threshold found with 80 % power; the range of seeds, and the rows, that would
    settle the claim if the estimate is right. None where no number does, or where it plays no part."""

    smallest: float | None = None
    seeds: tuple[int | None, int | None] | None = None
    rows: int | None = None


def settle(case: ClaimInput, weighed: ClaimTest) -> Settling:
    """What would settle a claim: seeds, rows, or neither where it is missing runs that would."""
    claim, pair, plan, measured, verdict = case.claim, case.pair, case.plan, weighed.measured, weighed.verdict
    if claim.population == "this-model":
        return settle_by_rows(claim, measured, verdict, plan.level)
    if plan.anytime:
        return settle_anytime(claim, measured, verdict, plan.share, pair.n)
    found = settle_by_seeds(claim, measured, verdict, plan.level, pair.n, len(pair.blocks))
    if pair.missing and (found.seeds or (None,))[0] is not None:
        found = replace(found, seeds=None, rows=None)
    return _with_collapse(found, pair.n) if any_collapsed(case.collapses) else found


def settle_by_seeds(
    claim: Claim, measured: DifferenceEstimate, verdict: Verdict, level: float, n: int, sides: int
) -> Settling:
    """What would settle a claim about seeds, judged on n of them; `sides` that are independent, or 1."""
    estimate = measured.estimate
    if measured.unchanged:
        return replace(settle_by_rows(claim, measured, verdict, level), seeds=None)
    if estimate.se <= 0:
        return Settling()
    side = level / 2
    seen = find_detectable(estimate.se, estimate.df, side)
    if verdict != "inconclusive":
        return Settling(seen)
    distance = _distance(claim, estimate.value)
    of_seeds, of_rows = measured.parts.split_at(measured.units)
    needed = [seeds_where(of_seeds, of_rows, distance, side, factor, sides) for factor in deviation_range(n)]
    low, high = (None if one is None else max(one, MIN_SEEDS) for one in needed)
    rows = None
    if measured.units is not None:
        many = (_count_rows(claim, measured, level, seeds, sides) for seeds in (n, max(n, claim.most_seeds)))
        rows = next((one for one in many if one is not None), None)
    return Settling(seen, (low, high), rows)


def _count_rows(claim: Claim, measured: DifferenceEstimate, level: float, seeds: int, sides: int) -> int | None:
    """Rows or groups at which so many seeds settle a claim, by the variance that the interval comes from."""
    value, bounds = measured.estimate.value, _face(claim, measured.estimate.value)

    def reaches(units: int) -> bool:
        return Estimate(value, *measured.parts.error_at(seeds, units, sides)).find_power(level, bounds) >= POWER

    return smallest_n(reaches, measured.units or 2) if _distance(claim, value) > 0 else None


def _face(claim: Claim, value: float) -> list[tuple[float, int]]:
    """The bounds on whose sides an interval about `value` settles a claim."""
    if claim.relation == ">":
        return [(claim.threshold, 1 if value >= claim.threshold else -1)]
    if abs(value) < claim.margin:
        return [(-claim.margin, 1), (claim.margin, -1)]
    return [(claim.margin, 1) if value > 0 else (-claim.margin, -1)]


def settle_by_rows(claim: Claim, measured: DifferenceEstimate, verdict: Verdict, level: float) -> Settling:
    """What would settle a claim on which seeds play no part."""
    estimate = measured.estimate
    if not measured.units or measured.unfit or (estimate.se <= 0 and not isinstance(estimate, BoundedEstimate)):
        return Settling()
    side = level / 2
    seen = find_detectable(estimate.se, estimate.df, side)
    if verdict != "inconclusive":
        return Settling(seen)
    bounds, units = _face(claim, estimate.value), measured.units
    rows = smallest_n(lambda many: estimate.grow(many / units).find_power(level, bounds) >= POWER, units)
    return Settling(seen, None, rows if rows is not None and rows > units else None)


def settle_anytime(claim: Claim, measured: DifferenceEstimate, verdict: Verdict, alpha: float, n: int) -> Settling:
    """The same where the interval holds wherever one stops: the half of it, and as much as power asks for."""
    if measured.estimate.se <= 0 or measured.unchanged:
        return Settling()
    share = alpha if claim.relation == ">" else min(2 * alpha, 0.999)
    of_seeds, of_rows = measured.parts.split_at(measured.units)

    def reach(seeds: int, factor: float) -> float:
        se = float(np.sqrt(factor**2 * of_seeds / seeds + of_rows))
        return anytime_half_width(seeds, se * float(np.sqrt(seeds)), share) + float(stdtrit(seeds - 1, POWER)) * se

    seen = reach(n, 1.0)
    smallest = seen if np.isfinite(seen) else None
    if verdict != "inconclusive":
        return Settling(smallest)
    distance = _distance(claim, measured.estimate.value)
    needed = [
        None if distance <= 0 else smallest_n(lambda k, by=factor: reach(k, by) <= distance, MIN_SEEDS)
        for factor in deviation_range(n)
    ]
    return Settling(smallest, (needed[0], needed[1]))


def _with_collapse(found: Settling, n: int) -> Settling:
    """The same where runs collapsed: no number of seeds where there are enough for their spread already, since then it
    is the second opinions that do not agree."""
    if found.seeds is None:
        return found
    low, high = (None if seed is None else max(seed, SEEDS_WITH_COLLAPSE) for seed in found.seeds)
    return replace(found, seeds=(None, None) if low is not None and low <= n else (low, high))


def _distance(claim: Claim, value: float) -> float:
    return abs(value - claim.threshold) if claim.relation == ">" else abs(claim.margin - abs(value))
