"""A claim in words: `a exceeds b by at least 1.0 points of accuracy on test`, its sides, and its denial."""

from __future__ import annotations

from brittlestar.study.claims import UNSEEN, Claim
from brittlestar.study.names import BEST_TRIVIAL
from brittlestar.study.sides import alternatives, splits_of, terms
from brittlestar.study.units import unit_of

MOST_NAMED = 6
"""So many variants are named in a sentence, and the others counted (convention)."""


def describe_claim(claim: Claim, denied: bool = False) -> str:
    """What a claim says, or its denial."""
    across, unit = bool(splits_of(claim.arm, claim.other)), unit_of(claim.metric)
    arm, other = (describe_side(side, claim.split if across else "") for side in (claim.arm, claim.other))
    where = unit.short if across else f"{unit.short} on {describe_rows(claim.split)}"
    if denied and len(alternatives(claim.arm)) + len(alternatives(claim.other)) > 2:
        return f"that {describe_claim(claim)}"
    if claim.relation == "==":
        verb = "differ by" if denied else "differ by less than"
        return f"{arm} and {other} {verb} {unit.threshold(claim.margin)}{' or more' if denied else ''} of {where}"
    if claim.threshold < 0:
        verb = "loses more than" if denied else "loses at most"
        return f"{arm} {verb} {unit.threshold(-claim.threshold)} of {where} against {other}"
    verb = "does not exceed" if denied else "exceeds"
    if claim.threshold == 0:
        return f"{arm} {verb} {other} in {where}"
    return f"{arm} {verb} {other} by at least {unit.threshold(claim.threshold)} of {where}"


def describe_side(side: str, split: str = "") -> str:
    """One side in words; variants without a split of their own are on `split`, where it is not empty."""
    found = [" − ".join(_name_side(term.arm, term.split or split) for term in terms(one)) for one in alternatives(side)]
    found = [f"({one})" if " − " in one else one for one in found]
    if len(found) > MOST_NAMED:
        return f"one of {', '.join(found[:MOST_NAMED])} and {len(found) - MOST_NAMED} more"
    return found[0] if len(found) == 1 else f"one of {', '.join(found[:-1])} and {found[-1]}"


def describe_rows(split: str) -> str:
    """`test`, or `the rows of test that are not in train`."""
    name = split.removesuffix(UNSEEN)
    return f"the rows of {name} that are not in train" if split.endswith(UNSEEN) else name


def _name_side(arm: str, split: str) -> str:
    name = "the best trivial baseline" if arm == BEST_TRIVIAL else arm
    return f"{name} on {describe_rows(split)}" if split else name
