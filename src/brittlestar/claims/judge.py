"""From outcomes and a claim to a judgement."""

from dataclasses import replace

import numpy as np

from brittlestar.claims.collapse import any_collapsed, compare_collapses, count_collapses
from brittlestar.claims.judgement import Converged, InterimAnalysis, Judgement, Relation, SecondOpinions, Verdict
from brittlestar.claims.measuring import ClaimInput, ClaimTest, DifferenceEstimate, find_p, measure, open_case, weigh
from brittlestar.claims.objections import ALIKE, NEGLIGIBLE, are_alike, find_objections, find_opinions, why_unjudged
from brittlestar.claims.outcomes import Outcomes, Seed
from brittlestar.claims.pairing import Pair
from brittlestar.claims.sentences import UNCHANGED, sentence_of, too_few_seeds
from brittlestar.claims.settling import Settling, settle
from brittlestar.core.metric_kinds import clip_interval
from brittlestar.core.metrics import describe_average
from brittlestar.statistics.estimates import estimate_over_seeds
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.statistics.overshoot import FURTHEST, remove_overshoot
from brittlestar.statistics.row_bounds import BoundedEstimate
from brittlestar.study.claims import Claim
from brittlestar.study.names import BEST_TRIVIAL

FEWEST_TELLING = 4
"""Of fewer runs without rows nothing but their scores is shown (statistics, rule 23)."""
NO_COMMON_SEED = "no seed is on both sides, so that their runs are judged as independent"
MOST_LOOKS_SHOWN = 60  # numbers of seeds at which a claim that is looked at after every seed is shown (convention)


def judge_claim(
    outcomes: Outcomes, claim: Claim, *, alpha: float | None = None, registered: bool = True, anytime: bool = False
) -> Judgement:
    """Judge one claim. `alpha` replaces its own where several share it; `anytime` gives intervals that hold at any
    number of seeds. A claim about new examples with fewer than 5 seeds is judged about the models at hand too. Raises
    InputError where the outcomes do not fit the claim."""
    case = open_case(outcomes, claim, alpha, anytime)
    found = _judge_models(case) if claim.population == "this-model" else _judge_seeds(case)
    baseline = outcomes.baseline if BEST_TRIVIAL in (claim.arm, claim.other) else None
    found = replace(found, registered=registered, baseline=baseline, rivals=len(outcomes.trivial))
    if _needs_models(case):
        own = replace(claim, population="this-model")
        found = replace(found, this_model=judge_claim(outcomes, own, alpha=alpha, registered=registered))
    return replace(found, sentence=sentence_of(found))


def find_claim_p(outcomes: Outcomes, claim: Claim) -> float | None:
    """The p-value of a claim, whatever its level; None where nothing can be judged."""
    case = open_case(outcomes, claim)
    if _needs_models(case):
        return find_claim_p(outcomes, replace(claim, population="this-model"))
    if claim.population != "this-model" and case.pair.n < 2:
        return None
    return find_p(claim, measure(case.pair, claim.population, case.held_out))


def _needs_models(case: ClaimInput) -> bool:
    """Whether there are too few seeds for the claim, so that it is judged about the models at hand, too."""
    return case.claim.population == "new-examples" and case.whole.n < MIN_SEEDS


def _judge_models(case: ClaimInput) -> Judgement:
    weighed = weigh(case, case.pair)
    reason = why_unjudged(case, weighed)
    shown = _show(weighed, reason) if weighed.measured.units and not weighed.measured.unfit else None
    weighed = _reopen(weighed) if reason else weighed
    return _judgement(case, weighed, shown, [reason] if reason else [], settle(case, weighed), None)


def _judge_seeds(case: ClaimInput) -> Judgement:
    claim, pair, plan = case.claim, case.pair, case.plan
    if pair.n < 2:
        return _judgement(case, None, None, [too_few_seeds(pair.n)], Settling(), None)
    weighed = weigh(case, pair)
    opinions = find_opinions(claim, pair, weighed.measured.estimate.value)
    told = np.isfinite(weighed.interval[0]) and (pair.rows is not None or pair.n >= FEWEST_TELLING)
    reason = why_unjudged(case, weighed)
    shown = _show(weighed, reason) if told else None
    if reason:
        weighed, reasons = _reopen(weighed), [reason]
    elif reasons := find_objections(case, weighed, opinions):
        in_doubt = bool(pair.missing) or any_collapsed(case.collapses)
        weighed = _reopen(weighed, "open" if in_doubt else weighed.relation)
    found = _judgement(case, weighed, shown, reasons, settle(case, weighed), opinions)
    past = ((look, pair.take_first(look)) for look in _past_looks(case))
    path = [(look, weigh(case, first)) for look, first in past if first.n > 1]
    path.append((pair.n, weighed))
    looks = [
        InterimAnalysis(min(look, pair.n), one.measured.estimate.value, clip_interval(one.interval, pair.reach))
        for look, one in path
        if np.isfinite(one.interval[0])
    ]
    return replace(
        found,
        path=tuple(looks),
        corrected=None if plan.anytime else _correct(case, weighed.verdict),
        variance=weighed.measured.parts.split_at(weighed.measured.units),
        among_converged=_judge_converged(case),
    )


def _show(weighed: ClaimTest, reason: str) -> tuple[float, float] | None:
    """The interval, unless it has no width for the `reason` that nothing can be judged."""
    return None if reason and np.isclose(*weighed.interval, rtol=NEGLIGIBLE, atol=NEGLIGIBLE) else weighed.interval


