"""A verdict as one sentence, with its population inside."""

from __future__ import annotations

from brittlestar.study.claims import Claim
from brittlestar.study.metric_names import unit_name
from brittlestar.study.sides import alternatives, splits_of, terms
from brittlestar.verdicts.judgement import Judgement

MOST_NAMED = 6
"""So many variants are named in a sentence, and the others counted."""
CORRECTED = 0.05
"""An overshoot is told where it is this share of half the interval."""
WIDE = 1e6
"""From here on a number is written with three digits (convention)."""
NOISE = 1e-6
"""Points that are no more than this are rounding: a share of a hundred million rows."""
POPULATIONS = {
    "fixed-test-set": "on these very rows, for new seeds",
    "new-examples": "for new examples and new seeds",
    "new-training-sets": "for new training sets of this size",
}


def amount(claim: Claim, value: float, sign: bool = False) -> str:
    """A difference for people: points of a fraction, nats, or the bare number of a metric with a scale of its own."""
    unit = unit_name(claim.metric)
    points = unit == "points"
    shown = _number(100 * value, NOISE, 0.005, sign) if points else _number(value, 0.0, 0.1, sign)
    return f"{shown} {'point' if points and shown.lstrip('+-') == '1' else unit}".strip()


def _number(number: float, noise: float, small: float, sign: bool) -> str:
    """Two decimals, without zeros at their end; three digits for what is `small` but more than `noise`, or very
    large."""
    signed = "+" if sign else ""
    if abs(number) >= WIDE or noise < abs(number) < small:
        return f"{number:{signed}.3g}"
    text = f"{number if abs(number) >= small else 0.0:{signed}.2f}"
    return text.rstrip("0").rstrip(".")


def about(number: int) -> str:
    """A number that is an estimate, to two digits: `about 120,000`."""
    step = 10 ** max(len(str(number)) - 2, 0)
    return f"about {-(-number // step) * step:,}"


def claimed(claim: Claim) -> str:
    """What a claim says, in words: `a exceeds b by at least 1 point of accuracy on test`."""
    across = bool(splits_of(claim.arm, claim.other))
    arm, other = (_side(side, claim.split if across else "") for side in (claim.arm, claim.other))
    where = claim.metric if across else f"{claim.metric} on {claim.split}"
    if claim.relation == "==":
        return f"{arm} and {other} differ by less than {amount(claim, claim.margin)} of {where}"
    if claim.threshold < 0:
        return f"{arm} loses at most {amount(claim, -claim.threshold)} of {where} against {other}"
    return f"{arm} exceeds {other} by at least {amount(claim, claim.threshold)} of {where}"


def sentence_of(found: Judgement) -> str:
    """One honest sentence: what is claimed, for whom, what was seen, and why no more can be said."""
    claim, reasons = found.claim, found.reasons
    seen = "nothing was measured"
    if found.estimate is not None:
        seen = f"{_difference(found)} is {amount(claim, found.estimate, True)}"
    if found.interval is not None:
        low, high = (amount(claim, bound, True) for bound in found.interval)
        seen += f" ({low.partition(' ')[0]} to {high})"
    if found.corrected is not None and abs(found.corrected - (found.estimate or 0.0)) > CORRECTED * _half(found):
        seen += f", {amount(claim, found.corrected, True)} without the overshoot of stopping there"
    basis = f"{found.seeds} seed{'s' if found.seeds != 1 else ''}"
    basis += "" if found.rows is None else f" x {found.rows:,} rows"
    equivalent = found.relation == "equivalent"
    also = f"; equivalent within {amount(claim, claim.margin)}"
    if not equivalent:
        also = f"; {claim.arm} is {found.relation}"
    settled = found.verdict != "inconclusive" and found.relation != "open"
    that = "that " if found.verdict == "refuted" else ""
    said = f"{found.verdict.capitalize()}, {POPULATIONS[found.population]}: {that}{claimed(claim)}; {seen}, {basis}"
    said += also if settled or equivalent else ""
    if reasons:
        said += f"; {'; '.join(reasons)}"
    if found.verdict == "inconclusive" and found.seeds_needed is not None:
        said += f"; {_settling(claim, found.seeds_needed, found.rows_needed, found.rows)}"
    return f"{said}."


def _half(found: Judgement) -> float:
    """Half the width of the interval, 0 where there is none."""
    return 0.0 if found.interval is None else (found.interval[1] - found.interval[0]) / 2


def _difference(found: Judgement) -> str:
    """Of which variant the difference is, where a claim names several to choose from."""
    if not found.members:
        return "the difference"
    lead = next(one.claim for one in found.members if one.per_seed == found.per_seed)
    mine = lead.arm if lead.arm != found.claim.arm else lead.other
    kind = "best" if found.verdict == "supported" else "furthest"
    return f"the difference of the {kind} of {len(found.members)}, {mine},"


def _side(side: str, split: str) -> str:
    """One side in words; variants without a split of their own are on `split`, where it is not empty."""
    found = [" − ".join(_named(term.arm, term.split or split) for term in terms(one)) for one in alternatives(side)]
    found = [f"({one})" if " − " in one else one for one in found]
    if len(found) > MOST_NAMED:
        return f"one of {', '.join(found[:MOST_NAMED])} and {len(found) - MOST_NAMED} more"
    return found[0] if len(found) == 1 else f"one of {', '.join(found[:-1])} and {found[-1]}"


def _named(arm: str, split: str) -> str:
    return f"{arm} on {split}" if split else arm


def _settling(claim: Claim, needed: tuple[int | None, int | None], rows_needed: int | None, rows: int | None) -> str:
    low, high = needed
    if low is None and high is None:
        if rows_needed is None:
            there = "no number of seeds would settle it if the estimate is right"
            also = f"on these rows, nor any number of rows with up to {claim.max_seeds} seeds,"
            return there if rows is None else f"no number of seeds {also} would settle it if the estimate is right"
        return (
            f"no number of seeds would settle it on these rows if the estimate is right; {about(rows_needed)} rows "
            f"and up to {claim.max_seeds} seeds would"
        )
    upper = "no number" if high is None else f"{high:,}"
    seeds = f"{low:,}" if low == high else f"{low:,} to {upper}"
    told = f"{seeds} seeds would settle it if the estimate is right"
    if rows_needed is not None and rows is not None and rows < rows_needed and (high is None or high > 100):
        told += f", or {about(rows_needed)} rows"
    return told
