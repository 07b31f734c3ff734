"""Several claims that share their alpha; several variants that one claim names to choose from; and no verdict on a
population that was not judged."""

import shlex
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product
from typing import cast

import numpy as np

from brittlestar.claims.judge import find_claim_p, judge_claim
from brittlestar.claims.judgement import Judgement, Verdict
from brittlestar.claims.outcomes import Outcomes, Seed
from brittlestar.claims.pairing import pair_runs
from brittlestar.claims.sentences import answer_of, describe_population, grounds_of, sentence_of
from brittlestar.statistics.multiplicity import find_holm_levels, find_q_values, simultaneous_level
from brittlestar.study.claim_parsing import write_claim
from brittlestar.study.claims import Claim, Population
from brittlestar.study.names import BEST_TRIVIAL
from brittlestar.study.sides import alternatives


def judge_all(
    cases: Sequence[tuple[Outcomes, Claim]],
    *,
    registered: bool = True,
    anytime: bool = False,
    sharing: int | None = None,
) -> tuple[Judgement, ...]:
    """Judge claims together, each on its outcomes. Several registered ones share alpha: alpha / k each where there are
    looks, Holm's levels where each has one. `sharing` is k where more claims than these share it. Claims that were not
    registered are exploratory: they get Benjamini and Hochberg's q and are never `supported`. Raises InputError."""
    if not registered:
        found = [judge_any(outcomes, claim, registered=False, anytime=anytime) for outcomes, claim in cases]
        return explore(found)
    many = len(cases) if sharing is None else sharing
    levels = share_levels([claim for _, claim in cases], lambda: [_find_p(*case) for case in cases], many, anytime)
    return tuple(judge_any(*case, alpha=level, anytime=anytime) for case, level in zip(cases, levels, strict=True))


def share_levels(
    claims: Sequence[Claim], find_ps: Callable[[], Sequence[float]], sharing: int, anytime: bool = False
) -> list[float]:
    """The level of each claim where so many share their alpha: Holm's, by the p-values of `find_ps`, where each has one
    look."""
    single = all(len(claim.looks) == 1 or claim.population == "this-model" for claim in claims)
    if sharing < 2 or anytime or not single or len({claim.alpha for claim in claims}) != 1:
        return [claim.alpha / max(sharing, 1) for claim in claims]
    p = find_ps()
    return find_holm_levels([*p, *[1.0] * (sharing - len(p))], claims[0].alpha)[: len(p)]


def _find_p(outcomes: Outcomes, claim: Claim) -> float:
    """The p-value that Holm's procedure orders a claim by."""
    if len(list_sides(claim)) > 1 or has_rivals(outcomes, claim):
        return _p_of(judge_any(outcomes, claim))
    p = find_claim_p(outcomes, claim)
    return 1.0 if p is None else p


def _p_of(found: Judgement) -> float:
    """The p-value of a judgement, or of that on the models at hand where there are too few seeds for one."""
    own = found.p if found.this_model is None else found.this_model.p
    return 1.0 if own is None else own


def explore(found: Sequence[Judgement]) -> tuple[Judgement, ...]:
    """Judgements of claims that were not registered, with Benjamini and Hochberg's q: none is `supported`."""
    q = find_q_values([_p_of(one) for one in found])
    return tuple(_explore(one, value) for one, value in zip(found, q, strict=True))


def _explore(found: Judgement, q: float) -> Judgement:
    """The judgement of a claim that was not registered: never `supported`."""
    shown = "q < .001" if q < 0.001 else f"q = {q:.3f}".replace("0.", ".", 1)
    note = f"the claim is exploratory: it was not registered before the results ({shown})"
    verdict = "inconclusive" if found.verdict == "supported" else found.verdict
    own = None if found.this_model is None else _explore(found.this_model, q)
    said = replace(found, verdict=verdict, reasons=(note, *found.reasons), q=q, this_model=own)
    return replace(said, sentence=sentence_of(said))


VERDICTS: tuple[Verdict, ...] = ("supported", "inconclusive", "refuted")
"""From the most favourable to a claim to the least."""


def judge_any(
    outcomes: Outcomes, claim: Claim, *, alpha: float | None = None, registered: bool = True, anytime: bool = False
) -> Judgement:
    """Judge a claim, whether it names one variant or several to choose from.

    Of several, each is judged at the level at which all intervals together miss no more often than `alpha` (Dunnett
    1955): the claim is `supported` where one of them is, `refuted` where all are. Estimate and interval are those of
    the variant that leads: the best that is supported, else the one that reaches furthest. `members` has every one.

    A claim about the best trivial baseline is judged against each that dev cannot tell from the best, and the least
    favourable judgement is that of the claim: it holds only where it holds against all, so that none needs another
    level (an intersection-union test; Berger 1982).
    """
    if not has_rivals(outcomes, claim):
        return _judge_sides(outcomes, claim, alpha, registered, anytime)
    chosen = map(outcomes.choose_baseline, outcomes.trivial)
    each = [_judge_sides(one, claim, alpha, registered, anytime) for one in chosen]
    worst = max(each, key=_rank_unfavourable)
    return worst if worst.p is None else replace(worst, p=max(1.0 if one.p is None else one.p for one in each))


