"""What a claim's verdict says in one number format: the difference, what its interval rests on, and what is open."""

from __future__ import annotations

from brittlestar.reports.answers.words import basis, needed_words, rows_words
from brittlestar.reports.units import unit_of
from brittlestar.study.claims import UNSEEN, Claim, format_claim
from brittlestar.study.names import BEST_TRIVIAL
from brittlestar.verdicts.judgement import Judgement
from brittlestar.verdicts.sentences import claimed

RARE = 0.005
"""A share of studies below this is not worth a sentence (convention)."""
BEYOND = {
    "fixed-test-set": "for new rows or new training sets: these rows alone were judged",
    "new-examples": "for new training sets: train was the same for every seed",
    "new-training-sets": "for data from another source",
    "this-model": "for the method: these runs alone were judged",
}


def describe_difference(one: Judgement) -> str:
    """`Difference: +18.3 points [+16.6, +20.0] (98.5 % interval; …).`, variant − other; empty where none is known."""
    if one.estimate is None:
        return ""
    unit = unit_of(one.claim.metric)
    number = f"{unit.number(one.estimate, True)} {unit.unit} {unit.interval(one.interval, True)}"
    rests = basis(one) if one.interval is not None else f"no interval; {basis(one).partition('; ')[2]}"
    lower = "; lower is better" if unit.lower_is_better else ""
    return f"Difference: {' '.join(number.split())} ({rests}{lower})."


def describe_claimed(claim: Claim) -> str:
    """What a claim says, in words: `main exceeds the best trivial baseline by at least 1 point of hwa on test`."""
    said = claimed(claim).replace(BEST_TRIVIAL, "the best trivial baseline")
    return said.replace(claim.split, rows_words(claim.split)) if claim.split.endswith(UNSEEN) else said


def describe_reasons(one: Judgement) -> list[str]:
    """Why the verdict is what it is, and what would settle an open one, a sentence each."""
    said = [*_leader(one), *(f"{reason[:1].upper()}{reason[1:].rstrip('.')}." for reason in one.reasons)]
    needed = needed_words(one) if one.verdict == "inconclusive" and one.estimate is not None else ""
    return [*said, *([needed] if needed else [])]


def _leader(one: Judgement) -> list[str]:
    """Whose difference it is where a claim names several variants to choose from; what stopping early adds to it."""
    said: list[str] = []
    lead = next((member.claim for member in one.members if member.per_seed == one.per_seed), None)
    if lead is not None:
        mine = lead.arm if lead.arm != one.claim.arm else lead.other
        said.append(f"The difference is that of {mine}, which leads of {len(one.members)} variants.")
    unit = unit_of(one.claim.metric)
    if one.corrected is not None and unit.number(one.corrected, True) != unit.number(one.estimate, True):
        number = f"{unit.number(one.corrected, True)} {unit.unit}".strip()
        said.append(f"Corrected for stopping at this look, the difference is {number}.")
    return said


def describe_power(one: Judgement) -> list[str]:
    """What this study could have found, and how often fewer runs would have misled, a sentence each."""
    unit = unit_of(one.claim.metric)
    said: list[str] = []
    if one.smallest_detectable is not None:
        what = "a margin" if one.claim.relation == "==" else "a distance from the threshold"
        size = f"{unit.number(one.smallest_detectable)} {unit.unit}".strip()
        said.append(f"With {one.seeds} seeds {what} of {size} is found with 80 % power.")
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


def describe_claim(one: Judgement) -> str:
    """The whole verdict as a paragraph."""
    parts = [f"{one.verdict.capitalize()}: {format_claim(one.claim)}.", describe_difference(one)]
    return " ".join(part for part in (*parts, *describe_reasons(one), *describe_power(one)) if part)
