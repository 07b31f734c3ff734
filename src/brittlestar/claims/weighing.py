"""A claim held against what was measured: the seeds its look has reached, interval, verdict and relation."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from brittlestar.claims.collapse import Collapse, find_collapses
from brittlestar.claims.judgement import Relation, Verdict
from brittlestar.claims.measuring import Measured, interval_of, measure
from brittlestar.claims.outcomes import Outcomes
from brittlestar.claims.pairing import Pair, pair_runs
from brittlestar.statistics.looks import nominal_level
from brittlestar.study.claims import Claim

HIGHEST_LEVEL = 0.999  # a level is below 1


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
    """The look of a claim where `planned` seeds were run, lost ones counted: these alone may make a look shorter.
    `share` is the alpha of the claim over all its looks; with `anytime` there are none.

    A number of seeds that is no look is judged with the seeds of the last look reached; beyond the last look more seeds
    change nothing. Before the first look nothing is reached, and the claim cannot be settled.
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


@dataclass(frozen=True)
class Case:
    """Everything that a claim is judged from: the `whole` pair of its sides and that `pair` which the look reached,
    and its collapsed runs."""

    claim: Claim
    plan: LookPlan
    whole: Pair
    pair: Pair
    held_out: float | None
    collapses: Mapping[str, Collapse]


@dataclass(frozen=True)
class Weighed:
    """What was measured, its interval (infinite where that excludes nothing), and what follows for the claim."""

    measured: Measured
    interval: tuple[float, float]
    verdict: Verdict
    relation: Relation


def open_case(outcomes: Outcomes, claim: Claim, alpha: float | None, anytime: bool) -> Case:
    """Pair the runs of a claim that its look has reached. Raises InputError where the outcomes do not fit the claim."""
    whole = pair_runs(outcomes, claim.arm, claim.other, claim.metric, claim.pairing)
    plan = plan_look(claim, whole.planned, claim.alpha if alpha is None else alpha, anytime)
    pair = whole if plan.reached is None else whole.take_first(plan.reached)
    return Case(claim, plan, whole, pair, outcomes.held_out, find_collapses(pair, claim))


def at_level(case: Case, alpha: float) -> Case:
    """The case with another alpha than it was opened with. Which seeds its look has reached does not depend on it."""
    return replace(case, plan=plan_look(case.claim, case.whole.planned, alpha, case.plan.anytime))


def find_p(claim: Claim, measured: Measured) -> float | None:
    """The p-value of a claim against what was measured; None where that is unfit to be judged."""
    if measured.unfit:
        return None
    estimate = measured.estimate
    return estimate.p_value(claim.threshold) if claim.relation == ">" else estimate.p_equal(claim.margin)


def weigh(case: Case, pair: Pair) -> Weighed:
    """Measure runs of a case, and hold its claim against them."""
    claim, plan = case.claim, case.plan
    measured = measure(pair, claim.population, case.held_out)
    levels = ((plan.level, plan.share), (plan.wider, 2 * plan.share))
    interval, inner = (interval_of(measured, pair.n, level, plan.anytime, share) for level, share in levels)
    return Weighed(measured, interval, *decide(claim, measured.estimate.value, interval, inner))


def weigh_first(case: Case, planned: int) -> Weighed:
    """The same after the first planned seeds."""
    return weigh(case, case.pair.take_first(planned))


def decide(
    claim: Claim, value: float, interval: tuple[float, float], inner: tuple[float, float]
) -> tuple[Verdict, Relation]:
    """Verdict and relation of an interval that misses with the level of the claim, and one, `inner`, that misses with
    twice that, which is what two one-sided tests of equivalence look at (Schuirmann 1987)."""
    (low, high), margin = interval, claim.margin
    equivalent = -margin < inner[0] and inner[1] < margin
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
    elif low > 0 or high < 0:
        relation = "better" if (value > 0) == claim.higher_is_better else "worse"
    return verdict, relation