def _reopen(weighed: ClaimTest, relation: Relation = "open") -> ClaimTest:
    return replace(weighed, verdict="inconclusive", relation=relation)


def _judgement(
    case: ClaimInput,
    weighed: ClaimTest | None,
    interval: tuple[float, float] | None,
    reasons: list[str],
    settling: Settling,
    opinions: SecondOpinions | None,
) -> Judgement:
    """What is known of a claim; nothing was `weighed` where a single seed shows no spread."""
    claim, pair, d, reach = case.claim, case.pair, case.pair.differences, case.pair.reach
    seen = settling.smallest
    measured = None if weighed is None else weighed.measured
    return Judgement(
        claim=claim,
        verdict="inconclusive" if weighed is None else weighed.verdict,
        relation="open" if weighed is None else weighed.relation,
        estimate=pair.value if pair.n else case.whole.value,  # of the planned first seeds all may be lost
        interval=None if interval is None else clip_interval(interval, reach),
        population=claim.population if measured is None else measured.population,
        level=claim.alpha / claim.best_of if weighed is None else case.plan.level,
        seeds=pair.n,
        seeds_at_hand=case.whole.n,
        next_look=case.plan.following,
        rows=pair.rows,
        collapsed=_list_collapsed(case),
        lost=case.whole.missing,
        smallest_detectable=None if interval is None or (seen is not None and seen > max(reach)) else seen,
        seeds_needed=settling.seeds,
        rows_needed=settling.rows,
        opinions=opinions,
        reasons=(*reasons, *_notes(case, measured)),
        correlation=_correlate(pair),
        p=None if measured is None else find_p(claim, measured),
        per_seed={} if d is None else dict(zip(pair.blocks[0].seeds, d.tolist(), strict=True)),
        collapse_rates=count_collapses(case.collapses),
        collapse_p=compare_collapses(pair, case.collapses),
    )


def _list_collapsed(case: ClaimInput) -> dict[str, tuple[Seed, ...]]:
    """The seeds that collapsed, of variants of which some did."""
    seeds = {member.variant: block.seeds for block in case.pair.blocks for member in block.members}
    return {
        name: tuple(seed for seed, gone in zip(seeds[name], collapse.collapsed.tolist(), strict=True) if gone)
        for name, collapse in case.collapses.items()
        if collapse.collapsed.any()
    }


def _notes(case: ClaimInput, measured: DifferenceEstimate | None) -> list[str]:
    found = [] if measured is None else [*measured.notes]
    if measured is not None and measured.unchanged and not measured.unfit:
        found.append(UNCHANGED)
    if measured is not None and isinstance(measured.estimate, BoundedEstimate) and are_alike(case.pair):
        found.append(ALIKE)
    found += filter(None, [describe_average(case.claim.metric, case.pair.rows is not None)])
    seeds = [set(block.seeds) for block in case.pair.blocks]
    if len(seeds) > 1 and not set.intersection(*seeds):
        found.append(NO_COMMON_SEED)
    exact = [one.label for one in case.pair.seedless if one.exact]
    if exact and measured is not None and measured.population != "fixed-test-set":
        names = ", ".join(exact)
        found.append(f"nothing but a score is known of {names}: its score is taken as exact")
    unlearned = (name for name, collapse in case.collapses.items() if collapse.unlearned)
    return [*found, *(f"{name} is at chance in every run (unlearned, not collapsed)" for name in unlearned)]


def _past_looks(case: ClaimInput) -> list[int]:
    if not case.plan.anytime:
        return [look for look in case.claim.looks if look < (case.plan.reached or 0)]
    every = np.arange(MIN_SEEDS, case.pair.n)
    if len(every) <= MOST_LOOKS_SHOWN:
        return every.tolist()
    return np.unique(np.geomspace(MIN_SEEDS, every[-1], MOST_LOOKS_SHOWN).round().astype(int)).tolist()


def _correct(case: ClaimInput, verdict: Verdict) -> float | None:
    """The estimate without the overshoot of stopping where the claim was settled early."""
    claim, pair, plan = case.claim, case.pair, case.plan
    if verdict == "inconclusive" or claim.relation != ">" or plan.reached is None or plan.reached == claim.looks[-1]:
        return None
    spread = estimate_over_seeds(*(block.values for block in pair.blocks)).se * float(np.sqrt(pair.n))
    if spread <= 0:
        return None
    effect = (pair.value - claim.threshold) / spread
    if abs(effect) >= FURTHEST / 2:
        return pair.value
    return claim.threshold + spread * remove_overshoot(effect, claim.looks, plan.level)


def _correlate(pair: Pair) -> float | None:
    first, second = pair.side(1), pair.side(-1)
    if pair.differences is None or first is None or second is None or len(first) < 3:
        return None
    return float(np.corrcoef(first, second)[0, 1]) if np.ptp(first) > 0 and np.ptp(second) > 0 else None


def _judge_converged(case: ClaimInput) -> Converged | None:
    """The difference among runs that did not collapse; None where none did, or fewer than two a side are left."""
    if not any_collapsed(case.collapses):
        return None
    bad = [[case.collapses[member.variant].collapsed for member in block.members] for block in case.pair.blocks]
    kept = [np.flatnonzero(~np.logical_or.reduce(one)) for one in bad]
    if min(map(len, kept)) < 2:
        return None
    found = weigh(case, case.pair.take(kept))
    if not np.isfinite(found.interval[0]):
        return None
    interval = clip_interval(found.interval, case.pair.reach)
    return Converged(found.measured.estimate.value, interval, min(map(len, kept)))
