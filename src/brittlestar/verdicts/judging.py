"""From outcomes and a claim to a judgement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.special import stdtr, stdtrit

from brittlestar.study.claims import FEWEST_SEEDS, Claim
from brittlestar.study.metric_names import is_fraction
from brittlestar.verdicts.anytime import anytime_half_width
from brittlestar.verdicts.collapse import Collapse, collapse_of
from brittlestar.verdicts.intervals import Estimate
from brittlestar.verdicts.judgement import Judgement, Look, Relation, Verdict
from brittlestar.verdicts.looks import nominal_level
from brittlestar.verdicts.measuring import Measured, interval_of, measure, redrawn
from brittlestar.verdicts.opinions import Opinions, share_above, sign_flip, superiority
from brittlestar.verdicts.outcomes import Outcomes
from brittlestar.verdicts.pairing import Pair, longer, paired, with_missing_filled
from brittlestar.verdicts.power import POWER, detectable, deviation_range, rows_where, seeds_where, smallest_n
from brittlestar.verdicts.sentences import sentence_of
from brittlestar.verdicts.standing import wrong_winner
from brittlestar.verdicts.stopping import FURTHEST, without_overshoot

SEEDS_WITH_COLLAPSE = 20
NEGLIGIBLE = 1e-12
WINNERS = 20_000


def planned_looks(claim: Claim, n: int) -> tuple[int, ...]:
    """The looks of a claim when n seeds are at hand: an unplanned number stands for the next planned look."""
    below, above = [look for look in claim.looks if look < n], [look for look in claim.looks if look > n]
    if n in claim.looks:
        return claim.looks
    return (*below, n, *above[1:]) if above else (*below[:-1], n)


def judge_claim(
    outcomes: Outcomes,
    claim: Claim,
    *,
    alpha: float | None = None,
    registered: bool = True,
    anytime: bool = False,
) -> Judgement:
    """Judge one claim. `alpha` replaces the claim's own where several claims share it; `anytime` gives intervals that
    hold at any number of seeds. Raises InputError where the outcomes do not fit the claim."""
    pair = paired(outcomes, claim.arm, claim.other, claim.metric)
    n = len(pair.seeds)
    collapses = _collapses(pair, claim)
    reasons: list[str] = []
    anytime = anytime or not claim.looks
    if n < 2:
        reasons.append(f"one seed shows no spread; {FEWEST_SEEDS} are the least that settle anything")
        alone = _said(claim, pair, None, None, "inconclusive", "open", reasons, collapses, registered, claim.alpha)
        return replace(alone, sentence=sentence_of(alone))
    drawn = redrawn(pair.resampling) if pair.resampling and claim.population == "new-examples" else None
    measured = measure(pair, claim.population, outcomes.held_out, drawn)
    reasons += measured.notes
    share = claim.alpha if alpha is None else alpha
    looks = (n,) if anytime else planned_looks(claim, n)
    level = nominal_level(looks, share)
    wider = nominal_level(looks, min(2 * share, 0.999))
    interval, inner = (
        interval_of(measured, n, one, anytime, whole) for one, whole in ((level, share), (wider, 2 * share))
    )
    verdict, relation = decide(claim, measured.estimate.value, interval, inner)
    opinions = _opinions(claim, pair, measured.estimate.value)
    if degenerate := _degenerate(pair, measured):
        reasons.append(degenerate)
        verdict, relation = "inconclusive", "open"
    elif n < FEWEST_SEEDS:
        reasons.append(f"{n} seeds are too few to settle a claim; {FEWEST_SEEDS} are the least")
        verdict, relation = "inconclusive", "open"
    elif not anytime and n + pair.gone < claim.looks[0]:
        reasons.append(f"its first look is planned at {claim.looks[0]} seeds, and {n} are there")
        verdict, relation = "inconclusive", "open"
    elif not np.isfinite(interval[0]):
        reasons.append(f"{n} seeds are too few for an interval that holds wherever one stops")
    else:
        missing = _Missing(outcomes.held_out, looks, share, anytime)
        against = _vetoes(claim, pair, verdict, opinions, collapses, missing, level, n)
        if against:
            reasons += against
            verdict, relation = "inconclusive", "open" if pair.missing or _any(collapses) else relation
    shown = interval if np.isfinite(interval[0]) else None
    said = _said(claim, pair, measured, shown, verdict, relation, reasons, collapses, registered, level, opinions)
    if anytime:
        said = replace(said, **_further_anytime(claim, measured, verdict, share, n))
    path = [_look(pair, claim, outcomes.held_out, drawn, k, level, anytime, share) for k in _past(claim, n, anytime)]
    path.append(Look(n, measured.estimate.value, interval))
    found = replace(
        said,
        path=tuple(look for look in path if np.isfinite(look.interval[0])),
        corrected=_corrected(claim, pair, verdict, looks, level) if not anytime else None,
        wrong_winner=_wrong_winner(pair, claim.higher_is_better),
        variance=(
            float(measured.per_seed),
            float(0.0 if measured.units is None else measured.per_row / measured.units),
        ),
    )
    return replace(found, sentence=sentence_of(found))


def _wrong_winner(pair: Pair, higher_is_better: bool) -> tuple[float, float] | None:
    """How often one run of each side, and the best of so many, name the side that is worse on average."""
    spreads = [float(side.std(ddof=1)) for side in (pair.first, pair.second)]
    if max(spreads) <= NEGLIGIBLE:
        return None
    difference = float(pair.differences.mean())
    if (difference > 0) is not higher_is_better:
        spreads.reverse()  # the better side comes first
    one, best = (wrong_winner(abs(difference), *spreads, k=k, draws=WINNERS) for k in (1, len(pair.seeds)))
    return one, best


def _past(claim: Claim, n: int, anytime: bool) -> list[int]:
    """Numbers of seeds at which the claim was looked at before."""
    return list(range(FEWEST_SEEDS, n)) if anytime else [look for look in claim.looks if look < n]


def _look(
    pair: Pair,
    claim: Claim,
    held_out: float | None,
    drawn: np.ndarray | None,
    n: int,
    level: float,
    anytime: bool,
    share: float,
) -> Look:
    """The claim after its first n seeds."""
    early = measure(pair.first_seeds(n), claim.population, held_out, None if drawn is None else drawn[:, :n])
    return Look(n, early.estimate.value, interval_of(early, n, level, anytime, share))


def _corrected(claim: Claim, pair: Pair, verdict: Verdict, looks: tuple[int, ...], level: float) -> float | None:
    """The estimate without the overshoot of stopping where the claim was settled early."""
    n, d = len(pair.seeds), pair.differences
    spread = float(d.std(ddof=1))
    if verdict == "inconclusive" or claim.relation != ">" or n >= looks[-1] or spread <= 0:
        return None
    effect = (float(d.mean()) - claim.threshold) / spread
    if abs(effect) >= FURTHEST / 2:
        return float(d.mean())
    return claim.threshold + spread * without_overshoot(effect, looks, level)


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


def _degenerate(pair: Pair, measured: Measured) -> str:
    """Why the outcomes cannot be judged at all, or an empty text."""
    d = pair.differences
    if pair.rows == 1:
        return "one row is no evidence about anything but itself"
    scale = max(float(np.abs(pair.first).max()), float(np.abs(pair.second).max()), np.finfo(float).tiny)
    if np.abs(d).max() <= NEGLIGIBLE * scale and (pair.table is None or not pair.table.any()):
        return "both variants have the same outcome in every run: they may be the same thing"
    if np.ptp(d) <= 1e-9 * scale:
        return (
            "every seed shows the same difference: the seeds change nothing, so that there is one run of each variant"
        )
    if measured.estimate.se <= NEGLIGIBLE * scale:
        return "nothing varies, so that there is nothing to judge by"
    return ""


def _opinions(claim: Claim, pair: Pair, value: float) -> Opinions | None:
    """Second opinions on the side of the threshold that the estimate lies on; None for claims of equality."""
    if claim.relation != ">":
        return None
    side = 1.0 if value >= claim.threshold else -1.0
    distances = side * (pair.differences - claim.threshold)
    return Opinions(sign_flip(distances), share_above(distances), superiority(pair.first, pair.second))


def _vetoes(
    claim: Claim,
    pair: Pair,
    verdict: Verdict,
    opinions: Opinions | None,
    collapses: dict[str, Collapse],
    missing: _Missing,
    level: float,
    n: int,
) -> list[str]:
    """Why a verdict does not stand."""
    if verdict == "inconclusive":
        return []
    found: list[str] = []
    if opinions is not None and opinions.above < 0.5:
        found.append(f"only {opinions.above:.0%} of the seeds lie on the side that their mean does")
    if opinions is not None and opinions.sign_flip > 0.5:
        found.append("the sign-flip test points the other way")
    if _any(collapses):
        agree = opinions is None or opinions.sign_flip <= level
        if n < SEEDS_WITH_COLLAPSE or not agree:
            many = sum(int(one.collapsed.sum()) for one in collapses.values())
            told = f"{many} run{'s' if many > 1 else ''} collapsed: a verdict needs {SEEDS_WITH_COLLAPSE} seeds"
            found.append(told if n < SEEDS_WITH_COLLAPSE else f"{told} and a sign-flip test that agrees")
    if pair.missing and not _survives(claim, pair, verdict, missing):
        gone = ", ".join(f"{arm} {', '.join(map(str, seeds))}" for arm, seeds in pair.missing.items())
        found.append(f"runs are missing ({gone}), and filling them in at their worst or best changes the verdict")
    return found


@dataclass(frozen=True)
class _Missing:
    """What an interval with the missing runs filled in is made with."""

    held_out: float | None
    looks: tuple[int, ...]
    alpha: float
    anytime: bool


def _survives(claim: Claim, pair: Pair, verdict: Verdict, how: _Missing) -> bool:
    """Whether missing runs, at the worst and the best that they can be, leave the verdict as it is. A run that is
    filled in has that score in every row; the interval speaks of the same population."""
    scores = np.r_[pair.first, pair.second]
    fraction = is_fraction(claim.metric) and scores.max() <= 1
    spread = float(np.ptp(scores))
    bounds = (0.0, 1.0) if fraction else (float(scores.min()) - spread, float(scores.max()) + spread)
    for filled in with_missing_filled(pair, bounds):
        whole = longer(pair, filled)
        measured = measure(whole, claim.population if whole.table is not None else "fixed-test-set", how.held_out)
        n = len(filled)
        interval, inner = (
            interval_of(measured, n, nominal_level(how.looks, share), how.anytime, share)
            for share in (how.alpha, min(2 * how.alpha, 0.999))
        )
        if decide(claim, measured.estimate.value, interval, inner)[0] != verdict:
            return False
    return True


def _collapses(pair: Pair, claim: Claim) -> dict[str, Collapse]:
    """Collapsed runs of every variant; those that diverged count where another run did not. A variant on several splits
    has collapsed where it has on all of them: a run that fails on one alone does not hold there, but it has learned."""
    found: dict[str, Collapse] = {}
    for one in pair.members:
        chance = one.on.chance_of(claim.metric) if claim.chance is None else claim.chance
        rows = None if pair.rows is None else one.on.n_rows(one.arm)
        collapse = collapse_of(one.scores, chance, rows, claim.collapse_below, claim.higher_is_better)
        diverged = one.diverged
        if diverged.any() and not diverged.all():
            collapse = Collapse(collapse.collapsed | diverged, False, collapse.known)
        before = found.get(one.arm)
        if before is not None:
            both = before.collapsed & collapse.collapsed
            collapse = Collapse(both, before.unlearned and collapse.unlearned, before.known and collapse.known)
        found[one.arm] = collapse
    return found


def _any(collapses: dict[str, Collapse]) -> bool:
    return any(bool(one.collapsed.any()) for one in collapses.values())


def _said(
    claim: Claim,
    pair: Pair,
    measured: Measured | None,
    interval: tuple[float, float] | None,
    verdict: Verdict,
    relation: Relation,
    reasons: Sequence[str],
    collapses: dict[str, Collapse],
    registered: bool,
    level: float,
    opinions: Opinions | None = None,
) -> Judgement:
    d = pair.differences
    collapsed = {
        name: tuple(seed for seed, gone in zip(pair.seeds, one.collapsed.tolist(), strict=True) if gone)
        for name, one in collapses.items()
        if one.collapsed.any()
    }
    value = float(d.mean())
    varies = np.ptp(pair.first) > 0 and np.ptp(pair.second) > 0
    told: dict[str, Any] = {
        "claim": claim,
        "verdict": verdict,
        "relation": relation,
        "estimate": value,
        "interval": interval,
        "population": claim.population if measured is None else measured.population,
        "level": level,
        "seeds": len(pair.seeds),
        "rows": pair.rows,
        "collapsed": collapsed,
        "lost": pair.missing,
        "opinions": opinions,
        "reasons": (*reasons, *_unlearned(collapses)),
        "registered": registered,
        "correlation": float(np.corrcoef(pair.first, pair.second)[0, 1]) if varies and len(d) > 2 else None,
        "per_seed": dict(zip(pair.seeds, d.tolist(), strict=True)),
        "p": None if measured is None else _p(claim, measured.estimate),
    }
    degenerate = measured is None or bool(_degenerate(pair, measured))
    further = _further(claim, None if degenerate else measured, verdict, level, len(pair.seeds))
    if pair.missing and (further["seeds_needed"] or (None,))[0] is not None:
        further |= {"seeds_needed": None, "rows_needed": None}  # it is the missing runs that would settle it
    if further["seeds_needed"] is not None and _any(collapses):
        further["seeds_needed"] = _with_collapse(further["seeds_needed"], len(pair.seeds))
    return Judgement(**told, **further, sentence="")


def _further_anytime(
    claim: Claim, measured: Measured, verdict: Verdict, alpha: float, n: int
) -> dict[str, tuple[int | None, int | None] | float | int | None]:
    """The same where the interval holds wherever one stops: the half of it, and as much as power asks for."""
    if measured.estimate.se <= 0:
        return {}
    of_rows = 0.0 if measured.units is None else measured.per_row / measured.units
    share = alpha if claim.relation == ">" else min(2 * alpha, 0.999)

    def reach(seeds: int, factor: float) -> float:
        se = float(np.sqrt(factor**2 * measured.per_seed / seeds + of_rows))
        return anytime_half_width(seeds, se * float(np.sqrt(seeds)), share) + float(stdtrit(seeds - 1, POWER)) * se

    seen = reach(n, 1.0)
    found: dict[str, Any] = {"smallest_detectable": seen if np.isfinite(seen) else None}
    if verdict != "inconclusive":
        return found
    value = measured.estimate.value
    distance = abs(value - claim.threshold) if claim.relation == ">" else abs(claim.margin - abs(value))
    needed = [
        None if distance <= 0 else smallest_n(lambda k, by=factor: reach(k, by) <= distance, FEWEST_SEEDS)
        for factor in deviation_range(n)
    ]
    return {**found, "seeds_needed": (needed[0], needed[1]), "rows_needed": None}


def _with_collapse(needed: tuple[int | None, int | None], n: int) -> tuple[int | None, int | None]:
    """Seeds that a verdict needs where some collapsed: no number where there are enough for their spread already, since
    then it is the second opinions that do not agree."""
    low, high = (None if one is None else max(one, SEEDS_WITH_COLLAPSE) for one in needed)
    return (None, None) if low is not None and low <= n else (low, high)


def _unlearned(collapses: dict[str, Collapse]) -> list[str]:
    return [
        f"{name} is at chance in every run (unlearned, not collapsed)"
        for name, one in collapses.items()
        if one.unlearned
    ]


def _p(claim: Claim, estimate: Estimate) -> float | None:
    """Two-sided p-value against the threshold; for equality, of two one-sided tests against the margin."""
    if estimate.se <= 0:
        return None
    if claim.relation == ">":
        return float(min(1.0, 2 * stdtr(estimate.df, -abs(estimate.value - claim.threshold) / estimate.se)))
    return float(stdtr(estimate.df, -(claim.margin - abs(estimate.value)) / estimate.se))


def _further(claim: Claim, measured: Measured | None, verdict: Verdict, level: float, n: int) -> dict[str, Any]:
    """What this many seeds could have seen, and what would settle the claim."""
    if measured is None or measured.estimate.se <= 0:
        return {"smallest_detectable": None, "seeds_needed": None, "rows_needed": None}
    side = level / 2 if claim.relation == ">" else level
    seen = detectable(measured.estimate.se, measured.estimate.df, side)
    if verdict != "inconclusive":
        return {"smallest_detectable": seen, "seeds_needed": None, "rows_needed": None}
    value = measured.estimate.value
    distance = abs(value - claim.threshold) if claim.relation == ">" else abs(claim.margin - abs(value))
    of_rows = 0.0 if measured.units is None else measured.per_row / measured.units
    needed = [seeds_where(measured.per_seed, of_rows, distance, side, factor) for factor in deviation_range(n)]
    low, high = (None if one is None else max(one, FEWEST_SEEDS) for one in needed)
    rows = None
    if measured.units is not None:
        rows = rows_where(measured.per_seed / n, measured.per_row, distance, side, n - 1.0)
        if rows is None and n < claim.max_seeds:
            most = claim.max_seeds
            rows = rows_where(measured.per_seed / most, measured.per_row, distance, side, most - 1.0)
    return {"smallest_detectable": seen, "seeds_needed": (low, high), "rows_needed": rows}
