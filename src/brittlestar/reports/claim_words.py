"""What stands beside a verdict on a page and in a paper: what the study could have found, and what it does not say."""

from brittlestar.claims.judgement import Judgement
from brittlestar.study.claims import format_claim
from brittlestar.study.units import count, unit_of

RARE = 0.005
"""A share of studies below this is not worth a sentence (convention)."""
BEYOND = {
    "fixed-test-set": "for new rows or new training sets: these rows alone were judged",
    "new-examples": "for new training sets: train was the same for every seed",
    "new-training-sets": "for data from another source",
    "this-model": "for the method: these runs alone were judged",
}


def describe_power(one: Judgement) -> list[str]:
    """What this study could have found, and how often fewer runs would have misled, a sentence each."""
    unit = unit_of(one.claim.metric)
    said: list[str] = []
    if one.smallest_detectable is not None:
        seeds = count(one.seeds, "run finds", "seeds find")
        where = "within a margin of" if one.claim.relation == "==" else "beyond the threshold by"
        said.append(f"{seeds} a difference {where} {unit.amount(one.smallest_detectable)} with 80 % power.")
    if one.wrong_winner is not None and max(one.wrong_winner) >= RARE:
        single, best = (f"{100 * share:.0f} %" for share in one.wrong_winner)
        said.append(
            f"One run of each would name the other as better in {single} of cases, the best of {one.seeds} in {best}."
        )
    return said


def describe_overreach(one: Judgement) -> str:
    """What the verdict does not support, to be read after `Do not write:`."""
    said = format_claim(one.claim)
    if one.verdict == "inconclusive":
        return f"that “{said}” is true, or that it is false"
    if one.verdict == "refuted":
        return f"“{said}”, or that more seeds would show it"
    return f"“{said}” {BEYOND.get(one.population, 'for anything else')}"