def _judge_sides(outcomes: Outcomes, claim: Claim, alpha: float | None, registered: bool, anytime: bool) -> Judgement:
    sides = list_sides(claim)
    if len(sides) == 1:
        return answer_as_claimed(judge_claim(outcomes, claim, alpha=alpha, registered=registered, anytime=anytime))
    level = _find_level(outcomes, claim, sides, claim.alpha if alpha is None else alpha)
    each = [replace(claim, arm=variant, other=other) for variant, other in sides]
    members = tuple(judge_claim(outcomes, one, alpha=level, registered=registered, anytime=anytime) for one in each)
    verdicts = {member.verdict for member in members}
    decided: Verdict = "refuted" if verdicts == {"refuted"} else "inconclusive"
    verdict: Verdict = "supported" if "supported" in verdicts else decided
    lead = max((member for member in members if member.verdict == verdict), key=_reach)
    p = None if lead.p is None else min(1.0, len(members) * min(member.p for member in members if member.p is not None))
    found = replace(lead, claim=claim, members=members, verdict=verdict, p=p)
    if lead.this_model is not None:
        own = replace(claim, population="this-model")
        found = replace(found, this_model=judge_any(outcomes, own, alpha=alpha, registered=registered))
    answered = answer_as_claimed(replace(found, sentence=sentence_of(found)))
    return replace(answered, members=tuple(map(answer_as_claimed, members)))


def has_rivals(outcomes: Outcomes, claim: Claim) -> bool:
    """Whether a claim is about the best trivial baseline, and dev cannot tell which of several that is."""
    return len(outcomes.trivial) > 1 and BEST_TRIVIAL in {*alternatives(claim.arm), *alternatives(claim.other)}


def _rank_unfavourable(found: Judgement) -> tuple[int, int, float]:
    """How far a judgement is from supporting its claim: by verdict, by that on the models at hand, by the estimate."""
    own = found.verdict if found.this_model is None else found.this_model.verdict
    value = 0.0 if found.estimate is None else found.estimate
    away = abs(value) if found.claim.relation == "==" else -value
    return VERDICTS.index(found.verdict), VERDICTS.index(own), away


def list_sides(claim: Claim) -> list[tuple[str, str]]:
    """Every pair of variants that a claim compares."""
    return list(product(alternatives(claim.arm), alternatives(claim.other)))


def _find_level(outcomes: Outcomes, claim: Claim, sides: Sequence[tuple[str, str]], share: float) -> float:
    """The level of each comparison, from seeds that all have; an equal share (Bonferroni) without such seeds."""
    by_seed: list[dict[Seed, float]] = []
    for variant, other in sides:
        pair = pair_runs(outcomes, variant, other, claim.metric, claim.pairing)
        d = pair.differences
        if d is None or claim.population == "this-model":
            return share / len(sides)
        by_seed.append(dict(zip(pair.blocks[0].seeds, d.tolist(), strict=True)))
    common = [seed for seed in by_seed[0] if all(seed in one for one in by_seed)]
    if len(common) < 2:
        return share / len(sides)
    return simultaneous_level(np.asarray([[one[seed] for seed in common] for one in by_seed]), share)


def _reach(judgement: Judgement) -> float:
    if judgement.interval is not None:
        return judgement.interval[1] if judgement.verdict == "inconclusive" else float(judgement.estimate or 0.0)
    return -np.inf if judgement.estimate is None else judgement.estimate


def answer_as_claimed(found: Judgement) -> Judgement:
    """The judgement of the claim as it is written.

    Where outcomes do not reach the population that the claim names, another one was judged: `population`, estimate,
    interval and relation are of that one, and the first reason says what is missing. The claim as written is then
    `inconclusive`, whatever was found, and no number of seeds settles it. The sentence says what was found and,
    where that is supported, the claim to write for it, as a shell takes it.
    """
    claim = found.claim
    if found.population == claim.population:
        return found
    lacking, *others = found.reasons
    here = replace(claim, population=cast(Population, found.population))
    judged = replace(found, claim=here, reasons=tuple(others))
    answer = answer_of(judged)
    there, reached = (describe_population(one, found.seeds) for one in (claim.population, found.population))
    instead = f"--claim {shlex.quote(write_claim(here))}" if found.verdict == "supported" else ""
    to_do = f" To claim that, write {instead}." if instead else ""
    sentence = f"For {reached} it is {answer[:1].lower()}{answer[1:]} {grounds_of(judged)}{to_do}"
    judged_here = f"for {reached} it is {found.verdict}{f': to claim that, write {instead}' if instead else ''}"
    return replace(
        found,
        verdict="inconclusive",
        seeds_needed=(None, None),
        rows_needed=None,
        reasons=(lacking, judged_here, *others),
        sentence=f"Inconclusive for {there}: {lacking}. {sentence}",
    )
