"""What a claim is judged from: what its difference is estimated to be for a population, and what follows from that
at the look that it has reached."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from brittlestar.claims.collapse import Collapse, find_collapses
from brittlestar.claims.judgement import Relation, Verdict
from brittlestar.claims.outcomes import Outcomes
from brittlestar.claims.pairing import Pair, pair_runs, read_rows
from brittlestar.core.metrics import metric_of
from brittlestar.statistics.crossed import VarianceParts, estimate_components
from brittlestar.statistics.estimates import Estimate, estimate_over_drawn_splits, estimate_over_seeds
from brittlestar.statistics.interim_analyses import anytime_half_width, nominal_level
from brittlestar.statistics.row_bounds import SplitRows, estimate_over_rows, join_groups, join_splits
from brittlestar.study.claims import Claim, Population

FEWEST_UNCHANGED = 30
"""Units that show that seeds change nothing, where none of them differs from seed to seed (statistics, rule 19)."""
FEWEST_UNITS = 200
"""Rows or groups on which a metric that is no mean over rows is judged of models at hand: its linearisation was tried
on no fewer (`exam.calibration`)."""


@dataclass(frozen=True)
class DifferenceEstimate:
    """An estimate for a population, and the `parts` of its variance; `units` are rows or groups, None where these are
    not drawn. `unchanged` says that no outcome differs from seed to seed. `unfit` is why nothing can be said for this
    population, an empty text where something can."""

    estimate: Estimate
    population: Population
    parts: VarianceParts
    units: int | None
    notes: tuple[str, ...] = ()
    unchanged: bool = False
    unfit: str = ""


def measure(pair: Pair, population: Population, held_out: float | None) -> DifferenceEstimate:
    """The estimate for a population; for another one, with a note, where the outcomes do not reach that far. Two runs a
    side at least, but for `this-model`."""
    splits = read_rows(pair)
    if population == "this-model":
        return _measure_models(pair, splits)
    seeds = estimate_over_seeds(*(block.values for block in pair.blocks), offset=pair.offset)
    parts = VarianceParts(seeds.se**2 * pair.n)
    same = _is_unchanged(splits)
    fixed = DifferenceEstimate(seeds, "fixed-test-set", parts, None, unchanged=same)
    if population == "new-training-sets":
        d = pair.differences
        if held_out is not None and d is not None:
            return DifferenceEstimate(estimate_over_drawn_splits(d, held_out), population, parts, None)
        note = "train was the same for every seed, which says nothing about new training sets"
        return replace(fixed, notes=(note,))
    if population == "fixed-test-set":
        return fixed
    if same:
        return replace(_measure_models(pair, splits), population="new-examples", unchanged=True)
    if splits and count_row_units(splits) > 1:
        return _cross(pair, splits)
    what = "one row says" if pair.rows == 1 else "scores without rows say"
    if splits and any(split.groups is not None for split in splits):
        what = "rows that are all of one group say"
    return replace(fixed, notes=(f"{what} nothing about new examples",))


def interval_of(measured: DifferenceEstimate, n: int, level: float, anytime: bool, alpha: float) -> tuple[float, float]:
    """The interval that misses with probability `level`; with `anytime` with `alpha` over all numbers of seeds."""
    if not anytime or measured.unchanged:
        return measured.estimate.interval(level)
    half = anytime_half_width(n, measured.estimate.se * float(np.sqrt(n)), min(alpha, 0.999))
    return measured.estimate.value - half, measured.estimate.value + half


def count_row_units(splits: tuple[SplitRows, ...]) -> int:
    """Rows, or groups of them, over all splits; at most 1 where one of them has no more."""
    sizes = [split.n_rows if split.groups is None else len(np.unique(split.groups)) for split in splits]
    return min(sizes) if min(sizes) < 2 else sum(sizes)


def _measure_models(pair: Pair, splits: tuple[SplitRows, ...]) -> DifferenceEstimate:
    units = count_row_units(splits) if splits else 0
    nothing = DifferenceEstimate(Estimate(pair.value, 0.0, 1.0), "this-model", VarianceParts(0.0), units or None)
    if not units:
        return replace(nothing, unfit="scores without rows say nothing about new rows; give outcomes row by row")
    if units < 2:
        what = "one row is no evidence about anything but itself" if pair.rows == 1 else "all rows are of one group"
        return replace(nothing, unfit=what)
    if metric_of(pair.metric).is_known and not metric_of(pair.metric).additive and units < FEWEST_UNITS:
        what = f"{pair.metric} is no mean over rows; it takes {FEWEST_UNITS} rows or groups, and {units} are there"
        return replace(nothing, unfit=what)
    estimate = estimate_over_rows(splits, pair.value - sum(float(split.mean.mean()) for split in splits))
    return replace(nothing, estimate=estimate, parts=VarianceParts(0.0, estimate.se**2 * units))


def _cross(pair: Pair, splits: tuple[SplitRows, ...]) -> DifferenceEstimate:
    if len(splits) == 1:
        tables, fixed, groups = splits[0].tables, splits[0].fixed, splits[0].groups
    else:
        tables = tuple(join_splits([split.tables[k] for split in splits]) for k in range(len(pair.blocks)))
        fixed = join_splits([split.fixed[None] for split in splits])[0]
        groups = join_groups(splits)
    found = estimate_components(*tables, fixed=fixed, groups=groups)
    estimate = replace(found.estimate, value=pair.value)
    return DifferenceEstimate(estimate, "new-examples", found.parts, found.m)


def _is_unchanged(splits: tuple[SplitRows, ...]) -> bool:
    """Whether no run differs from another one of its block in any row."""
    tables = [table for split in splits for table in split.tables]
    return bool(tables) and all(bool((table == table[0]).all()) for table in tables)


HIGHEST_LEVEL = 0.999  # a level is below 1


@dataclass(frozen=True)
class InterimPlan:
    """The look that a claim has reached: it is judged with its first `reached` planned seeds, None where all there are
    count. `following` is the next look, None behind the last. The interval that decides misses with probability
    `level`: of an equivalence twice its alpha, which is that of two one-sided tests (Schuirmann 1987). `strict` is the
    level without that; `share` is the alpha of the claim over all its looks, and `anytime` says that it may be looked
    at after every seed."""

    reached: int | None
    following: int | None
    level: float
    strict: float
    share: float
    anytime: bool


def plan_look(claim: Claim, planned: int, share: float, anytime: bool) -> InterimPlan:
    """The look of a claim where `planned` seeds were run, lost ones counted: these alone may make a look shorter.
    `share` is the alpha of the claim over all its looks; with `anytime` there are none.

    A number of seeds that is no look is judged with the seeds of the last look reached; beyond the last look more seeds
    change nothing. Before the first look nothing is reached, and the claim cannot be settled.
    """
    own = share if claim.relation == ">" else min(2 * share, HIGHEST_LEVEL)
    if claim.population == "this-model" or anytime or not claim.looks:
        return InterimPlan(None, None, own, share, share, claim.population != "this-model")
    reached = last_look(claim.looks, planned)
    following = next((look for look in claim.looks if look > planned), None)
    level, strict = (nominal_level(claim.looks, one) for one in (own, share))
    return InterimPlan(reached, following, level, strict, share, False)


def last_look(looks: tuple[int, ...], planned: int) -> int | None:
    """The last of the growing `looks` that so many seeds reach; None before the first."""
    return max((look for look in looks if look <= planned), default=None)


@dataclass(frozen=True)
class ClaimInput:
    """Everything that a claim is judged from: the `whole` pair of its sides and that `pair` which the look reached,
    and its collapsed runs."""

    claim: Claim
    plan: InterimPlan
    whole: Pair
    pair: Pair
    held_out: float | None
    collapses: Mapping[str, Collapse]


@dataclass(frozen=True)
class ClaimTest:
    """What was measured, its interval (infinite where that excludes nothing), and what follows for the claim."""

    measured: DifferenceEstimate
    interval: tuple[float, float]
    verdict: Verdict
    relation: Relation


def open_case(outcomes: Outcomes, claim: Claim, alpha: float | None = None, anytime: bool = False) -> ClaimInput:
    """Pair the runs of a claim that its look has reached; of a table whose one look is at its smaller side, all of both
    sides. Raises InputError where the outcomes do not fit the claim."""
    whole = pair_runs(outcomes, claim.arm, claim.other, claim.metric, claim.pairing)
    plan = plan_look(claim, whole.planned, (claim.alpha if alpha is None else alpha) / claim.best_of, anytime)
    finished = outcomes.alike and claim.looks == (whole.planned,)
    pair = whole if plan.reached is None or finished else whole.take_first(plan.reached)
    return ClaimInput(claim, plan, whole, pair, outcomes.held_out, find_collapses(pair, claim))


def find_p(claim: Claim, measured: DifferenceEstimate) -> float | None:
    """The p-value of a claim against what was measured, corrected for the candidates that its variant is the best of;
    None where that is unfit to be judged."""
    if measured.unfit:
        return None
    estimate = measured.estimate
    p = estimate.p_value(claim.threshold) if claim.relation == ">" else estimate.p_equal(claim.margin)
    return None if p is None else min(1.0, p * claim.best_of)


def weigh(case: ClaimInput, pair: Pair) -> ClaimTest:
    """Measure runs of a case, and hold its claim against them."""
    claim, plan = case.claim, case.plan
    measured = measure(pair, claim.population, case.held_out)
    sides = 1 if claim.relation == ">" else 2
    levels = ((plan.strict, plan.share), (plan.level, sides * plan.share))
    outer, own = (interval_of(measured, pair.n, level, plan.anytime, share) for level, share in levels)
    return ClaimTest(measured, own, *decide(claim, measured.estimate.value, outer, own))


def decide(
    claim: Claim, value: float, outer: tuple[float, float], inner: tuple[float, float]
) -> tuple[Verdict, Relation]:
    """Verdict and relation of an interval that misses with the alpha of the claim, and one, `inner`, that misses with
    twice that: it decides whether two variants are equivalent, where that is claimed. One is better by the `outer`."""
    low, high = outer if claim.relation == ">" else inner
    margin = claim.margin
    equivalent = -margin < low and high < margin
    verdict: Verdict = "inconclusive"
    if claim.relation == ">":
        verdict = "supported" if low >= claim.threshold else "refuted" if high < claim.threshold else "inconclusive"
    elif equivalent:
        verdict = "supported"
    elif low >= margin or high <= -margin:
        verdict = "refuted"
    relation: Relation = "open"
    if equivalent:
        relation = "equivalent"
    elif outer[0] > 0 or outer[1] < 0:
        relation = "better" if (value > 0) == claim.higher_is_better else "worse"
    return verdict, relation
